"""土地利用现状图斑: the land survey's polygons (TD/T 1057-2020, layer DLTB)."""

from __future__ import annotations

from layers.code_names import FARMLAND, OWNERSHIP, SETTLEMENTS, SLOPES
from layers.field_terms import (
    CLOSING_FIELDS,
    ELEMENT_CODE,
    FEATURE_ID,
    GROUP_LAND,
    TOWN,
    area_field,
    name_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.words import N_

KIND = Kind(
    key="land_use",
    title=N_("Land-use survey polygons"),
    group=GROUP_LAND,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        ELEMENT_CODE,
        name_field("图斑编号", "TBBH", "图斑号", length=8),
        Field("draft_number", "图斑预编号", met_as=("TBYBH",), length=18),
        Field(
            "class_code",
            "地类编码",
            required=True,
            met_as=("DLBM", "地类代码", "YDYHFLDM", "YDDM", "用地代码"),
            length=10,
        ),
        Field("class_name", "地类名称", met_as=("DLMC", "YDYHFLMC", "用地名称"), length=60),
        Field("ownership_code", "权属性质", met_as=("QSXZ",), names=OWNERSHIP, length=2),
        Field("owner_code", "权属单位代码", met_as=("QSDWDM",), length=19),
        Field("owner", "权属单位名称", met_as=("QSDWMC",), length=60),
        Field("location_code", "坐落单位代码", met_as=("ZLDWDM",), length=19),
        Field("location", "坐落单位名称", met_as=("ZLDWMC",), length=60),
        TOWN,
        area_field("survey_area_m2", "图斑面积", "m2", "TBMJ", "图斑面积（平方米）"),
        Field("deducted_class", "扣除地类编码", met_as=("KCDLBM",), length=5),
        Field("deducted_share", "扣除地类系数", FieldType.NUMBER, met_as=("KCXS",)),
        area_field("deducted_area_m2", "扣除地类面积", "m2", "KCMJ"),
        area_field("net_class_area_m2", "图斑地类面积", "m2", "TBDLMJ"),
        Field("farmland_type", "耕地类型", domain=("TT", "PD"), met_as=("GDLX",), names=FARMLAND, length=2),
        Field(
            "slope_class",
            "耕地坡度级别",
            domain=("1", "2", "3", "4", "5"),
            met_as=("GDPDJB",),
            names=SLOPES,
            length=2,
        ),
        Field("line_width_m", "线状图斑宽度", FieldType.NUMBER, "m", met_as=("XZTBKD", "XXTBKD", "XZDWKD")),
        Field("detail_code", "图斑细化代码", met_as=("TBXHDM",), length=6),
        Field("detail_name", "图斑细化名称", met_as=("TBXHMC",), length=20),
        Field("planting_code", "种植属性代码", met_as=("ZZSXDM",), length=6),
        Field("planting_name", "种植属性名称", met_as=("ZZSXMC",), length=20),
        Field("farmland_grade", "耕地等别", FieldType.INTEGER, met_as=("GDDB",)),
        Field("enclave", "飞入地标识", met_as=("FRDBS",), length=1),
        Field("settlement_code", "城镇村属性码", met_as=("CZCSXM",), names=SETTLEMENTS, length=4),
        Field("data_year", "数据年份", FieldType.INTEGER, met_as=("SJNF",)),
        Field("description_code", "描述说明", met_as=("MSSM",), length=2),
        Field("island", "海岛名称", met_as=("HDMC",), length=100),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="survey_area_m2",
    class_field="class_code",
    style=Style(symbol=Symbol(fill="#D9D9D9", stroke="#6E6E6E", stroke_mm=0.06), class_field="class_code"),
    order=200,
    partition=True,
)
