"""Douglas and Peucker's simplification of many lines at once, for all tolerances at once.

Source: D. H. Douglas, T. K. Peucker, Cartographica 10 (1973) 112-122. A vertex gets as weight the largest
tolerance at which the method still keeps it, so that a level is a comparison only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# A line that is not settled after so many halvings keeps its remaining vertices: no shape takes for ever.
_MOST_ROUNDS = 400


@dataclass(frozen=True, eq=False)
class _Spans:
    """Stretches of lines between two vertices that are kept, with vertices in between.

    ``limit`` is the weight of the vertex that made the stretch: none within can have more.
    """

    low: IntArray
    high: IntArray
    limit: FloatArray

    @classmethod
    def between(cls, low: IntArray, high: IntArray, limit: FloatArray) -> _Spans:
        inner = high - low >= 2
        return cls(low[inner], high[inner], limit[inner])


def _distance(xy: FloatArray, places: IntArray, low: IntArray, high: IntArray) -> FloatArray:
    """Return the squared distance of vertices from the straight between two others."""
    start = xy[low]
    along = xy[high] - start
    beside = xy[places] - start
    length = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", beside, along)
    np.divide(share, length, out=share, where=length > 0)
    share[length == 0] = 0
    np.clip(share, 0, 1, out=share)
    beside -= share[:, None] * along
    squared: FloatArray = np.einsum("ij,ij->i", beside, beside)
    squared[np.isnan(squared)] = np.inf  # coordinates too large to be squared
    return squared


def _farthest(xy: FloatArray, spans: _Spans) -> tuple[IntArray, FloatArray]:
    """Return the vertex of each stretch that lies farthest off, and how far."""
    offsets = offsets_of(spans.high - spans.low - 1)
    counts = np.diff(offsets)
    places = runs(spans.low + 1, offsets)
    squared = _distance(xy, places, np.repeat(spans.low, counts), np.repeat(spans.high, counts))
    most = np.maximum.reduceat(squared, offsets[:-1])
    hits = np.flatnonzero(squared == np.repeat(most, counts))
    first = hits[np.searchsorted(hits, offsets[:-1])]
    return places[first], np.sqrt(most)


def vertex_weights(xy: FloatArray, offsets: IntArray, least: float) -> NDArray[np.float32]:
    """Return for each vertex the tolerance up to which it is kept.

    Parameters
    ----------
    xy : ndarray of float64, shape (n, 2)
    offsets : ndarray of int64, shape (lines + 1,)
        Line ``i`` is ``xy[offsets[i]:offsets[i + 1]]``, at least 2 vertices.
    least : float
        Vertices that a tolerance of this would drop get 0.

    Returns
    -------
    ndarray of float32, shape (n,)
        Infinite for the ends of lines.
    """
    weights = np.zeros(len(xy), dtype=np.float64)
    low, high = offsets[:-1], offsets[1:] - 1
    weights[low] = weights[high] = np.inf
    spans = _Spans.between(low, high, np.full(len(low), np.inf))
    for _round in range(_MOST_ROUNDS):
        if not len(spans.low):
            break
        with np.errstate(over="ignore", invalid="ignore"):
            middle, distance = _farthest(xy, spans)
        weight = np.minimum(distance, spans.limit)
        kept = weight > least
        low, high, middle, weight = spans.low[kept], spans.high[kept], middle[kept], weight[kept]
        weights[middle] = weight
        spans = _Spans.between(
            np.concatenate([low, middle]), np.concatenate([middle, high]), np.concatenate([weight, weight])
        )
    left = offsets_of(spans.high - spans.low - 1)
    weights[runs(spans.low + 1, left)] = np.repeat(spans.limit, np.diff(left))
    return weights.astype(np.float32)
