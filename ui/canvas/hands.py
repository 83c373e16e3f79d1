"""Which hand the mouse is in: the tool's, or the one that moves the map in every tool."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent

from ui.canvas.tile_grid import STEPS_PER_DOUBLING
from ui.canvas.tools.pan import PanDrag
from ui.canvas.tools.tool import Pointer, Surface, Tool
from ui.painting.view import MapView

_KEY_PAN_SHARE = 0.15
# two presses further apart are two clicks, however quick
_ONE_PLACE_PX = 10.0
_LEFT, _MIDDLE, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Handle(Protocol):
    """Something that lies over the map and is dragged whatever the tool is."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer over it."""
        ...

    def is_under(self, at: Pointer) -> bool:
        """Tell whether a press at a place takes hold of it."""
        ...

    def drag(self, at: Pointer) -> None:
        """Follow the mouse."""
        ...

    def key(self, key: Qt.Key) -> bool:
        """Take a key held with Ctrl; tells whether it was meant for it."""
        ...


class Hands:
    """Gives what mouse and keys do to the tool in hand, or moves the map.

    Parameters
    ----------
    surface : Surface
    tool : Tool
        The tool that is in hand until another is taken.
    """

    def __init__(self, surface: Surface, tool: Tool) -> None:
        self._surface = surface
        self._tool = tool
        self._pan = PanDrag(surface)
        self._pan_button: Qt.MouseButton | None = None
        self._space = False
        self._handle: Handle | None = None
        self._on_handle = False
        self._holds_handle = False
        self._held = False
        self._pressed: QPointF | None = None

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._tool

    def take(self, tool: Tool) -> None:
        """Put the tool in hand away, with what was begun, and take another."""
        self._tool.cancel()
        self._held = False
        self._tool = tool

    def set_handle(self, handle: Handle | None) -> None:
        """Let something over the map be dragged."""
        if handle is not self._handle:
            self._handle = handle
            self._on_handle = self._holds_handle = False

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks now."""
        if self._pan_button is not None:
            return Qt.CursorShape.ClosedHandCursor
        if self._handle is not None and (self._on_handle or self._holds_handle):
            return self._handle.cursor
        if self._space:
            return Qt.CursorShape.OpenHandCursor
        return self._tool.busy_cursor if self._held else self._tool.cursor

    def press(self, event: QMouseEvent) -> bool:
        """Take a press; tells whether it was meant for the map."""
        button, at = event.button(), self._at(event)
        self._pressed = at.place
        if self._held or self._holds_handle or self._pan_button is not None:
            return button in (_LEFT, _MIDDLE)
        if button == _MIDDLE or (button == _LEFT and self._space):
            self._pan_button = button
            self._pan.press(at.place)
        elif button == _LEFT and self._handle is not None and self._handle.is_under(at):
            self._holds_handle = True
        elif button == _LEFT:
            self._held = True
            self._tool.press(at)
        elif button == _RIGHT and self._tool.is_busy:
            self._tool.finish()
        else:
            return False
        return True

    def move(self, event: QMouseEvent) -> Pointer:
        """Take a move and return where the mouse is."""
        at = self._at(event)
        if self._pan_button is not None:
            self._pan.move(at.place)
        elif self._holds_handle and self._handle is not None:
            self._handle.drag(at)
        else:
            self._on_handle = (
                not self._held and self._handle is not None and not self._space and self._handle.is_under(at)
            )
            self._tool.move(at, held=self._held)
        return at

    def release(self, event: QMouseEvent) -> None:
        """Take the end of a press."""
        if event.button() == self._pan_button:
            self._pan_button = None
            self._pan.release()
        elif event.button() == _LEFT and self._holds_handle:
            self._holds_handle = False
        elif event.button() == _LEFT and self._held:
            self._held = False
            self._tool.release(self._at(event))

    def double_click(self, event: QMouseEvent) -> None:
        """Take a double click; one of the button that moves the map is a press.

        So is one far from the press before: two quick clicks at two places.
        """
        before = self._pressed or event.position()
        far = (event.position() - before).manhattanLength() > _ONE_PLACE_PX
        if event.button() == _LEFT and not self._space and not far:
            self._tool.double_click(self._at(event))
        else:
            self.press(event)

    def key_press(self, event: QKeyEvent, view: MapView) -> bool:
        """Take a key that a tool or the moving of the map needs; tells whether it did."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space = True
            return True
        if self._tool.wants_key(key, event.modifiers()):
            self._tool.key_press(key, event.text())
            return True
        if self.wants(event):
            self._tool_key(key)
            return True
        if self._handle is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self._handle.key(key)
        return self._move_key(key, view)

    def key_release(self, event: QKeyEvent) -> bool:
        """Take the end of a key."""
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._space = False
        return True

    def wants(self, event: QKeyEvent) -> bool:
        """Tell whether a key is the tool's now, before any command of the window."""
        if self._tool.wants_key(Qt.Key(event.key()), event.modifiers()):
            return True
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Backspace, *_ENTER)
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        return self._tool.is_busy and plain and event.key() in keys

    def lose(self) -> None:
        """Forget which keys are held: they are let go of elsewhere."""
        self._space = False

    def _tool_key(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self._tool.cancel()
            self._held = False
        elif key == Qt.Key.Key_Backspace:
            self._tool.take_back()
        else:
            self._tool.finish()

    def _move_key(self, key: Qt.Key, view: MapView) -> bool:
        across, down = view.width_px * _KEY_PAN_SHARE, view.height_px * _KEY_PAN_SHARE
        pans = {
            Qt.Key.Key_Left: (across, 0.0),
            Qt.Key.Key_Right: (-across, 0.0),
            Qt.Key.Key_Up: (0.0, down),
            Qt.Key.Key_Down: (0.0, -down),
        }
        if key in pans:
            self._surface.look(view.panned(*pans[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._surface.zoom_by_steps(STEPS_PER_DOUBLING // 2)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._surface.zoom_by_steps(-STEPS_PER_DOUBLING // 2)
        else:
            return False
        return True

    def _at(self, event: QMouseEvent) -> Pointer:
        place = event.position()
        x, y = self._surface.view.to_map(place.x(), place.y())
        return Pointer(place, x, y, event.modifiers())
