"""Edits quicker than the map is drawn, and a window that goes while something can be undone."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely.affinity
from PyQt6 import sip
from PyQt6.QtGui import QUndoCommand
from pytestqt.qtbot import QtBot

from layers.drawable_edits import EditedLayer
from layers.edits import ChangeFeature, Edit
from layers.store.drawing_cache import DrawingCache
from tests.ui.editing_hands import Hands
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk

# more than there are states of edits whose files are kept
MANY = 45


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs) -> Iterator[Hands]:
    desk = Desk(tmp_path, prepared_dialogs)
    made = Hands(desk, qtbot, tmp_path)
    yield made
    desk.close()


def move(hands: Hands, times: int) -> Any:
    """Shift the first cell so many times by a metre, one edit after another; return its shape."""
    state = hands.project.states(hands.land)[0]
    written: list[object] = []
    hands.desk.bench.editing.written.connect(written.append)
    shape = state.geometry
    for _time in range(times):
        shape = shapely.affinity.translate(shape, 1.0)
        count = len(written)
        hands.desk.bench.editing.submit(Edit("移动", (ChangeFeature(hands.land, state.zs_uid, shape),)))
        hands.qtbot.waitUntil(lambda count=count: len(written) > count, timeout=WAIT_MS)
    return shape


def drawn(hands: Hands) -> EditedLayer:
    layer = next(one for one in hands.canvas.layers if one.uid == hands.land)
    assert isinstance(layer, EditedLayer)
    return layer


@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be stopped there")
def test_drawing_processes_that_lag_behind_many_edits_do_not_have_the_layer_made_anew(
    hands: Hands, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: hands.canvas.is_complete, timeout=WAIT_MS)
    lost: list[str] = []
    hands.canvas.files_lost.connect(lost.append)
    processes = hands.canvas.process_ids
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        shape = move(hands, MANY)
        hands.idle()
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    qtbot.waitUntil(lambda: hands.canvas.is_complete, timeout=WAIT_MS)
    assert lost == []
    assert tuple(drawn(hands).added.bounds[0]) == pytest.approx(shape.bounds)


def test_edits_made_while_a_layer_is_prepared_are_drawn_upon_it(
    hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(hands, 1)
    hands.idle()
    prepare, freed, asked = DrawingCache.get_edited, threading.Event(), []

    def wait(cache: DrawingCache, *given: Any) -> Any:
        asked.append(given[1].version)
        layer = prepare(cache, *given)
        assert freed.wait(WAIT_MS / 1000)
        return layer

    monkeypatch.setattr(DrawingCache, "get_edited", wait)
    hands.desk.bench.map_layers.renew(str(drawn(hands).base.folder))
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT_MS)
    shape = move(hands, 5)
    freed.set()
    hands.idle()
    qtbot.waitUntil(
        lambda: tuple(drawn(hands).added.bounds[0]) == pytest.approx(shape.bounds), timeout=WAIT_MS
    )
    assert len(asked) == 1


def test_a_window_goes_that_still_has_something_to_undo(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    desk = Desk(tmp_path, prepared_dialogs)
    desk.bench.undo_stack.push(QUndoCommand("样式"))
    stack, window = desk.bench.undo_stack, desk.window
    desk.bench.jobs.close()
    with qtbot.captureExceptions() as raised:
        sip.delete(window)
    assert sip.isdeleted(stack)
    assert raised == []
