"""The shapes of a conflict over one another: base, mine and theirs, each to be hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QIcon,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from layers.words import _
from ui.painting.paths import polygon
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.merging.model import Side

_ROOM = 0.15
_ZOOM = 1.25
_DOT_PX = 4.0
_LEAST_PX_PER_UNIT, _MOST_PX_PER_UNIT = 1e-6, 1e7


@dataclass(frozen=True)
class _Look:
    """How a side is drawn: told apart by dashes and width, not by colour alone."""

    color: str
    width: float
    dash: Qt.PenStyle
    fill: int


class ShapeMap(QWidget):
    """Draws shapes in their layer's own system; the wheel zooms, the mouse drags."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._looks = {
            Side.BASE: _Look(colors.muted, 1.5, Qt.PenStyle.DotLine, 0),
            Side.THEIRS: _Look(colors.danger, 2.5, Qt.PenStyle.DashLine, 36),
            Side.MINE: _Look(colors.accent, 2.0, Qt.PenStyle.SolidLine, 48),
        }
        self._shapes: Mapping[Side, Sequence[Any]] = {}
        self._around: Sequence[Any] = ()
        self._shown = set(Side)
        self._middle = (0.0, 0.0)
        self._scale = 1.0
        self._grip: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(GRID_PX * 36, GRID_PX * 20)
        self.setAccessibleName(_("Shapes at base, mine and theirs"))

    @property
    def scale(self) -> float:
        """Pixels per unit of the layer's system."""
        return self._scale

    @property
    def middle(self) -> tuple[float, float]:
        """What lies in the middle, in the layer's own system."""
        return self._middle

    def sizeHint(self) -> QSize:
        """Return a size at which a boundary can be told from another."""
        return QSize(GRID_PX * 60, GRID_PX * 30)

    def look_of(self, side: Side) -> tuple[QColor, Qt.PenStyle]:
        """Return colour and dashes of a side, for its switch."""
        return QColor(self._looks[side].color), self._looks[side].dash

    def show_shapes(self, shapes: Mapping[Side, Sequence[Any]]) -> None:
        """Show other shapes, all of them in view."""
        self._shapes = {side: [one for one in found if _drawable(one)] for side, found in shapes.items()}
        self._around = ()
        self.fit()

    def show_around(self, shapes: Sequence[Any]) -> None:
        """Draw what lies around, thin and grey."""
        self._around = [one for one in shapes if _drawable(one)]
        self.update()

    def show_side(self, side: Side, *, shown: bool) -> None:
        """Show or hide the shapes of one side."""
        (self._shown.add if shown else self._shown.discard)(side)
        self.update()

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return what the shapes cover; None where there are none."""
        found = [shape for shapes in self._shapes.values() for shape in shapes]
        if not found:
            return None
        west, south, east, north = shapely.total_bounds(np.array(found, dtype=object)).tolist()
        return west, south, east, north

    def fit(self) -> None:
        """Bring all shapes into view."""
        bounds = self.bounds()
        if bounds is not None:
            west, south, east, north = bounds
            self._middle = ((west + east) / 2, (south + north) / 2)
            room = 1.0 + 2 * _ROOM
            wide, high = max(east - west, 1e-9) * room, max(north - south, 1e-9) * room
            self._scale = _within(min(self.width() / wide, self.height() / high))
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Come nearer or go away, about a place of the widget; its middle where none is said."""
        place = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        x, y = self._on_ground(place)
        self._scale = _within(self._scale * factor)
        east, north = self._on_ground(place)
        self._middle = (self._middle[0] + x - east, self._middle[1] + y - north)
        self.update()

    def resizeEvent(self, event: Any) -> None:
        """Keep all shapes in view."""
        super().resizeEvent(event)
        self.fit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the pointer."""
        if event is not None:
            self.zoom(_ZOOM ** (event.angleDelta().y() / 120.0), event.position())
            event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the map."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag the map."""
        if event is None or self._grip is None:
            return
        moved = event.position() - self._grip
        self._grip = event.position()
        self._middle = (
            self._middle[0] - moved.x() / self._scale,
            self._middle[1] + moved.y() / self._scale,
        )
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent | None) -> None:
        """Let go."""
        self._grip = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent | None) -> None:
        """Bring all shapes into view."""
        self.fit()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw base below, theirs over it, mine on top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(self._colors.border)))
        painter.setBrush(QColor(self._colors.surface))
        painter.drawRect(frame)
        painter.setClipRect(frame)
        for shape in self._around:
            self._paint(painter, shape, QPen(QColor(self._colors.border), 1.0), QColor(0, 0, 0, 0))
        for side, look in self._looks.items():
            if side not in self._shown:
                continue
            fill = QColor(look.color)
            fill.setAlpha(look.fill)
            pen = QPen(QColor(look.color), look.width, look.dash)
            for shape in self._shapes.get(side, ()):
                self._paint(painter, shape, pen, fill)
        if self.bounds() is None:
            painter.setPen(QColor(self._colors.muted))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, _("Nothing to draw here"))
        painter.end()

    def _paint(self, painter: QPainter, shape: Any, pen: QPen, fill: QColor) -> None:
        painter.setPen(pen)
        for part in shapely.get_parts(shape):
            dimension = int(shapely.get_dimensions(part))
            if dimension == 0:
                painter.setBrush(pen.color())
                painter.drawEllipse(self._pixels(part).first(), _DOT_PX, _DOT_PX)
            elif dimension == 1:
                painter.drawPolyline(self._pixels(part))
            else:
                painter.setBrush(fill)
                self._paint_polygon(painter, part)

    def _paint_polygon(self, painter: QPainter, part: Any) -> None:
        path = QPainterPath()
        for ring in shapely.get_rings(part):
            path.addPolygon(self._pixels(ring))
        painter.drawPath(path)

    def _pixels(self, shape: Any) -> Any:
        xy = shapely.get_coordinates(shape)
        pixels = np.empty_like(xy)
        pixels[:, 0] = self.width() / 2 + (xy[:, 0] - self._middle[0]) * self._scale
        pixels[:, 1] = self.height() / 2 - (xy[:, 1] - self._middle[1]) * self._scale
        return polygon(pixels)

    def _on_ground(self, at: QPointF) -> tuple[float, float]:
        return (
            self._middle[0] + (at.x() - self.width() / 2) / self._scale,
            self._middle[1] - (at.y() - self.height() / 2) / self._scale,
        )


def line_icon(color: QColor, dash: Qt.PenStyle) -> QIcon:
    """Return a short line, drawn as a side's shapes are."""
    picture = QPixmap(GRID_PX * 3, GRID_PX * 2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(QPen(color, 2.0, dash))
    painter.drawLine(0, GRID_PX, GRID_PX * 3, GRID_PX)
    painter.end()
    return QIcon(picture)


def _drawable(shape: Any | None) -> bool:
    return shape is not None and not shape.is_empty and bool(np.isfinite(shapely.bounds(shape)).all())


def _within(scale: float) -> float:
    return min(max(scale, _LEAST_PX_PER_UNIT), _MOST_PX_PER_UNIT)
