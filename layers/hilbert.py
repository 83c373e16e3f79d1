"""Places along a Hilbert curve: what is near on it is near on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEVELS = 16


def hilbert_distances(points: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Return how far along a Hilbert curve points lie that fills their common extent.

    The curve has 2^16 cells each way. Source: Wikipedia, "Hilbert curve", function ``xy2d``, done for all
    points at once.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        Finite; x and y in any unit.
    """
    if not len(points):
        return np.empty(0, dtype=np.uint32)
    last = (1 << _LEVELS) - 1
    low = points.min(axis=0)
    span = points.max(axis=0) - low
    share = (points - low) / np.where(span > 0, span, 1.0)
    x, y = (share * last).astype(np.uint32).T.copy()
    distances = np.zeros(len(points), dtype=np.uint32)
    for level in range(_LEVELS - 1, -1, -1):
        right, up = x >> level & 1, y >> level & 1
        distances = distances << 2 | (3 * right ^ up)
        turned = (up == 0) & (right == 1)
        x[turned] = last - x[turned]
        y[turned] = last - y[turned]
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return distances
