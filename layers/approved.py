"""批地红线: land whose conversion or expropriation has been approved."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_SUPPLY, PLATFORM, TOWN, area_field, name_field
from layers.kind import AreaBasis, Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="approved",
    title=N_("Approved land (red lines)"),
    group=GROUP_SUPPLY,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("批次名称", "项目名称", "XMMC", "批次", required=True),
        Field("approval_number", "批准文号", met_as=("PZWH", "批文号", "文号")),
        Field("approved_on", "批准日期", FieldType.DATE, met_as=("PZRQ", "批准时间")),
        Field("project_code", "项目代码", met_as=("XMDM",)),
        Field("supervision_number", "电子监管号", met_as=("DZJGH", "DZJGHM", "监管号")),
        Field("approved_use", "批准用途", met_as=("PZYT", "用途")),
        area_field("approved_area_ha", "批准面积", "ha", "批准面积（公顷）", "批准面积(公顷)"),
        area_field("supplied_area_ha", "已供面积", "ha", "已供面积（公顷）", "已供面积(公顷)"),
        area_field("unsupplied_area_ha", "未供面积", "ha", "未供面积（公顷）", "未供面积(公顷)"),
        Field("unsupplied_reason", "未供原因", met_as=("WGYY",)),
        TOWN,
        PLATFORM,
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.PLANAR,
    recorded_area="approved_area_ha",
    style=Style(
        symbol=Symbol(fill=None, stroke="#C62828", stroke_mm=0.35),
        label=LabelStyle(field="name", size_mm=2.2, color="#8E1B1B", max_scale_denominator=10_000),
    ),
    order=55,
)
