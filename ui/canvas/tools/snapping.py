"""Where the pointer snaps: asked with every move of the mouse, and marked on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen

from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.tool import Pointer
from ui.painting.view import MapView
from zsgis.editing.segments import FloatArray
from zsgis.editing.snapping import Snap, SnapKind

_MARK = "#C2185B"
_CASING = "#FFFFFF"
_HALF_PX = 6.0
_LINE_PX, _CASING_PX = 2.0, 4.5


@dataclass(frozen=True)
class Aim:
    """What a place of the pointer is meant for.

    Attributes
    ----------
    point : tuple of float
        In the system of the layer being edited: of a vertex that is snapped to, its own to the last bit.
    on_map : tuple of float
        The same place in the system of the map.
    snap : Snap or None
        None where nothing is near: the place of the pointer itself.
    """

    point: MapPoint
    on_map: MapPoint
    snap: Snap | None = None


class Aiming(Protocol):
    """Who knows what lies near the pointer."""

    def aim(self, at: Pointer, leave_out: FloatArray | None = None) -> Aim | None:
        """Return what a place is meant for, and mark it; None while no layer is being edited.

        Parameters
        ----------
        leave_out : ndarray of float64, shape (k, 2), optional
            Places of the layer that move with the pointer.
        """
        ...

    def unmark(self) -> None:
        """Take the mark off the map."""
        ...


class SnapMark:
    """The mark at what was snapped to: a square at a vertex, + on an edge, x where edges cross."""

    def __init__(self) -> None:
        self.shown: tuple[SnapKind, MapPoint] | None = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in logical pixels."""
        if self.shown is None:
            return
        kind, place = self.shown
        mark = mark_path(kind).translated(QPointF(*view.to_pixel(*place)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((_CASING, _CASING_PX), (_MARK, _LINE_PX)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawPath(mark)
        painter.restore()


def mark_path(kind: SnapKind) -> QPainterPath:
    """Return the outline of a mark about the origin, in pixels."""
    path = QPainterPath()
    if kind is SnapKind.VERTEX:
        path.addRect(-_HALF_PX, -_HALF_PX, 2 * _HALF_PX, 2 * _HALF_PX)
        return path
    slant = _HALF_PX if kind is SnapKind.INTERSECTION else 0.0
    for across, down in ((slant or _HALF_PX, slant), (-slant, slant or _HALF_PX)):
        path.moveTo(-across, -down)
        path.lineTo(across, down)
    return path
