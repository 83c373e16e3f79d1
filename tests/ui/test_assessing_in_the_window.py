"""Assessments of the plan in the window: asked for with keys, shown as tables that say their sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QDate, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST
from ui.dialogs.assessing import AssessDialog
from ui.flows.assessing import AssessingFlows
from zsgis.ledger.assessing import Span
from zsgis.ledger.typed_values import enter_value
from zsgis.result import Result, Row
from zsgis.run import run_capability


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    open_sample(made, qtbot, tmp_path)
    yield made
    made.close()


def asked(desk: Desk, qtbot: QtBot) -> AssessDialog:
    """Ask for an assessment with its key."""
    combination = QKeySequence("Ctrl+Alt+Shift+B")[0]
    QTest.keyClick(desk.window, combination.key(), combination.keyboardModifiers())
    (flows,) = (part for part in desk.bench.extensions if isinstance(part, AssessingFlows))
    qtbot.waitUntil(lambda: flows.dialog is not None, timeout=WAIT_MS)
    assert flows.dialog is not None
    return flows.dialog


def result_of(desk: Desk, qtbot: QtBot) -> Result:
    qtbot.waitUntil(lambda: bool(desk.session.results), timeout=WAIT_MS)
    result: Result = desk.session.results[-1]
    return result


def row(result: Result, table: str, indicator: str) -> Row:
    rows = next(each for each in result.tables if each.key == table).rows
    return next(each for each in rows if each.values["indicator"] == indicator)


def test_a_year_is_held_against_the_one_before(desk: Desk, qtbot: QtBot) -> None:
    project = desk.session.project
    for day, value in ((dt.date(2023, 12, 31), 3_000.0), (dt.date(2024, 12, 31), 3_250.0)):
        enter_value(project, "high_tech_firms", day, value, "统计函", known=("high_tech_firms",))
    dialog = asked(desk, qtbot)
    dialog.year.setValue(2024)
    assert dialog.said.text() == "2024 年末与 2023 年末比较。"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    result = result_of(desk, qtbot)
    assert result.title == "年度评估 2023-12-31 → 2024-12-31"
    (line,) = (each for each in result.tables[0].rows if each.values["then"] == 3_000.0)
    assert (line.values["now"], line.values["change"]) == (3_250.0, 250.0)
    assert line.values["run"] == "2023-12-31 录入：统计函；2024-12-31 录入：统计函"
    # nothing is recorded: the figures are those of the ledger
    assert project.runs() == ()


def test_a_figure_of_an_analysis_leads_to_its_parcels_and_its_run(desk: Desk, qtbot: QtBot) -> None:
    run_capability(desk.session.project, "intensity")
    today = QDate.currentDate()
    dialog = asked(desk, qtbot)
    dialog.kind.setCurrentIndex(dialog.kind.count() - 1)
    dialog.later.setDate(today)
    dialog.earlier.setDate(today.addDays(1))
    assert not dialog.assess.isEnabled()
    dialog.earlier.setDate(today.addYears(-1))
    qtbot.mouseClick(dialog.assess, Qt.MouseButton.LeftButton)
    result = result_of(desk, qtbot)
    whole = row(result, "whole", "工业用地占建设用地比例")
    # one of two parcels of one size is industrial; the year before there was no run
    assert (whole.values["then"], whole.values["now"], whole.values["change"]) == (None, 50.0, None)
    assert "仍然成立" in whole.values["run"]
    assert set(whole.sources[layer_uid(desk, "land_use")]) == {EAST, WEST}
    platform = next(each for each in result.tables if each.key in ("platform", "zone"))
    assert [
        each.values["of"] for each in platform.rows if each.values["indicator"] == whole.values["indicator"]
    ] == ["科学城"]
    page = desk.window.results_panel.current_page()
    assert page is not None
    assert page.result is result


def test_mid_term_and_final_are_those_of_the_plans_period(desk: Desk, qtbot: QtBot) -> None:
    dialog = asked(desk, qtbot)
    dialog.kind.setCurrentIndex(dialog.kind.findData(Span.MIDTERM.value))
    assert not dialog.year.isVisible()
    assert dialog.said.text() == "2023 年末与 2020 年末比较。"
    dialog.kind.setCurrentIndex(dialog.kind.findData(Span.FINAL.value))
    assert dialog.said.text() == "2025 年末与 2020 年末比较。"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.session.results == ()
