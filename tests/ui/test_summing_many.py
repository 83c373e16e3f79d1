"""The sum of a large selection says how far it is and can be stopped; of a few it stays quiet."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from layers.progress import Progress
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, WEST
from ui.flows import selecting
from zsgis import inspection


def sums_until_stopped(_project: Any, _layers: Any, _selection: Any, progress: Progress, _areas: Any) -> None:
    """Stand for the sum of half a million parcels."""
    while True:
        progress.step(0.5)


def said(desk: Desk) -> str:
    return " ".join(label.text() for label in desk.window.inspector.findChildren(QLabel))


def test_a_sum_of_many_is_shown_at_work_and_stopped_with_its_button(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "_MANY", 2)
    monkeypatch.setattr(inspection, "selection_size", sums_until_stopped)
    jobs = desk.window.status.jobs
    desk.session.select({layer_uid(desk, "land_use"): (WEST, EAST)})
    qtbot.waitUntil(lambda: len(jobs.running()) == 1, timeout=WAIT_MS)
    assert "正在汇总面积" in said(desk)
    qtbot.mouseClick(jobs.stop_button(jobs.running()[0]), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not jobs.running(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "正在汇总面积" not in said(desk), timeout=WAIT_MS)
    assert "2" in said(desk)
    assert desk.session.selection[layer_uid(desk, "land_use")] == {WEST, EAST}


def test_a_sum_of_few_stays_quiet_and_arrives(desk: Desk, qtbot: QtBot) -> None:
    desk.session.select({layer_uid(desk, "land_use"): (WEST, EAST)})
    # two parcels of 100 m x 100 m, the ellipsoid a little off the plane: 30 亩
    qtbot.waitUntil(lambda: "30.0" in said(desk) or "29.9" in said(desk), timeout=WAIT_MS)
    assert desk.window.status.jobs.running() == ()
