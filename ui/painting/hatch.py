"""Hatches as lines that are anchored to the map: they do not swim when it is moved, and tiles meet."""

from __future__ import annotations

import math

from PyQt6.QtCore import QLineF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPen

from layers.style import Symbol
from layers.style.model import Hatch
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


def paint_hatch(painter: QPainter, area: QPainterPath, symbol: Symbol, view: MapView, alpha: float) -> None:
    """Hatch an area.

    Parameters
    ----------
    area : QPainterPath
        All polygons of the symbol, in pixels.
    """
    if symbol.hatch is None:
        return
    spacing = max(symbol.hatch_spacing_mm * view.px_per_mm, 2.0)
    pen = QPen(color(symbol.hatch_color, alpha), HATCH_LINE_MM * view.px_per_mm)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    painter.setPen(pen)
    for direction in _DIRECTIONS[symbol.hatch]:
        painter.drawLines(*hatch_lines(view, direction, spacing))
    painter.restore()
