"""The tool the mouse holds: which one, what it says of itself, and going back to earlier views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtGui import QAction

from layers.words import N_
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.tool import Tool
from ui.canvas.tools.zoom_box import ZoomBoxTool
from ui.main_window import MainWindow
from zsgis.session import Change

HAND = "hand"
"""The mode of all commands that take a tool in hand."""

_SPECS = (
    ActionSpec("tool_pan", N_("Move the map"), VIEW, "hand", "Ctrl+H", "project", -4, tool=True, mode=HAND),
    ActionSpec(
        "tool_zoom_box",
        N_("Zoom to a box"),
        VIEW,
        "zoom_box",
        "Ctrl+Shift+X",
        "project",
        -4,
        tool=True,
        mode=HAND,
    ),
    ActionSpec("look_back", N_("Previous view"), VIEW, "look_back", "Alt+Left", "own", -3, tool=True),
    ActionSpec("look_forward", N_("Next view"), VIEW, "look_forward", "Alt+Right", "own", -3, tool=True),
)


class ToolFlows:
    """Keeps buttons, hint and map agreed on the tool in hand."""

    def __init__(self, bench: Bench) -> None:
        self._window = bench.window
        self._canvas = canvas = bench.window.canvas
        self._zoom_box = ZoomBoxTool(canvas)
        canvas.tool_changed.connect(self._take_tool)
        canvas.hint_changed.connect(lambda: self._show_hint(canvas.tool))
        canvas.history_changed.connect(self._show_history)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            "tool_pan": self._canvas.take_tool,
            "tool_zoom_box": lambda: self._canvas.take_tool(self._zoom_box),
            "look_back": self._canvas.look_back,
            "look_forward": self._canvas.look_forward,
        }

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._canvas.forget_views()
            self._canvas.clear_marker()
            if self._canvas.tool.key != "tool_pan":
                self._canvas.take_tool()
            self._take_tool(self._canvas.tool.key)
        elif change.value == "crs":  # earlier views, and what is half drawn, are numbers of another system
            self._canvas.forget_views()
            self._canvas.tool.cancel()
        self._show_history()

    def _take_tool(self, key: str) -> None:
        check(self._window, key, True)
        self._show_hint(self._canvas.tool)

    def _show_hint(self, tool: Tool) -> None:
        self._window.map_panel.set_hint("tool", tool.hint)

    def _show_history(self) -> None:
        for key, usable in (
            ("look_back", self._canvas.can_look_back),
            ("look_forward", self._canvas.can_look_forward),
        ):
            action = self._window.findChild(QAction, key)
            if action is not None:
                action.setEnabled(usable)


def check(window: MainWindow, key: str, on: bool) -> None:
    """Show a command that stays on as on or off."""
    action = window.findChild(QAction, key)
    if action is not None and action.isCheckable():
        action.setChecked(on)
