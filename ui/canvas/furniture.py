"""What stands on the map but does not move with it: scale bar, the words of an empty map, the focus frame."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from layers.words import _
from ui.painting.view import MapView

_LONGEST_BAR_PX = 140.0
_EDGE_PX = 16.0
_PAPER_ALPHA = 0.78
# The tools stand in the other corner.
_CREDIT_SHARE = 0.5


def round_length(longest_m: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not longer, in metres."""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= longest_m * (1 + 1e-9))


def length_text(metres: float) -> str:
    """Return a round length as one reads it."""
    if metres >= 1000:
        return _("{length} km").format(length=f"{metres / 1000:g}")
    return _("{length} m").format(length=f"{metres:g}")


def scale_text(denominator: float) -> str:
    """Return a scale as one reads it: three digits are meant, more would be a false promise."""
    digits = max(math.floor(math.log10(denominator)) - 2, 0)
    rounded = round(denominator / 10**digits) * 10**digits if denominator >= 1 else 1
    return f"1:{rounded:,}"


def paint_scale_bar(painter: QPainter, view: MapView, credit: str = "") -> None:
    """Paint the scale bar with its length and the scale in the lower right corner, and whom to name there."""
    metres_per_px = view.units_per_px * view.metres_per_unit
    metres = round_length(_LONGEST_BAR_PX * metres_per_px)
    length = metres / metres_per_px
    text = f"{length_text(metres)}   {scale_text(view.scale_denominator)}"
    metrics = QFontMetricsF(painter.font())
    width = max(length, metrics.horizontalAdvance(text)) + 16
    height = metrics.height() + 18
    box = QRectF(view.width_px - _EDGE_PX - width, view.height_px - _EDGE_PX - height, width, height)
    painter.save()
    paper = QColor("#FFFFFF")
    paper.setAlphaF(_PAPER_ALPHA)
    painter.fillRect(box, paper)
    if credit:
        _paint_credit(painter, box, paper, credit)
    painter.setPen(QPen(QColor("#303030"), 1.5))
    painter.drawText(QPointF(box.left() + 8, box.top() + 4 + metrics.ascent()), text)
    left, right, foot = box.left() + 8, box.left() + 8 + length, box.bottom() - 6
    bar = [QPointF(left, foot - 5), QPointF(left, foot), QPointF(right, foot), QPointF(right, foot - 5)]
    painter.drawPolyline(QPolygonF(bar))
    painter.restore()


def _paint_credit(painter: QPainter, bar: QRectF, paper: QColor, credit: str) -> None:
    """Paint whose pictures are shown, left of the scale bar; a long text is cut in the middle."""
    metrics = QFontMetricsF(painter.font())
    room = max(bar.left() - 4 * _EDGE_PX, 0.0) * _CREDIT_SHARE
    text = metrics.elidedText(credit, Qt.TextElideMode.ElideMiddle, room)
    width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    box = QRectF(bar.left() - 8 - width, bar.bottom() - height, width, height)
    painter.fillRect(box, paper)
    painter.setPen(QColor("#303030"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_empty(painter: QPainter, rect: QRectF, text: str, palette: QPalette) -> None:
    """Paint what an empty map says in the middle."""
    painter.save()
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(
        rect.adjusted(32, 32, -32, -32), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text
    )
    painter.restore()


def paint_focus(painter: QPainter, rect: QRectF, palette: QPalette) -> None:
    """Paint the frame that says that keys go to the map."""
    painter.save()
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.restore()
