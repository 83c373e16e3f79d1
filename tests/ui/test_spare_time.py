"""What can wait: one piece a turn, only while nobody waits, and not for ever."""

from __future__ import annotations

import threading

import pytest
from PyQt6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ui import app, spare_time
from ui.spare_time import SpareTime

WAIT_MS = 20_000


def test_pieces_are_done_in_their_order_with_a_turn_of_the_window_between(qtbot: QtBot) -> None:
    done: list[str] = []
    spare = SpareTime(lambda: True)

    def piece(name: str) -> None:
        done.append(name)
        QTimer.singleShot(0, lambda: done.append(f"window after {name}"))

    spare.add(lambda: piece("a"))
    spare.add(lambda: piece("b"))
    assert done == []
    qtbot.waitUntil(lambda: len(done) == 4, timeout=WAIT_MS)
    assert done == ["a", "window after a", "b", "window after b"]
    assert not spare.has_work


def test_nothing_is_done_while_somebody_waits_for_the_map(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare_time, "_MOST_WAITED", 1_000_000)
    asked: list[bool] = []
    free: list[bool] = []
    done: list[int] = []

    def is_free() -> bool:
        asked.append(True)
        return bool(free)

    spare = SpareTime(is_free)
    spare.add(lambda: done.append(1))
    qtbot.waitUntil(lambda: len(asked) > 3, timeout=WAIT_MS)
    assert done == []
    free.append(True)
    qtbot.waitUntil(lambda: done == [1], timeout=WAIT_MS)


def test_what_can_wait_does_not_wait_for_ever(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_time, "_MOST_WAITED", 3)
    done: list[int] = []
    spare = SpareTime(lambda: False)
    spare.add(lambda: done.append(1))
    qtbot.waitUntil(lambda: done == [1], timeout=WAIT_MS)


def test_a_long_piece_takes_turns_with_the_others(qtbot: QtBot) -> None:
    done: list[str] = []
    spare = SpareTime(lambda: True)

    def long() -> bool:
        done.append("long")
        return done.count("long") < 3

    spare.add(long)
    spare.add(lambda: done.append("short"))
    qtbot.waitUntil(lambda: not spare.has_work, timeout=WAIT_MS)
    assert done == ["long", "short", "long", "long"]


def test_a_piece_that_waits_is_not_added_twice_and_can_be_dropped(qtbot: QtBot) -> None:
    done: list[int] = []
    last: list[int] = []
    spare = SpareTime(lambda: True)

    def piece() -> None:
        done.append(1)

    spare.add(piece)
    spare.drop()
    assert not spare.has_work
    spare.add(piece)
    spare.add(piece)
    spare.add(lambda: last.append(1))
    qtbot.waitUntil(lambda: bool(last), timeout=WAIT_MS)
    assert done == [1]


def test_what_files_need_is_loaded_after_what_projects_need_and_when_nobody_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    gate = threading.Event()
    free: list[bool] = []

    def for_projects() -> None:
        gate.wait(WAIT_MS / 1000)
        loaded.append("projects")

    monkeypatch.setattr(app, "load_for_projects", for_projects)
    monkeypatch.setattr(app, "load_for_panels", lambda: loaded.append("panels"))
    monkeypatch.setattr(app, "load_for_files", lambda: loaded.append("files"))
    spare = SpareTime(lambda: bool(free))
    app.load_aside(spare)
    gate.set()
    qtbot.waitUntil(lambda: loaded == ["projects"], timeout=WAIT_MS)
    assert spare.has_work
    free.append(True)
    qtbot.waitUntil(lambda: loaded == ["projects", "panels", "files"], timeout=WAIT_MS)
    assert not spare.has_work
