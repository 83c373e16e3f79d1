"""What is selected, drawn over the map: a light casing and a line in the accent colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from PyQt6.QtCore import QPointF, QRect, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from layers.drawable import DrawableLayer
from layers.drawable_edits import FeatureLayer, apart
from layers.kind import GeometryType
from layers.style import ClassRule, Style, Symbol
from ui.painting.points import places
from ui.painting.polygons import paint_polygons
from ui.painting.rings import IntArray
from ui.painting.screen_areas import paint_at_once
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
_MANY_LINE_MM = 0.15
_CHOSEN = "chosen"


def paint_selection(
    painter: QPainter,
    layers: Sequence[FeatureLayer],
    rows: Mapping[str, IntArray],
    view: MapView,
    *,
    accent: str = ACCENT,
) -> None:
    """Paint outlines of the selected features.

    Parameters
    ----------
    rows : mapping
        Selected rows by the layer's uid, ascending; of an edited layer as it numbers its features.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in reversed(layers):
        chosen = rows.get(layer.uid)
        if chosen is None or not len(chosen):
            continue
        for part, own in apart(layer, chosen):
            _paint_chosen(painter, part, own[_meeting(part, own, view)], view, accent)


def place_of_selection(layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray], view: MapView) -> QRect:
    """Return the pixels of a view that :func:`paint_selection` may touch."""
    place = QRect()
    window = QRect(0, 0, math.ceil(view.width_px), math.ceil(view.height_px))
    for layer in layers:
        for part, own in apart(layer, rows.get(layer.uid, np.empty(0, dtype=np.int64))):
            seen = part.bounds[own[_meeting(part, own, view)]]
            if not len(seen):
                continue
            # what lies far outside is cut here: whole pixels are 32-bit numbers
            left, top = view.to_pixel(float(seen[:, 0].min()), float(seen[:, 3].max()))
            right, foot = view.to_pixel(float(seen[:, 2].max()), float(seen[:, 1].min()))
            margin = (_CASING_MM + layer.style.symbol.marker_mm) * view.px_per_mm + 2
            first = math.floor(max(left - margin, 0)), math.floor(max(top - margin, 0))
            last = (
                math.ceil(min(right + margin, view.width_px)),
                math.ceil(min(foot + margin, view.height_px)),
            )
            place |= QRect(*first, last[0] - first[0], last[1] - first[1]) & window
    return place


def _paint_chosen(
    painter: QPainter, layer: DrawableLayer, seen: IntArray, view: MapView, accent: str
) -> None:
    if layer.geometry is GeometryType.POINT:
        _paint_rings_around(painter, layer, seen, view, accent)
    elif len(seen) > _MANY and layer.geometry is GeometryType.POLYGON:
        _paint_many_areas(painter, layer, seen, view, accent)
    elif len(seen):
        _paint_outlines(painter, lines_of(layer, seen, view, vector=False), layer, view, accent)


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
    painter: QPainter, lines: Lines, layer: DrawableLayer, view: MapView, accent: str
) -> None:
    if layer.geometry is GeometryType.POLYGON:
        tone = QColor(accent)
        tone.setAlphaF(_FILL_ALPHA)
        for path in lines.paths:
            painter.fillPath(path, tone)
    stroke(painter, lines, _pen(_CASING, _CASING_MM, view))
    stroke(painter, lines, _pen(accent, _LINE_MM, view))


def _paint_many_areas(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, accent: str
) -> None:
    """Paint thousands of areas as the map itself is drawn: at once, from coarser levels."""
    tone = Symbol(fill=accent, fill_opacity=_MANY_ALPHA, stroke=accent, stroke_mm=_MANY_LINE_MM)
    nothing = Symbol(fill=None, stroke=None)
    chosen = np.full(len(layer), -1, dtype=np.int32)
    chosen[rows] = 0
    rules = (ClassRule(value=_CHOSEN, title="", symbol=tone),)
    style = Style(symbol=nothing, class_field=_CHOSEN, rules=rules)
    marked = replace(layer, style=style, class_values=(_CHOSEN,), class_codes=chosen, class_numbers=None)
    if not paint_at_once(painter, marked, rows, view, _CASING_MM * view.px_per_mm):
        paint_polygons(painter, marked, rows, view, vector=False)


def _paint_rings_around(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, accent: str
) -> None:
    radius = layer.style.symbol.marker_mm * view.px_per_mm * 0.9
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for name, width in ((_CASING, _CASING_MM), (accent, _LINE_MM)):
        painter.setPen(_pen(name, width, view))
        for x, y in places(layer, rows, view).tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
