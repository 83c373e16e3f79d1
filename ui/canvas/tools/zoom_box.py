"""The zoom box: what is framed fills the map."""

from __future__ import annotations

from layers.words import _
from ui.canvas.tile_grid import STEPS_PER_DOUBLING
from ui.canvas.tools.box import BoxTool, Framed
from ui.canvas.tools.tool import SHIFT, Pointer


class ZoomBoxTool(BoxTool):
    """Drag a box to look at it; a click enlarges about the place, with Shift it reduces."""

    key = "tool_zoom_box"

    @property
    def hint(self) -> str:
        """What the mouse does."""
        return _("Drag a box to look at it; a click enlarges, Shift and a click reduce. Esc ends.")

    def done(self, framed: Framed | None, at: Pointer) -> None:
        """Look at the box, or enlarge about the place."""
        if framed is not None:
            self.surface.zoom_to(framed)
        else:
            steps = STEPS_PER_DOUBLING
            self.surface.zoom_by_steps(-steps if at.holds(SHIFT) else steps, at.place)
