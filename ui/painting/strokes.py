"""Outlines and lines: pens in millimetres, dashes that keep their phase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.classes import by_symbol
from ui.painting.clip import FloatArray, clip_line
from ui.painting.paths import paths_of, polygon
from ui.painting.rings import IntArray, far_rings, near_rings, reach, split_far
from ui.painting.view import MapView


@dataclass
class Lines:
    """What a pen follows: whole paths near the view, cut runs of far ones with their phase in pixels."""

    paths: list[QPainterPath] = field(default_factory=list)
    runs: list[tuple[FloatArray, float]] = field(default_factory=list)


def color(name: str, alpha: float = 1.0) -> QColor:
    """Return a declared colour with an opacity of 0 to 1."""
    found = QColor(name)
    found.setAlphaF(alpha)
    return found


def pen_of(symbol: Symbol, view: MapView, alpha: float = 1.0) -> QPen | None:
    """Return the pen of a symbol's stroke; None when it has none."""
    width = symbol.stroke_mm * view.px_per_mm
    if symbol.stroke is None or width <= 0:
        return None
    pen = QPen(color(symbol.stroke, alpha), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if symbol.dash else Qt.PenCapStyle.RoundCap)
    _set_dash(pen, symbol.dash, symbol.dash_start_mm, view)
    return pen


def pens_of(symbol: Symbol, view: MapView, alpha: float = 1.0) -> list[QPen]:
    """Return the pens an outline is drawn with one after the other: the stroke, then the lines over it."""
    pen = pen_of(symbol, view, alpha)
    if pen is None:
        return []
    pens = [pen]
    for line in symbol.lines_over:
        over = QPen(pen.color(), line.width_mm * view.px_per_mm)
        over.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        over.setCapStyle(Qt.PenCapStyle.RoundCap if line.round_ends else Qt.PenCapStyle.FlatCap)
        _set_dash(over, line.dash, line.dash_start_mm, view)
        pens.append(over)
    return pens


def _set_dash(pen: QPen, dash: Sequence[float], start_mm: float, view: MapView) -> None:
    if not dash:
        return
    # Qt wants dashes in pairs
    lengths = dash if len(dash) % 2 == 0 else (*dash, *dash)
    per_mm = view.px_per_mm / _dash_unit(pen)
    pen.setDashPattern([max(length * per_mm, 0.01) for length in lengths])
    pen.setDashOffset(start_mm * per_mm)


def _dash_unit(pen: QPen) -> float:
    """Return what Qt counts a pen's dashes in: its width, but a pixel for what is thinner."""
    return max(pen.widthF(), 1.0)


def lines_of(layer: DrawableLayer, rows: IntArray, view: MapView, *, vector: bool, fewest: int = 2) -> Lines:
    """Return what the pen of some features follows."""
    near, far = split_far(layer, rows, view)
    rings = near_rings(layer, near, view, fewest=fewest)
    found = Lines(list(paths_of(rings, as_one=vector)))
    for row in far.tolist():
        found.runs.extend(clipped(far_rings(layer, row, view), view))
    return found


def clipped(lines: Iterable[FloatArray], view: MapView) -> list[tuple[FloatArray, float]]:
    """Return the runs of lines within reach of the view."""
    rect = reach(view)
    return [run for line in lines for run in clip_line(line, rect)]


def stroke(painter: QPainter, lines: Lines, pen: QPen) -> None:
    """Draw lines with a pen."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    for path in lines.paths:
        painter.drawPath(path)
    stroke_runs(painter, lines.runs, pen)


def stroke_runs(painter: QPainter, runs: Sequence[tuple[FloatArray, float]], pen: QPen) -> None:
    """Draw cut lines; each dash lies where it would on the whole line."""
    dashed = pen.style() == Qt.PenStyle.CustomDashLine
    first = pen.dashOffset()
    pen = QPen(pen)
    for points, start in runs:
        if dashed:
            pen.setDashOffset(first + start / _dash_unit(pen))
        painter.setPen(pen)
        painter.drawPolyline(polygon(points))


def paint_lines(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, *, vector: bool
) -> None:
    """Paint the features of a line layer."""
    for symbol, members in by_symbol(layer, rows, view):
        pens = pens_of(symbol, view, layer.opacity if vector else 1.0)
        lines = lines_of(layer, members, view, vector=vector) if pens else Lines()
        for pen in pens:
            stroke(painter, lines, pen)
