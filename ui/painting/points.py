"""Point symbols, each at its place."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter, QPen

from layers.drawable import DrawableLayer
from layers.drawable_edits import FeatureLayer, features_in
from layers.style import Symbol
from ui.painting.classes import by_symbol
from ui.painting.clip import FloatArray
from ui.painting.markers import marker_path
from ui.painting.rings import IntArray, near_rings
from ui.painting.strokes import color, pen_of
from ui.painting.view import MapView


def places(layer: DrawableLayer, rows: IntArray, view: MapView) -> FloatArray:
    """Return the pixels of some points (a multipoint has several)."""
    return near_rings(layer, rows, view, fewest=1).xy


def marker_margin_px(layer: FeatureLayer, view: MapView) -> float:
    """Return how far a layer's largest symbol reaches from its point."""
    sizes = (symbol.marker_mm + symbol.stroke_mm for symbol in layer.style.all_symbols())
    return max(sizes) * view.px_per_mm


def paint_points(painter: QPainter, layer: FeatureLayer, view: MapView, *, vector: bool) -> None:
    """Paint the symbols of a point layer."""
    part, rows = features_in(layer, view.bounds_with(marker_margin_px(layer, view)))
    alpha = layer.opacity if vector else 1.0
    for symbol, members in by_symbol(part, rows, view):
        _paint_markers(painter, symbol, places(part, members, view), view, alpha)


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
