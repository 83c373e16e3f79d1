"""Typing into the attribute table and pasting into it, by mouse and key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QGuiApplication, QMouseEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.form_hands import CONTROL, ENTER, FormHands, make_project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS
from ui.flows.cell_edits import CellEdits
from ui.flows.open_table import OpenTable
from ui.flows.tables import TableFlows
from ui.tables.cell_editing import CellEditing

LEFT = Qt.MouseButton.LeftButton


class TableHands(FormHands):
    """The same hands at the attribute table of the survey polygons."""

    def rest(self) -> None:
        super().rest()

        def resting() -> bool:
            waits = any(table.is_busy for table in self.part(TableFlows)._open.values())
            return not waits and not self.part(CellEdits).is_busy and self.desk.idle()

        self.qtbot.waitUntil(resting, timeout=WAIT_MS)

    @property
    def table(self) -> OpenTable:
        table = self.part(TableFlows).current()
        assert table is not None
        return table

    @property
    def cells(self) -> CellEditing:
        cells = self.table.page.view.findChild(CellEditing)
        assert cells is not None
        return cells

    def show_table(self) -> None:
        tree = self.window.layer_tree
        tree.tree.setCurrentItem(tree.item_of(self.layer()))
        self.desk.bench.actions["attribute_table"].trigger()
        self.rest()

    def point(self, row: int, name: str) -> QPoint:
        view, model = self.table.page.view, self.table.page.model
        index = model.index(row, model.number_of(name))
        view.scrollTo(index)
        return view.visualRect(index).center()

    def click(self, row: int, name: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseClick(self.table.page.view.viewport(), LEFT, held, self.point(row, name))
        self.rest()

    def double_click(self, row: int, name: str) -> None:
        viewport = self.table.page.view.viewport()
        place = QPointF(self.point(row, name))
        event = QMouseEvent(
            QEvent.Type.MouseButtonDblClick,
            place,
            viewport.mapToGlobal(place),
            LEFT,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)
        self.rest()

    def write(self, text: str) -> None:
        editor = self.cells.editor
        assert editor is not None
        editor.line.selectAll()
        for sign in text:
            self.qtbot.keyClicks(self._keyboard(editor.line), sign)

    def cell_key(self, key: Qt.Key) -> None:
        editor = self.cells.editor
        assert editor is not None
        self.qtbot.keyClick(self._keyboard(editor.line), key)
        self.rest()

    def table_key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.table.page.view, key, held)
        self.rest()

    def paste(self, text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(text)
        self.table_key(Qt.Key.Key_V, CONTROL)


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[TableHands]:
    make_project(tmp_path / "work.gpkg")
    made = TableHands(qtbot, tmp_path, prepared_dialogs)
    made.edit_layer()
    made.show_table()
    yield made
    made.close()


def test_a_double_click_opens_the_cell_and_enter_writes_it(hands: TableHands) -> None:
    hands.double_click(0, "remark")
    hands.write("checked")
    hands.cell_key(ENTER)
    assert hands.stored(0)["remark"] == "checked"
    assert hands.cells.editor is None
    assert hands.table.page.view.currentIndex().row() == 1


def test_a_class_is_chosen_in_its_cell_and_its_name_follows(hands: TableHands) -> None:
    hands.click(0, "class_code")
    hands.table_key(Qt.Key.Key_F2)
    hands.write("sjd")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    hands.qtbot.keyClick(popup, ENTER)
    hands.cell_key(ENTER)
    assert hands.stored(0)["class_code"] == "0102"
    assert hands.stored(0)["class_name"] == "水浇地"


def test_what_cannot_stand_in_a_cell_is_said_and_not_written(hands: TableHands) -> None:
    hands.double_click(2, "deducted_share")
    hands.write("1.5")
    assert "不能大于1" in hands.cells._said.text()
    hands.cell_key(ENTER)
    assert hands.cells.editor is not None
    assert hands.stored(2)["deducted_share"] == 0.5
    hands.cell_key(Qt.Key.Key_Escape)
    assert hands.cells.editor is None
    assert hands.stored(2)["deducted_share"] == 0.5


def test_a_computed_cell_is_not_opened(hands: TableHands) -> None:
    hands.double_click(0, "survey_area_m2")
    assert hands.cells.editor is None


def test_a_column_from_a_spreadsheet_goes_into_the_selected_rows(hands: TableHands) -> None:
    hands.click(0, "data_year")
    hands.click(2, "data_year", Qt.KeyboardModifier.ShiftModifier)
    hands.paste("2024\n2025\n2026\n")
    assert [hands.stored(row)["data_year"] for row in range(3)] == [2024, 2025, 2026]
    assert hands.session.project.edits()[0].count == 3
    hands.paste("2030")
    assert [hands.stored(row)["data_year"] for row in range(3)] == [2030] * 3


def test_a_paste_with_one_fault_writes_nothing_and_names_the_line(hands: TableHands) -> None:
    hands.click(0, "class_code")
    hands.paste("0103\n9999\n0601")
    assert [hands.stored(row)["class_code"] for row in range(3)] == ["0101", "0101", "0601"]
    assert hands.dialogs.findings[0].startswith("第2行，地类编码")
    hands.click(0, "class_code")
    hands.click(1, "class_code", Qt.KeyboardModifier.ShiftModifier)
    hands.paste("0103\n0103\n0103")
    assert "3行" in str(hands.dialogs.errors[0])


def test_without_editing_the_table_is_as_it_was(hands: TableHands) -> None:
    hands.editing.set_layer("")
    hands.double_click(0, "remark")
    assert hands.cells.editor is None
    hands.click(0, "remark")
    hands.paste("x")
    assert hands.stored(0)["remark"] is None
