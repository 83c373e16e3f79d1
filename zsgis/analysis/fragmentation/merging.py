"""Pieces that touch within a tolerance merged into patches."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.contiguity.near import components, near_pairs
from zsgis.analysis.fragmentation.model import LandPatches, Pieces
from zsgis.analysis.uniting import united
from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray
from zsgis.overlay.chunks import run_chunks, slices

_UNITED_AT_A_TIME = 200
_BLOCKS_AT_A_TIME = 4
_CLOSED_AT_A_TIME = 200


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
    _lonely, place, size = np.unique(patch, return_index=True, return_counts=True)
    out = np.empty(count, dtype=object)
    out[patch[place]] = geometry[place]
    several = np.flatnonzero(np.isin(patch, patch[place][size > 1]))
    if not len(several):
        return out
    order = several[np.lexsort((_along_a_curve(geometry[several]), patch[several]))]
    shapes, of = _united(geometry[order], patch[order], ProgressPart(progress, 0.0, 0.8))
    closed = run_chunks(
        lambda part: [_closed(shape, touch_m) for shape in shapes[part]],
        slices(len(shapes), _CLOSED_AT_A_TIME),
        ProgressPart(progress, 0.8, 1.0),
    )
    out[of] = [shape for part in closed for shape in part]
    return out


def _along_a_curve(geometry: GeometryArray) -> IntArray:
    """Return a place on a Z-order curve for each shape: what is near on it lies together."""
    box = shapely.bounds(geometry)
    middle = (box[:, :2] + box[:, 2:]) / 2
    reach = max(float(np.ptp(middle, axis=0).max()), 1e-9)
    cell = ((middle - middle.min(axis=0)) / reach * 0xFFFF).astype(np.int64)
    out = np.zeros(len(geometry), dtype=np.int64)
    for bit in range(16):
        out |= ((cell[:, 0] >> bit & 1) << 2 * bit) | ((cell[:, 1] >> bit & 1) << 2 * bit + 1)
    return out


def _united(shapes: GeometryArray, patch: IntArray, progress: Progress) -> tuple[GeometryArray, IntArray]:
    """Return one shape for each patch; those of a patch stand in a row, along the curve.

    Those that lie together are united first, then what came of them, so that all cores have work and no
    step takes long.
    """
    part = progress
    while (patch[1:] == patch[:-1]).any():
        first = np.flatnonzero(np.diff(patch, prepend=-1))
        within = np.arange(len(patch)) - np.repeat(first, np.diff(np.append(first, len(patch))))
        begin = np.flatnonzero(within % _UNITED_AT_A_TIME == 0)
        end = np.append(begin[1:], len(patch))
        blocks = [
            [shapes[i:j] for i, j in zip(begin[block].tolist(), end[block].tolist(), strict=True)]
            for block in slices(len(begin), _BLOCKS_AT_A_TIME)
        ]
        parts = run_chunks(_each_united, blocks, part, _("Merging patches"))
        joined = [shape for block in parts for shape in block]
        shapes, patch = np.empty(len(joined), dtype=object), patch[begin]
        shapes[:] = joined
        part = ProgressPart(progress, 0.9, 1.0)
    return shapes, patch


def _each_united(block: list[GeometryArray]) -> list[Any]:
    return [united(shapes) for shapes in block]


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
