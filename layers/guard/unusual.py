"""Unusual ways to take plane coordinates that lie nowhere expected: units, meridians, cut digits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform_points
from layers.errors import CrsError
from layers.guard.model import Extent
from layers.guard.taken_as import TakenAs, local_system, parse_taken_as

UNITS = ("mm", "cm", "km")
MERIDIAN_STEPS_DEG = (0.5, 0.25)
"""Meridians of local systems are round: halves first, then quarters of a degree."""

MOST_MERIDIANS = 2
_GRIDS = ("4547", "4526")
_EASTING_M, _NORTHING_M = (50_000.0, 950_000.0), (2_000_000.0, 3_000_000.0)
_MIDDLE_M = 500_000.0
_METRES_PER_DEGREE = 111_320.0
_CUTS = (1_000_000.0, 100_000.0)


def in_other_units() -> Iterator[TakenAs]:
    """Yield the usual grids in millimetres, centimetres and kilometres, in both orders."""
    for grid, unit, order in itertools.product(_GRIDS, UNITS, ("", "+swapped")):
        yield parse_taken_as(f"{grid}{order}+{unit}")


def about_own_meridians(points: NDArray[np.float64], expected: Extent) -> Iterator[TakenAs]:
    """Yield Gauss-Krüger about round meridians that bring the data's middle into the expected area.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        As they stand in the file, metres; eastings of six digits and northings of seven, in either order.
    """
    middle = np.median(points, axis=0)
    for swapped in (False, True):
        east, north = middle[::-1] if swapped else middle
        if _EASTING_M[0] <= east <= _EASTING_M[1] and _NORTHING_M[0] <= north <= _NORTHING_M[1]:
            for meridian in _meridians(float(east), expected):
                yield TakenAs(local_system(meridian), swapped=swapped)


def _meridians(east: float, expected: Extent) -> Iterator[float]:
    """Yield round meridians between those that put the middle on the area's east and west edge."""
    west_edge, south, east_edge, north = expected
    per_degree = _METRES_PER_DEGREE * float(np.cos(np.radians((south + north) / 2)))
    degrees = (east - _MIDDLE_M) / per_degree
    first, last = west_edge - degrees, east_edge - degrees
    aim = (first + last) / 2
    found: list[float] = []
    for step in MERIDIAN_STEPS_DEG:
        round_ones = np.arange(np.ceil(first / step), np.floor(last / step) + 1) * step
        found += [
            float(each) for each in sorted(round_ones, key=lambda each: abs(each - aim)) if each not in found
        ]
    yield from [each for each in found if 60 <= each <= 150][:MOST_MERIDIANS]


def with_cut_digits(points: NDArray[np.float64], expected: Extent) -> Iterator[TakenAs]:
    """Yield the 114° grid with the leading digits put back that drawings leave out, in both orders."""
    for swapped in (False, True):
        xy = points[:, ::-1] if swapped else points
        low, high = np.quantile(xy, 0.02, axis=0), np.quantile(xy, 0.98, axis=0)
        corners = _corners(expected)
        for east, north in itertools.product(
            _missing(low[0], high[0], corners[:, 0]), _missing(low[1], high[1], corners[:, 1])
        ):
            if (east, north) != (0.0, 0.0):
                yield TakenAs(parse_crs(_GRIDS[0]), swapped=swapped, offset=(east, north))


def _corners(expected: Extent) -> NDArray[np.float64]:
    west, south, east, north = expected
    lon, lat = [west, west, east, east], [south, north, south, north]
    try:
        x, y = transform_points(lon, lat, parse_crs(GEOGRAPHIC_CGCS2000), parse_crs(_GRIDS[0]))
    except CrsError:
        return np.zeros((0, 2))
    return np.column_stack([x, y])


def _missing(low: float, high: float, corners: NDArray[np.float64]) -> list[float]:
    """Return what may be missing along one axis: 0, or round amounts that lead into the expected range."""
    found = {0.0}
    for cut in _CUTS:
        if len(corners) and 0 <= low <= high < cut:
            first, last = int(corners.min() // cut), int(corners.max() // cut)
            found |= {step * cut for step in range(first, last + 1)}
    return sorted(
        each
        for each in found
        if len(corners) and low + each <= corners.max() and high + each >= corners.min()
    )
