"""The slanted words over a map that must not be taken for a real one."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

_ANGLE_DEGREES = -28.0
_COLOR = "#B03030"


def watermark(
    painter: QPainter,
    rect: QRectF,
    text: str,
    *,
    px_per_mm: float,
    family: str,
    size_mm: float = 7.0,
    opacity: float = 0.22,
) -> None:
    """Paint ``text`` slanted and repeated over ``rect`` (in the painter's pixels); needs a QGuiApplication.

    Rows are shifted against each other so that no part of a copy of any size is without the words.
    """
    if not text or rect.isEmpty():
        return
    font = QFont(family)
    font.setPixelSize(max(round(size_mm * px_per_mm), 9))
    metrics = QFontMetricsF(font)
    step_x = metrics.horizontalAdvance(text) + 4 * metrics.height()
    step_y = 5 * metrics.height()
    half = math.hypot(rect.width(), rect.height()) / 2
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.translate(rect.center())
    painter.rotate(_ANGLE_DEGREES)
    tone = QColor(_COLOR)
    tone.setAlphaF(opacity)
    painter.setPen(tone)
    painter.setFont(font)
    rows = math.ceil(half / step_y)
    columns = math.ceil(half / step_x) + 1
    for row in range(-rows, rows + 1):
        shift = -step_x / 4 if row % 2 else step_x / 4
        for column in range(-columns, columns + 1):
            left = column * step_x + shift - (step_x - 4 * metrics.height()) / 2
            painter.drawText(QPointF(left, row * step_y), text)
    painter.restore()
