"""Fills for the screen: each pixel the mean of a few samples of large paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from layers.style import Symbol
from ui.painting.class_areas import ClassAreas
from ui.painting.view import MapView

# Each pixel of a fill is the mean of so many samples each way; of two, Qt's scaling takes just the mean. Its
# antialiasing of a large path takes ten times as long, and of small paths as long as making the paths takes.
PATH_SAMPLES = 2

# A simplified edge lies up to a third of a pixel off, on both sides.
_GAP_PX = 0.7

Symbols = Sequence[Symbol | None]
"""The symbol of each class code; the last entry serves code -1; None is not shown."""


def fill_from_areas(painter: QPainter, areas: Sequence[ClassAreas], view: MapView, symbols: Symbols) -> None:
    """Fill polygons, one path per class.

    Parameters
    ----------
    areas : sequence of ClassAreas
        In pixels of the view made finer by :data:`PATH_SAMPLES`. Those after the first are features at full
        detail among others that are simplified.
    """
    for opacity, tones in passes(symbols):
        lay(painter, _from_areas(areas, view, tones), opacity, PATH_SAMPLES)


def passes(symbols: Symbols) -> Iterator[tuple[float, NDArray[np.uint32]]]:
    """Return each opacity in use with the colours of that opacity, the more transparent first."""
    for opacity in sorted({symbol.fill_opacity for symbol in symbols if symbol is not None and symbol.fill}):
        yield opacity, _tones(symbols, opacity)


def lay(painter: QPainter, image: QImage, opacity: float, samples: int = 1) -> None:
    """Lay a picture of fills over what is painted.

    Parameters
    ----------
    samples : int
        1, or 2: then each pixel is the mean of two samples each way (Qt weighs just these four alike).
    """
    painter.save()
    painter.setOpacity(painter.opacity() * opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, samples > 1)
    painter.drawImage(QRectF(0, 0, image.width() / samples, image.height() / samples), image)
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


def _from_areas(areas: Sequence[ClassAreas], view: MapView, tones: NDArray[np.uint32]) -> QImage:
    size = round(view.width_px) * PATH_SAMPLES, round(view.height_px) * PATH_SAMPLES
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    inner = QPainter(image)
    for exact in areas[1:]:
        _underlay(inner, exact, tones)
    inner.setPen(Qt.PenStyle.NoPen)
    for code in sorted({code for each in areas for code in each.codes if tones[code]}):
        inner.setBrush(QColor.fromRgba(int(tones[code])))
        for each in areas:
            if code in each.codes:
                _fill(inner, each, code)
    inner.end()
    return image


def _underlay(painter: QPainter, areas: ClassAreas, tones: NDArray[np.uint32]) -> None:
    """Fill some features a little beyond their edge: their neighbours' edges are simplified, with gaps."""
    for code in areas.codes:
        if tones[code]:
            tone = QColor.fromRgba(int(tones[code]))
            painter.setPen(QPen(tone, _GAP_PX * PATH_SAMPLES))
            painter.setBrush(tone)
            painter.drawPath(areas.path(code))


def _fill(painter: QPainter, areas: ClassAreas, code: int) -> None:
    for polygon in areas.polygons(code):
        painter.drawPolygon(polygon, Qt.FillRule.WindingFill)
    for path in areas.far_paths(code):
        painter.drawPath(path)
