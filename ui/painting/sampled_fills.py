"""Fills for the screen: each pixel the mean of a few samples, from large paths or from a grid of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter

from layers.drawable import DrawableLayer
from layers.levels import Cells
from layers.style import Symbol
from ui.painting.class_areas import ClassAreas
from ui.painting.view import MapView

# Each pixel of a fill is the mean of so many samples each way. Qt's antialiasing of a large path takes ten
# times as long, and of small paths as long as making the paths takes.
PATH_SAMPLES = 2
CELL_SAMPLES = 3

Symbols = Sequence[Symbol | None]
"""The symbol of each class code; the last entry serves code -1; None is not shown."""


def fill_from_areas(painter: QPainter, areas: ClassAreas, view: MapView, symbols: Symbols) -> None:
    """Fill polygons, one path per class.

    Parameters
    ----------
    areas : ClassAreas
        In pixels of the view made finer by :data:`PATH_SAMPLES`.
    """
    for opacity, tones in _passes(symbols):
        _lay(painter, _from_areas(areas, view, tones), opacity)


def fill_from_cells(
    painter: QPainter, layer: DrawableLayer, cells: Cells, view: MapView, symbols: Symbols
) -> None:
    """Fill polygons that are hardly larger than pixels."""
    for opacity, tones in _passes(symbols):
        _lay(painter, _from_cells(layer, cells, view, tones), opacity)


def _passes(symbols: Symbols) -> Iterator[tuple[float, NDArray[np.uint32]]]:
    """Return each opacity in use with the colours of that opacity, the more transparent first."""
    for opacity in sorted({symbol.fill_opacity for symbol in symbols if symbol is not None and symbol.fill}):
        yield opacity, _tones(symbols, opacity)


def _lay(painter: QPainter, image: QImage, opacity: float) -> None:
    painter.save()
    painter.setOpacity(painter.opacity() * opacity)
    painter.drawImage(QPointF(0, 0), image)
    painter.restore()


def _tones(symbols: Symbols, opacity: float) -> NDArray[np.uint32]:
    """Return the pixel value of each class code, 0 for what is not filled at this opacity."""
    return np.array(
        [
            QColor(symbol.fill).rgba() if symbol and symbol.fill and symbol.fill_opacity == opacity else 0
            for symbol in symbols
        ],
        dtype=np.uint32,
    )


def _from_cells(layer: DrawableLayer, cells: Cells, view: MapView, tones: NDArray[np.uint32]) -> QImage:
    width, height = round(view.width_px), round(view.height_px)
    step = view.units_per_px / CELL_SAMPLES
    across = np.floor((view.left + (np.arange(width * CELL_SAMPLES) + 0.5) * step - cells.left) / cells.size)
    down = np.floor((cells.top - view.top + (np.arange(height * CELL_SAMPLES) + 0.5) * step) / cells.size)
    in_x = np.flatnonzero((across >= 0) & (across < cells.rows.shape[1]))
    in_y = np.flatnonzero((down >= 0) & (down < cells.rows.shape[0]))
    pixels = np.zeros((height * CELL_SAMPLES, width * CELL_SAMPLES), dtype=np.uint32)
    if len(in_x) and len(in_y):
        # the last entry serves cells without a feature
        by_row = np.append(tones[layer.class_index], np.uint32(0))
        columns, lines = across[in_x].astype(np.intp), down[in_y].astype(np.intp)
        seen = cells.rows[lines[0] : lines[-1] + 1, columns[0] : columns[-1] + 1]
        colors = by_row[seen].take(lines - lines[0], axis=0)
        pixels[in_y[0] : in_y[-1] + 1, in_x[0] : in_x[-1] + 1] = colors.take(columns - columns[0], axis=1)
    memory: Any = pixels.data  # a buffer at run time; the stubs do not know
    image = QImage(
        memory, width * CELL_SAMPLES, height * CELL_SAMPLES, QImage.Format.Format_ARGB32_Premultiplied
    )
    return _mean(image, width, height)


def _from_areas(areas: ClassAreas, view: MapView, tones: NDArray[np.uint32]) -> QImage:
    width, height = round(view.width_px), round(view.height_px)
    size = width * PATH_SAMPLES, height * PATH_SAMPLES
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    inner = QPainter(image)
    inner.setPen(Qt.PenStyle.NoPen)
    for code in areas.codes:
        if tones[code]:
            inner.setBrush(QColor.fromRgba(int(tones[code])))
            for polygon in areas.polygons(code):
                inner.drawPolygon(polygon, Qt.FillRule.WindingFill)
            for path in areas.far_paths(code):
                inner.drawPath(path)
    inner.end()
    return _mean(image, width, height)


def _mean(image: QImage, width: int, height: int) -> QImage:
    return image.scaled(
        width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
