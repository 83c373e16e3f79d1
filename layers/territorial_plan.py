"""国土空间规划用地: planned use of land and sea (layers GHYDYH, ZXCQGHYDYH)."""

from __future__ import annotations

from layers.code_names import PLAN_SETTLEMENTS, PLAN_STATES
from layers.field_terms import (
    CLOSING_FIELDS,
    ELEMENT_CODE,
    ELLIPSOIDAL,
    FEATURE_ID,
    GROUP_PLANS,
    REGION_CODE,
    REGION_NAME,
    TOWN,
    area_field,
    class_name_field,
    name_field,
)
from layers.kind import AreaBasis, Computation, Computed, Field, GeometryType, Kind
from layers.style import Style, Symbol
from layers.words import N_


def _class_above(level: int, alias: str, met_as: str) -> Field:
    return Field(
        f"class_code_{level}",
        alias,
        met_as=(met_as,),
        computed=Computed(Computation.CLASS_ABOVE, ("class_code",), level),
    )


KIND = Kind(
    key="territorial_plan",
    title=N_("Territorial-plan land use"),
    group=GROUP_PLANS,
    geometry=GeometryType.POLYGON,
    fields=(
        FEATURE_ID,
        ELEMENT_CODE,
        REGION_CODE,
        REGION_NAME,
        name_field("图斑编号", "TBBH", "地块编号"),
        Field(
            "class_code",
            "用地用海分类代码",
            required=True,
            met_as=("YDYHFLDM", "GHDLBM", "规划地类编码", "用地代码", "YDDM", "地类编码"),
        ),
        class_name_field("用地用海分类名称", "YDYHFLMC", "GHDLMC", "用地名称", "地类名称"),
        _class_above(1, "一级类代码", "YDYHYJLDM"),
        _class_above(2, "二级类代码", "YDYHEJLDM"),
        _class_above(3, "三级类代码", "YDYHSJLDM"),
        Field("base_class_code", "基期地类编码", met_as=("JQDLBM",)),
        Field("base_class_name", "基期地类名称", met_as=("JQDLMC",)),
        Field("plan_state", "规划状态", domain=("10", "20"), met_as=("GHZT",), names=PLAN_STATES),
        Field(
            "settlement_type", "城镇村属性", domain=("10", "20"), met_as=("CZCSX",), names=PLAN_SETTLEMENTS
        ),
        Field("plan_zone_code", "规划分区代码", met_as=("GHFQDM",)),
        Field(
            "plan_zone",
            "规划分区名称",
            met_as=("GHFQMC",),
            computed=Computed(Computation.CODE_NAME, ("plan_zone_code",)),
        ),
        area_field(
            "database_area_m2",
            "图斑面积",
            "m2",
            "TBMJ",
            "图斑面积（平方米）",
            computed=ELLIPSOIDAL,
            digits=2,
        ),
        area_field("net_class_area_m2", "图斑地类面积", "m2", "TBDLMJ"),
        TOWN,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="database_area_m2",
    class_field="class_code",
    style=Style(symbol=Symbol(fill="#D9D9D9", stroke="#6E6E6E", stroke_mm=0.06), class_field="class_code"),
    order=220,
    partition=True,
)
