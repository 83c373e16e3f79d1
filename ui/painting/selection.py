"""What is selected, drawn over the map: a light casing and a line in the accent colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from ui.painting.points import places
from ui.painting.rings import IntArray
from ui.painting.strokes import Lines, lines_of, stroke
from ui.painting.view import MapView

ACCENT = "#0B6BFF"
_CASING = "#FFFFFF"
_LINE_MM = 0.55
_CASING_MM = 1.0
_FILL_ALPHA = 0.18
# Of so many outlines none can be told from the next: a hairline and a stronger tone say which land it is.
_MANY = 2_000
_MANY_ALPHA = 0.45


def paint_selection(
    painter: QPainter,
    layers: Sequence[DrawableLayer],
    rows: Mapping[str, IntArray],
    view: MapView,
    *,
    accent: str = ACCENT,
) -> None:
    """Paint outlines of the selected features.

    Parameters
    ----------
    rows : mapping
        Selected rows by the layer's uid, ascending.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in reversed(layers):
        chosen = rows.get(layer.uid)
        if chosen is None or not len(chosen):
            continue
        seen = chosen[_meeting(layer, chosen, view)]
        if layer.geometry is GeometryType.POINT:
            _paint_rings_around(painter, layer, seen, view, accent)
        elif len(seen):
            lines = lines_of(layer, seen, view, vector=False)
            _paint_outlines(painter, lines, layer, view, accent, many=len(seen) > _MANY)


def _meeting(layer: DrawableLayer, rows: IntArray, view: MapView) -> IntArray:
    xmin, ymin, xmax, ymax = view.bounds_with(_CASING_MM * view.px_per_mm + layer.style.symbol.marker_mm * 8)
    own = layer.bounds[rows]
    meets = (own[:, 0] <= xmax) & (own[:, 2] >= xmin) & (own[:, 1] <= ymax) & (own[:, 3] >= ymin)
    return meets.nonzero()[0]


def _pen(name: str, width_mm: float, view: MapView) -> QPen:
    pen = QPen(QColor(name), width_mm * view.px_per_mm)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _paint_outlines(
    painter: QPainter, lines: Lines, layer: DrawableLayer, view: MapView, accent: str, *, many: bool
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
    if layer.geometry is GeometryType.POLYGON:
        tone = QColor(accent)
        tone.setAlphaF(_MANY_ALPHA if many else _FILL_ALPHA)
        for path in lines.paths:
            painter.fillPath(path, tone)
    if many:
        stroke(painter, lines, QPen(QColor(accent), 0))
        return
    stroke(painter, lines, _pen(_CASING, _CASING_MM, view))
    stroke(painter, lines, _pen(accent, _LINE_MM, view))


def _paint_rings_around(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, accent: str
) -> None:
    radius = layer.style.symbol.marker_mm * view.px_per_mm * 0.9
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for name, width in ((_CASING, _CASING_MM), (accent, _LINE_MM)):
        painter.setPen(_pen(name, width, view))
        for x, y in places(layer, rows, view).tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
