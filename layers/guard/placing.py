"""Where coordinates come to lie when they are taken as something, and the correction itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.crs import GEOGRAPHIC_CGCS2000, Points, parse_crs, transform_known_points, transform_points
from layers.datums import LEGACY, Datum, datum_of, false_easting, is_transverse_mercator
from layers.errors import CrsError
from layers.gcj02 import from_bd09, from_gcj02
from layers.guard.model import Extent, Shift
from layers.guard.taken_as import METRES, TakenAs

LEGACY_UNCERTAINTY_M = 300.0
"""How far a place on a legacy datum may be off when its degrees are taken for CGCS2000's, to show it roughly.

Beijing 1954 and Xi'an 1980 lie within 200 m of CGCS2000 in Guangdong.
"""

# four degrees, the city in the zone of 117°, are 445 km at the equator; a quarter of the earth is 10,002 km
_FARTHEST_EAST_M, _FARTHEST_NORTH_M = 450_000.0, 10_010_000.0
_UNSHIFT = {Shift.GCJ02: from_gcj02, Shift.BD09: from_bd09}


@dataclass(frozen=True)
class Placed:
    """Where points come to lie.

    Attributes
    ----------
    degrees : ndarray, shape (n, 2)
        Longitude and latitude on CGCS2000; NaN where a point cannot be there.
    uncertainty_m : float
        0, or :data:`LEGACY_UNCERTAINTY_M` where a legacy datum's degrees are shown as they are.
    """

    degrees: NDArray[np.float64]
    uncertainty_m: float

    @property
    def extent(self) -> Extent | None:
        """Where all of it lies; None where nothing does."""
        known = self.degrees[np.isfinite(self.degrees).all(axis=1)]
        if not len(known):
            return None
        (west, south), (east, north) = known.min(axis=0), known.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def share_inside(self, box: Extent) -> float:
        """Return the share of points in a box, 0 to 1."""
        if not len(self.degrees):
            return 0.0
        west, south, east, north = box
        lon, lat = self.degrees[:, 0], self.degrees[:, 1]
        with np.errstate(invalid="ignore"):
            inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
        return float(inside.mean())


def place(taken_as: TakenAs, points: NDArray[np.float64]) -> Placed:
    """Return where points come to lie; only to look at, nothing is imported by it.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        As they stand in the file.
    """
    x, y = _set_right(taken_as, points[:, 0], points[:, 1])
    frame = _frame(taken_as.crs)
    possible = _possible(frame, x, y)
    x, y = np.where(possible, x, np.nan), np.where(possible, y, np.nan)
    target = parse_crs(GEOGRAPHIC_CGCS2000) if frame.datum is None else frame.degrees
    try:
        lon, lat = transform_known_points(x, y, taken_as.crs, target)
    except CrsError:
        lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if taken_as.shift is not Shift.NONE:
        lon, lat = _UNSHIFT[taken_as.shift](lon, lat)
    return Placed(np.column_stack([lon, lat]), LEGACY_UNCERTAINTY_M if frame.datum in LEGACY else 0.0)


def true_points(taken_as: TakenAs, x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
    """Return points in ``taken_as.crs``, exchanged, scaled, completed and unshifted as it says.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        First and second number as they stand in the file. NaN stays NaN.

    Raises
    ------
    CrsError
        When a shift is to be taken off and a point does not fit the system.
    """
    x, y = _set_right(taken_as, x, y)
    if taken_as.shift is Shift.NONE:
        return x, y
    degrees = _frame(taken_as.crs).degrees
    lon, lat = transform_points(x, y, taken_as.crs, degrees)
    lon, lat = _UNSHIFT[taken_as.shift](lon, lat)
    return transform_points(lon, lat, degrees, taken_as.crs)


def moved(geometry: NDArray[Any], taken_as: TakenAs) -> NDArray[Any]:
    """Return geometries with their vertices as :func:`true_points` has them; heights stay.

    Raises
    ------
    CrsError
        As :func:`true_points`.
    """
    if taken_as == replace(taken_as, swapped=False, shift=Shift.NONE, unit="m", offset=(0.0, 0.0)):
        return geometry
    result = np.array(geometry, dtype=object, copy=True)
    heights = shapely.has_z(result)
    for chosen, include_z in ((~heights, False), (heights, True)):
        if chosen.any():
            coordinates = shapely.get_coordinates(result[chosen], include_z=include_z)
            x, y = true_points(taken_as, coordinates[:, 0], coordinates[:, 1])
            # exchanged degrees are views of these very columns
            coordinates[:, :2] = np.column_stack([x, y])
            result[chosen] = shapely.set_coordinates(result[chosen].copy(), coordinates)
    return result


def _set_right(taken_as: TakenAs, x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
    east, north = (y, x) if taken_as.swapped else (x, y)
    if taken_as.crs.is_geographic:
        return east, north
    metres = METRES[taken_as.unit]
    return east * metres + taken_as.offset[0], north * metres + taken_as.offset[1]


@dataclass(frozen=True)
class _Frame:
    """What is asked of a system again and again; ``middle`` is a transverse Mercator's false easting."""

    datum: Datum | None
    degrees: pyproj.CRS
    middle: float | None


@lru_cache(maxsize=128)
def _frame(crs: pyproj.CRS) -> _Frame:
    geographic = crs.geodetic_crs
    degrees = parse_crs(geographic) if geographic is not None else parse_crs(GEOGRAPHIC_CGCS2000)
    middle = false_easting(crs) if crs.is_projected and is_transverse_mercator(crs) else None
    return _Frame(datum_of(crs), degrees, middle)


def _possible(frame: _Frame, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points a projection is made for; far from its meridian its formulas give nonsense."""
    if frame.middle is None:
        # degrees beyond the earth, and what no other projection shows, become NaN on the way
        return np.isfinite(x) & np.isfinite(y)
    with np.errstate(invalid="ignore"):
        return (np.abs(x - frame.middle) <= _FARTHEST_EAST_M) & (np.abs(y) <= _FARTHEST_NORTH_M)


def is_legacy(crs: pyproj.CRS) -> bool:
    """Tell whether a system stands on a datum that only the user's own parameters lead away from."""
    return _frame(crs).datum in LEGACY
