"""A few features with no more vertices than are painted within a frame, as one looks at them now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layers.array_runs import offsets_of
from layers.drawable import DrawableLayer
from layers.drawable_parts import part_of
from layers.kind import GeometryType
from ui.painting.clip import FloatArray, clip_line, clip_ring
from ui.painting.rings import GRID_PX, IntArray, far_rings, reach
from ui.painting.view import MapView

# So many vertices are filled and outlined within a frame.
MOST_VERTICES = 12_000
# What a grid of so many pixels still does not make few enough is left to the drawing processes.
_COARSEST_PX = 8.0


def thinned(layer: DrawableLayer, view: MapView, most: int = MOST_VERTICES) -> DrawableLayer:
    """Return the features of a layer that are seen, thinned on a grid of pixels as coarse as need be.

    Parameters
    ----------
    view : MapView
        Where one looks; what lies far beyond it is cut off.
    most : int
        How many vertices there may be. Where that cannot be had the layer comes back empty.
    """
    rect = reach(view)
    rows = layer.rows_in((*view.to_map(rect[0], rect[3]), *view.to_map(rect[2], rect[1])))
    first = layer.ring_offsets[layer.ring_starts]
    if layer.geometry is GeometryType.POINT or int((first[rows + 1] - first[rows]).sum()) <= most:
        return part_of(layer, rows if len(rows) <= most else rows[:0])
    seen = [_cut(layer, row, view) for row in rows.tolist()]
    grid = GRID_PX
    while grid <= _COARSEST_PX:
        fewer = [[_on_grid(ring, grid) for ring in rings] for rings in seen]
        if sum(len(ring) for rings in fewer for ring in rings) <= most:
            return _with_rings(part_of(layer, rows), fewer, view)
        grid *= 2
    return part_of(layer, rows[:0])


def _cut(layer: DrawableLayer, row: int, view: MapView) -> list[FloatArray]:
    """Return the rings or lines of a feature within reach of a view, in pixels."""
    rect = reach(view)
    rings = far_rings(layer, row, view)
    if layer.geometry is GeometryType.LINE:
        return [points for ring in rings for points, _start in clip_line(ring, rect)]
    return [cut for cut in (clip_ring(ring, rect) for ring in rings) if len(cut)]


def _on_grid(xy: FloatArray, grid: float) -> FloatArray:
    """Return points without those that fall on the same place of a grid as the one before."""
    places = np.rint(xy / grid)
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = (places[1:] != places[:-1]).any(axis=1)
    return xy[keep]


def _with_rings(layer: DrawableLayer, rings: list[list[FloatArray]], view: MapView) -> DrawableLayer:
    """Return features with other rings, given in pixels; all rings of a feature are one part."""
    flat = [ring for of_one in rings for ring in of_one]
    pixels = np.concatenate(flat) if flat else np.empty((0, 2))
    ring_counts: IntArray = np.array([len(of_one) for of_one in rings], dtype=np.int64)
    return replace(
        layer,
        coords=pixels * (view.units_per_px, -view.units_per_px) + (view.left, view.top),
        ring_offsets=offsets_of(np.array([len(ring) for ring in flat], dtype=np.int64)),
        part_offsets=offsets_of(ring_counts),
        feature_offsets=np.arange(len(rings) + 1, dtype=np.int64),
    )
