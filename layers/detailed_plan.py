"""控规地块: plots of the regulatory detailed plan, with their control figures."""

from __future__ import annotations

from layers.field_terms import (
    CLOSING_FIELDS,
    GROUP_PLANS,
    TOWN,
    area_field,
    class_name_field,
    name_field,
    percent_field,
    ratio_field,
)
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="detailed_plan",
    title=N_("Detailed-plan plots"),
    group=GROUP_PLANS,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("地块编号", "DKBH", "地块编码", "DKBM", "地块号", required=True),
        Field(
            "class_code",
            "用地代码",
            required=True,
            met_as=("YDDM", "用地性质代码", "YDXZDM", "YDYHFLDM", "DLBM"),
        ),
        class_name_field("用地性质", "YDXZ", "YDMC", "用地名称", "YDYHFLMC"),
        area_field("plot_area_m2", "用地面积", "m2", "用地面积（平方米）", "用地面积(平方米)"),
        area_field(
            "plot_area_ha", "用地面积（公顷）", "ha", "用地面积(公顷)", "用地面积（ha）", "用地面积(ha)"
        ),
        ratio_field(
            "max_floor_area_ratio", "容积率上限", "容积率", "RJL", "RJLSX", not_below="min_floor_area_ratio"
        ),
        ratio_field("min_floor_area_ratio", "容积率下限", "RJLXX"),
        percent_field("max_density_pct", "建筑密度上限", "建筑密度", "JZMD", "JZMDSX"),
        percent_field("min_green_pct", "绿地率下限", "绿地率", "LDL", "LDLXX"),
        Field(
            "max_height_m",
            "建筑限高",
            FieldType.NUMBER,
            "m",
            met_as=("JZXG", "限高", "建筑高度", "JZGDSX"),
            low=0.0,
            usual=(None, 600.0),
        ),
        Field("facilities", "配套设施", met_as=("PTSS", "公共设施")),
        Field("plan_name", "控规名称", met_as=("KGMC", "规划名称", "GHMC")),
        Field("unit_code", "规划单元编号", met_as=("GHDYBH", "单元编号")),
        Field("approved_on", "批复日期", FieldType.DATE, met_as=("PFRQ", "批准日期")),
        Field("approval_number", "批复文号", met_as=("PFWH", "批准文号")),
        TOWN,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="plot_area_m2",
    class_field="class_code",
    style=Style(
        symbol=Symbol(fill="#D9D9D9", stroke="#505050", stroke_mm=0.1),
        class_field="class_code",
        label=LabelStyle(field="name", size_mm=2.0, max_scale_denominator=10_000),
    ),
    order=210,
)
