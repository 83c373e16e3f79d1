"""A result table reads as it is printed, and its rows stand for parcels."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.ui.window_samples import EAST, REASON, WEST, sample_result
from ui.panels.results_panel import ResultsPanel, method_lines
from ui.tables.model import ResultTableModel, cell_text, header_text
from ui.tables.view import ResultTableView
from ui.theme import LIGHT
from zsgis.result import Column, Row, RowRole, Table

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


def zone_row(zone: str, ha: float | None, role: RowRole = RowRole.BODY, uid: str = WEST) -> Row:
    return Row({"zone": zone, "ha": ha}, role, {"land": (uid,)})


# two zones with land, two without, as a grid over a city has them
GRID = Table(
    "stock",
    "用地现状",
    (Column("zone", "范围"), Column("ha", "面积", unit="公顷", digits=2)),
    (
        zone_row("一", 0.0),
        zone_row("二", 2.0),
        zone_row("二", 2.0, RowRole.SUBTOTAL),
        zone_row("三", 7.0, uid=EAST),
        zone_row("三", 7.0, RowRole.SUBTOTAL),
        zone_row("四", None),
        zone_row("合计", 9.0, RowRole.TOTAL),
    ),
)


def shown(model: ResultTableModel) -> list[str]:
    return [
        f"{model.data(model.index(place, 0))} {model.data(model.index(place, 1))}"
        for place in range(model.rowCount())
    ]


def test_a_table_begins_with_rows_that_hold_figures(qapp: object) -> None:
    model = ResultTableModel(GRID)
    assert model.idle_count == 2
    assert shown(model) == ["二 2.00", "二 2.00", "三 7.00", "三 7.00", "合计 9.00"]
    model.show_all(True)
    assert [text.split()[0] for text in shown(model)] == ["一", "二", "二", "三", "三", "四", "合计"]


def test_a_table_without_any_figure_is_shown_whole(qapp: object) -> None:
    model = ResultTableModel(Table("x", "x", GRID.columns, (zone_row("一", 0.0), zone_row("二", None))))
    assert model.rowCount() == 2


def test_sorting_keeps_totals_below_and_the_third_click_brings_back_the_printed_order(qapp: object) -> None:
    model = ResultTableModel(GRID)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert shown(model) == ["三 7.00", "二 2.00", "三 7.00", "二 2.00", "合计 9.00"]
    model.sort(-1)
    assert shown(model) == ["二 2.00", "二 2.00", "三 7.00", "三 7.00", "合计 9.00"]


def test_rows_stand_for_their_parcels_however_they_are_arranged(qtbot: QtBot) -> None:
    view = ResultTableView(GRID)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    header = view.horizontalHeader()
    place = QPoint(header.sectionPosition(1) + 10, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    # the first click on a figure looks for the largest
    assert shown(view.result_model)[0] == "三 7.00"
    told: list[object] = []
    view.features_chosen.connect(told.append)
    view.selectRow(0)
    assert told == [{"land": {EAST}}]
    view.mark({"land": {WEST}})
    assert view.chosen_rows() == [1]
    view.copy()
    assert QGuiApplication.clipboard().text().split("\n")[1:] == ["二\t2.00"]


def test_a_box_brings_the_rows_without_figures_back(qtbot: QtBot) -> None:
    panel = ResultsPanel(LIGHT)
    qtbot.addWidget(panel)
    result = replace(sample_result(), tables=(GRID,))
    panel.show_results((result,))
    page = panel.current_page()
    assert page is not None
    (box,) = page.findChildren(QCheckBox)
    assert "2" in box.text()
    assert page.views[0].result_model.rowCount() == 5
    box.setChecked(False)
    assert page.views[0].result_model.rowCount() == 7
