"""工业和科研用地: parcels used for industry or research, with how intensely they are used."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    GROUP_LAND,
    PLATFORM,
    TOWN,
    area_field,
    class_name_field,
    name_field,
    percent_field,
    ratio_field,
    year_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import Style, Symbol
from layers.words import N_

KIND = Kind(
    key="industrial_parcels",
    title=N_("Industrial and research parcels"),
    group=GROUP_LAND,
    geometry=GeometryType.POLYGON,
    fields=(
        Field("parcel_code", "宗地代码", met_as=("ZDDM", "宗地号", "ZDH", "地块编号")),
        name_field("企业名称", "使用单位", "土地使用权人", "单位名称", "QYMC"),
        Field(
            "class_code",
            "地类编码",
            required=True,
            met_as=("DLBM", "YDYHFLDM", "用地代码", "地类代码", "YDDM"),
        ),
        class_name_field("地类名称", "DLMC", "YDYHFLMC", "用地性质", "YDXZ"),
        Field("industry", "行业类别", met_as=("行业", "产业类别", "HYLB")),
        TOWN,
        PLATFORM,
        area_field("certificate_area_m2", "证载面积", "m2", "ZZMJ", "证载面积（平方米）", "发证面积"),
        area_field("floor_area_m2", "建筑面积", "m2", "JZMJ", "建筑面积（平方米）", "总建筑面积"),
        Field(
            "tax_10k_yuan",
            "年税收",
            FieldType.NUMBER,
            met_as=("税收", "税收（万元）", "年税收（万元）", "纳税额（万元）"),
        ),
        ratio_field("floor_area_ratio", "容积率", "RJL", "现状容积率", "FAR"),
        percent_field("building_density_pct", "建筑密度", "JZMD", "建筑密度（%）"),
        year_field("built_year", "建成年份", "建成年代", "建设年份", "JCNF"),
        Field("ownership", "权属性质", domain=("国有", "集体", "未明确"), met_as=("QSXZ", "土地性质")),
        Field(
            "use_state", "利用状况", domain=("在用", "低效", "空置", "在建", "待核实"), met_as=("利用现状",)
        ),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="certificate_area_m2",
    class_field="class_code",
    style=Style(symbol=Symbol(fill="#BB9674", stroke="#6B4F36", stroke_mm=0.12), class_field="class_code"),
    order=70,
)
