"""What every tool of the map can be asked, and what a tool may ask of the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from layers.drawable import Bounds
from ui.painting.view import MapView

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class Pointer:
    """Where the mouse is, and which keys are held with it.

    Attributes
    ----------
    place : QPointF
        Logical pixels of the canvas.
    x, y : float
        Map coordinates (east, north).
    keys : Qt.KeyboardModifier
    """

    place: QPointF
    x: float
    y: float
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    def holds(self, key: Qt.KeyboardModifier) -> bool:
        """Tell whether a key is held."""
        return bool(self.keys & key)


class Surface(Protocol):
    """The map as a tool uses it; views are in logical pixels."""

    @property
    def view(self) -> MapView:
        """What is looked at."""
        ...

    def look(self, view: MapView) -> None:
        """Look at another view."""
        ...

    def zoom_to(self, bounds: Bounds) -> None:
        """Show all of xmin, ymin, xmax, ymax."""
        ...

    def zoom_by_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Enlarge (positive) or reduce by sixteenths of a doubling; what lies under ``about`` stays."""
        ...

    def tell_click(self, at: Pointer) -> None:
        """Tell of a click on a place."""
        ...

    def repaint_tool(self) -> None:
        """Ask :meth:`Tool.paint` anew."""
        ...


class Tool:
    """A tool that does nothing; a real one says what it does differently.

    Only the left button reaches a tool: in all of them middle button and space bar move the map.

    Parameters
    ----------
    surface : Surface
    """

    key = ""
    """The command that takes the tool in hand."""
    cursor = Qt.CursorShape.CrossCursor
    snaps = False
    """Whether it aims at vertices and edges: what lies near the view is kept ready for it then."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface

    @property
    def hint(self) -> str:
        """What the mouse does now, in one short line; empty where nobody needs to be told."""
        return ""

    @property
    def is_busy(self) -> bool:
        """Whether something is begun that can be finished, taken back or cancelled."""
        return False

    @property
    def busy_cursor(self) -> Qt.CursorShape:
        """The cursor while a button is held."""
        return self.cursor

    def press(self, at: Pointer) -> None:
        """Take a press of the button."""

    def move(self, at: Pointer, *, held: bool) -> None:
        """Take a move of the mouse; ``held`` with the button down."""

    def release(self, at: Pointer) -> None:
        """Take the end of a press."""

    def double_click(self, at: Pointer) -> None:
        """Take a second press at the place of the first."""

    def finish(self) -> None:
        """End what is begun and take it (Enter, the right button)."""

    def cancel(self) -> None:
        """Drop what is begun (Escape)."""

    def take_back(self) -> None:
        """Undo the last step of what is begun (Backspace)."""

    def wants_key(self, key: Qt.Key, keys: Qt.KeyboardModifier) -> bool:
        """Tell whether the tool takes a key besides those above, before any command of the window."""
        del key, keys
        return False

    def key_press(self, key: Qt.Key, text: str) -> None:
        """Take a key that :meth:`wants_key` said yes to; ``text`` is what it types."""

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is begun, in logical pixels."""
