"""范围: any polygons over which land is counted: grid cells, units, study areas."""

from __future__ import annotations

from layers.field_terms import CLOSING_FIELDS, GROUP_OTHER, name_field
from layers.kind import AreaBasis, Field, GeometryType, Kind
from layers.style import LabelStyle, Style, Symbol
from layers.words import N_

KIND = Kind(
    key="zones",
    title=N_("Zones"),
    group=GROUP_OTHER,
    geometry=GeometryType.POLYGON,
    fields=(
        name_field("范围名称", "范围", "zone", "grid_id", "id"),
        Field("code", "编号", met_as=("编码", "BH", "BM")),
        Field("category", "类别", met_as=("类型", "LX")),
        *CLOSING_FIELDS,
    ),
    area_basis=AreaBasis.ELLIPSOIDAL,
    style=Style(
        symbol=Symbol(fill=None, stroke="#404040", stroke_mm=0.25),
        label=LabelStyle(field="name", size_mm=2.4, max_scale_denominator=50_000),
    ),
    order=50,
)
