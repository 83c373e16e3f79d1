"""Joining neighbouring polygons of one partition, exactly."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def join_groups(
    geometry: NDArray[np.object_], group: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Join the polygons of each group; every vertex of the outlines stays.

    Parameters
    ----------
    geometry : ndarray of polygons, shape (n,)
        Polygons of one valid coverage.
    group : ndarray of int64, shape (n,)

    Returns
    -------
    keys : ndarray of int64
        The groups in rising order.
    joined : ndarray of polygons or multipolygons
        One per group.
    """
    order = np.argsort(group, kind="stable")
    keys, first, count = np.unique(group[order], return_index=True, return_counts=True)
    joined = geometry[order][first]
    for index in np.flatnonzero(count > 1):
        members = order[first[index] : first[index] + count[index]]
        joined[index] = shapely.coverage_union_all(geometry[members])
    return keys, joined
