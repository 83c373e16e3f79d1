"""Splitting polygons by a line: pieces that share their new corners and add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.crs import metres_per_unit
from layers.errors import GeometryError
from layers.shape_words import fault_words
from layers.words import _

BALANCE_M2 = 0.01
"""So much the planar areas of the pieces may differ from the whole (design: balance is proved to 0.01 m2)."""

Shapes = NDArray[np.object_]


def square_units(m2: float, crs: pyproj.CRS) -> float:
    """Return an area of so many square metres in the square units of a system's coordinates, roughly."""
    return m2 / metres_per_unit(crs) ** 2


def cutting_line(places: NDArray[np.float64]) -> shapely.LineString:
    """Return the line through places, to split by.

    Raises
    ------
    GeometryError
        When it has no length, or a place is none.
    """
    if len(places) < 2 or not np.isfinite(places).all() or not np.ptp(places, axis=0).any():
        raise GeometryError(
            _("A dividing line needs two different places."), remedy=_("Click one on each side.")
        )
    return shapely.LineString(places)


def split_polygon(polygon: Any, line: Any, *, balance: float) -> tuple[Any, ...]:
    """Return the pieces into which a line divides a polygon, the largest first; one where it does not.

    Corners of the polygon stay bit for bit what they were; where the line meets an edge, both sides get the
    same new corner. Parts that the line does not divide stay with the largest piece. A piece smaller than
    ``balance``, left where the line runs along an edge, goes to the piece with which it shares most border.

    Parameters
    ----------
    polygon : Polygon or MultiPolygon
    line : LineString or MultiLineString
        In the same system; it may cross itself, be a closed ring, and reach beyond.
    balance : float
        How far the planar areas may be from adding up, in square units of the coordinates
        (:func:`square_units`).

    Raises
    ------
    GeometryError
        When the polygon is not valid, or its pieces would not add up to it.
    """
    if polygon is None or polygon.is_empty:
        return ()
    _require_sound(polygon)
    whole_parts: list[Any] = []
    pieces: list[Any] = []
    for part in shapely.get_parts(polygon):
        found = _split_part(part, line, balance)
        if len(found) == 1:
            whole_parts.append(part)
        else:
            pieces += found
    if not pieces:
        return (polygon,)
    pieces.sort(key=lambda piece: -float(piece.area))
    _require_balance(polygon, [*pieces, *whole_parts], balance)
    if whole_parts:
        pieces[0] = shapely.MultiPolygon([pieces[0], *whole_parts])
    return tuple(sorted(pieces, key=lambda piece: -float(piece.area)))


def _require_sound(polygon: Any) -> None:
    if not polygon.is_valid:
        raise GeometryError(
            _("The polygon has a fault ({fault}).").format(
                fault=fault_words(shapely.is_valid_reason(polygon))
            ),
            remedy=_("Repair it first, then divide it."),
        )
    if shapely.has_m(polygon):
        raise GeometryError(
            _("The polygon carries M values, which would be lost."), remedy=_("Divide a copy without them.")
        )


def _split_part(part: Any, line: Any, balance: float) -> list[Any]:
    """Return the pieces of one polygon; itself where the line does not divide it."""
    if not shapely.intersects(part, line):
        return [part]
    lines = shapely.union_all([part.boundary, line])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = faces[_lie_in(part, faces)]
    if len(inside) < 2:
        return [part]
    return _without_slivers(inside, balance) or [part]


def _lie_in(part: Any, faces: Shapes) -> NDArray[np.bool_]:
    points = shapely.point_on_surface(faces)
    shapely.prepare(part)
    inside: NDArray[np.bool_] = shapely.contains_xy(part, shapely.get_x(points), shapely.get_y(points))
    return inside


def _without_slivers(faces: Shapes, balance: float) -> list[Any]:
    """Return faces with the tiny ones joined to their neighbours; nothing where all but one are tiny."""
    areas = shapely.area(faces)
    large = [face for face, area in zip(faces, areas, strict=True) if area >= balance]
    tiny = [face for face, area in zip(faces, areas, strict=True) if area < balance]
    if len(large) < 2:
        return []
    for sliver in tiny:
        shared = shapely.length(shapely.intersection(sliver.boundary, shapely.boundary(np.array(large))))
        chosen = int(np.argmax(shared))
        large[chosen] = shapely.union(large[chosen], sliver)
    return large


def _require_balance(polygon: Any, pieces: Sequence[Any], balance: float) -> None:
    shapes = np.array(pieces, dtype=object)
    areas, whole = shapely.area(shapes), float(polygon.area)
    if abs(float(np.sum(areas)) - whole) > balance or not shapely.is_valid(shapes).all():
        raise GeometryError(
            _("The pieces would not add up to the whole."),
            remedy=_("Draw the dividing line a little differently."),
        )
