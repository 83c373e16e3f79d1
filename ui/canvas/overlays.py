"""What other parts of the window put over the map: marks that move with it."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from ui.painting.view import MapView

_MARK = "#D6331F"
_CASING = "#FFFFFF"
_HEAD_PX = 8.0
_HEIGHT_PX = 26.0


class Overlay(Protocol):
    """Something painted over the map and under the tool in hand."""

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in logical pixels."""
        ...


class Marker:
    """A pin that stands on a place of the map."""

    def __init__(self, x: float, y: float) -> None:
        self.place = (x, y)

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint the pin with its foot on the place."""
        px, py = view.to_pixel(*self.place)
        if not (-_HEIGHT_PX <= px <= view.width_px + _HEIGHT_PX):
            return
        if not (0 <= py <= view.height_px + _HEIGHT_PX):
            return
        middle = QPointF(px, py - _HEIGHT_PX + _HEAD_PX)
        drop = QPainterPath(QPointF(px, py))
        drop.quadTo(QPointF(px - _HEAD_PX, py - _HEAD_PX), QPointF(px - _HEAD_PX, middle.y()))
        drop.arcTo(px - _HEAD_PX, middle.y() - _HEAD_PX, 2 * _HEAD_PX, 2 * _HEAD_PX, 180, -180)
        drop.quadTo(QPointF(px + _HEAD_PX, py - _HEAD_PX), QPointF(px, py))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(_CASING), 1.5, Qt.PenStyle.SolidLine))
        painter.setBrush(QColor(_MARK))
        painter.drawPath(drop)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_CASING))
        painter.drawEllipse(middle, _HEAD_PX * 0.4, _HEAD_PX * 0.4)
        painter.restore()
