"""Rows that look for their feature where their point lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.joining.model import AmbiguousRow, JoinBy, Match

_SAME = 1e-9  # relative: two features are equally near


def match_places(
    rows: Sequence[int], points: NDArray[Any], shapes: NDArray[Any], distance: float
) -> tuple[list[Match], list[AmbiguousRow]]:
    """Return what rows find by place: the feature that holds the point, else the nearest within ``distance``.

    Parameters
    ----------
    rows : sequence of int
        Numbers of the rows, one for each point.
    points : ndarray of object, shape (n,)
        Points in the system of ``shapes``; None where a row has none.
    shapes : ndarray of object, shape (m,)
        Features; None where one has no shape.
    distance : float
        In the unit of their system; 0 for features that hold the point only.
    """
    matches: list[Match] = []
    ambiguous: list[AmbiguousRow] = []
    tree = shapely.STRtree(shapes)
    for row, point in zip(rows, points, strict=True):
        if point is None or shapely.is_empty(point):
            continue
        holding = tree.query(point, predicate="intersects")
        found = sorted(int(feature) for feature in holding)
        said = "0"
        if not found and distance > 0:
            near = tree.query(point, predicate="dwithin", distance=distance)
            if len(near):
                lengths = shapely.distance(point, shapes[near])
                shortest = float(lengths.min())
                nearest = near[lengths <= shortest * (1 + _SAME)]
                found = sorted(int(feature) for feature in nearest)
                said = f"{shortest:.3f}"
        if len(found) == 1:
            matches.append(Match(row, found[0], JoinBy.PLACE, said))
        elif found:
            ambiguous.append(AmbiguousRow(row, tuple(found), JoinBy.PLACE, said))
    return matches, ambiguous


def points_of(geometry: NDArray[Any]) -> NDArray[Any]:
    """Return a point for each shape: itself, or one that lies inside it; None where there is none."""
    points = np.full(len(geometry), None, dtype=object)
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    points[there] = shapely.point_on_surface(geometry[there])
    return points
