"""A layer drawn plainly at full detail, one polygon at a time: what levels are held against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting import MapView
from ui.painting.paths import polygon

# A pixel of the fill is the mean of so many samples each way.
_SAMPLES = 6
_OFF = 32

Pixels = NDArray[np.int16]
_Polygon = tuple[QColor, QPen, QPainterPath]


def plain_drawing(layer: DrawableLayer, view: MapView, *, one_by_one: bool = False) -> QImage:
    """Draw every polygon with all its vertices.

    All fills stand below all outlines, as on our sheets and as QGIS draws our styles (symbol levels). Fills
    are sampled so finely that neighbours meet without a gap.

    Parameters
    ----------
    one_by_one : bool
        Instead fill and outline of each polygon in turn, both antialiased: the next one's fill then covers
        half of the outline it shares, and the ground shines through where two fills meet.
    """
    paths = _paths(layer, view)
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not one_by_one:
        painter.drawImage(0, 0, _fills(paths, image))
    for fill, pen, path in paths:
        painter.setPen(pen)
        painter.setBrush(fill if one_by_one else Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
    painter.end()
    return image


def _paths(layer: DrawableLayer, view: MapView) -> list[_Polygon]:
    looks = [(QColor(rule.symbol.fill or "#FFFFFF"), _pen(rule.symbol, view)) for rule in layer.style.rules]
    offsets = layer.ring_offsets
    found = []
    for row in layer.rows_in(view.bounds_with(2)).tolist():
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for ring in range(int(layer.ring_starts[row]), int(layer.ring_starts[row + 1])):
            path.addPolygon(polygon(view.pixels(np.asarray(layer.coords[offsets[ring] : offsets[ring + 1]]))))
        found.append((*looks[int(layer.class_index[row])], path))
    return found


def _pen(symbol: Symbol, view: MapView) -> QPen:
    if symbol.stroke is None:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(QColor(symbol.stroke), symbol.stroke_mm * view.px_per_mm)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _fills(paths: list[_Polygon], like: QImage) -> QImage:
    large = QImage(like.size() * _SAMPLES, QImage.Format.Format_RGB32)
    large.fill(Qt.GlobalColor.white)
    painter = QPainter(large)
    painter.scale(_SAMPLES, _SAMPLES)
    painter.setPen(Qt.PenStyle.NoPen)
    for fill, _outline, path in paths:
        painter.setBrush(fill)
        painter.drawPath(path)
    painter.end()
    smooth = Qt.TransformationMode.SmoothTransformation
    return large.scaled(like.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def difference(ours: QImage, plain: QImage) -> tuple[float, float]:
    """Compare two pictures over the pixels that are not background in both.

    Returns
    -------
    (mean, share)
        Mean absolute difference of the channels (0 to 255), and the share of pixels of which a channel is off
        by more than 32.
    """
    first, second = _pixels(ours), _pixels(plain)
    seen = (first != 255).any(axis=2) | (second != 255).any(axis=2)
    off = np.abs(first - second)[seen]
    return float(off.mean()), float((off.max(axis=1) > _OFF).mean())


def _pixels(image: QImage) -> Pixels:
    picture = image.convertToFormat(QImage.Format.Format_RGB32)
    bits: Any = picture.constBits()
    bits.setsize(picture.sizeInBytes())
    flat = np.frombuffer(bits, dtype=np.uint8).reshape(picture.height(), picture.width(), 4)
    return flat[:, :, :3].astype(np.int16)
