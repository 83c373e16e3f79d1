"""What is typed, seen on the map before it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QPainter

from layers.drawable import Bounds
from ui.canvas.tools.bands import MapPoint, paint_outline, pixels_of
from ui.painting.view import MapView

_COLOR = "#7B1FA2"
MOST_MARKED = 500


class EnteredPreview:
    """Lines and outlines over the map.

    Each is a sequence of places and whether it is closed; a single place is a point.
    """

    def __init__(self) -> None:
        self._lines: tuple[tuple[tuple[MapPoint, ...], bool], ...] = ()

    @property
    def lines(self) -> tuple[tuple[tuple[MapPoint, ...], bool], ...]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[tuple[Sequence[MapPoint], bool]]) -> None:
        """Show these and no others."""
        self._lines = tuple((tuple(places), closed) for places, closed in lines)

    @property
    def bounds(self) -> Bounds | None:
        """The box of all of it; None where nothing is shown."""
        places = [place for line, _closed in self._lines for place in line]
        if not places:
            return None
        x, y = [place[0] for place in places], [place[1] for place in places]
        return min(x), min(y), max(x), max(y)

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in logical pixels; of a long line only the ends are marked."""
        for places, closed in self._lines:
            pixels = pixels_of(places, view)
            marks = None if len(places) <= MOST_MARKED else pixels_of(places[:1], view)
            paint_outline(painter, pixels, closed=closed, color=_COLOR, marks=marks)
