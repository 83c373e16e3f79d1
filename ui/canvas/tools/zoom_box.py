"""The zoom box: what is framed fills the map."""

from __future__ import annotations

from PyQt6.QtGui import QPainter

from layers.words import _
from ui.canvas.tile_grid import STEPS_PER_DOUBLING
from ui.canvas.tools.box import Box
from ui.canvas.tools.tool import SHIFT, Pointer, Surface, Tool
from ui.painting.view import MapView


class ZoomBoxTool(Tool):
    """Drag a box to look at it; a click enlarges about the place, with Shift it reduces."""

    key = "tool_zoom_box"

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._box = Box(surface)
        self._pressed = False

    @property
    def hint(self) -> str:
        """What the mouse does."""
        return _("Drag a box to look at it; a click enlarges, Shift and a click reduce. Esc ends.")

    @property
    def is_busy(self) -> bool:
        """Whether a box is being drawn."""
        return self._box.is_drawn

    def press(self, at: Pointer) -> None:
        """Begin a box."""
        self._pressed = True
        self._box.press(at)

    def move(self, at: Pointer, *, held: bool) -> None:
        """Draw the box."""
        if held:
            self._box.move(at)

    def release(self, at: Pointer) -> None:
        """Look at the box, or enlarge about the place."""
        if not self._pressed:
            return
        self._pressed = False
        framed = self._box.release(at)
        if framed is not None:
            self.surface.zoom_to(framed)
        else:
            steps = STEPS_PER_DOUBLING
            self.surface.zoom_by_steps(-steps if at.holds(SHIFT) else steps, at.place)

    def cancel(self) -> None:
        """Drop the box."""
        self._box.cancel()
        self._pressed = False

    def paint(self, painter: QPainter, _view: MapView) -> None:
        """Paint the box."""
        self._box.paint(painter)
