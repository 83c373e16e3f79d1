"""The text of KML's elements: words escaped, shapes with every digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely

from layers.formats.xml_fields import XmlField

# a reader turns bare carriage returns into line feeds, and tabs of attributes into blanks
_ENTITIES = {'"': "&quot;", "\r": "&#13;"}
_IN_ATTRIBUTES = {**_ENTITIES, "\n": "&#10;", "\t": "&#9;"}


def escaped(text: str) -> str:
    """Return text for an element or an attribute."""
    return escape(text, _IN_ATTRIBUTES)


def attribute_lines(fields: Sequence[XmlField], row: int) -> Iterator[str]:
    """Yield a row's values; a missing value has no element, an empty text has an empty one."""
    for field in fields:
        text = field.texts[row]
        if text is not None:
            yield f'<SimpleData name="{escaped(field.name)}">{escape(text, _ENTITIES)}</SimpleData>\n'


def shape_text(shape: Any) -> str:
    """Return a shape as KML; heights are above sea level where it has any."""
    if shapely.has_z(shape) and np.isnan(shapely.get_coordinates(shape, include_z=True)[:, 2]).any():
        shape = shapely.force_2d(shape)  # a height that is not known is none
    if shape.geom_type.startswith("Multi") or shape.geom_type == "GeometryCollection":
        inner = "".join(shape_text(part) for part in shapely.get_parts(shape))
        return f"<MultiGeometry>\n{inner}</MultiGeometry>\n"
    mode = "<altitudeMode>absolute</altitudeMode>" if shapely.has_z(shape) else ""
    if shape.geom_type == "Polygon":
        holes = "".join(
            f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shapely.get_rings(shape)[1:]
        )
        outer = f"<outerBoundaryIs>{_ring(shapely.get_exterior_ring(shape))}</outerBoundaryIs>"
        return f"<Polygon>{mode}{outer}{holes}</Polygon>\n"
    name = "Point" if shape.geom_type == "Point" else "LineString"
    return f"<{name}>{mode}{_coordinates(shape)}</{name}>\n"


def _ring(ring: Any) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: Any) -> str:
    rows = shapely.get_coordinates(shape, include_z=bool(shapely.has_z(shape))).tolist()
    # repr gives the fewest digits that read back as the same number
    return f"<coordinates>{' '.join(','.join(map(repr, row)) for row in rows)}</coordinates>"
