"""The benchmark of the window still finds its way through the window: each of its steps, on two parcels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from benchmarks import window_script
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from tests.ui.window_samples import make_project

STEPS = [
    *("open", "zoom", "pan", "zoom out", "hide and show layers", "opacity"),
    *("stock", "select all parcels", "open the table", "select all rows"),
    *("opacity, all selected", "zoom, all selected", "unselect"),
]


@pytest.fixture
def desk(tmp_path: Path, prepared_dialogs: PreparedDialogs) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    yield made
    made.close()


def _unchanged(call: Callable[[], None]) -> Callable[[], None]:
    return call


def test_every_step_is_done_and_timed(
    desk: Desk,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # a quick hand; what fails fails the test, and not the whole process
    monkeypatch.setattr(window_script, "_BEGIN_MS", 0)
    monkeypatch.setattr(window_script, "_HAND_MS", 1)
    monkeypatch.setattr(window_script, "_HELD_S", 0.005)
    monkeypatch.setattr(window_script, "ending_the_program", _unchanged)
    monkeypatch.setattr(window_script, "limit_waiting", lambda _seconds: None)
    make_project(tmp_path / "p.gpkg").close()
    kept = window_script.Script(desk.bench, tmp_path / "p.gpkg", 60.0)
    qtbot.waitUntil(lambda: not desk.bench.window.isVisible(), timeout=WAIT_MS)
    said = capsys.readouterr()
    assert said.err.split("\n")[:-1] == STEPS
    found = json.loads(said.out.splitlines()[-1])
    assert found["left_out"] == {}
    for key in ("longest_gap_ms", "longest_processor_ms", "picture_complete_s", "at_rest_s"):
        assert list(found[key]) == STEPS
    assert not kept._timers[0].isActive()
