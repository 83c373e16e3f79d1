"""A shape over the map as it stood, and as it stood after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.painting.view import MapView

_BEFORE, _AFTER, _CASING = "#C62828", "#1D5C9E", "#FFFFFF"
_DOT_PX = 6.0
_MOST_VERTICES = 50_000

Lines = tuple[NDArray[np.float64], ...]


class ShapeGhost:
    """Outlines over the map: how a shape stood before dashed, how it stood after drawn through."""

    def __init__(self) -> None:
        self._before: Lines = ()
        self._after: Lines = ()

    def show(self, before: Lines, after: Lines) -> None:
        """Show these lines, in map coordinates; none shows nothing."""
        self._before, self._after = before, after

    @property
    def is_shown(self) -> bool:
        """Whether anything is shown."""
        return bool(self._before or self._after)

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in logical pixels."""
        if not self.is_shown:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines, color, style in (
            (self._after, _AFTER, Qt.PenStyle.SolidLine),
            (self._before, _BEFORE, Qt.PenStyle.DashLine),
        ):
            for line in lines:
                self._paint_line(painter, view, line, QPen(QColor(color), 2.0, style))
        painter.restore()

    def _paint_line(self, painter: QPainter, view: MapView, line: NDArray[np.float64], pen: QPen) -> None:
        x = (line[:, 0] - view.center_x) / view.units_per_px + view.width_px / 2
        y = view.height_px / 2 - (line[:, 1] - view.center_y) / view.units_per_px
        casing = QPen(QColor(_CASING), 4.0)
        if len(line) == 1:
            for one in (casing, pen):
                painter.setPen(one)
                painter.drawEllipse(QPointF(float(x[0]), float(y[0])), _DOT_PX, _DOT_PX)
            return
        points = QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])
        for one in (casing, pen):
            painter.setPen(one)
            painter.drawPolyline(points)


def lines_of(shape: Any | None, moved: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Lines:
    """Return the lines of a shape in map coordinates, shape (n, 2) each; a point is a line of one vertex.

    A shape with more vertices than are worth drawing is shown by its box.

    Parameters
    ----------
    moved : callable
        Brings coordinates of shape (n, 2) into the map's system.
    """
    if shape is None or shape.is_empty:
        return ()
    if shapely.get_num_coordinates(shape) > _MOST_VERTICES:
        shape = shapely.box(*shape.bounds)
    lines: list[NDArray[np.float64]] = []
    for part in shapely.get_parts(shape):
        rings = shapely.get_rings(part)
        lines += [shapely.get_coordinates(each) for each in (rings if len(rings) else [part])]
    return tuple(moved(line) for line in lines)
