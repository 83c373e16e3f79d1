"""New shapes that are typed or pasted in the whole window: traverses, coordinates, boundary texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.sketch_hands import Hands
from tests.ui.window_desk import WAIT_MS, Desk, open_sample
from ui.dialogs.entry.dialog import EntryDialog


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Hands]:
    desk = Desk(tmp_path, prepared_dialogs)
    open_sample(desk, qtbot, tmp_path)
    yield Hands(desk, qtbot)
    desk.close()


def entry_dialog(hands: Hands) -> EntryDialog:
    dialog = hands.desk.window.findChild(EntryDialog)
    assert dialog is not None
    return dialog


def test_a_traverse_is_typed_seen_adjusted_and_taken(hands: Hands) -> None:
    hands.begin()
    hands.act("enter_traverse")
    dialog = entry_dialog(hands)
    page = dialog.pages["traverse"]
    QTest.keyClicks(page.start[0], "2490200")
    QTest.keyClicks(page.start[1], "500000")
    table = page.table
    table.setFocus()
    table.setCurrentIndex(table.cells.index(0, 0))
    for text in ("0-00-00", "100", "90-00-00", "100", "180-00-00", "100.1", "270-00-00", "99.9"):
        QTest.keyClicks(table, text[0])
        (editor,) = [edit for edit in table.findChildren(QLineEdit) if edit.isVisible()]
        editor.setText(text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        QTest.qWait(1)  # the cell is left after the key has been taken
    assert table.cells.rows[3] == ("270-00-00", "99.9")
    hands.qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT_MS)
    assert "0.1414 m, 1 : 2,828" in dialog.report.text()
    QTest.mouseClick(page.adjust, Qt.MouseButton.LeftButton, pos=QPoint(8, page.adjust.height() // 2))
    hands.qtbot.waitUntil(lambda: table.cells.index(0, 2).data() != "", timeout=WAIT_MS)
    # X is north: +0.1 m shared out over 400 m, 100 m of it here
    assert table.cells.index(0, 2).data() == "+25.0"
    assert table.cells.index(0, 3).data() == "-25.0"
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    hands.wait_written()
    (new,) = hands.new()
    assert shapely.get_num_coordinates(new.geometry) == 5
    assert new.geometry.area == pytest.approx(10_000.0, abs=15)
    dialog.reject()


def test_coordinates_are_pasted_from_excel(hands: Hands) -> None:
    hands.begin()
    hands.act("enter_coordinates")
    dialog = entry_dialog(hands)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    rows = [
        ("J1", 2490200, 500000),
        ("J2", 2490200, 500050),
        ("J3", 2490250, 500050),
        ("J4", 2490250, 500000),
    ]
    clipboard.setText("点号\tX\tY\n" + "\n".join("\t".join(map(str, row)) for row in rows))
    table = dialog.pages["coordinates"].table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    hands.qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT_MS)
    QTest.mouseClick(dialog.look, Qt.MouseButton.LeftButton)
    assert shapely.box(*hands.canvas.view.bounds).contains(
        shapely.box(500_000, 2_490_200, 500_050, 2_490_250)
    )
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    hands.wait_written()
    (new,) = hands.new()
    assert new.geometry.bounds == (500_000.0, 2_490_200.0, 500_050.0, 2_490_250.0)
    clipboard.setText("x")
    table.setCurrentIndex(table.cells.index(0, 2))
    table.cells.set_rows([("", "", "24902q0", "5")])
    hands.qtbot.waitUntil(lambda: "24902q0" in dialog.report.text(), timeout=WAIT_MS)
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_a_boundary_text_is_pasted_with_its_hole(hands: Hands) -> None:
    hands.begin()
    hands.act("enter_text")
    dialog = entry_dialog(hands)
    page = dialog.pages["text"]
    ring = [(0, 0), (0, 50), (50, 50), (50, 0), (0, 0)]
    hole = [(10, 10), (10, 20), (20, 20), (20, 10), (10, 10)]
    lines = [
        f"J{number},{name},{2490200 + north},{500000 + east}"
        for name, places in ((1, ring), (2, hole))
        for number, (east, north) in enumerate(places, start=10 * name)
    ]
    page.edit.setPlainText("\n".join(lines))
    hands.qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT_MS)
    assert page.plots.rows() == 1
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    hands.wait_written()
    (new,) = hands.new()
    assert new.geometry.area == 2400.0
    dialog.reject()


def test_what_was_typed_stays_when_the_layer_has_no_room_for_it(hands: Hands) -> None:
    hands.begin()
    hands.act("enter_coordinates")
    dialog = entry_dialog(hands)
    table = dialog.pages["coordinates"].table
    rows = [("J1", "", "2490010", "500010"), ("J2", "", "2490010", "500020"), ("J3", "", "2490020", "500020")]
    table.cells.set_rows(rows)
    hands.qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT_MS)
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert not dialog.take.isEnabled()
    hands.wait_written()
    hands.qtbot.waitUntil(dialog.take.isEnabled, timeout=WAIT_MS)
    assert table.cells.rows == tuple(rows)
    assert "占据" in dialog.report.text()
    assert hands.new() == []
    dialog.reject()
