"""Many polygons on the screen in few large calls: from a coarser level, or at full detail."""

from __future__ import annotations

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
from ui.painting.rings import IntArray, Rings, far_rings, near_rings, reach, split_far
from ui.painting.sampled_fills import PathOf, Symbols, fill_from_cells, fill_from_paths
from ui.painting.screen_lines import paint_level_lines, paint_ring_lines
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
    if level is None and (len(rows) < FEWEST_AT_ONCE or any(symbol and symbol.dash for symbol in symbols)):
        return False
    path = partial(_level_path, layer, level) if level is not None else partial(_detail_path, layer)
    cells = layer.levels.cells_at(view.units_per_px) if layer.levels is not None else None
    if cells is not None:
        fill_from_cells(painter, layer, cells, view, symbols)
    else:
        fill_from_paths(painter, layer, rows, view, symbols, path)
    _hatch(painter, layer, rows, view, symbols, path)
    if level is not None:
        paint_level_lines(painter, layer, level, view, symbols, margin_px)
    else:
        paint_ring_lines(painter, layer, rows, view, symbols)
    return True


def _hatch(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, symbols: Symbols, path: PathOf
) -> None:
    codes = layer.class_index[rows]
    for code in np.unique(codes).tolist():
        symbol = symbols[code]
        if symbol is not None and symbol.hatch is not None:
            paint_hatch(painter, [path(rows[codes == code], view)], symbol, view, 1.0, vector=False)


def _level_path(layer: DrawableLayer, level: Level, rows: IntArray, view: MapView) -> QPainterPath:
    near, far = split_far(layer, rows, view)
    path = _as_area(rings_of_level(level, near, view))
    for row in far.tolist():
        _add_cut(path, far_rings_of_level(level, row, view), view)
    return path


def _detail_path(layer: DrawableLayer, rows: IntArray, view: MapView) -> QPainterPath:
    near, far = split_far(layer, rows, view)
    path = _as_area(near_rings(layer, near, view, fewest=4))
    for row in far.tolist():
        _add_cut(path, far_rings(layer, row, view), view)
    return path


def _as_area(rings: Rings) -> QPainterPath:
    path = whole_path(rings.xy, rings.offsets)
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def _add_cut(path: QPainterPath, rings: list[FloatArray], view: MapView) -> None:
    """Add rings that reach far beyond the view, cut to what Qt can count."""
    rect = reach(view)
    cut = [clip_ring(ring, rect) for ring in rings]
    path.addPath(path_of(Rings.of([ring for ring in cut if len(ring)])))
