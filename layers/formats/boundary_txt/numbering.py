"""The order and the names of a plot's boundary points, as files and tables of them give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.errors import GeometryError
from layers.formats.boundary_txt.forms import Form, form_called
from layers.shape_words import type_words
from layers.words import _

Corners = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundaryPoint:
    """A row of a table of boundary points (界址点成果表).

    Attributes
    ----------
    label : str
        点号.
    ring : int
        圈号, from 1.
    x_north, y_east : float
        Coordinates of the shape itself, not rounded.
    side_length_m : float
        To the next point of the ring, in the plane; NaN at the row that closes it.
    """

    label: str
    ring: int
    x_north: float
    y_east: float
    side_length_m: float


@dataclass(frozen=True)
class NumberedRing:
    """A ring as it is written.

    Attributes
    ----------
    number : int
        圈号, from 1.
    labels : tuple of str, n
        点号 of each row.
    corners : ndarray of float64, shape (n, 2)
        East and north of each row, the closing one included where the form has one.
    vertex_count : int
        Rows without the closing one.
    """

    number: int
    labels: tuple[str, ...]
    corners: Corners
    vertex_count: int


def boundary_points(geometry: BaseGeometry, form: Form | None = None) -> tuple[BoundaryPoint, ...]:
    """Return the boundary points of a plot, numbered as the writer of boundary TXT numbers them.

    Parameters
    ----------
    geometry : Polygon or MultiPolygon
        In a projected system in metres, x east and y north; lines and points are numbered as they stand.
    form : Form, optional
        The standard one: rings begin at their north-western corner, outer ones run clockwise and are
        closed by a row with the first point's name, holes run anticlockwise; numbers run through the plot.

    Raises
    ------
    GeometryError
        For a shape that is no polygon, line or point.
    """
    rows: list[BoundaryPoint] = []
    for ring in numbered_rings(geometry, form or form_called("")):
        ahead = np.roll(ring.corners, -1, axis=0) - ring.corners
        sides = np.hypot(ahead[:, 0], ahead[:, 1])
        if len(ring.corners) > ring.vertex_count or not _is_polygonal(geometry):
            sides[-1] = np.nan
        rows += [
            BoundaryPoint(label, ring.number, north, east, side)
            for label, (east, north), side in zip(
                ring.labels, ring.corners.tolist(), sides.tolist(), strict=True
            )
        ]
    return tuple(rows)


def numbered_rings(geometry: BaseGeometry, form: Form, first_number: int = 1) -> tuple[NumberedRing, ...]:
    """Return the rings of a shape in the order, direction and numbering of a form.

    Parameters
    ----------
    first_number : int
        Number of the first point, where numbers run through a file.

    Raises
    ------
    GeometryError
        For a shape that is no polygon, line or point.
    """
    closing = form.closing if _is_polygonal(geometry) else "none"
    rings: list[NumberedRing] = []
    next_number = first_number
    for place, corners in enumerate(_pieces(geometry, form), start=1):
        start = 1 if form.label_scope == "ring" else next_number
        count = len(corners)
        numbers = [*range(start, start + count)]
        if closing != "none":
            numbers.append(start if closing == "first" else start + count)
        labels = tuple(f"{form.label_letter}{number:0{form.label_digits}d}" for number in numbers)
        rows = corners if closing == "none" else np.concatenate([corners, corners[:1]])
        rings.append(NumberedRing(place, labels, rows, count))
        next_number = max(numbers) + 1
    return tuple(rings)


def _is_polygonal(geometry: BaseGeometry) -> bool:
    return geometry.geom_type in ("Polygon", "MultiPolygon")


def _pieces(geometry: BaseGeometry, form: Form) -> Iterator[Corners]:
    """Yield the corners of each ring, line or set of points; rings without their closing corner."""
    kind = geometry.geom_type
    if kind in ("Point", "MultiPoint"):
        yield shapely.get_coordinates(geometry)
    elif kind in ("LineString", "LinearRing", "MultiLineString"):
        for line in shapely.get_parts(geometry):
            yield shapely.get_coordinates(line)
    elif _is_polygonal(geometry):
        for part in shapely.get_parts(geometry):
            for place, ring in enumerate(shapely.get_rings(part).tolist()):
                corners = shapely.get_coordinates(ring)[:-1]
                yield corners if form.start == "as_is" else _in_order(corners, place == 0, form.decimals)
    else:
        raise GeometryError(
            _("A shape of type {type} has no boundary points.").format(type=type_words(geometry)),
            remedy=_("Choose a polygon layer, or leave this shape out."),
        )


def _in_order(corners: Corners, outer: bool, decimals: int) -> Corners:
    """Turn a ring to its direction and let it begin at its corner nearest to the north-west of its box.

    The beginning is found on rounded coordinates, so that a file that is read again begins at the same one.
    """
    if (signed_area(corners) < 0.0) != outer:
        corners = corners[::-1]
    rounded = np.round(corners, decimals)
    west, north = rounded[:, 0].min(), rounded[:, 1].max()
    away = np.round(np.hypot(rounded[:, 0] - west, rounded[:, 1] - north), decimals)
    return np.roll(corners, -int(np.lexsort((rounded[:, 0], -rounded[:, 1], away))[0]), axis=0)


def signed_area(corners: Corners) -> float:
    """Return a ring's area in the plane, above 0 where it runs anticlockwise."""
    east, north = (corners - corners[0]).T
    return float(np.sum(east * np.roll(north, -1) - np.roll(east, -1) * north) / 2.0)


def first_number_after(rings: Sequence[NumberedRing], form: Form, first_number: int) -> int:
    """Return the number of the next plot's first point."""
    if form.label_scope != "file":
        return 1
    closing = form.closing == "next"
    return first_number + sum(
        ring.vertex_count + (closing and len(ring.corners) > ring.vertex_count) for ring in rings
    )
