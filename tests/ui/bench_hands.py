"""Mouse and keys on the map of the whole window."""

from __future__ import annotations

from typing import TypeVar

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.workbench import Workbench

Part = TypeVar("Part")
WAIT_MS = 60_000
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def idle(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not bench.jobs.active(), timeout=WAIT_MS)


def place(bench: Workbench, east: float, north: float) -> QPoint:
    x, y = bench.window.canvas.view.to_pixel(500_000 + east, 2_490_000 + north)
    return QPointF(x, y).toPoint()


def click(
    bench: Workbench, east: float, north: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.mouseClick(bench.window.canvas, Qt.MouseButton.LeftButton, keys, place(bench, east, north))


def drag(
    bench: Workbench,
    start: tuple[float, float],
    end: tuple[float, float],
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    canvas, first, last = bench.window.canvas, place(bench, *start), place(bench, *end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, keys, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, keys, last)


def part(bench: Workbench, kind: type[Part]) -> Part:
    return next(found for found in bench.extensions if isinstance(found, kind))


def selected(bench: Workbench) -> set[str]:
    return {uid for chosen in bench.session.selection.values() for uid in chosen}


def choose_layer(bench: Workbench, uid: str) -> None:
    panel = bench.window.layer_tree
    panel.tree.setCurrentItem(panel.item_of(uid))


def press(bench: Workbench, qtbot: QtBot, keys: str) -> None:
    """Press a command's keys as the window gets them."""
    combination = QKeySequence(keys)[0]
    QTest.keyClick(bench.window.canvas, combination.key(), combination.keyboardModifiers())
