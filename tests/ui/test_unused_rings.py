"""Unused rings of objects are looked for when told to: by the window's thread, and while nobody waits."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui import unused_rings
from ui.unused_rings import UnusedRings, keep_what_is_there, look_only_when_told

WAIT_MS = 20_000


class Ring:
    """Holds itself, and says in which thread it ended."""

    def __init__(self, ended: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: ended.append(threading.get_ident()))


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unused_rings, "_LOOK_EVERY_MS", 5)
    monkeypatch.setattr(unused_rings, "_MANY", 0)


def _make_rings(ended: list[int]) -> None:
    """Make so many that Python would look for them by itself, in a thread that is not the window's."""
    count = gc.get_threshold()[0] * 3

    def make() -> None:
        for _number in range(count):
            Ring(ended)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()


def test_the_thread_that_makes_many_objects_does_not_look() -> None:
    ended: list[int] = []
    look_only_when_told()
    _make_rings(ended)
    assert ended == []


@pytest.mark.usefixtures("_soon")
def test_rings_end_in_the_thread_of_the_window_once_nobody_waits(qtbot: QtBot) -> None:
    ended: list[int] = []
    asked: list[bool] = []
    free: list[bool] = []
    look_only_when_told()

    def is_free() -> bool:
        asked.append(bool(free))
        return bool(free)

    rings = UnusedRings(is_free)
    _make_rings(ended)
    qtbot.waitUntil(lambda: len(asked) > 3, timeout=WAIT_MS)
    assert ended == []
    free.append(True)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    assert set(ended) == {threading.get_ident()}
    assert len(ended) == gc.get_threshold()[0] * 3
    rings.deleteLater()


@pytest.mark.usefixtures("_soon")
def test_far_too_many_are_looked_through_though_somebody_waits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unused_rings, "_TOO_MANY", 100)
    ended: list[int] = []
    look_only_when_told()
    rings = UnusedRings(lambda: False)
    _make_rings(ended)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    rings.deleteLater()


def test_what_is_there_is_not_looked_through_again() -> None:
    ended: list[int] = []
    look_only_when_told()
    Ring(ended)
    keep_what_is_there()
    gc.collect()
    assert ended == []
    gc.unfreeze()
    gc.collect()
    assert ended == [threading.get_ident()]
