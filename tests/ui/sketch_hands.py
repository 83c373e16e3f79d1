"""Mouse and keys on the map of a window in which parcels are edited."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from layers.edits import FeatureState
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, WEST
from ui.canvas.tools.draft import DraftTool

X0, Y0 = 500_000.0, 2_490_000.0


def choose(desk: Desk, uid: str) -> None:
    tree = desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(uid))


class Hands:
    """Mouse and keys on the map of a window in which the parcels are edited."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk = desk
        self.qtbot = qtbot
        self.canvas = desk.window.canvas
        self.layer = layer_uid(desk, "land_use")

    def act(self, key: str) -> None:
        action = self.desk.window.findChild(QAction, key)
        assert action is not None
        assert action.isEnabled(), key
        action.trigger()

    def begin(self, kind: str = "land_use") -> None:
        """Choose the layer in the list and edit it."""
        self.layer = layer_uid(self.desk, kind)
        choose(self.desk, self.layer)
        self.act("edit_layer")
        assert self.desk.bench.editing.layer == self.layer
        self.canvas.zoom_to((X0 - 60, Y0 - 60, X0 + 260, Y0 + 160))
        self.settle()

    def settle(self) -> None:
        self.qtbot.wait(120)  # the view is read for snapping once it rests
        self.qtbot.waitUntil(self.desk.idle, timeout=WAIT_MS)

    def place(self, east: float, north: float) -> QPoint:
        px, py = self.canvas.view.to_pixel(X0 + east, Y0 + north)
        return QPoint(round(px), round(py))

    def click(self, east: float, north: float, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
        at = self.place(east, north)
        QTest.mouseMove(self.canvas, at)
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, keys, at)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.canvas, key)

    def finish(self) -> None:
        self.key(Qt.Key.Key_Return)
        self.wait_written()

    def wait_written(self) -> None:
        self.qtbot.waitUntil(self.desk.idle, timeout=WAIT_MS)
        self.qtbot.waitUntil(lambda: not self.desk.bench.editing.waiting, timeout=WAIT_MS)

    @property
    def hint(self) -> str:
        label = self.desk.window.map_panel.findChild(QLabel, "map_hint")
        assert label is not None
        return str(label.text())

    @property
    def tool(self) -> DraftTool:
        tool = self.canvas.tool
        assert isinstance(tool, DraftTool)
        return tool

    def states(self) -> dict[str, FeatureState]:
        project = self.desk.session.project
        return {state.zs_uid: state for state in project.states(self.layer)}

    def new(self) -> list[FeatureState]:
        return [state for uid, state in self.states().items() if uid not in (WEST, EAST)]
