"""Rows of points to rings, rings to shapes: what is hole and what is part is decided by where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.errors import GeometryError
from layers.formats.boundary_txt.document import PointRow
from layers.words import _

# A closing row rounded in another way than the first is still the first point (精度 0.01 at the coarsest).
CLOSING_TOLERANCE_M = 0.0101
# Rings whose boxes overlap are compared pairwise; 20,000 holes of a plot are some 40,000 pairs.
PAIRS = 60_000


@dataclass(frozen=True)
class Ring:
    """The rows of a ring, without the row that closes it.

    Attributes
    ----------
    closing : PointRow or None
        The row that repeats the first point.
    """

    rows: tuple[PointRow, ...]
    closing: PointRow | None


class UnclearRingError(Exception):
    """The rows of a plot contradict each other; no shape is made of them."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


def rings_of(points: Sequence[PointRow]) -> tuple[Ring, ...]:
    """Divide a polygon's rows into rings: a new number begins one, and so does what follows a closing row.

    Raises
    ------
    UnclearRingError
        When figures of one plot have different numbers of digits, a ring goes on after another one, or a
        row bears the name of the ring's first one at another place.
    """
    rings: list[Ring] = []
    for rows in runs_of(points):
        start = 0
        for place, point in enumerate(rows):
            if place == start > 0 and _same_place(point, rows[place - 1]):
                start = place + 1  # the closing row once more
            elif place - start >= 3 and _same_place(point, rows[start]):
                rings.append(Ring(rows[start:place], point))
                start = place + 1
            elif place > start:
                _require_other_name(point, rows[start : start + 2])
        if start < len(rows):
            rings.append(Ring(rows[start:], None))
    return tuple(rings)


def runs_of(points: Sequence[PointRow]) -> tuple[tuple[PointRow, ...], ...]:
    """Divide a plot's rows by ring number.

    Raises
    ------
    UnclearRingError
        When figures of one plot have different numbers of digits, or a number comes back after another one
        though its ring was not closed.
    """
    _require_same_digits(points)
    runs: list[tuple[PointRow, ...]] = []
    left_open: set[str] = set()
    for number, rows in groupby(points, key=lambda point: point.ring):
        run = tuple(rows)
        if number in left_open:
            text = _("Ring {ring} goes on after another ring; the plot is left without a shape.")
            raise UnclearRingError(text.format(ring=number), run[0].line)
        if len(run) < 4 or not any(_same_place(run[-1], row) for row in run[:-3]):
            left_open.add(number)
        runs.append(run)
    return tuple(runs)


def _require_other_name(point: PointRow, start: Sequence[PointRow]) -> None:
    first, second = start[0], start[-1]
    if first.label and point.label == first.label and second.label != first.label:
        text = _("Two points of a ring are named {label}, but lie {metres} m from each other.")
        metres = f"{np.hypot(point.x - first.x, point.y - first.y):.3f}"
        raise UnclearRingError(text.format(label=point.label, metres=metres), point.line)


def _same_place(one: PointRow, other: PointRow) -> bool:
    if one.x == other.x and one.y == other.y:
        return True
    named_alike = bool(one.label) and one.label == other.label
    return named_alike and bool(np.hypot(one.x - other.x, one.y - other.y) <= CLOSING_TOLERANCE_M)


def _require_same_digits(points: Sequence[PointRow]) -> None:
    """Refuse a figure with a digit more or less than its neighbours': it has gained or lost one."""
    if not points:
        return
    (least_x, beyond_x), (least_y, beyond_y) = _same_size(points[0].x), _same_size(points[0].y)
    for point in points:
        if not (least_x <= abs(point.x) < beyond_x and least_y <= abs(point.y) < beyond_y):
            text = _("The figures of this row are not of the size of the plot's others; it has no shape.")
            raise UnclearRingError(text, point.line)


def _same_size(figure: float) -> tuple[float, float]:
    """Return from where to where figures have as many digits before the point as this one."""
    digits = len(str(int(abs(figure))))
    return (0.0 if digits == 1 else 10.0 ** (digits - 1)), 10.0**digits


def even_odd(rings: Sequence[NDArray[np.float64]]) -> tuple[BaseGeometry, bool]:
    """Make a polygon of rings in any order: what lies in an odd number of others is a hole.

    Parameters
    ----------
    rings : sequence of ndarray of float64, shape (n, 2)
        At least one, each with at least three corners, closed or not; vertices stay as they are.

    Returns
    -------
    Polygon or MultiPolygon
        Parts and holes in the order of the rings.
    crossing : bool
        Some ring lies partly in another one; such a ring is taken as a part of its own.

    Raises
    ------
    GeometryError
        When so many rings lie within each other that comparing them would take too long.
    """
    areas = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    if len(rings) == 1:
        return areas[0], False
    around, crossing = _containers(areas, rings)
    depth = np.array([len(outer) for outer in around])
    size = shapely.area(areas)
    holes: dict[int, list[NDArray[np.float64]]] = {}
    for number in np.flatnonzero(depth % 2 == 1).tolist():
        holes.setdefault(min(around[number], key=lambda outer: float(size[outer])), []).append(rings[number])
    parts = [
        shapely.Polygon(rings[number], holes.get(number))
        for number in np.flatnonzero(depth % 2 == 0).tolist()
    ]
    return (parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)), crossing


def _containers(
    areas: NDArray[np.object_], rings: Sequence[NDArray[np.float64]]
) -> tuple[list[list[int]], bool]:
    """Return for each ring the rings around it, and whether some rings cross."""
    size = shapely.area(areas)
    inner, outer = shapely.STRtree(areas).query(areas)
    wider = (size[outer] > size[inner]) | ((size[outer] == size[inner]) & (outer < inner))
    if int(wider.sum()) > PAIRS:
        raise GeometryError(
            _("Too many rings of a plot lie within each other."), remedy=_("Split the plot into several.")
        )
    shapely.prepare(areas)
    valid = shapely.is_valid(areas).tolist()
    around: list[list[int]] = [[] for _ring in rings]
    crossing = False
    for i, o in zip(inner[wider].tolist(), outer[wider].tolist(), strict=True):
        inside = _lies_inside(rings[i], areas[i], areas[o], valid[i] and valid[o])
        crossing |= inside is None
        if inside:
            around[i].append(o)
    return around, crossing


def _lies_inside(
    ring: NDArray[np.float64], area: BaseGeometry, outer: BaseGeometry, both_valid: bool
) -> bool | None:
    """Return whether a ring lies in another one that is no smaller; None where it does so in part."""
    covered = shapely.intersects_xy(outer, ring[:, 0], ring[:, 1])
    within = shapely.contains_xy(outer, ring[:, 0], ring[:, 1])
    if not covered.all():
        # edges may cross where no corner lies inside
        return None if within.any() or (both_valid and shapely.overlaps(area, outer)) else False
    if area.area == outer.area:
        return None
    if within.any():
        return True
    # every corner lies on the other's line: a point inside tells
    middle = shapely.point_on_surface(shapely.make_valid(area))
    return bool(shapely.intersects(outer, middle)) and not shapely.is_empty(middle)
