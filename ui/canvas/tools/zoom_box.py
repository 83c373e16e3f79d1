"""The zoom box: what is framed fills the map."""

from __future__ import annotations

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QApplication

from layers.words import _
from ui.canvas.tiles import STEPS_PER_DOUBLING
from ui.canvas.tools.bands import paint_box
from ui.canvas.tools.tool import SHIFT, Pointer, Surface, Tool
from ui.painting.view import MapView


class Box:
    """A box drawn with the mouse; a press without a drag makes none."""

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

    def release(self) -> tuple[QPointF, QPointF] | None:
        """End it and return two corners, or None where nothing was drawn."""
        start, end = self._start, self._end
        self.cancel()
        return (start, end) if start is not None and end is not None else None

    def cancel(self) -> None:
        """Drop it."""
        self._start = self._end = None
        self._surface.repaint_tool()

    def paint(self, painter: QPainter, *, dashed: bool = False) -> None:
        """Paint it in logical pixels."""
        if self._start is not None and self._end is not None:
            paint_box(painter, self._start, self._end, dashed=dashed)


class BoxDrag:
    """A box whose inside is looked at when it is done."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._box = Box(surface)

    @property
    def is_drawn(self) -> bool:
        """Whether there is a box to see."""
        return self._box.is_drawn

    def press(self, at: Pointer) -> None:
        """Begin at a corner."""
        self._box.press(at)

    def move(self, at: Pointer) -> None:
        """Draw it to the opposite corner."""
        self._box.move(at)

    def release(self, at: Pointer) -> bool:
        """Look at what is framed; tells whether there was a box."""
        self._box.move(at)
        corners = self._box.release()
        if corners is None:
            return False
        view = self._surface.view
        (x0, y0), (x1, y1) = (view.to_map(corner.x(), corner.y()) for corner in corners)
        self._surface.zoom_to((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        return True

    def cancel(self) -> None:
        """Drop it."""
        self._box.cancel()

    def paint(self, painter: QPainter, _view: MapView) -> None:
        """Paint it."""
        self._box.paint(painter)


class ZoomBoxTool(Tool):
    """Drag a box to look at it; a click enlarges about the place, with Shift it reduces."""

    key = "tool_zoom_box"

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._drag = BoxDrag(surface)
        self._pressed = False

    @property
    def hint(self) -> str:
        """What the mouse does."""
        return _("Drag a box to look at it; a click enlarges, Shift and a click reduce. Esc ends.")

    @property
    def is_busy(self) -> bool:
        """Whether a box is being drawn."""
        return self._drag.is_drawn

    def press(self, at: Pointer) -> None:
        """Begin a box."""
        self._pressed = True
        self._drag.press(at)

    def move(self, at: Pointer, *, held: bool) -> None:
        """Draw the box."""
        if held:
            self._drag.move(at)

    def release(self, at: Pointer) -> None:
        """Look at the box, or enlarge about the place."""
        if self._pressed and not self._drag.release(at):
            steps = STEPS_PER_DOUBLING
            self.surface.zoom_by_steps(-steps if at.holds(SHIFT) else steps, at.place)
        self._pressed = False

    def cancel(self) -> None:
        """Drop the box."""
        self._drag.cancel()
        self._pressed = False

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint the box."""
        self._drag.paint(painter, view)
