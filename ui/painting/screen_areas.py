"""Many polygons on the screen in few large calls: from a coarser level, or at full detail."""

from __future__ import annotations

from PyQt6.QtGui import QPainter

from layers.drawable import DrawableLayer
from layers.drawable_edits import EditedLayer
from layers.levels import Level
from ui.painting.class_areas import ClassAreas
from ui.painting.classes import symbols_at
from ui.painting.edited_lines import paint_edited_lines
from ui.painting.filled_cells import EditedCells, LayerCells, fill_from_cells
from ui.painting.hatch import paint_hatch
from ui.painting.level_lines import LevelLines, lines_beside, lines_in
from ui.painting.line_fills import fill_from_lines
from ui.painting.rings import IntArray
from ui.painting.sampled_fills import PATH_SAMPLES, Symbols, fill_from_areas
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
    cells = layer.levels.cells_at(view.units_per_px) if layer.levels is not None else None
    lines = _lines(layer, level, rows, view, margin_px, filled=cells is None) if level is not None else None
    filled = cells is not None
    if cells is not None:
        fill_from_cells(painter, LayerCells(layer, cells), view, symbols)
    elif lines is not None and layer.levels is not None and layer.levels.is_partition:
        filled = fill_from_lines(painter, layer, lines, symbols)
    codes = _codes(symbols, filled=not filled, outlined=lines is None)
    areas = ClassAreas(layer, level, rows, codes, view.at_ratio(PATH_SAMPLES), PATH_SAMPLES)
    if not filled:
        fill_from_areas(painter, (areas,), view, symbols)
    _hatch(painter, areas, view, symbols)
    if lines is not None:
        paint_level_lines(painter, layer, lines, symbols)
    else:
        paint_ring_lines(painter, areas, view, symbols)
    return True


def _lines(
    layer: DrawableLayer, level: Level, rows: IntArray, view: MapView, margin_px: float, *, filled: bool
) -> LevelLines:
    return lines_beside(layer, level, rows, view, margin_px) if filled else lines_in(level, view, margin_px)


def paint_edited_at_once(painter: QPainter, layer: EditedLayer, view: MapView, margin_px: float) -> bool:
    """Paint a layer from a coarser level but for the features that have changed since, in few large calls.

    Returns
    -------
    bool
        False where there is no level for it, nothing has changed, or the style needs each shape; nothing is
        painted then.
    """
    base, bounds = layer.base, view.bounds_with(margin_px)
    symbols = symbols_at(layer.style, view)
    level = base.levels.level_at(view.units_per_px) if base.levels is not None else None
    if base.levels is None or level is None or any(symbol and symbol.tint_mm for symbol in symbols):
        return False
    rows, fresh = base.rows_in(bounds), layer.added.rows_in(bounds)
    stays = rows[~layer.is_hidden[rows]]
    if len(stays) == len(rows) and not len(fresh):
        return False
    cells = base.levels.cells_at(view.units_per_px)
    fine = view.at_ratio(PATH_SAMPLES)
    old = ClassAreas(
        base, level, stays, _codes(symbols, filled=cells is None, outlined=False), fine, PATH_SAMPLES
    )
    new = ClassAreas(
        layer.added, None, fresh, _codes(symbols, filled=True, outlined=True), fine, PATH_SAMPLES
    )
    if cells is not None:
        fill_from_cells(painter, EditedCells(layer, cells, fresh), view, symbols)
    else:
        fill_from_areas(painter, (old, new), view, symbols)
    for areas in (old, new):
        _hatch(painter, areas, view, symbols)
    lines = lines_in(level, view, margin_px)
    paint_level_lines(painter, base, lines, symbols, without=layer.is_hidden)
    paint_edited_lines(painter, layer, new, fresh, view, symbols)
    return True


def _hatch(painter: QPainter, areas: ClassAreas, view: MapView, symbols: Symbols) -> None:
    for code in areas.codes:
        symbol = symbols[code]
        if symbol is not None and symbol.hatch is not None:
            path = areas.path(code, 1 / PATH_SAMPLES)
            paint_hatch(painter, [path], symbol, view, 1.0, vector=False)


def _codes(symbols: Symbols, *, filled: bool, outlined: bool) -> list[int]:
    """Return the classes whose polygons must be gathered: for their fill, their hatch or their outline."""
    last = len(symbols) - 1
    return [
        -1 if code == last else code
        for code, symbol in enumerate(symbols)
        if symbol is not None
        and (
            symbol.hatch is not None
            or (filled and symbol.fill is not None)
            or (outlined and symbol.stroke is not None)
        )
    ]
