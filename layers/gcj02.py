"""GCJ-02 and BD-09, the shifted degrees of Chinese consumer maps, to and from true ones.

GCJ-02 is that of 高德, 腾讯 and Google in China; BD-09 is 百度's and lies on top of it. Nobody publishes the
formulas; these are the ones that have been found out and that every open program uses. Neither has an EPSG
code. In Zhongshan a point comes out about 620 to 640 m east-south-east of where it is in GCJ-02, about 1.23
to 1.29 km east-north-east in BD-09.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

_A = 6378245.0
_EE = 0.00669342162296594323
_STEPS = 12
_EXACT_DEG = 1e-12
_TURN = np.pi * 3000.0 / 180.0
Degrees = tuple[NDArray[np.float64], NDArray[np.float64]]


def to_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> Degrees:
    """Return where a consumer map shows true points.

    Parameters
    ----------
    longitude, latitude : array_like, shape (n,)
        Degrees of WGS 84 or CGCS2000. NaN stays NaN.

    Returns
    -------
    tuple of ndarray, shape (n,)
        Degrees of GCJ-02; outside the rectangle around China the same as given.
    """
    lon = np.array(longitude, dtype=np.float64, ndmin=1)
    lat = np.array(latitude, dtype=np.float64, ndmin=1)
    east, north = _shift(lon, lat)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def from_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> Degrees:
    """Return the true points that a consumer map shows at the given ones.

    The shift has no closed inverse: the true point is approached until it moves by less than 1e-12 degrees.
    """
    return _back(to_gcj02, longitude, latitude)


def to_bd09(longitude: ArrayLike, latitude: ArrayLike) -> Degrees:
    """Return where 百度's map shows true points; parameters as :func:`to_gcj02`."""
    lon, lat = to_gcj02(longitude, latitude)
    length = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _TURN)
    return length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006


def from_bd09(longitude: ArrayLike, latitude: ArrayLike) -> Degrees:
    """Return the true points that 百度's map shows at the given ones.

    Approached as in :func:`from_gcj02`: the closed form that is passed around leaves 3 to 9 cm.
    """
    return _back(to_bd09, longitude, latitude)


def _back(
    shown_at: Callable[[ArrayLike, ArrayLike], Degrees], longitude: ArrayLike, latitude: ArrayLike
) -> Degrees:
    lon = np.array(longitude, dtype=np.float64, ndmin=1)
    lat = np.array(latitude, dtype=np.float64, ndmin=1)
    true_lon, true_lat = lon.copy(), lat.copy()
    for _step in range(_STEPS):
        shown_lon, shown_lat = shown_at(true_lon, true_lat)
        east, north = lon - shown_lon, lat - shown_lat
        true_lon, true_lat = true_lon + east, true_lat + north
        if max(_largest(east), _largest(north)) < _EXACT_DEG:
            break
    return true_lon, true_lat


def _largest(values: NDArray[np.float64]) -> float:
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if len(known) else 0.0


def _shift(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Degrees:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20 * _sin(6, x) + 20 * _sin(2, x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20 * _sin(1, y) + 40 * _sin(1 / 3, y)) * 2 / 3
    north += (160 * _sin(1 / 12, y) + 320 * _sin(1 / 30, y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20 * _sin(1, x) + 40 * _sin(1 / 3, x)) * 2 / 3
    east += (150 * _sin(1 / 12, x) + 300 * _sin(1 / 30, x)) * 2 / 3
    latitude = np.radians(lat)
    bend = 1 - _EE * np.sin(latitude) ** 2
    north_deg = np.degrees(north / (_A * (1 - _EE) / (bend * np.sqrt(bend))))
    east_deg = np.degrees(east / (_A / np.sqrt(bend) * np.cos(latitude)))
    return east_deg, north_deg


def _sin(turns: float, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sin(turns * degrees * np.pi)
