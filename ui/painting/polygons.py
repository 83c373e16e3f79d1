"""Areas: fills without gaps between neighbours, hatches, the soft band outside a boundary, outlines."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPen

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.classes import by_symbol
from ui.painting.clip import clip_ring
from ui.painting.clipping import within
from ui.painting.groups import transparency
from ui.painting.hatch import paint_hatch
from ui.painting.outlines import joined_outlines
from ui.painting.paths import path_of, paths_of
from ui.painting.rings import IntArray, Rings, far_rings, near_rings, reach, split_far
from ui.painting.strokes import Lines, clipped, color, pens_of, stroke
from ui.painting.view import MapView

# Two antialiased edges that meet let the ground shine through. A hairline of the fill's own colour closes it.
_SEAM_PX = 0.7
_SEAM_VECTOR_MM = 0.03
# The soft band outside a boundary: wide and faint to narrow and stronger.
_TINT_STEPS = 5
_TINT_ALPHA = 0.11


@dataclass
class _Shapes:
    """The polygons of one symbol in pixels."""

    symbol: Symbol
    rows: IntArray
    paths: list[QPainterPath]
    lines: Lines

    def whole(self) -> QPainterPath:
        """Return all polygons as one path."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for part in self.paths:
            path.addPath(part)
        return path


def _shapes(layer: DrawableLayer, symbol: Symbol, rows: IntArray, view: MapView, *, vector: bool) -> _Shapes:
    near, far = split_far(layer, rows, view)
    rings = near_rings(layer, near, view, fewest=4)
    paths = list(paths_of(rings, as_one=vector))
    lines = Lines(list(paths))
    rect = reach(view)
    for row in far.tolist():
        whole = far_rings(layer, row, view)
        paths.append(
            path_of(Rings.of([cut for cut in (clip_ring(ring, rect) for ring in whole) if len(cut)]))
        )
        lines.runs.extend(clipped(whole, view))
    return _Shapes(symbol, rows, paths, lines)


def _fill(painter: QPainter, shapes: _Shapes, view: MapView, *, vector: bool, alpha: float) -> None:
    symbol = shapes.symbol
    if symbol.fill is None:
        return
    tone = color(symbol.fill, alpha)
    if alpha < 1:
        painter.setPen(Qt.PenStyle.NoPen)  # a transparent hairline would draw the seam twice
    elif vector:
        covered = symbol.stroke is not None and symbol.stroke_mm > _SEAM_VECTOR_MM and not symbol.dash
        painter.setPen(Qt.PenStyle.NoPen if covered else QPen(tone, _SEAM_VECTOR_MM * view.px_per_mm))
    else:
        painter.setPen(QPen(tone, _SEAM_PX))
    painter.setBrush(tone)
    for path in shapes.paths:
        painter.drawPath(path)


def _tint(painter: QPainter, shapes: _Shapes, view: MapView, inside: QPainterPath, alpha: float) -> None:
    symbol = shapes.symbol
    if symbol.tint_mm <= 0 or symbol.stroke is None:
        return
    width = symbol.tint_mm * view.px_per_mm
    outside = QPainterPath()
    outside.setFillRule(Qt.FillRule.OddEvenFill)
    outside.addRect(QRectF(-width, -width, view.width_px + 2 * width, view.height_px + 2 * width))
    outside.addPath(inside)
    lines = Lines([shapes.whole()])
    with within(painter, outside):
        for step in range(_TINT_STEPS, 0, -1):
            pen = QPen(color(symbol.stroke, _TINT_ALPHA * alpha), 2 * width * step / _TINT_STEPS)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            stroke(painter, lines, pen)


def _outline(painter: QPainter, layer: DrawableLayer, shapes: _Shapes, view: MapView, alpha: float) -> None:
    pens = pens_of(shapes.symbol, view, alpha)
    if not pens:
        return
    lines = shapes.lines
    joined = joined_outlines(layer, shapes.symbol, view) if shapes.symbol.dash else None
    if joined is not None:
        # a dashed boundary between two neighbours is one line: drawn twice, its gaps would close
        lines = Lines(runs=clipped(joined.near(view, max(pen.widthF() for pen in pens)), view))
    for pen in pens:
        stroke(painter, lines, pen)


def paint_polygons(
    painter: QPainter, layer: DrawableLayer, rows: IntArray, view: MapView, *, vector: bool
) -> None:
    """Paint the features of a polygon layer: all fills, then hatches and bands, then all outlines."""
    alpha = layer.opacity if vector else 1.0
    groups = [
        _shapes(layer, symbol, members, view, vector=vector)
        for symbol, members in by_symbol(layer, rows, view)
    ]
    for opacity in sorted({group.symbol.fill_opacity for group in groups}):
        with transparency(painter, view, opacity, vector=vector) as (target, own):
            for group in groups:
                if group.symbol.fill_opacity == opacity:
                    _fill(target, group, view, vector=vector, alpha=alpha * own)
    inside = QPainterPath()
    if any(group.symbol.tint_mm > 0 for group in groups):
        inside.setFillRule(Qt.FillRule.WindingFill)
        for group in groups:
            inside.addPath(group.whole())
    for group in groups:
        if group.symbol.hatch is not None:
            paint_hatch(painter, group.paths, group.symbol, view, alpha, vector=vector)
        _tint(painter, group, view, inside, alpha)
    for group in groups:
        _outline(painter, layer, group, view, alpha)
