"""The red lines that were checked, as they lie over the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.painting.view import MapView

if TYPE_CHECKING:
    import pyproj
    from shapely.geometry.base import BaseGeometry

LINE = "#D6331F"
_CASING = "#FFFFFF"
_WIDTHS_PX = ((4.0, _CASING), (2.0, LINE))

Box = tuple[float, float, float, float]


class RedlineOutlines:
    """Rings in the map's coordinate system, drawn red over a white casing."""

    def __init__(self) -> None:
        self.rings: tuple[NDArray[np.float64], ...] = ()

    def show(self, shapes: Iterable[tuple[BaseGeometry, pyproj.CRS]], system: pyproj.CRS | None) -> None:
        """Show these shapes, each in its own system, instead of what was shown."""
        pairs = [] if system is None else list(shapes)
        self.rings = tuple(ring for shape, crs in pairs for ring in _rings(shape, crs, system))

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint them in logical pixels."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = [_polygon(view.pixels(ring)) for ring in self.rings]
        for width, color in _WIDTHS_PX:
            painter.setPen(QPen(QColor(color), width))
            for line in lines:
                painter.drawPolyline(line)
        painter.restore()


def box_of(shapes: Sequence[tuple[BaseGeometry, pyproj.CRS]], system: pyproj.CRS) -> Box:
    """Return the box on the map that holds shapes, each in a system of its own."""
    points = np.concatenate([ring for shape, crs in shapes for ring in _rings(shape, crs, system)])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _rings(shape: BaseGeometry, crs: pyproj.CRS, system: Any) -> list[NDArray[np.float64]]:
    import shapely

    from layers.crs import transform

    placed = np.array([shape], dtype=object)
    if crs != system:
        placed = transform(placed, crs, system)
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(placed)]


def _polygon(pixels: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in pixels.tolist()])
