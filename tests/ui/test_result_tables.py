"""A result table reads as it is printed, and its rows stand for parcels."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.window_samples import EAST, REASON, WEST, sample_result
from ui.panels.results_panel import ResultsPanel, method_lines
from ui.tables.model import ResultTableModel, cell_text, header_text
from ui.tables.view import ResultTableView
from ui.theme import LIGHT
from zsgis.result import Column

TABLE = sample_result().tables[0]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 2, "1,234.50"),
        (20_034, 0, "20,034"),
        (None, 2, "—"),
        (float("nan"), 2, "—"),
        ("0802", None, "0802"),
        (-0.5, 1, "-0.5"),
    ],
)
def test_figures_are_printed_as_officers_write_them(value: object, digits: int | None, text: str) -> None:
    assert cell_text(value, Column("x", "x", digits=digits)) == text


def test_the_unit_stands_in_the_heading() -> None:
    assert header_text(Column("ha", "面积", unit="公顷", digits=2)) == "面积（公顷）"
    assert header_text(Column("ha", "面积", unit="公顷", digits=2, group="现状")) == "现状\n面积（公顷）"


def test_figures_stand_on_the_right_and_totals_are_bold(qapp: object) -> None:
    model = ResultTableModel(TABLE)
    side = model.data(model.index(0, 1), Qt.ItemDataRole.TextAlignmentRole)
    assert side & Qt.AlignmentFlag.AlignRight
    assert model.data(model.index(0, 0), Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert model.data(model.index(2, 1), Qt.ItemDataRole.FontRole).bold()
    assert model.data(model.index(0, 1), Qt.ItemDataRole.FontRole) is None


def test_what_cannot_be_derived_is_words_with_the_reason(qapp: object) -> None:
    model = ResultTableModel(TABLE)
    assert model.data(model.index(1, 2)) == "不可得"
    assert model.data(model.index(1, 2), Qt.ItemDataRole.ToolTipRole) == REASON


def test_choosing_rows_tells_their_parcels(qtbot: QtBot) -> None:
    view = ResultTableView(TABLE)
    qtbot.addWidget(view)
    view.resize(600, 200)
    view.show()
    told: list[dict[str, set[str]]] = []
    view.features_chosen.connect(told.append)
    for row, modifier in ((0, Qt.KeyboardModifier.NoModifier), (1, Qt.KeyboardModifier.ControlModifier)):
        place = view.visualRect(view.result_model.index(row, 1)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    assert told == [{"land": {WEST}}, {"land": {WEST, EAST}}]


def test_a_parcel_marks_its_row_and_selects_nothing_anew(qtbot: QtBot) -> None:
    view = ResultTableView(TABLE)
    qtbot.addWidget(view)
    told: list[object] = []
    view.features_chosen.connect(told.append)
    view.mark({"land": {EAST}})
    # the total holds the parcel too, but it is the body row that names it
    assert view.chosen_rows() == [1]
    assert told == []


def test_rows_are_copied_as_a_spreadsheet_takes_them(qtbot: QtBot) -> None:
    view = ResultTableView(TABLE)
    qtbot.addWidget(view)
    view.selectRow(0)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "范围\t面积（公顷）\t科研占比（%）\n科学城\t1234.50\t12.3"


def test_results_come_as_tabs_and_go_when_closed(qtbot: QtBot) -> None:
    panel = ResultsPanel(LIGHT)
    qtbot.addWidget(panel)
    result = sample_result()
    panel.show_results((result,))
    assert panel.tabs.tabText(0) == "用地现状统计"
    closed: list[str] = []
    panel.close_asked.connect(closed.append)
    panel.tabs.tabCloseRequested.emit(0)
    assert closed == ["run-1"]
    panel.show_results(())
    assert panel.tabs.count() == 0


def test_how_a_result_came_about_is_told() -> None:
    lines = method_lines(sample_result())
    assert "balanced overlay" in lines
    assert any("2026-11-22T09:14:00" in line for line in lines)
