"""A shape before and after, drawn over each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from ui.theme import GRID_PX, Colors

_ROOM = 1.5
_LEAST_SHARE = 0.02
_CHANGED_PX = 6.0
_MOST_VERTICES = 20_000


class ShapePreview(QWidget):
    """Shows the part of a shape that changes, or the whole: as it was dashed, as it will be filled."""

    def __init__(self, colors: Colors, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(parent)
        self._colors = colors
        self._whole = whole
        self._before: Any | None = None
        self._after: Any | None = None
        self._changed = _lost_and_won(None, None)
        self.setMinimumSize(GRID_PX * 30, GRID_PX * 24)

    def show_shapes(self, before: Any | None, after: Any | None) -> None:
        """Show a change; two times None shows nothing."""
        self._before, self._after = before, after
        self._changed = _lost_and_won(before, after)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which a corner can be told from a side."""
        return QSize(GRID_PX * 40, GRID_PX * 30)

    def shown_bounds(self) -> tuple[float, float, float, float]:
        """Return what is shown: all, or what differs with some room, at least a fiftieth of all."""
        shapes = [shape for shape in (self._before, self._after) if shape is not None]
        whole = np.array(shapely.total_bounds(np.array(shapes, dtype=object)))
        changed = _differing(self._before, self._after)
        if self._whole or not len(changed):
            return float(whole[0]), float(whole[1]), float(whole[2]), float(whole[3])
        low, high = changed.min(axis=0), changed.max(axis=0)
        least = _LEAST_SHARE * float(max(whole[2] - whole[0], whole[3] - whole[1]))
        half = max(float((high - low).max()) * _ROOM, least) / 2
        middle = (low + high) / 2
        west, south = middle - half
        east, north = middle + half
        return float(west), float(south), float(east), float(north)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw both shapes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._colors.border)))
        painter.setBrush(QColor(self._colors.surface))
        painter.drawRect(frame)
        if self._before is None:
            return
        painter.setClipRect(frame)
        bounds = self.shown_bounds()
        chosen = QColor(self._colors.chosen)
        after = self._before if self._after is None else self._after
        painter.setPen(QPen(QColor(self._colors.accent), 2.0))
        painter.setBrush(chosen)
        painter.drawPath(self._path(after, bounds))
        if self._after is None:
            return
        for changed, color in zip(self._changed, (self._colors.danger, self._colors.accent), strict=True):
            # a strip of centimetres would be a hairline
            painter.setPen(QPen(QColor(color), 1.0 if self._whole else _CHANGED_PX))
            painter.setBrush(QColor(color))
            painter.drawPath(self._path(changed, bounds))
        painter.setPen(QPen(QColor(self._colors.danger), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path(self._before, bounds))

    def _path(self, shape: Any, bounds: tuple[float, float, float, float]) -> QPainterPath:
        west, south, east, north = bounds
        room = GRID_PX * 2
        scale = min(
            (self.width() - 2 * room) / max(east - west, 1e-9),
            (self.height() - 2 * room) / max(north - south, 1e-9),
        )
        path = QPainterPath()
        for part in shapely.get_parts(shape):
            for ring in shapely.get_rings(part):
                coords = shapely.get_coordinates(ring)
                x = self.width() / 2 + (coords[:, 0] - (west + east) / 2) * scale
                y = self.height() / 2 - (coords[:, 1] - (south + north) / 2) * scale
                path.addPolygon(QPolygonF([QPointF(a, b) for a, b in zip(x, y, strict=True)]))
        return path


def _differing(before: Any, after: Any) -> np.ndarray[Any, Any]:
    """Return the vertices that only one of two shapes has, shape (n, 2)."""
    if before is None or after is None:
        return np.empty((0, 2))
    ones, others = (set(map(tuple, shapely.get_coordinates(shape).tolist())) for shape in (before, after))
    return np.array(sorted(ones ^ others)).reshape(-1, 2)


def _lost_and_won(before: Any, after: Any) -> tuple[Any, Any]:
    """Return the ground that goes and the ground that comes; nothing where that cannot be told at once."""
    nothing = shapely.Polygon()
    if before is None or after is None:
        return nothing, nothing
    shapes = np.array([before, after], dtype=object)
    if not shapely.is_valid(shapes).all() or shapely.get_num_coordinates(shapes).sum() > _MOST_VERTICES:
        return nothing, nothing
    return shapely.difference(before, after), shapely.difference(after, before)
