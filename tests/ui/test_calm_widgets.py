"""Parts of the window that grow with the data do a bounded piece of work, and paint when it is time to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from ui.panels.job_row import JobsWidget
from ui.tables import model, view
from ui.tables.view import ResultTableView
from ui.theme import LIGHT
from zsgis.jobs import JobState, JobStatus
from zsgis.result import Column, Row, RowRole, Table

COLUMNS = (Column("zone", "范围"), Column("ha", "面积", unit="公顷", digits=2))


def table(total: float, count: int = 5_000) -> Table:
    rows = [Row({"zone": f"图斑 {number}", "ha": 1.0}) for number in range(count)]
    rows.append(Row({"zone": "合计", "ha": total}, RowRole.TOTAL))
    return Table(key="parcels", title="图斑", columns=COLUMNS, rows=tuple(rows))


def test_of_a_long_table_only_its_ends_are_measured_for_the_columns(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()

    def cell_text(value: Any, column: Column) -> str:
        asked[column.key] += 1
        return str(model.cell_text(value, column))

    monkeypatch.setattr(view, "cell_text", cell_text)
    made = ResultTableView(table(1.0))
    qtbot.addWidget(made)
    assert asked == {"zone": 200, "ha": 200}
    wide = ResultTableView(table(123_456_789_012.0))
    qtbot.addWidget(wide)
    # the sum stands in the last row, and is the widest of all
    assert wide.columnWidth(1) > made.columnWidth(1)
    assert wide.columnWidth(0) == made.columnWidth(0)


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    @override
    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        self.count += event is not None and event.type() is QEvent.Type.Paint
        return False


def test_a_job_that_reports_paints_nothing_before_the_window_comes_round(qtbot: QtBot) -> None:
    window, jobs = QWidget(), JobsWidget(LIGHT)
    beside = QWidget()
    beside.setMinimumSize(40, 40)
    column = QVBoxLayout(window)
    column.addWidget(beside)
    column.addWidget(jobs)
    qtbot.addWidget(window)

    def report(done: float) -> None:
        jobs.show_status(JobStatus(1, "work", JobState.RUNNING, done, "", None, quiet=False))

    report(0.1)
    with qtbot.waitExposed(window):
        window.show()
    paints = Paints(beside)
    qtbot.wait(50)
    before = paints.count
    beside.update()
    for done in (0.2, 0.5, 0.9):
        report(done)
    assert paints.count == before
    qtbot.waitUntil(lambda: paints.count > before, timeout=20_000)
    assert jobs.running() == (1,)
