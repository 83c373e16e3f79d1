"""Jobs that a long turn of the window starts begin when it has painted: they do not make the turn longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import make_project
from ui.flows.tables import TableFlows
from zsgis.jobs import JobState
from zsgis.session import Change


@pytest.fixture
def desk(tmp_path: Path, prepared_dialogs: PreparedDialogs) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    yield made
    made.close()


def states(desk: Desk) -> list[JobState]:
    return [status.state for status in desk.bench.jobs.active() if not status.finished]


def test_no_job_of_an_opened_project_runs_while_the_window_takes_it_in(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    seen: list[list[JobState]] = []

    def look(change: Change) -> None:
        # told last of all who listen
        if change is Change.PROJECT and desk.session.project is not None:
            seen.append(states(desk))

    desk.session.subscribe(look)
    make_project(tmp_path / "work.gpkg").close()
    desk.open(qtbot, tmp_path / "work.gpkg", 2)
    assert len(seen) == 1
    # the map is prepared, panels are loaded, and more
    assert len(seen[0]) >= 2
    assert set(seen[0]) == {JobState.WAITING}


def test_a_table_is_read_when_it_has_been_painted(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    make_project(tmp_path / "work.gpkg").close()
    desk.open(qtbot, tmp_path / "work.gpkg", 2)
    (flows,) = (part for part in desk.bench.extensions if isinstance(part, TableFlows))
    table = flows.open(layer_uid(desk, "land_use"))
    assert table is not None
    assert set(states(desk)) == {JobState.WAITING}
    qtbot.waitUntil(lambda: table.page.model.is_known(0, 0), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not table.is_busy, timeout=WAIT_MS)
