"""Pieces that touch within a tolerance merged into patches."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.contiguity.near import components, near_pairs
from zsgis.analysis.fragmentation.model import LandPatches, Pieces
from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray
from zsgis.overlay.chunks import run_chunks, slices

_PATCHES_AT_A_TIME = 200
_UNITED_AT_A_TIME = 2_000


def merge(
    pieces: Pieces, touch_m: float, sliver_m2: float, sliver_width_m: float, progress: Progress
) -> LandPatches:
    """Return the patches that pieces of one row make which lie at most ``touch_m`` apart.

    Distances are true ones, between nearest points in the plane; a chain of touching pieces is one patch.
    Patches under ``sliver_m2`` and thinner than ``sliver_width_m`` (twice the area over the perimeter) are
    marked as slivers. Equal patches stand in the order of their first piece.
    """
    left, right = near_pairs(pieces.geometry, touch_m, ProgressPart(progress, 0.0, 0.6))
    same = pieces.line[left] == pieces.line[right]
    label = components(len(pieces.geometry), left[same], right[same])
    count = int(label.max(initial=-1)) + 1
    cents, line = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    np.add.at(cents, label, pieces.cents)
    line[label] = pieces.line
    first = np.full(count, len(label), dtype=np.int64)
    np.minimum.at(first, label, np.arange(len(label)))
    order = np.lexsort((first, -cents, line))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    patch = rank[label]
    outline = outlines(pieces.geometry, patch, count, touch_m, ProgressPart(progress, 0.6, 1.0))
    perimeter = np.asarray(shapely.length(outline), dtype=np.float64)
    planar = np.zeros(count)
    np.add.at(planar, patch, pieces.planar_m2)
    sliver = (planar < sliver_m2) & (2.0 * planar < sliver_width_m * perimeter)
    return LandPatches(pieces, patch, line[order], cents[order], outline, perimeter, planar, sliver)


def outlines(
    geometry: GeometryArray, patch: IntArray, count: int, touch_m: float, progress: Progress
) -> GeometryArray:
    """Return the outline of each patch: its pieces united, gaps up to the tolerance closed.

    Closing widens by half the tolerance and takes it back with square corners, so that convex corners stay
    where they are.
    """
    order = np.argsort(patch, kind="stable")
    start = np.searchsorted(patch[order], np.arange(count + 1))
    size = np.diff(start)
    out = np.empty(count, dtype=object)
    alone = size == 1
    out[alone] = geometry[order[start[:-1][alone]]]
    several = np.flatnonzero(~alone)
    members = [geometry[order[start[p] : start[p + 1]]] for p in several.tolist()]

    def united(part: slice) -> list[Any]:
        return [_closed(_united(shapes), touch_m) for shapes in members[part]]

    parts = run_chunks(united, slices(len(members), _PATCHES_AT_A_TIME), progress, _("Merging patches"))
    for place, shape in zip(several.tolist(), (shape for part in parts for shape in part), strict=True):
        out[place] = shape
    return out


def _united(shapes: GeometryArray) -> Any:
    """Return shapes united, many of them in parts that lie together."""
    if len(shapes) <= _UNITED_AT_A_TIME:
        return shapely.union_all(shapes)
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    stripes = max(round((len(shapes) / _UNITED_AT_A_TIME) ** 0.5), 1)
    stripe = (np.argsort(np.argsort(middle[:, 0], kind="stable")) * stripes) // len(shapes)
    near = shapes[np.lexsort((middle[:, 1], stripe))]
    parts = [shapely.union_all(near[part]) for part in slices(len(near), _UNITED_AT_A_TIME)]
    return shapely.union_all(np.array(parts, dtype=object))


def _closed(shape: Any, touch_m: float) -> Any:
    if touch_m == 0.0:
        return shape
    wide = shapely.buffer(shape, touch_m / 2, join_style="mitre", mitre_limit=5.0)
    return shapely.buffer(wide, -touch_m / 2, join_style="mitre", mitre_limit=5.0)


def nearest_other_m(outline: GeometryArray) -> FloatArray:
    """Return the true distance from each patch to the nearest other one, in m; NaN for the only one."""
    if len(outline) < 2:
        return np.full(len(outline), np.nan)
    tree = shapely.STRtree(outline)
    (own, _other), distance = tree.query_nearest(outline, exclusive=True, return_distance=True)
    nearest = np.full(len(outline), np.nan)
    nearest[own] = distance
    return nearest
