"""Shapes of one layer that lie over each other.

How many shapes lie over a place changes only at an edge. Across an edge that two shapes share, one on its
left and one on its right, it does not: so a region where two or more lie over each other is bounded by bare
edges, and beside such an edge lies another shape over the edge's own. These pairs are cut first. The rest of
the region is reached from there by going over to the neighbours of those found.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices, slices_by_weight
from zsgis.overlay.cutting import snapped_operation
from zsgis.overlay.inputs import ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, polygonal, weights
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, ZoneOverlap
from zsgis.overlay.segment_grid import distinct, spread
from zsgis.overlay.shared_edges import SharedEdges
from zsgis.overlay.zone_index import built_tree

_QUERIED_AT_ONCE = 2_000

Keys = NDArray[np.int64]
"""Pairs of shapes: lower position times the number of shapes, plus the higher one."""


def overlaps_among(
    shapes: GeometryArray, edges: SharedEdges, grid_m: float, progress: Progress
) -> tuple[ZoneOverlap, ...]:
    """Return the pairs of shapes of one layer that lie over each other by more than floating point leaves.

    ``edges`` are those of the shapes.
    """
    text = _("Looking for shapes over each other")
    if len(shapes) < 2:
        return ()
    (tree,) = run_chunks(built_tree, [shapes], ProgressPart(progress, 0.0, 0.1), text)
    met = run_chunks(
        lambda part: _met(tree, *edges.lines(part), len(shapes)),
        slices(len(edges.begins) - 1, _QUERIED_AT_ONCE),
        ProgressPart(progress, 0.1, 0.6),
    )
    asked = distinct(np.concatenate(met)) if met else np.zeros(0, dtype=np.int64)
    found, known, left = [(asked[:0], np.zeros(0))], asked, ProgressPart(progress, 0.6, 1.0)
    while len(asked):
        area = _shared_m2(shapes, asked, grid_m, left)
        over = area > 0.0
        found.append((asked[over], area[over]))
        asked = np.setdiff1d(_beside(shapes, edges, asked[over]), known)
        known = np.union1d(known, asked)
    keys, areas = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(keys)
    first, second = np.divmod(keys[order], len(shapes))
    rows = zip(first.tolist(), second.tolist(), areas[order].tolist(), strict=True)
    return tuple(ZoneOverlap(*row) for row in rows)


def _met(tree: shapely.STRtree, lines: GeometryArray, owner: IndexArray, shapes: int) -> Keys:
    """Return the pairs of each line's owner and another shape that the line meets."""
    line, other = tree.query(lines, predicate="intersects")
    return _keys(owner[line], other.astype(np.int64), shapes)


def _keys(first: IndexArray, second: IndexArray, shapes: int) -> Keys:
    low, high = np.minimum(first, second), np.maximum(first, second)
    return distinct((low * shapes + high)[low != high])


def _beside(shapes: GeometryArray, edges: SharedEdges, found: Keys) -> Keys:
    """Return the pairs that come from going over from either shape, or both, to a neighbour."""
    pair = np.stack(np.divmod(found, len(shapes)))
    box = shapely.bounds(shapes)
    for side in (0, 1):
        begin, end = edges.neighbours(pair[side])
        owner, nth = spread(end - begin)
        over = pair[:, owner]
        over[side] = edges.second[begin[owner] + nth]
        pair = np.concatenate([pair, over], axis=1)
        a, b = box[pair[0]], box[pair[1]]
        meets = (a[:, :2] <= b[:, 2:]).all(axis=1) & (b[:, :2] <= a[:, 2:]).all(axis=1)
        pair = pair[:, meets]
    return _keys(pair[0], pair[1], len(shapes))


def _shared_m2(shapes: GeometryArray, keys: Keys, grid_m: float, progress: Progress) -> FloatArray:
    """Return the area that each pair shares."""
    first, second = np.divmod(keys, len(shapes))
    weight = weights(shapes[first]) + weights(shapes[second])
    parts = slices_by_weight(weight, VERTICES_PER_CHUNK, ITEMS_PER_CHUNK)

    def share(part: slice) -> FloatArray:
        left, right = shapes[first[part]], shapes[second[part]]
        area = np.zeros(len(left))
        over = np.flatnonzero(~shapely.touches(left, right))
        area[over] = _intersections_m2(left[over], right[over], first[part][over], grid_m)
        return area

    return np.concatenate(run_chunks(share, parts, progress))


def _intersections_m2(
    left: GeometryArray, right: GeometryArray, number: IndexArray, grid_m: float
) -> FloatArray:
    try:
        raw = shapely.intersection(left, right)
    except shapely.errors.GEOSException:
        cut = zip(left, right, number.tolist(), strict=True)
        raw = np.empty(len(left), dtype=object)
        raw[:] = [snapped_operation(shapely.intersection, a, b, grid_m, n) for a, b, n in cut]
    return np.asarray(shapely.area(polygonal(raw)[0]), dtype=np.float64)
