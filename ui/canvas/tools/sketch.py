"""Drawing a line or an outline point by point."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QPainter

from ui.canvas.tools.bands import MapPoint, paint_outline, pixels_of
from ui.canvas.tools.tool import Pointer, Surface, Tool
from ui.painting.view import MapView


class SketchTool(Tool):
    """Click adds a point; double click, Enter or the right button end, Backspace takes the last one back."""

    closed = False
    """Whether an outline is drawn, not a line."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._points: tuple[MapPoint, ...] = ()
        self._pointer: MapPoint | None = None

    @property
    def is_busy(self) -> bool:
        """Whether there is a point."""
        return bool(self._points)

    @property
    def is_dashed(self) -> bool:
        """Whether the outline is dashed."""
        return False

    @property
    def points(self) -> tuple[MapPoint, ...]:
        """The points so far, with the one under the pointer; none before the first click."""
        if not self._points or self._pointer in (None, self._points[-1]):
            return self._points
        return (*self._points, self._pointer) if self._pointer is not None else self._points

    def done(self, points: Sequence[MapPoint]) -> None:
        """Take what was drawn."""

    def changed(self) -> None:
        """Take note that :attr:`points` are others."""
        self.surface.repaint_tool()

    def press(self, at: Pointer) -> None:
        """Add a point."""
        place = (at.x, at.y)
        if not self._points or self._points[-1] != place:
            self._points = (*self._points, place)
        self._pointer = place
        self.changed()

    def move(self, at: Pointer, *, held: bool) -> None:
        """Follow the mouse with the last edge; ``held`` makes no difference."""
        del held
        if self._points:
            self._pointer = (at.x, at.y)
            self.changed()

    def double_click(self, at: Pointer) -> None:
        """End: the first press of the double click was the last point."""
        del at
        self.finish()

    def finish(self) -> None:
        """End, if there are points enough."""
        points = self._points
        if len(points) >= (3 if self.closed else 2):
            self._clear()
            self.done(points)

    def cancel(self) -> None:
        """Drop all points."""
        if self._points:
            self._clear()

    def take_back(self) -> None:
        """Take the last point back."""
        self._points = self._points[:-1]
        if not self._points:
            self._pointer = None
        self.changed()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is drawn so far."""
        points = self.points
        if points:
            paint_outline(painter, pixels_of(points, view), closed=self.closed, dashed=self.is_dashed)

    def _clear(self) -> None:
        self._points, self._pointer = (), None
        self.changed()
