"""点: any points, with how exactly their position is known."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_OTHER, POINT_FIELDS, name_field
from layers.kind import Field, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="points",
    title=N_("Points"),
    group=GROUP_OTHER,
    geometry=GeometryType.POINT,
    fields=(
        name_field("点名称", "点名", "站名", "标题"),
        Field("code", "编号", met_as=("编码", "BH", "点号")),
        Field("category", "类别", met_as=("类型", "LX")),
        *POINT_FIELDS,
        *CLOSING_FIELDS,
    ),
    style=Style(
        symbol=Symbol(fill="#4A4A4A", stroke="#FFFFFF", stroke_mm=0.2, marker_mm=2.2),
        label=LabelStyle(field="name", size_mm=2.2, max_scale_denominator=50_000),
    ),
    order=15,
)
