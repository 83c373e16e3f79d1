"""The map as a picture to be pasted or kept: what is seen, with scale bar and slanted words."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from ui.canvas.map_canvas import MapCanvas

_EDGE_PX = 16.0
_PAD_PX = 8.0
_INK = "#A8281C"
_MM_PER_M = 1000.0


def snapshot(canvas: MapCanvas, *, mark: str = "") -> QImage:
    """Return what the map shows, in device pixels.

    Parameters
    ----------
    mark : str
        The secrecy it carries, written into the upper left corner.
    """
    ratio = canvas.devicePixelRatioF()
    view = canvas.view
    size = (round(view.width_px * ratio), round(view.height_px * ratio))
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    dots = round(view.px_per_mm * ratio * _MM_PER_M)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(canvas.font())
    canvas.paint_map(painter)
    if mark:
        _paint_mark(painter, mark)
    painter.end()
    return image


def _paint_mark(painter: QPainter, text: str) -> None:
    painter.save()
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(18)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    box = QRectF(
        _EDGE_PX, _EDGE_PX, metrics.horizontalAdvance(text) + 2 * _PAD_PX, metrics.height() + _PAD_PX
    )
    painter.fillRect(box, Qt.GlobalColor.white)
    painter.setPen(QPen(QColor(_INK), 1.6))
    painter.drawRect(box)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
