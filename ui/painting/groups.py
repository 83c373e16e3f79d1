"""Transparency of a group as one: what overlaps inside the group does not show twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QImage, QPainter

from ui.painting.view import MapView


@contextmanager
def transparency(
    painter: QPainter, view: MapView, opacity: float, *, vector: bool
) -> Iterator[tuple[QPainter, float]]:
    """Give a painter to draw a group with, and the opacity its colours must carry themselves.

    On pixels the group is drawn opaque beside the picture and laid over it once. In a vector file nothing
    may become pixels: there the colours carry the opacity.
    """
    if opacity >= 1:
        yield painter, 1.0
        return
    if vector:
        yield painter, opacity
        return
    ratio = abs(painter.deviceTransform().m11()) or 1.0
    size = (max(round(view.width_px * ratio), 1), max(round(view.height_px * ratio), 1))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    inner = QPainter(image)
    try:
        inner.setRenderHints(painter.renderHints())
        yield inner, 1.0
    finally:
        inner.end()
    painter.save()
    painter.setOpacity(opacity)
    painter.drawImage(QPointF(0, 0), image)
    painter.restore()
