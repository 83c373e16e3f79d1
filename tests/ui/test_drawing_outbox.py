"""Speaking to a drawing process never makes the window wait, however busy the process is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest
from drawing_samples import coverage
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.canvas import MapCanvas
from ui.canvas.outbox import Outbox, Topic
from ui.canvas.picture import MapPicture, PictureKey
from ui.canvas.tile_grid import TileGrid
from ui.painting.drawing_messages import ABOVE, GROUND
from ui.painting.view import MapView

# more than any pipe takes at once: a write waits until the other side reads
LARGE = b"x" * 8_000_000


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    ours, theirs = multiprocessing.Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_layers_not_sent_yet_give_way_to_the_newest_and_pictures_wait_their_turn(
    pipe: tuple[Connection, Connection],
) -> None:
    ours, theirs = pipe
    outbox = Outbox(ours)
    outbox.post(Topic.LAYERS, LARGE)
    assert theirs.poll(10)  # it is being sent, and nobody reads on
    for number in range(100):
        outbox.post(Topic.PICTURE, b"picture %d" % number)
        outbox.post(Topic.SELECTION, b"selection %d" % number)
        outbox.post(Topic.LAYERS, b"layers %d" % number)
    received = [theirs.recv_bytes() for _message in range(103)]
    # pictures are asked for when the process knows what to draw, and each of them
    pictures = [b"picture %d" % number for number in range(100)]
    assert received == [LARGE, b"layers 99", b"selection 99", *pictures]
    outbox.close()
    assert not theirs.poll(0)


def test_an_outbox_ends_with_its_process_even_while_it_writes(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    threads = threading.active_count()
    outbox = Outbox(ours)
    outbox.post(Topic.LAYERS, LARGE)
    assert theirs.poll(10)
    theirs.close()
    outbox.close()
    assert threading.active_count() == threads


@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be held up there")
def test_a_window_does_not_wait_for_processes_that_do_not_read(qtbot: QtBot) -> None:
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.show()
    layer = coverage()
    canvas.set_layers([layer])
    qtbot.waitUntil(lambda: canvas.is_complete and len(canvas.process_ids) == 2, timeout=60_000)
    processes = canvas.process_ids
    for number in processes:
        os.kill(number, signal.SIGSTOP)
    # each round says more than the pipe takes: without an outbox the first rounds would never return
    for _round in range(20):
        canvas.set_layers([layer] * 500)
        canvas.set_selection({"cover": set(layer.uids)})
        canvas.set_selection({})
    canvas.close()
    for number in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert [thread for thread in threading.enumerate() if thread.name.startswith("zsgis-drawing")] == []


def test_layers_keep_their_rows_while_only_their_look_changes() -> None:
    from dataclasses import replace

    from ui.canvas.selected import SelectedRows

    layer, selected = coverage(), SelectedRows()
    selected.choose({"cover": {"cover-7", "cover-9"}, "gone": {"x"}})
    rows = selected.in_layers([layer])
    assert {layer.uids[row] for row in rows["cover"].tolist()} == {"cover-7", "cover-9"}
    assert selected.in_layers([replace(layer, opacity=0.5)])["cover"] is rows["cover"]
    selected.choose({"cover": {"cover-7"}})
    assert [layer.uids[row] for row in selected.in_layers([layer])["cover"].tolist()] == ["cover-7"]


def test_a_late_picture_of_another_view_does_not_take_the_place_of_this_one(qtbot: QtBot) -> None:
    picture = MapPicture()
    picture.set_layers([coverage()])
    picture.shut_down()
    before = MapView.fitting((0, 0, 2000, 2000), (300, 300), px_per_mm=4.0)
    now = before.panned(10, 0)
    picture.look_at(now)
    image = QImage(300, 300, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    # two processes draw at the same time: the one that was asked first answers last
    for job in (*TileGrid.fitting(now).tiles(now), now, before):
        what = ABOVE if isinstance(job, MapView) else GROUND
        picture.take_drawn(PictureKey(what, 1, job), image)
    assert picture.is_complete
