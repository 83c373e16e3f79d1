"""How far it is from each patch to the nearest other patch of its class."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layers.progress import Progress
from layers.words import _
from zsgis.analysis.landscape.grid import FloatArray, IntArray


def nearest_neighbour_cells(
    image: NDArray[np.int32], core: NDArray[np.bool_], place: IntArray, progress: Progress
) -> FloatArray:
    """Return the distance from each patch to the nearest other one of its class, in cells.

    Parameters
    ----------
    image : ndarray of int32, shape (rows, columns)
        Patch of each cell; below zero outside.
    core : ndarray of bool, shape (rows, columns)
        Cells surrounded by their own patch; they are nobody's nearest.
    place : ndarray of int64, shape (n,)
        Class of each patch.

    Returns
    -------
    ndarray of float64, shape (n,)
        Between cell centres. NaN for the only patch of its class.
    """
    row, column = np.nonzero(~core & (image >= 0))
    patch = image[row, column].astype(np.int64)
    order = np.argsort(place[patch], kind="stable")
    bounds = np.searchsorted(place[patch][order], np.arange(int(place.max(initial=-1)) + 2))
    nearest = np.full(len(place), np.inf)
    for number, (first, last) in enumerate(pairwise(bounds.tolist())):
        progress.step(number / len(bounds), _("Measuring from patch to patch"))
        now = order[first:last]
        if len(now) and (patch[now] != patch[now[0]]).any():
            _shorten(nearest, np.stack([column[now], row[now]], axis=1), patch[now])
    nearest[np.isinf(nearest)] = np.nan
    return nearest


def _shorten(nearest: FloatArray, points: IntArray, patch: IntArray) -> None:
    """Set the distances of one class's patches.

    The circle over the shortest way between two patches holds no other point of the class, on its rim
    neither: from that point a shorter way would lead to one of them. So the way is an edge of every
    Delaunay triangulation, and only its edges need to be measured.
    """
    from scipy.spatial import Delaunay

    low, high = points.min(axis=0), points.max(axis=0)
    reach = 4 * int((high - low).max()) + 4
    middle = (low + high) // 2
    # three points far off: the triangulation exists whatever the others are, and their ways are none
    far = middle + np.array([[-reach, -reach], [reach, -reach], [0, reach]])
    net = Delaunay(np.concatenate([points, far]) - middle)
    if len(net.coplanar):
        raise ArithmeticError(f"{len(net.coplanar)} cells were left out of the triangulation")
    corners = net.simplices[(net.simplices < len(points)).sum(axis=1) >= 2]
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = edges[(edges < len(points)).all(axis=1)]
    edges = edges[patch[edges[:, 0]] != patch[edges[:, 1]]]
    away = points[edges[:, 0]] - points[edges[:, 1]]
    distance = np.hypot(away[:, 0], away[:, 1])
    np.minimum.at(nearest, patch[edges[:, 0]], distance)
    np.minimum.at(nearest, patch[edges[:, 1]], distance)
