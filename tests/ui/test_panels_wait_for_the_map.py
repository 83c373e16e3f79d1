"""What analyses and sheets offer is loaded once the map stands, or when somebody looks at their panel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from layers.progress import Progress
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from ui import panel_filling, spare_time
from ui.flows.project_loading import load_panels
from ui.panel_filling import PanelFilling
from ui.spare_time import SpareTime


@pytest.fixture
def desk(tmp_path: Path, prepared_dialogs: PreparedDialogs) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    yield made
    made.close()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often the panels' contents are loaded; nothing is done because waiting took too long."""
    monkeypatch.setattr(spare_time, "_MOST_WAITED", 1_000_000)
    counted: list[int] = []

    def counting(progress: Progress) -> None:
        counted.append(1)
        load_panels(progress)

    monkeypatch.setattr(panel_filling, "load_panels", counting)
    return counted


def _offered(desk: Desk) -> int:
    return desk.bench.window.analysis_panel.chooser.count()


def test_panels_are_filled_when_nobody_waits_for_the_map(desk: Desk, loads: list[int], qtbot: QtBot) -> None:
    asked: list[int] = []
    free: list[bool] = []

    def is_free() -> bool:
        asked.append(1)
        return bool(free)

    spare = SpareTime(is_free)
    PanelFilling(desk.bench.window, desk.bench.jobs, spare).begin()
    qtbot.waitUntil(lambda: len(asked) > 3, timeout=WAIT_MS)
    assert loads == []
    free.append(True)
    qtbot.waitUntil(lambda: _offered(desk) > 0 and not spare.has_work, timeout=WAIT_MS)
    assert loads == [1]


def test_a_panel_that_is_looked_at_does_not_wait(desk: Desk, loads: list[int], qtbot: QtBot) -> None:
    spare = SpareTime(lambda: False)
    filling = PanelFilling(desk.bench.window, desk.bench.jobs, spare)
    filling.begin()
    desk.bench.window.show_workspace(True)
    button = desk.bench.window.rail.findChild(QToolButton, "stage_analysis")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _offered(desk) > 0, timeout=WAIT_MS)
    assert loads == [1]
    spare.drop()
