"""Selecting with the mouse: by a box, by a polygon; Shift adds, Ctrl takes away, Alt keeps both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from layers.words import _
from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.box import BoxTool, Framed
from ui.canvas.tools.sketch import SketchTool
from ui.canvas.tools.tool import ALT, CONTROL, SHIFT, Pointer, Surface
from zsgis.selection.combining import Combination

Take = Callable[[Sequence[MapPoint], Combination], None]
"""Told the corners of an area on the map, and what becomes of the selection there was."""

# A click without a drag takes what lies within so many pixels.
_CLICK_PX = 4.0


def combination(at: Pointer) -> Combination:
    """Return what the held keys say; Ctrl and Shift together are Alt, which some desktops keep."""
    if at.holds(ALT) or (at.holds(CONTROL) and at.holds(SHIFT)):
        return Combination.INTERSECT
    if at.holds(SHIFT):
        return Combination.ADD
    return Combination.REMOVE if at.holds(CONTROL) else Combination.REPLACE


class SelectBoxTool(BoxTool):
    """Drag a box; a click is a very small one.

    Parameters
    ----------
    take : callable
    dashed : callable
        Whether what is only touched counts: the box is dashed then, as surveyors know it.
    """

    key = "tool_select_box"

    def __init__(self, surface: Surface, take: Take, dashed: Callable[[], bool]) -> None:
        super().__init__(surface)
        self._take = take
        self._dashed = dashed

    @property
    def hint(self) -> str:
        """What the mouse does."""
        return _("Drag a box to select. Shift adds, Ctrl takes away, Alt keeps what is in both. Esc ends.")

    @property
    def is_dashed(self) -> bool:
        """Whether what is only touched counts."""
        return self._dashed()

    def done(self, framed: Framed | None, at: Pointer) -> None:
        """Select what is in the box."""
        if framed is None:
            reach = _CLICK_PX * self.surface.view.units_per_px
            framed = (at.x - reach, at.y - reach, at.x + reach, at.y + reach)
        x0, y0, x1, y1 = framed
        if x0 < x1 and y0 < y1:
            self._take([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], combination(at))


class SelectPolygonTool(SketchTool):
    """Click corners; the keys held with the last one count."""

    key = "tool_select_polygon"
    closed = True

    def __init__(self, surface: Surface, take: Take, dashed: Callable[[], bool]) -> None:
        super().__init__(surface)
        self._take = take
        self._dashed = dashed
        self._how = Combination.REPLACE

    @property
    def hint(self) -> str:
        """What the mouse does."""
        if not self.is_busy:
            return _("Click the corners of an area. Shift adds, Ctrl takes away, Alt keeps what is in both.")
        return _("Click adds a corner, double click or Enter ends, Backspace takes one back, Esc cancels.")

    def press(self, at: Pointer) -> None:
        """Add a corner."""
        self._how = combination(at)
        super().press(at)

    def double_click(self, at: Pointer) -> None:
        """End the area."""
        self._how = combination(at)
        super().double_click(at)

    def done(self, points: Sequence[MapPoint]) -> None:
        """Select what is in the area."""
        self._take(points, self._how)

    @property
    def is_dashed(self) -> bool:
        """Whether what is only touched counts."""
        return self._dashed()
