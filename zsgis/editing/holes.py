"""Holes of polygons: cut, and filled; every other corner stays bit for bit what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import GeometryError
from layers.words import _


@dataclass(frozen=True)
class Cut:
    """A polygon with a hole more, or one less.

    Attributes
    ----------
    shape : Polygon or MultiPolygon
        The polygon as it is then.
    inside : Polygon or MultiPolygon
        The land of the hole, as far as it belonged to the polygon before (cut) or does then (filled).
    """

    shape: Any
    inside: Any


def cut_hole(polygon: Any, ring: shapely.Polygon) -> Cut:
    """Take a piece out of the inside of a polygon.

    Holes that lie inside the new one become part of it.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
        Valid.
    ring : Polygon
        Valid and without holes, in the same system. It lies inside one part; it may touch the outline or
        another hole in single points.

    Raises
    ------
    GeometryError
        When it does not, or the polygon would fall apart.
    """
    parts = list(shapely.get_parts(polygon))
    for number, part in enumerate(parts):
        if shapely.covers(shapely.Polygon(part.exterior), ring):
            parts[number], inside = _cut_part(part, ring)
            return Cut(_joined(parts), inside)
    raise GeometryError(
        _("The hole does not lie inside one polygon."),
        remedy=_("Draw it inside; to take land off the edge, divide the polygon."),
    )


def _cut_part(part: Any, ring: shapely.Polygon) -> tuple[Any, Any]:
    kept: list[Any] = []
    swallowed: list[Any] = []
    for hole in part.interiors:
        land = shapely.Polygon(hole)
        if shapely.covers(ring, land):
            swallowed.append(hole)
        elif shapely.intersects(ring, land) and not shapely.touches(ring, land):
            raise GeometryError(
                _("The hole reaches into another hole of the polygon."),
                remedy=_("Draw it around the other hole, or beside it."),
            )
        else:
            kept.append(hole)
    shape = shapely.Polygon(part.exterior, [*kept, ring.exterior])
    inside = shapely.Polygon(ring.exterior, swallowed) if swallowed else ring
    if not shape.is_valid or not inside.is_valid:
        raise GeometryError(
            _("The hole would cut the polygon apart."),
            remedy=_("Keep it off the outline, or divide the polygon."),
        )
    return shape, inside


def fill_hole(polygon: Any, x: float, y: float) -> Cut | None:
    """Close the hole of a polygon in which a place lies; None where it lies in none.

    Of holes within holes (a part inside a hole, with a hole of its own) the smallest is taken.
    """
    parts = list(shapely.get_parts(polygon))
    best: tuple[float, int, int] | None = None
    for number, part in enumerate(parts):
        rings = _rings(part)
        for place in np.flatnonzero(shapely.contains_xy(rings, x, y)).tolist():
            size = float(rings[place].area)
            if best is None or size < best[0]:
                best = (size, number, place)
    if best is None:
        return None
    _size, number, place = best
    part = parts[number]
    hole = shapely.Polygon(part.interiors[place])
    parts[number] = shapely.Polygon(
        part.exterior, [ring for index, ring in enumerate(part.interiors) if index != place]
    )
    return _filled(parts, number, hole)


def _filled(parts: list[Any], number: int, hole: shapely.Polygon) -> Cut:
    """Return the polygon with the hole closed; parts that lay inside it are taken up by it."""
    islands = [each for index, each in enumerate(parts) if index != number and shapely.covers(hole, each)]
    rest = [each for index, each in enumerate(parts) if index == number or not shapely.covers(hole, each)]
    inside = hole if not islands else shapely.difference(hole, shapely.union_all(islands))
    return Cut(_joined(rest), inside)


def _rings(part: Any) -> NDArray[Any]:
    return np.array([shapely.Polygon(ring) for ring in part.interiors], dtype=object)


def _joined(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
