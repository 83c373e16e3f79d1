"""A box drawn with the mouse, and what the tools that draw one share."""

from __future__ import annotations

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QApplication

from ui.canvas.tools.bands import paint_box
from ui.canvas.tools.tool import Pointer, Surface, Tool
from ui.painting.view import MapView

Framed = tuple[float, float, float, float]
"""xmin, ymin, xmax, ymax on the map."""


class Box:
    """A box from one corner to the other; a press without a drag makes none."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._start: QPointF | None = None
        self._end: QPointF | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether there is a box to see."""
        return self._end is not None

    def press(self, at: Pointer) -> None:
        """Begin at a corner."""
        self._start, self._end = at.place, None

    def move(self, at: Pointer) -> None:
        """Draw it to the opposite corner."""
        if self._start is None:
            return
        far = (at.place - self._start).manhattanLength() >= QApplication.startDragDistance()
        if far or self._end is not None:
            self._end = at.place
            self._surface.repaint_tool()

    def release(self, at: Pointer) -> Framed | None:
        """End it; return xmin, ymin, xmax, ymax on the map, or None where nothing was drawn."""
        self.move(at)
        start, end = self._start, self._end
        self.cancel()
        if start is None or end is None:
            return None
        view = self._surface.view
        (x0, y0), (x1, y1) = (view.to_map(corner.x(), corner.y()) for corner in (start, end))
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def cancel(self) -> None:
        """Drop it."""
        self._start = self._end = None
        self._surface.repaint_tool()

    def paint(self, painter: QPainter, *, dashed: bool = False) -> None:
        """Paint it in logical pixels."""
        if self._start is not None and self._end is not None:
            paint_box(painter, self._start, self._end, dashed=dashed)


class BoxTool(Tool):
    """Draws a box; what becomes of it says :meth:`done`."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._box = Box(surface)
        self._pressed = False

    @property
    def is_busy(self) -> bool:
        """Whether a box is being drawn."""
        return self._box.is_drawn

    @property
    def is_dashed(self) -> bool:
        """Whether the box is dashed."""
        return False

    def done(self, framed: Framed | None, at: Pointer) -> None:
        """Take what was framed, or a click where nothing was."""

    def press(self, at: Pointer) -> None:
        """Begin a box."""
        self._pressed = True
        self._box.press(at)

    def move(self, at: Pointer, *, held: bool) -> None:
        """Draw the box."""
        if held:
            self._box.move(at)

    def release(self, at: Pointer) -> None:
        """End the box."""
        if self._pressed:
            self._pressed = False
            self.done(self._box.release(at), at)

    def cancel(self) -> None:
        """Drop the box."""
        self._box.cancel()
        self._pressed = False

    def paint(self, painter: QPainter, _view: MapView) -> None:
        """Paint the box."""
        self._box.paint(painter, dashed=self.is_dashed)
