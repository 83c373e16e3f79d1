"""Arrays of shapes from arrays of coordinates."""

from __future__ import annotations

from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray


def polygons(corners: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return one polygon per ring of corners, shape (n, corners, 2)."""
    return cast("NDArray[np.object_]", shapely.polygons(corners))


def lines(ends: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return one line per pair of end points, shape (n, 2, 2)."""
    return cast("NDArray[np.object_]", shapely.linestrings(ends))


def points(places: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return one point per place, shape (n, 2); None where a coordinate is NaN."""
    found = cast("NDArray[np.object_]", shapely.points(np.nan_to_num(places)))
    found[np.isnan(places).any(axis=1)] = None
    return found
