"""Which parcels lie within the gap of each other: true distances, each pair asked once, on all cores."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices

GeometryArray = NDArray[np.object_]
IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_QUERY_BLOCK = 2_000
_PAIR_BLOCK = 4_000


def box_pairs(
    left: GeometryArray, right: GeometryArray, reach_m: float, progress: Progress
) -> tuple[IndexArray, IndexArray]:
    """Return the pairs (of ``left``, of ``right``) whose bounding boxes are at most ``reach_m`` apart.

    Parameters
    ----------
    left, right : ndarray of object
        In one plane, in metres. Missing and empty shapes are near to nothing.
    reach_m : float
        Along each axis.
    """
    bounds = shapely.bounds(left)
    there = np.flatnonzero(np.isfinite(bounds[:, 0]))
    grown = bounds[there] + reach_m * np.array([-1.0, -1.0, 1.0, 1.0])
    tree = shapely.STRtree(np.asarray(shapely.box(*grown.T), dtype=object))

    def query(part: slice) -> NDArray[np.int64]:
        found: NDArray[np.int64] = tree.query(right[part]) + np.array([[part.start], [0]])
        return found

    found = run_chunks(query, slices(len(right), _QUERY_BLOCK), progress, _("Looking for neighbours"))
    pairs = np.concatenate([np.zeros((2, 0), dtype=np.int64), *found], axis=1)
    return there[pairs[1]].astype(np.int64), pairs[0].astype(np.int64)


def within(left: GeometryArray, right: GeometryArray, distance_m: float, progress: Progress) -> BoolArray:
    """Tell for each pair of shapes whether their distance is at most ``distance_m``."""
    answers = run_chunks(
        lambda part: shapely.dwithin(left[part], right[part], distance_m),
        slices(len(left), _PAIR_BLOCK),
        progress,
    )
    return np.concatenate([np.zeros(0, dtype=bool), *answers])


def near_pairs(geometry: GeometryArray, gap_m: float, progress: Progress) -> tuple[IndexArray, IndexArray]:
    """Return the pairs of shapes at most ``gap_m`` apart, the smaller place first, in the order of places.

    The distance is that of the nearest points: shapes that touch, also at one corner only, or lie over each
    other have the distance 0.
    """
    left, right = box_pairs(geometry, geometry, gap_m, ProgressPart(progress, 0.0, 0.4))
    once = left < right
    left, right = left[once], right[once]
    near = within(geometry[left], geometry[right], gap_m, ProgressPart(progress, 0.4, 1.0))
    left, right = left[near], right[near]
    order = np.lexsort((right, left))
    return left[order], right[order]


def components(count: int, left: IndexArray, right: IndexArray) -> IndexArray:
    """Return for each of ``count`` things the number of its group, joined by the pairs given; 0 and up."""
    links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    label: IndexArray = connected_components(links, directed=False)[1].astype(np.int64)
    return label
