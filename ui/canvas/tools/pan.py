"""The hand: drags the map, asks what stands at a place, and draws a zoom box with Shift."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QApplication

from ui.canvas.tile_grid import STEPS_PER_DOUBLING
from ui.canvas.tools.box import Box
from ui.canvas.tools.tool import SHIFT, Pointer, Surface, Tool
from ui.painting.view import MapView


class PanDrag:
    """Moves the map so that the place once pressed stays under the pointer."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._pressed: QPointF | None = None
        self._from: MapView | None = None

    @property
    def is_dragging(self) -> bool:
        """Whether the map was moved since the press."""
        return self._from is not None

    def press(self, place: QPointF) -> None:
        """Take hold of the map."""
        self._pressed, self._from = place, None

    def move(self, place: QPointF) -> None:
        """Move the map, once the mouse has moved as far as no click does."""
        if self._pressed is None:
            return
        moved = place - self._pressed
        if self._from is None and moved.manhattanLength() >= QApplication.startDragDistance():
            self._from = self._surface.view
        if self._from is not None:
            self._surface.look(self._from.panned(moved.x(), moved.y()))

    def release(self) -> bool:
        """Let go of the map; tells whether it was moved."""
        dragged = self.is_dragging
        self._pressed, self._from = None, None
        return dragged


class PanTool(Tool):
    """Drag to move, click to ask, double click to enlarge, Shift and drag to enlarge a box."""

    key = "tool_pan"

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._drag = PanDrag(surface)
        self._box = Box(surface)
        self._pressed = False

    @property
    def is_busy(self) -> bool:
        """Whether a zoom box is being drawn."""
        return self._box.is_drawn

    @property
    def busy_cursor(self) -> Qt.CursorShape:
        """A closed hand while the map is dragged."""
        return Qt.CursorShape.ClosedHandCursor if self._drag.is_dragging else self.cursor

    def press(self, at: Pointer) -> None:
        """Take hold of the map, or begin a box."""
        self._pressed = True
        if at.holds(SHIFT):
            self._box.press(at)
        else:
            self._drag.press(at.place)

    def move(self, at: Pointer, *, held: bool) -> None:
        """Drag the map or the box."""
        if held:
            self._box.move(at)
            self._drag.move(at.place)

    def release(self, at: Pointer) -> None:
        """Look at the box, or tell of a click."""
        if not self._pressed:
            return
        self._pressed = False
        framed, dragged = self._box.release(at), self._drag.release()
        if framed is not None:
            self.surface.zoom_to(framed)
        elif not dragged:
            self.surface.tell_click(at)

    def double_click(self, at: Pointer) -> None:
        """Enlarge about the pointer."""
        self.surface.zoom_by_steps(STEPS_PER_DOUBLING, at.place)

    def cancel(self) -> None:
        """Drop the box."""
        self._box.cancel()
        self._drag.release()
        self._pressed = False

    def paint(self, painter: QPainter, _view: MapView) -> None:
        """Paint the box."""
        self._box.paint(painter)
