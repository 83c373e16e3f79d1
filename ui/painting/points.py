"""Point symbols: shapes that are told apart without colour."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPen

from layers.drawable import DrawableLayer
from layers.style import Marker, Symbol
from ui.painting.classes import by_symbol
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray, near_rings
from ui.painting.strokes import color, pen_of
from ui.painting.view import MapView


def _corners(path: QPainterPath, angles_and_radii: list[tuple[float, float]]) -> None:
    points = [
        QPointF(radius * math.sin(math.radians(angle)), -radius * math.cos(math.radians(angle)))
        for angle, radius in angles_and_radii
    ]
    path.moveTo(points[0])
    for point in points[1:]:
        path.lineTo(point)
    path.closeSubpath()


def marker_path(marker: Marker, size_px: float) -> QPainterPath:
    """Return a symbol's shape around (0, 0); shapes are of about equal weight to the eye."""
    half = size_px / 2
    path = QPainterPath()
    if marker is Marker.CIRCLE:
        path.addEllipse(QPointF(0, 0), half, half)
    elif marker is Marker.SQUARE:
        side = half * 0.88
        path.addRect(QRectF(-side, -side, 2 * side, 2 * side))
    elif marker is Marker.TRIANGLE:
        _corners(path, [(0, half * 1.2), (120, half * 1.2), (240, half * 1.2)])
    elif marker is Marker.DIAMOND:
        _corners(path, [(0, half * 1.15), (90, half * 1.15), (180, half * 1.15), (270, half * 1.15)])
    elif marker is Marker.STAR:
        _corners(path, [(36 * k, half * (1.25 if k % 2 == 0 else 0.52)) for k in range(10)])
    else:
        arm, thick = half, half * 0.36
        outline = [
            (-thick, -arm),
            (thick, -arm),
            (thick, -thick),
            (arm, -thick),
            (arm, thick),
            (thick, thick),
        ]
        outline += [(-x, -y) for x, y in outline]
        path.moveTo(*outline[0])
        for x, y in outline[1:]:
            path.lineTo(x, y)
        path.closeSubpath()
    return path


def places(layer: DrawableLayer, rows: IntArray, view: MapView) -> FloatArray:
    """Return the pixels of some points (a multipoint has several)."""
    return near_rings(layer, rows, view, fewest=1).xy


def marker_margin_px(layer: DrawableLayer, view: MapView) -> float:
    """Return how far a layer's largest symbol reaches from its point."""
    symbols = [layer.style.symbol, *(rule.symbol for rule in layer.style.rules)]
    return max(symbol.marker_mm + symbol.stroke_mm for symbol in symbols) * view.px_per_mm


def paint_points(painter: QPainter, layer: DrawableLayer, view: MapView, *, vector: bool) -> None:
    """Paint the symbols of a point layer."""
    rows = layer.rows_in(view.bounds_with(marker_margin_px(layer, view)))
    alpha = layer.opacity if vector else 1.0
    for symbol, members in by_symbol(layer, rows):
        _paint_markers(painter, symbol, places(layer, members, view), view, alpha)


def _paint_markers(painter: QPainter, symbol: Symbol, at: FloatArray, view: MapView, alpha: float) -> None:
    shape = marker_path(symbol.marker, symbol.marker_mm * view.px_per_mm)
    pen = pen_of(symbol.model_copy(update={"dash": ()}), view, alpha)
    painter.setPen(pen if isinstance(pen, QPen) else QPen(Qt.PenStyle.NoPen))
    if symbol.fill is None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setBrush(color(symbol.fill, alpha * symbol.fill_opacity))
    for x, y in at.tolist():
        painter.drawPath(shape.translated(x, y))
