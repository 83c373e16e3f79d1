"""A typed or pasted list of coordinates: what it is taken as, and the shape it makes in the layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.coordinates import typed_pair
from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform, transform_points
from layers.errors import CrsError, GeometryError, InputError
from layers.formats.boundary_txt.rings import even_odd
from layers.guard import TakenAs, Verdict, apply, judge_coordinates
from layers.guard.model import CrsCandidate
from layers.kind import GeometryType
from layers.shape_words import fault_words
from layers.words import _
from zsgis.editing.drawing import drawn_shape, without_repeats

Bounds = tuple[float, float, float, float]
MOST_ROWS = 200_000
# some 20 km: a layer of one town grows into the next
_NEAR_DEG = 0.2
_DIGIT = re.compile(r"\d")
_COMMAS = re.compile(r"[,，;；]")
# plane coordinates have six digits and more, heights in the city fewer than five
_LEAST_COORDINATE, _MOST_HEIGHT = 100_000.0, 10_000.0


@dataclass(frozen=True)
class EnteredPlace:
    """A row of the list.

    Attributes
    ----------
    ring : str
        Rows with the same one after each other make a ring (圈号) or a part.
    first, second : float
        The two numbers in the order in which they stand; degrees where they were written as such.
    """

    ring: str
    first: float
    second: float


def cells_of(text: str) -> tuple[tuple[str, str, str, str], ...]:
    """Return pasted text as rows of name, ring, first and second number, as far as they are there.

    Columns stand apart by tabs (Excel), commas (TXT) or blanks: two columns are the numbers, three have a
    name before them, four a ring number too (点号,圈号,X,Y); a height behind is left out, a heading passed
    over.
    """
    rows = [_four(_cells(line)) for line in text.splitlines() if line.strip()]
    headings = 0
    while headings < len(rows) and not _DIGIT.search("".join(rows[headings][2:])):
        headings += 1
    return tuple(rows[headings:])


def _cells(line: str) -> list[str]:
    if "\t" in line:
        cells = line.split("\t")
    else:
        cells = _COMMAS.split(line) if _COMMAS.search(line) else line.split()
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _four(cells: Sequence[str]) -> tuple[str, str, str, str]:
    if len(cells) == 3 and _with_height(cells):
        return "", "", cells[0], cells[1]
    if len(cells) <= 2:
        first, second = (*cells, "", "")[:2]
        return "", "", first, second
    if len(cells) == 3:
        return cells[0], "", cells[1], cells[2]
    return cells[0], cells[1], cells[2], cells[3]


def _with_height(cells: Sequence[str]) -> bool:
    numbers = [_number(cell) for cell in cells]
    if any(number is None for number in numbers):
        return False
    first, second, last = (abs(number or 0.0) for number in numbers)
    return first >= _LEAST_COORDINATE and second >= _LEAST_COORDINATE and last < _MOST_HEIGHT


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def read_places(rows: Sequence[Sequence[str]]) -> tuple[EnteredPlace, ...]:
    """Return the rows of the list that have numbers; rows without any cell are passed over.

    Parameters
    ----------
    rows : sequence of (name, ring, first, second)
        Texts. Numbers may be degrees in every usual writing.

    Raises
    ------
    InputError
        When a row's numbers cannot be read, with its number, or there are too many rows.
    """
    if len(rows) > MOST_ROWS:
        raise InputError(
            _("The list has more than {count} rows.").format(count=f"{MOST_ROWS:,}"),
            remedy=_("Bring it in as a file."),
        )
    places = []
    for number, (name, ring, first, second) in enumerate(rows, start=1):
        if not (name or ring or first or second):
            continue
        pair = _pair(first, second)
        if pair is None:
            raise InputError(
                _("“{first}”, “{second}” are no coordinates.").format(first=first[:40], second=second[:40]),
                where=_("row {number}").format(number=number),
                remedy=_("Write two numbers, for instance 2491514.243 and 436212.615."),
            )
        places.append(EnteredPlace(ring.strip(), *pair))
    return tuple(places)


def _pair(first: str, second: str) -> tuple[float, float] | None:
    one, other = _number(first), _number(second)
    if one is not None and other is not None:
        return (one, other) if np.isfinite([one, other]).all() else None
    if not (first.strip() and second.strip()):
        return None
    typed = typed_pair(f"{first};{second}")
    return (typed[0].value, typed[1].value) if typed is not None else None


def judged(
    places: Sequence[EnteredPlace], layer_crs: pyproj.CRS, bounds: Bounds | None = None
) -> Verdict[CrsCandidate]:
    """Return what the numbers can be taken as, the likely ones first: the guard of imports says it.

    In the layer's own system they are expected, X (north) before Y (east); the guard goes against that where
    the digits or the place do.

    Parameters
    ----------
    bounds : tuple of float, optional
        Of the layer, in its own system: new shapes are expected near what it holds; without them in the city.
    """
    return judge_coordinates(_numbers(places), crs=layer_crs, expected=_expected(layer_crs, bounds))


def _expected(crs: pyproj.CRS, bounds: Bounds | None) -> Bounds | None:
    """Return the degrees (west, south, east, north) where new shapes of a layer are expected."""
    if bounds is None:
        return None
    x, y = np.meshgrid(bounds[::2], bounds[1::2])
    try:
        east, north = transform_points(x.ravel(), y.ravel(), crs, parse_crs(GEOGRAPHIC_CGCS2000))
    except CrsError:
        return None
    west, south = float(east.min()) - _NEAR_DEG, float(north.min()) - _NEAR_DEG
    return west, south, float(east.max()) + _NEAR_DEG, float(north.max()) + _NEAR_DEG


def entered_shape(
    places: Sequence[EnteredPlace], taken_as: TakenAs, layer_crs: pyproj.CRS, geometry: GeometryType
) -> Any:
    """Return the shape that a list of coordinates makes, in the layer's own system.

    Of several rings, what lies in an odd number of others is a hole.

    Parameters
    ----------
    taken_as : TakenAs
        System and order of the numbers; ``swapped`` means that the first one is east, against the order in
        which bureaus write them.

    Raises
    ------
    InputError
        When the rows make no shape of this type, or cannot be brought into the layer's system.
    """
    if not places:
        raise InputError(_("There are no coordinates yet."), remedy=_("Type them, or paste them from Excel."))
    moved = apply(taken_as, np.array(shapely.points(_numbers(places)), dtype=object))
    points = shapely.get_coordinates(transform(moved.geometry, moved.crs, layer_crs))
    rings = _rings(places, points)
    if geometry is GeometryType.POLYGON:
        return _polygon(rings)
    shapes = [drawn_shape(ring, geometry) for ring in rings]
    if geometry is GeometryType.POINT:
        return shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)
    return shapes[0] if len(shapes) == 1 else shapely.MultiLineString(shapes)


def _numbers(places: Sequence[EnteredPlace]) -> NDArray[np.float64]:
    """Return east and north by the order of bureaus: X, the first number, is north."""
    return np.array([(place.second, place.first) for place in places], dtype=np.float64).reshape(-1, 2)


def _rings(places: Sequence[EnteredPlace], points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    rings, start = [], 0
    for _ring, rows in groupby(places, key=lambda place: place.ring):
        count = len(list(rows))
        rings.append(without_repeats(points[start : start + count]))
        start += count
    return rings


def _polygon(rings: Sequence[NDArray[np.float64]]) -> Any:
    for ring in rings:
        drawn_shape(ring, GeometryType.POLYGON)
    polygon, crossing = even_odd(rings)
    if crossing or not polygon.is_valid:
        reason = fault_words(shapely.is_valid_reason(polygon))
        raise GeometryError(
            _("The rings cross each other ({fault}).").format(fault=reason),
            remedy=_("Check ring numbers and coordinates."),
        )
    return polygon
