"""M values of shapes: told, left out of what only looks, and kept where every place moves by itself.

Shapely (2.1, 2.2) reads and writes M, but ``transform`` and ``set_coordinates`` drop it, and take the heights
of shapes with both along.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_DIMENSIONS = (2, 3, 3, 4)
_POINT, _LINE, _POLYGON = 1, 2, 3
_ORDER_AND_TYPE = 5
_COUNT = 4


def is_measured(shape: Any | None) -> bool:
    """Tell whether a shape has M values; those that are all no number say nothing."""
    if shape is None or not shapely.has_m(shape):
        return False
    return bool(np.isfinite(shapely.get_coordinates(shape, include_m=True)[:, -1]).any())


def without_measures(shape: Any) -> Any:
    """Return a shape with east, north and, where it has them, heights."""
    if not shapely.has_m(shape):
        return shape
    if not shapely.has_z(shape):
        return shapely.force_2d(shape)
    return shapely.from_wkb(shapely.to_wkb(shape, output_dimension=3, flavor="iso"))


def at_places(shape: Any, places: FloatArray) -> Any:
    """Return a shape with its corners elsewhere; heights and M values stay bit for bit.

    Parameters
    ----------
    places : ndarray of float64, shape (n, 2)
        East and north, in the order of ``shapely.get_coordinates``.
    """
    wkb = bytearray(shapely.to_wkb(shape, byte_order=1, output_dimension=4, flavor="iso"))
    taken = 0
    for start, count, numbers in _runs(wkb):
        run = np.frombuffer(wkb, dtype="<f8", count=count * numbers, offset=start).reshape(count, numbers)
        if np.isnan(run[:, 0]).all():
            continue  # an empty point, which has no corner
        run[:, :2] = places[taken : taken + count]
        taken += count
    return shapely.from_wkb(bytes(wkb))


def _runs(wkb: bytearray) -> Iterator[tuple[int, int, int]]:
    """Return where coordinates stand in ISO WKB (little-endian), how many corners, numbers for each."""
    at, left = 0, 1
    while left:
        left -= 1
        (kind,) = struct.unpack_from("<I", wkb, at + 1)
        numbers = _DIMENSIONS[kind // 1000]
        at += _ORDER_AND_TYPE
        if kind % 1000 == _POINT:
            yield at, 1, numbers
            at += 8 * numbers
            continue
        (count,) = struct.unpack_from("<I", wkb, at)
        if kind % 1000 not in (_LINE, _POLYGON):
            at, left = at + _COUNT, left + count
            continue
        rings = 1
        if kind % 1000 == _POLYGON:
            rings, at = count, at + _COUNT
        for _ring in range(rings):
            (corners,) = struct.unpack_from("<I", wkb, at)
            yield at + _COUNT, corners, numbers
            at += _COUNT + corners * 8 * numbers
