"""Shapes of one layer that lie over each other."""

from __future__ import annotations

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices, slices_by_weight
from zsgis.overlay.cutting import snapped_operation, spatial_order
from zsgis.overlay.inputs import ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, polygonal
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, ZoneOverlap
from zsgis.overlay.zone_index import built_tree

_CHECKED_AT_ONCE = 4_000
_QUERIED_AT_ONCE = 5_000


def overlaps_among(shapes: GeometryArray, grid_m: float, progress: Progress) -> tuple[ZoneOverlap, ...]:
    """Return the pairs of shapes of one layer that lie over each other by more than floating point leaves.

    Where two shapes share area, an edge of one runs inside the other. The coverage check marks such edges,
    and only what lies at a marked edge is cut.
    """
    text = _("Looking for shapes over each other")
    if len(shapes) < 2:
        return ()
    (tree,) = run_chunks(built_tree, [shapes], ProgressPart(progress, 0.0, 0.05), text)
    order = spatial_order(shapes)
    marked = run_chunks(
        lambda part: _marked_edges(shapes, tree, order[part]),
        slices(len(order), _CHECKED_AT_ONCE),
        ProgressPart(progress, 0.05, 0.5),
    )
    edges, owner = np.concatenate([m[0] for m in marked]), np.concatenate([m[1] for m in marked])
    met = run_chunks(
        lambda part: _pairs(tree, edges[part], owner[part]),
        slices(len(edges), _QUERIED_AT_ONCE),
        ProgressPart(progress, 0.5, 0.6),
    )
    if not met:
        return ()
    first, second = np.unique(np.concatenate(met, axis=1), axis=1)
    vertices = shapely.get_num_coordinates(shapes)
    areas = run_chunks(
        lambda part: _shared_m2(shapes, first[part], second[part], grid_m),
        slices_by_weight(
            (vertices[first] + vertices[second]).astype(np.float64), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK
        ),
        ProgressPart(progress, 0.6, 1.0),
    )
    area = np.concatenate(areas) if areas else np.zeros(0)
    found = [(int(first[i]), int(second[i]), float(area[i])) for i in np.flatnonzero(area > 0)]
    return tuple(ZoneOverlap(*pair) for pair in sorted(found))


def _marked_edges(
    shapes: GeometryArray, tree: shapely.STRtree, chosen: IndexArray
) -> tuple[GeometryArray, IndexArray]:
    """Return the edges of the chosen shapes that no coverage may have, and their owners."""
    around = np.unique(np.concatenate([tree.query(shapes[chosen])[1], chosen]))
    edges = shapely.coverage_invalid_edges(shapes[around])
    mine = np.isin(around, chosen) & ~(shapely.is_missing(edges) | shapely.is_empty(edges))
    parts, place = shapely.get_parts(edges[mine], return_index=True)
    return parts, around[mine][place]


def _pairs(tree: shapely.STRtree, edges: GeometryArray, owner: IndexArray) -> IndexArray:
    """Return (lower, higher) of each owner and the shapes whose box its edges meet, shape (2, n)."""
    edge, other = tree.query(edges)
    pair = np.stack([owner[edge], other])
    return np.asarray(np.sort(pair[:, pair[0] != pair[1]], axis=0), dtype=np.int64)


def _shared_m2(shapes: GeometryArray, first: IndexArray, second: IndexArray, grid_m: float) -> FloatArray:
    left, right = shapes[first], shapes[second]
    try:
        raw = shapely.intersection(left, right)
    except shapely.errors.GEOSException:
        raw = np.array(
            [
                snapped_operation(shapely.intersection, a, b, grid_m, n)
                for a, b, n in zip(left, right, first.tolist(), strict=True)
            ],
            dtype=object,
        )
    area: FloatArray = shapely.area(polygonal(raw)[0])
    return area
