"""重大平台: the platforms of the plan (the "3+4"), with their boundaries."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_PLATFORMS, area_field, name_field
from layers.kind import AreaBasis, Field, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="platforms",
    title=N_("Major platforms"),
    group=GROUP_PLATFORMS,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("平台名称", "平台", "PTMC", required=True),
        Field("short_name", "平台简称", met_as=("简称", "JC")),
        Field("plan_key", "规划代号", met_as=("规划条目",)),
        Field("tier", "平台层级", domain=("3", "4"), met_as=("层级", "级别")),
        Field("role", "功能定位", met_as=("定位",)),
        Field("industries", "主导产业", met_as=("产业", "产业方向")),
        Field("towns", "涉及镇街", met_as=("镇街", "范围镇街")),
        Field("authority", "管理机构", met_as=("管委会", "主管单位")),
        area_field("planned_area_ha", "规划面积", "ha", "规划面积（公顷）", "规划面积(公顷)"),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    recorded_area="planned_area_ha",
    style=Style(
        symbol=Symbol(fill=None, stroke="#4A1FA0", stroke_mm=0.7, tint_mm=1.6),
        label=LabelStyle(field="name", size_mm=4.2, color="#3A1880", halo_mm=0.5, bold=True),
    ),
    order=30,
)
