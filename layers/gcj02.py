"""GCJ-02, the shifted degrees of Chinese consumer maps (高德, 腾讯, Google in China), to and from true ones.

The state publishes no formula; this is the one that has been found out and that every open program uses.
It has no EPSG code. In Zhongshan a point comes out about 620 to 640 m east-south-east of where it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_A = 6378245.0
_EE = 0.00669342162296594323
_STEPS = 12
_EXACT_DEG = 1e-12
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
    lon = np.array(longitude, dtype=np.float64, ndmin=1)
    lat = np.array(latitude, dtype=np.float64, ndmin=1)
    true_lon, true_lat = lon.copy(), lat.copy()
    for _step in range(_STEPS):
        shown_lon, shown_lat = to_gcj02(true_lon, true_lat)
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
