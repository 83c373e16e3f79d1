"""How what is being drawn with the mouse looks: readable on any map, light or dark."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from ui.painting.view import MapView

BAND_COLOR = "#0B6BFF"
_CASING = "#FFFFFF"
_INK = "#1E2227"
_PAPER_ALPHA = 0.86
_PAD_PX = 4.0
_LINE_PX = 1.6
_CASING_PX = 4.0
_FILL_ALPHA = 0.12
_VERTEX_PX = 3.0
# Qt's painter counts in 32 bits: what lies far outside is cut off at so many pixels
_FAR_PX = 30_000.0

MapPoint = tuple[float, float]


def pixels_of(points: Sequence[MapPoint], view: MapView) -> QPolygonF:
    """Return map points as pixels of a view."""
    return QPolygonF([_within(*view.to_pixel(x, y)) for x, y in points])


def _within(px: float, py: float) -> QPointF:
    return QPointF(min(max(px, -_FAR_PX), _FAR_PX), min(max(py, -_FAR_PX), _FAR_PX))


def _tone(color: str, alpha: float) -> QColor:
    tone = QColor(color)
    tone.setAlphaF(alpha)
    return tone


def _pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(color, width, style)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if style is Qt.PenStyle.DashLine else Qt.PenCapStyle.RoundCap)
    return pen


def paint_box(painter: QPainter, start: QPointF, end: QPointF, *, dashed: bool = False) -> None:
    """Paint a box drawn from one corner to the other."""
    painter.save()
    box = QRectF(start, end).normalized()
    painter.fillRect(box, _tone(BAND_COLOR, _FILL_ALPHA))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(_tone(_CASING, 0.8), _CASING_PX))
    painter.drawRect(box)
    painter.setPen(_pen(QColor(BAND_COLOR), _LINE_PX, _style(dashed)))
    painter.drawRect(box)
    painter.restore()


def paint_outline(
    painter: QPainter,
    points: QPolygonF,
    *,
    closed: bool,
    color: str = BAND_COLOR,
    dashed: bool = False,
    marks: QPolygonF | None = None,
) -> None:
    """Paint a line, or an area with a light fill, and its vertices, or those in ``marks``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if closed and points.count() > 2:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_tone(color, _FILL_ALPHA))
        painter.drawPolygon(points, Qt.FillRule.OddEvenFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = points
    if closed and points.count() > 2:
        line = QPolygonF(points)
        line.append(points.at(0))
    for pen in (_pen(_tone(_CASING, 0.85), _CASING_PX), _pen(QColor(color), _LINE_PX, _style(dashed))):
        painter.setPen(pen)
        painter.drawPolyline(line)
    painter.setPen(_pen(QColor(color), _LINE_PX))
    painter.setBrush(QColor(_CASING))
    marked = points if marks is None else marks
    for number in range(marked.count()):
        painter.drawEllipse(marked.at(number), _VERTEX_PX, _VERTEX_PX)
    painter.restore()


def paint_edges(painter: QPainter, edges: Sequence[QLineF], color: str = BAND_COLOR) -> None:
    """Paint edges that are many and change with every move of the mouse: all of them in two strokes."""
    if not edges:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (_pen(_tone(_CASING, 0.85), _CASING_PX), _pen(QColor(color), _LINE_PX)):
        painter.setPen(pen)
        painter.drawLines(edges[0], *edges[1:])
    painter.restore()


def paint_label(
    painter: QPainter, middle: QPointF, text: str, *, color: str = _INK, strong: bool = False
) -> None:
    """Paint a text on paper, readable over any map."""
    if not text:
        return
    painter.save()
    font = painter.font()
    font.setBold(strong)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2 * _PAD_PX, metrics.height() + _PAD_PX
    box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_tone(_CASING, _PAPER_ALPHA))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(color))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _style(dashed: bool) -> Qt.PenStyle:
    return Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
