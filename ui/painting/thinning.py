"""A few features with no more vertices than are painted within a frame, as one looks at them now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of
from layers.drawable import DrawableLayer
from layers.drawable_parts import part_of
from layers.kind import GeometryType
from layers.levels.simplification import vertex_weights
from ui.painting.clip import FloatArray, clip_line, clip_ring
from ui.painting.rings import GRID_PX, IntArray, far_rings, reach
from ui.painting.view import MapView

# So many vertices are filled and outlined within a frame.
MOST_VERTICES = 2_000
_PER_RING = 4
# Before lines are simplified with care they are made this many times as long as they shall be.
_ROUGH = 4
_GRIDS_PX = (0.5, 1.0, 2.0)


def thinned(layer: DrawableLayer, view: MapView, most: int = MOST_VERTICES) -> DrawableLayer:
    """Return the features of a layer that are seen, simplified as far as need be.

    Parameters
    ----------
    view : MapView
        Where one looks; what lies far beyond it is cut off.
    most : int
        How many vertices there may be. Where that cannot be had, for there are too many features, the layer
        comes back empty: they are left to the drawing processes.
    """
    rect = reach(view)
    rows = layer.rows_in((*view.to_map(rect[0], rect[3]), *view.to_map(rect[2], rect[1])))
    first = layer.ring_offsets[layer.ring_starts]
    if layer.geometry is GeometryType.POINT or int((first[rows + 1] - first[rows]).sum()) <= most:
        few = len(rows) <= most
        return layer if few and len(rows) == len(layer) else part_of(layer, rows if few else rows[:0])
    seen = [_cut(layer, row, view) for row in rows.tolist()] if len(rows) * _PER_RING <= most else []
    lines = [ring for rings in seen for ring in rings]
    if not lines or len(lines) * _PER_RING > most:
        return part_of(layer, rows[:0])
    lines = _roughened(lines, most * _ROUGH)
    xy, offsets = np.concatenate(lines), offsets_of(np.array([len(line) for line in lines]))
    keep = _heaviest(vertex_weights(xy, offsets, GRID_PX), most)
    counts = np.add.reduceat(keep, offsets[:-1], dtype=np.int64)
    of_feature: IntArray = np.array([len(rings) for rings in seen], dtype=np.int64)
    return _with_rings(part_of(layer, rows), xy[keep], counts, of_feature, view)


def _roughened(lines: list[FloatArray], most: int) -> list[FloatArray]:
    """Return lines with about so many vertices at most: what is nearer than some pixels is one."""
    for grid in _GRIDS_PX:
        if sum(map(len, lines)) <= most:
            return lines
        lines = [_on_grid(line, grid) for line in lines]
    step = -(-sum(map(len, lines)) // most)
    return [np.concatenate([line[:-1:step], line[-1:]]) for line in lines]


def _on_grid(xy: FloatArray, grid: float) -> FloatArray:
    """Return points without those that fall on the same place of a grid as the one before."""
    places = np.rint(xy / grid)
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = (places[1:] != places[:-1]).any(axis=1)
    keep[-1] = True
    return xy[keep]


def _heaviest(weights: NDArray[np.float32], most: int) -> NDArray[np.bool_]:
    """Tell which vertices stay, at most so many: those that a simplification would drop last."""
    keep: NDArray[np.bool_] = weights > 0
    if np.count_nonzero(keep) > most:
        least = np.partition(weights, len(weights) - most)[len(weights) - most]
        keep = (weights > least) | np.isinf(weights)
    return keep


def _cut(layer: DrawableLayer, row: int, view: MapView) -> list[FloatArray]:
    """Return the rings or lines of a feature within reach of a view, in pixels."""
    rect = reach(view)
    rings = far_rings(layer, row, view)
    if layer.geometry is GeometryType.LINE:
        return [points for ring in rings for points, _start in clip_line(ring, rect)]
    return [cut for cut in (clip_ring(ring, rect) for ring in rings) if len(cut)]


def _with_rings(
    layer: DrawableLayer, xy: FloatArray, counts: IntArray, of_feature: IntArray, view: MapView
) -> DrawableLayer:
    """Return features with other rings, given in pixels; all rings of a feature are one part."""
    return replace(
        layer,
        coords=xy * (view.units_per_px, -view.units_per_px) + (view.left, view.top),
        ring_offsets=offsets_of(counts),
        part_offsets=offsets_of(of_feature),
        feature_offsets=np.arange(len(of_feature) + 1, dtype=np.int64),
    )
