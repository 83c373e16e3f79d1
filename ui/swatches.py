"""Small pictures of symbols for lists: an area, a piece of line or a marker, on paper white as on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

from layers.kind import GeometryType
from layers.style import Symbol
from layers.style.model import Hatch
from ui.painting.markers import marker_path
from ui.painting.strokes import pens_of
from ui.painting.view import MapView

_SIZE_PX = 16
# sharp on dense screens
_RATIO = 3
_EDGE = "#808080"
# what is not shown on the map
_FADED = 0.35
_LEAST_MARKER_PX, _MOST_MARKER_PX = 7.0, 12.0
_HATCHES = {
    Hatch.FORWARD: Qt.BrushStyle.BDiagPattern,
    Hatch.BACKWARD: Qt.BrushStyle.FDiagPattern,
    Hatch.CROSS: Qt.BrushStyle.CrossPattern,
    Hatch.DIAGONAL_CROSS: Qt.BrushStyle.DiagCrossPattern,
}


def symbol_icon(symbol: Symbol, geometry: GeometryType, *, faded: bool = False) -> QIcon:
    """Return a symbol as a small picture; ``faded`` for one that is not shown on the map."""
    paints = {GeometryType.POINT: _paint_marker, GeometryType.LINE: _paint_line}
    paint = paints.get(geometry, _paint_area)
    return _on_paper(lambda painter, place: paint(painter, place, symbol), faded=faded)


def bands(colors: Sequence[str]) -> QIcon:
    """Return a small square of upright bands, one of each colour."""

    def paint(painter: QPainter, place: QRectF) -> None:
        width = place.width() / len(colors)
        for number, color in enumerate(colors):
            band = QRectF(place.left() + number * width, place.top(), width, place.height())
            painter.fillRect(band, QColor(color))
        painter.setPen(QColor(_EDGE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)

    return _on_paper(paint)


def _paint_area(painter: QPainter, place: QRectF, symbol: Symbol) -> None:
    if symbol.fill is not None:
        fill = QColor(symbol.fill)
        fill.setAlphaF(symbol.fill_opacity)
        painter.fillRect(place, fill)
    painter.setPen(QColor(symbol.stroke or symbol.fill or _EDGE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if symbol.hatch is not None:
        brush = painter.brush()
        brush.setStyle(_HATCHES[symbol.hatch])
        brush.setColor(QColor(symbol.hatch_color))
        painter.setBrush(brush)
    painter.drawRect(place)


def _paint_line(painter: QPainter, place: QRectF, symbol: Symbol) -> None:
    middle = place.center().y()
    painter.setClipRect(place)
    for pen in pens_of(symbol, MapView(0, 0, 1.0, place.width(), place.height())):
        pen.setWidthF(max(pen.widthF(), 1.0))
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(place.left(), middle), QPointF(place.right(), middle)]))


def _paint_marker(painter: QPainter, place: QRectF, symbol: Symbol) -> None:
    view = MapView(0, 0, 1.0, place.width(), place.height())
    size = min(max(symbol.marker_mm * view.px_per_mm, _LEAST_MARKER_PX), _MOST_MARKER_PX)
    painter.setPen(QColor(symbol.stroke) if symbol.stroke else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(symbol.fill) if symbol.fill else Qt.BrushStyle.NoBrush)
    painter.drawPath(marker_path(symbol.marker, size).translated(place.center()))


def _on_paper(paint: Callable[[QPainter, QRectF], None], *, faded: bool = False) -> QIcon:
    """Return a small picture on paper white, whatever the window's own colours are."""
    pixmap = QPixmap(_SIZE_PX * _RATIO, _SIZE_PX * _RATIO)
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(_FADED if faded else 1.0)
    place = QRectF(1.5, 2.5, _SIZE_PX - 3, _SIZE_PX - 5)
    painter.fillRect(place, Qt.GlobalColor.white)
    paint(painter, place)
    painter.end()
    made = QIcon(pixmap)
    # Qt would tint the colour of a selected row
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
