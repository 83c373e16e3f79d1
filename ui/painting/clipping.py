"""Drawing inside an area for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPaintEngine, QPainter, QPainterPath


@contextmanager
def within(painter: QPainter, area: QPainterPath) -> Iterator[None]:
    """Let only what lies in an area, and in the clip that holds already, be drawn; give all settings back."""
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    try:
        yield
    finally:
        painter.restore()
        engine = painter.paintEngine()
        if engine is not None and engine.type() is QPaintEngine.Type.SVG and painter.hasClipping():
            # Qt's SVG goes on with the inner clip unless it is told the outer one anew
            painter.setClipPath(painter.clipPath(), Qt.ClipOperation.ReplaceClip)
