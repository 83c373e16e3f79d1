"""A small map on which every way to take a file's coordinates is drawn, to choose from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from layers.words import _
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.intake.offer import Backdrop

_MARGIN = 0.12
_NEAR_PX = 24.0
_BADGE_PX = 20.0
_ZOOM = 1.25
_HALO_PX = 4.0
_MOST_ZOOM = 1e5
_LEAST_DEG = 1e-4
_LEAST_SEEN_DEG = 0.08
_NEAR_DEG = 0.5


class CandidateMap(QWidget):
    """Draws candidates where they would lie, numbered; a click chooses one.

    Degrees are drawn with longitude shortened by the cosine of the latitude, which at this size is a map.
    """

    chosen = pyqtSignal(str)

    def __init__(self, backdrop: Backdrop, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._outlines: Mapping[str, NDArray[Any]] = {}
        self._numbers: Mapping[str, int] = {}
        self._places: dict[str, tuple[float, float]] = {}
        self._badges: dict[str, QPointF] = {}
        self._current = ""
        self._backdrop = backdrop
        self._view = (113.1, 22.2, 113.8, 22.8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(GRID_PX * 36, GRID_PX * 28)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Where the data would lie"))
        self.setToolTip(_("Click where the data belongs; the wheel zooms"))

    def sizeHint(self) -> QSize:
        """Return a size that shows the city."""
        return QSize(GRID_PX * 56, GRID_PX * 44)

    def show_candidates(self, order: Sequence[str], outlines: Mapping[str, NDArray[Any]]) -> None:
        """Draw these candidates, numbered in this order from 1."""
        self._numbers = {key: place + 1 for place, key in enumerate(order)}
        self._outlines = {key: outlines[key] for key in order if key in outlines}
        self._places = {key: _middle(shapes) for key, shapes in self._outlines.items() if len(shapes)}
        self._fit()

    def choose(self, key: str) -> None:
        """Bring out one candidate."""
        self._current = key
        self._fit()

    def place_of(self, key: str) -> QPointF | None:
        """Return where a candidate's number stands, in the widget; None where it is not drawn."""
        return self._badges.get(key)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw expected areas, the project's shapes, the other candidates, the chosen one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._colors.surface))
        self._paint_backdrop(painter)
        for key in sorted(self._outlines, key=lambda key: key == self._current):
            self._paint_candidate(painter, key)
        self._paint_words(painter)
        for key in sorted(self._places, key=lambda key: key == self._current):
            self._paint_badge(painter, key)
        painter.setPen(QColor(self._colors.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose the candidate whose number or middle is nearest."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        found = [
            (math.hypot(place.x() - at.x(), place.y() - at.y()), key)
            for key in self._places
            if (place := self.place_of(key)) is not None
        ]
        if found and min(found)[0] <= _NEAR_PX:
            self.chosen.emit(min(found)[1])

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the cursor."""
        if event is None:
            return
        factor = _ZOOM ** (-event.angleDelta().y() / 120.0)
        west, south, east, north = self._view
        if not _LEAST_DEG < (east - west) * factor < _MOST_ZOOM:
            return
        x, y = self._in_degrees(event.position())
        self._view = (
            x + (west - x) * factor,
            y + (south - y) * factor,
            x + (east - x) * factor,
            y + (north - y) * factor,
        )
        event.accept()
        self._spread()
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the numbers on their places."""
        super().resizeEvent(event)
        self._spread()

    def _paint_backdrop(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._colors.border), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for polygon in self._polygons(self._backdrop.shapes):
            painter.drawPolyline(polygon)
        painter.setPen(QPen(QColor(self._colors.muted), 1.0, Qt.PenStyle.DashLine))
        painter.drawRect(self._region_box())

    def _paint_words(self, painter: QPainter) -> None:
        """Write the names of towns over everything that lies there, each with a halo of the ground."""
        metrics = painter.fontMetrics()
        taken: list[QRectF] = []
        for name, longitude, latitude in self._backdrop.names:
            at = self._on_screen(longitude, latitude)
            if not self.rect().contains(at.toPoint()):
                continue
            painter.setPen(QPen(QColor(self._colors.surface), 1.5))
            painter.setBrush(QColor(self._colors.text))
            painter.drawEllipse(at, 3.0, 3.0)
            start = at + QPointF(6, 4)
            if start.x() + metrics.horizontalAdvance(name) > self.width():
                start = at + QPointF(-6 - metrics.horizontalAdvance(name), 4)
            box = QRectF(metrics.boundingRect(name)).translated(start)
            # a name that would lie over another is left out: its dot stays
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                self._write(painter, start, name, self._colors.text)
        corner = self._region_box().topLeft()
        # where the area is larger than the picture, its name keeps to the picture's corner
        place = QPointF(max(corner.x(), 0.0) + 6, max(corner.y(), 0.0) + 16)
        self._write(painter, place, _("Where data is expected"), self._colors.muted)
        if not self._places:
            text = _("None of the known systems puts the data here.")
            place = QPointF((self.width() - metrics.horizontalAdvance(text)) / 2, self.height() - GRID_PX * 2)
            self._write(painter, place, text, self._colors.text)

    def _write(self, painter: QPainter, at: QPointF, text: str, color: str) -> None:
        letters = QPainterPath()
        letters.addText(at, painter.font(), text)
        halo = QPen(QColor(self._colors.surface), _HALO_PX)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, halo)
        painter.fillPath(letters, QColor(color))

    def _region_box(self) -> QRectF:
        west, south, east, north = self._backdrop.region
        return QRectF(self._on_screen(west, north), self._on_screen(east, south))

    def _paint_candidate(self, painter: QPainter, key: str) -> None:
        current = key == self._current
        color = QColor(self._colors.accent if current else self._colors.muted)
        fill = QColor(color)
        fill.setAlpha(60 if current else 24)
        painter.setPen(QPen(color, 2.0 if current else 1.0))
        shapes = self._outlines[key]
        is_area = len(shapes) > 0 and shapely.get_dimensions(shapes[0]) == 2
        for polygon in self._polygons(shapes):
            if polygon.count() == 1:
                painter.setBrush(color)
                painter.drawEllipse(polygon.at(0), 3.0, 3.0)
            elif is_area:
                painter.setBrush(fill)
                painter.drawPolygon(polygon)
            else:
                painter.drawPolyline(polygon)

    def _paint_badge(self, painter: QPainter, key: str) -> None:
        place = self.place_of(key)
        if place is None:
            return
        current = key == self._current
        badge = QRectF(0, 0, _BADGE_PX, _BADGE_PX)
        badge.moveCenter(place)
        painter.setPen(QPen(QColor(self._colors.surface), 1.5))
        painter.setBrush(QColor(self._colors.accent if current else self._colors.muted))
        painter.drawEllipse(badge)
        painter.setPen(QColor(self._colors.on_accent if current else self._colors.surface))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._numbers[key]))

    def _polygons(self, shapes: NDArray[Any]) -> Iterator[QPolygonF]:
        for shape in shapes:
            for part in shapely.get_parts(np.array([shape], dtype=object)):
                yield self._polygon(shapely.get_coordinates(_outer(part)))

    def _polygon(self, coordinates: NDArray[np.float64]) -> QPolygonF:
        return QPolygonF([self._on_screen(x, y) for x, y in coordinates.tolist()])

    def _fit(self) -> None:
        """Show the candidates that lie near one another, else all there is to see; the chosen one always."""
        region = np.array(self._backdrop.region)
        near = [
            box
            for key, shapes in self._outlines.items()
            if len(shapes) and (_is_near(box := shapely.total_bounds(shapes), region) or key == self._current)
        ]
        if not near or not all(_is_near(box, region) for box in near):
            near.append(region)
        west, south = np.min([box[:2] for box in near], axis=0).tolist()
        east, north = np.max([box[2:] for box in near], axis=0).tolist()
        wide = max((east - west) * _MARGIN, (_LEAST_SEEN_DEG - (east - west)) / 2)
        high = max((north - south) * _MARGIN, (_LEAST_SEEN_DEG - (north - south)) / 2)
        self._view = (west - wide, south - high, east + wide, north + high)
        self._spread()
        self.update()

    def _spread(self) -> None:
        """Put numbers that would lie over one another side by side."""
        self._badges = {}
        for key, place in self._places.items():
            at = self._on_screen(*place)
            while any(
                math.hypot(at.x() - other.x(), at.y() - other.y()) < _BADGE_PX
                for other in self._badges.values()
            ):
                at += QPointF(_BADGE_PX + 2.0, 0.0)
            self._badges[key] = at

    def _scale(self) -> tuple[float, float]:
        """Return pixels per degree, east and north."""
        west, south, east, north = self._view
        squeeze = math.cos(math.radians(min(max((south + north) / 2, -80.0), 80.0)))
        per_degree = min(
            self.width() / max((east - west) * squeeze, 1e-9), self.height() / max(north - south, 1e-9)
        )
        return per_degree * squeeze, per_degree

    def _on_screen(self, x: float, y: float) -> QPointF:
        east_px, north_px = self._scale()
        west, south, east, north = self._view
        return QPointF(
            self.width() / 2 + (x - (west + east) / 2) * east_px,
            self.height() / 2 - (y - (south + north) / 2) * north_px,
        )

    def _in_degrees(self, at: QPointF) -> tuple[float, float]:
        east_px, north_px = self._scale()
        west, south, east, north = self._view
        return (
            (west + east) / 2 + (at.x() - self.width() / 2) / east_px,
            (south + north) / 2 - (at.y() - self.height() / 2) / north_px,
        )


def _is_near(box: NDArray[np.float64], region: NDArray[np.float64]) -> bool:
    """Tell whether a box lies within reach of the expected area."""
    west, south, east, north = (region + np.array([-1, -1, 1, 1]) * _NEAR_DEG).tolist()
    return bool(box[0] >= west and box[1] >= south and box[2] <= east and box[3] <= north)


def _outer(shape: Any) -> Any:
    ring = shapely.get_exterior_ring(shape)
    return shape if ring is None else ring


def _middle(shapes: NDArray[Any]) -> tuple[float, float]:
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return (west + east) / 2, (south + north) / 2
