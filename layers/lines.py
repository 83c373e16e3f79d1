"""线: any lines: roads, canals, pipes, boundaries."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_OTHER, name_field
from layers.kind import Field, FieldType, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="lines",
    title=N_("Lines"),
    group=GROUP_OTHER,
    geometry=GeometryType.LINE,
    fields=(
        name_field("线名称", "道路名称", "路名"),
        Field("code", "编号", met_as=("编码", "BH")),
        Field("category", "类别", met_as=("类型", "LX", "道路等级")),
        Field("width_m", "宽度", FieldType.NUMBER, "m", met_as=("KD", "宽度（米）", "路宽"), low=0.0),
        *CLOSING_FIELDS,
    ),
    style=Style(
        symbol=Symbol(fill=None, stroke="#9A9A9A", stroke_mm=0.25),
        label=LabelStyle(field="name", size_mm=2.0, color="#5A5A5A", max_scale_denominator=25_000),
    ),
    order=20,
)
