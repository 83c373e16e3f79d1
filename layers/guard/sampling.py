"""A part of a layer that is small enough to look at and large enough to judge by."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

MOST_FEATURES = 2000
"""How many features of a layer are looked at, evenly over its order."""

MOST_POINTS = 4000
"""How many vertices are taken of those."""


def chosen_rows(count: int, most: int = MOST_FEATURES) -> NDArray[np.int64]:
    """Return up to ``most`` row numbers, evenly over ``count``, first and last included."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).astype(np.int64))


def sample_points(geometry: NDArray[Any], most: int = MOST_POINTS) -> NDArray[np.float64]:
    """Return vertices of a layer.

    Parameters
    ----------
    geometry : ndarray of shapely geometries, shape (n,)
        None and empty ones are passed over.

    Returns
    -------
    ndarray, shape (m, 2)
        At most ``most`` vertices (and a few more), finite ones only: of up to :data:`MOST_FEATURES` features
        evenly over the layer's order, and the corners of the features that lie farthest out, so that the
        extent is the whole layer's.
    """
    shapes = np.asarray(geometry, dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(shapes):
        return np.zeros((0, 2))
    vertices = shapely.get_coordinates(shapes[chosen_rows(len(shapes))])
    vertices = vertices[chosen_rows(len(vertices), most)]
    points = np.vstack([vertices, _farthest(shapes)])
    return points[np.isfinite(points).all(axis=1)]


def _farthest(shapes: NDArray[Any]) -> NDArray[np.float64]:
    boxes = shapely.bounds(shapes)
    rows = [np.nanargmin(boxes[:, 0]), np.nanargmin(boxes[:, 1])] if np.isfinite(boxes).any() else []
    rows += [np.nanargmax(boxes[:, 2]), np.nanargmax(boxes[:, 3])] if rows else []
    return shapely.get_coordinates(shapes[rows]) if rows else np.zeros((0, 2))
