"""Hatches as lines that are anchored to the map: they do not swim when it is moved, and tiles meet."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QLineF, QPointF, Qt
from PyQt6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen

from layers.style import Symbol
from layers.style.model import Hatch
from ui.painting.clipping import within
from ui.painting.strokes import color
from ui.painting.view import MapView

HATCH_LINE_MM = 0.12

# The direction each family of lines runs in, in pixels (y down).
_SLANT = math.sqrt(0.5)
_DIRECTIONS: dict[Hatch, tuple[tuple[float, float], ...]] = {
    Hatch.FORWARD: ((_SLANT, -_SLANT),),
    Hatch.BACKWARD: ((_SLANT, _SLANT),),
    Hatch.CROSS: ((1.0, 0.0), (0.0, 1.0)),
    Hatch.DIAGONAL_CROSS: ((_SLANT, -_SLANT), (_SLANT, _SLANT)),
}


def hatch_lines(view: MapView, direction: tuple[float, float], spacing_px: float) -> list[QLineF]:
    """Return the parallel lines that cover the view, one through the map's origin."""
    dx, dy = direction
    normal_x, normal_y = -dy, dx
    origin_x, origin_y = view.to_pixel(0.0, 0.0)
    phase = (origin_x * normal_x + origin_y * normal_y) % spacing_px
    middle_x, middle_y = view.width_px / 2, view.height_px / 2
    radius = math.hypot(middle_x, middle_y) + spacing_px
    middle = middle_x * normal_x + middle_y * normal_y
    along = middle_x * dx + middle_y * dy
    first = math.ceil((middle - radius - phase) / spacing_px)
    last = math.floor((middle + radius - phase) / spacing_px)
    lines = []
    for number in range(first, last + 1):
        across = phase + number * spacing_px
        start, end = along - radius, along + radius
        lines.append(
            QLineF(
                across * normal_x + start * dx,
                across * normal_y + start * dy,
                across * normal_x + end * dx,
                across * normal_y + end * dy,
            )
        )
    return lines


def paint_hatch(
    painter: QPainter,
    areas: Sequence[QPainterPath],
    symbol: Symbol,
    view: MapView,
    alpha: float,
    *,
    vector: bool,
) -> None:
    """Hatch areas, given as paths in pixels: with lines on a page, with a pattern of pixels elsewhere."""
    if symbol.hatch is None:
        return
    pen = QPen(color(symbol.hatch_color, alpha), HATCH_LINE_MM * view.px_per_mm)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    spacing = max(symbol.hatch_spacing_mm * view.px_per_mm, 2.0)
    if vector:
        _paint_lines(painter, areas, _DIRECTIONS[symbol.hatch], pen, spacing, view)
    else:
        painter.save()
        period = _period_px(symbol.hatch, spacing)
        left, top = view.to_pixel(0.0, 0.0)
        painter.setBrushOrigin(QPointF(round(left) % period, round(top) % period))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(_pattern(symbol.hatch, period, pen)))
        for area in areas:
            painter.drawPath(area)
        painter.restore()


def _paint_lines(  # clipping many areas is slow on pixels, and the only way that stays lines on a page
    painter: QPainter,
    areas: Sequence[QPainterPath],
    directions: Sequence[tuple[float, float]],
    pen: QPen,
    spacing: float,
    view: MapView,
) -> None:
    whole = QPainterPath()
    whole.setFillRule(Qt.FillRule.WindingFill)
    for area in areas:
        whole.addPath(area)
    with within(painter, whole):
        painter.setPen(pen)
        for direction in directions:
            painter.drawLines(*hatch_lines(view, direction, spacing))


def _period_px(hatch: Hatch, spacing: float) -> int:
    """Return after how many pixels, across and down, a hatch repeats."""
    slanted = hatch is not Hatch.CROSS
    return max(round(spacing / _SLANT if slanted else spacing), 2)


def _pattern(hatch: Hatch, period: int, pen: QPen) -> QImage:
    """Return one period of a hatch."""
    image = QImage(period, period, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    for dx, dy in _DIRECTIONS[hatch]:
        for shift in range(-2, 3):  # the neighbouring lines too: their edges reach into the period
            # slanted lines repeat along the rows, straight ones across themselves
            offset_x = shift * period if dx * dy != 0 or dx == 0 else 0
            offset_y = shift * period if dx * dy == 0 and dy == 0 else 0
            reach = 4.0 * period
            painter.drawLine(
                QLineF(
                    offset_x - reach * dx, offset_y - reach * dy, offset_x + reach * dx, offset_y + reach * dy
                )
            )
    painter.end()
    return image
