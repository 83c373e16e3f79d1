"""The tools that draw shapes of the layer being edited, divide features and cut or fill their holes."""

from __future__ import annotations

from collections.abc import Callable

from layers.kind import GeometryType
from layers.words import _
from ui.canvas.tools.draft import DraftPort, DraftTool
from ui.canvas.tools.tool import Pointer, Surface, Tool

DRAW, DIVIDE, CUT_HOLE, FILL_HOLE = "draw_feature", "divide_features", "cut_hole", "fill_hole"


class DrawTool(DraftTool):
    """Draws a new feature of the layer's type; a point is there with the first click."""

    key = DRAW

    def __init__(self, surface: Surface, port: DraftPort, geometry: GeometryType) -> None:
        super().__init__(surface, port)
        self._geometry = geometry
        self.closed = geometry is GeometryType.POLYGON
        self.least = {GeometryType.POINT: 1, GeometryType.LINE: 2, GeometryType.POLYGON: 3}[geometry]

    @property
    def first_hint(self) -> str:
        """What the first click does."""
        if self._geometry is GeometryType.POINT:
            return _("Click where the new point belongs.")
        if self._geometry is GeometryType.LINE:
            return _("Click where the new line begins.")
        return _("Click the first corner of the new polygon.")

    def press(self, at: Pointer) -> None:
        """Set a corner; a point is done with it."""
        super().press(at)
        if self._geometry is GeometryType.POINT:
            self.finish()


class DivideTool(DraftTool):
    """Draws the line by which features are divided; lines are divided by a single point too."""

    key = DIVIDE

    def __init__(self, surface: Surface, port: DraftPort, geometry: GeometryType) -> None:
        super().__init__(surface, port)
        self._geometry = geometry
        self.least = 1 if geometry is GeometryType.LINE else 2

    @property
    def first_hint(self) -> str:
        """What the first click does."""
        if self._geometry is GeometryType.LINE:
            return _("Click a point on a line and press Enter, or draw across the lines to divide.")
        return _("Draw across the polygons to divide, from outside to outside. Selected ones go first.")


class CutHoleTool(DraftTool):
    """Draws the ring of a new hole."""

    key = CUT_HOLE
    closed = True
    least = 3

    @property
    def first_hint(self) -> str:
        """What the first click does."""
        return _("Click the corners of the hole inside a polygon.")


class FillHoleTool(Tool):
    """A click into a hole fills it."""

    key = FILL_HOLE

    def __init__(self, surface: Surface, take: Callable[[float, float], None]) -> None:
        super().__init__(surface)
        self._take = take

    @property
    def hint(self) -> str:
        """What the mouse does."""
        return _("Click into the hole to fill. Esc ends.")

    def press(self, at: Pointer) -> None:
        """Fill the hole at this place."""
        self._take(at.x, at.y)
