"""Many polygons on the screen in few large calls: from a coarser level, or at full detail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter, QPainterPath

from layers.drawable import DrawableLayer
from layers.levels import Level
from ui.painting.classes import symbols_at
from ui.painting.clip import FloatArray, clip_ring
from ui.painting.hatch import paint_hatch
from ui.painting.level_rings import far_rings_of_level, rings_of_level
from ui.painting.paths import path_of, whole_path
from ui.painting.rings import IntArray, Rings, far_rings, near_rings, near_view, reach
from ui.painting.sampled_fills import PathsOf, Symbols, by_code, fill_from_cells, fill_from_paths
from ui.painting.screen_lines import has_plain_lines, paint_level_lines, paint_ring_lines
from ui.painting.view import MapView

# Fewer polygons are drawn one by one: then edges are as smooth as they can be.
FEWEST_AT_ONCE = 400


def paint_at_once(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, margin_px: float
) -> bool:
    """Paint a layer's fills, hatches and outlines with few large calls.

    Parameters
    ----------
    rows : ndarray of int64
        The features that meet the view.

    Returns
    -------
    bool
        False when there are too few for it, or the style needs each shape; nothing is painted then.
    """
    symbols = symbols_at(layer.style, view)
    level = layer.levels.level_at(view.units_per_px) if layer.levels is not None else None
    if any(symbol and symbol.tint_mm for symbol in symbols):
        return False
    if level is None and (len(rows) < FEWEST_AT_ONCE or not has_plain_lines(symbols)):
        return False
    paths = partial(_paths, layer, level)
    cells = layer.levels.cells_at(view.units_per_px) if layer.levels is not None else None
    if cells is not None:
        fill_from_cells(painter, layer, cells, view, symbols)
    else:
        fill_from_paths(painter, layer, rows, view, symbols, paths)
    _hatch(painter, layer, rows, view, symbols, paths)
    if level is not None:
        paint_level_lines(painter, layer, level, view, symbols, margin_px)
    else:
        paint_ring_lines(painter, layer, rows, view, symbols)
    return True


def _hatch(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, symbols: Symbols, paths: PathsOf
) -> None:
    hatched = np.array([symbol is not None and symbol.hatch is not None for symbol in symbols])
    if not hatched.any():
        return
    codes, ordered, starts = by_code(layer, rows[hatched[layer.class_index[rows]]])
    for code, path in zip(codes.tolist(), paths(ordered, starts, view), strict=True):
        symbol = symbols[code]
        if symbol is not None:
            paint_hatch(painter, [path], symbol, view, 1.0, vector=False)


def _paths(
    layer: DrawableLayer, level: Level | None, rows: IntArray, starts: IntArray, view: MapView
) -> Iterator[QPainterPath]:
    """Return each group of rows as one path; what reaches far out is cut to what Qt can count."""
    groups = np.searchsorted(starts, np.arange(len(rows)), side="right") - 1
    is_near = near_view(layer, rows, view)
    near, near_groups = rows[is_near], groups[is_near]
    if level is not None:
        rings = rings_of_level(level, near, view, near_groups)
    else:
        rings = near_rings(layer, near, view, fewest=4, groups=near_groups)
    far, far_groups = rows[~is_near].tolist(), groups[~is_near].tolist()
    for number in range(len(starts)):
        path = whole_path(*rings.group(number))
        path.setFillRule(Qt.FillRule.WindingFill)
        for row in (row for row, group in zip(far, far_groups, strict=True) if group == number):
            whole = far_rings_of_level(level, row, view) if level is not None else far_rings(layer, row, view)
            path.addPath(_cut(whole, view))
        yield path


def _cut(rings: list[FloatArray], view: MapView) -> QPainterPath:
    rect = reach(view)
    return path_of(Rings.of([cut for cut in (clip_ring(ring, rect) for ring in rings) if len(cut)]))
