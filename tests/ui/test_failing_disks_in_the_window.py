"""Disks that hang, run full or go away while one edits: the window answers, memory keeps, retry writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import pytest
from PyQt6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from benchmarks.watched_disk import DiskWatcher, watched_disk
from layers.edits import ChangeFeature, Edit
from layers.errors import ProjectFileError
from tests.layers.failing_disk import FailingDisk, Fault, HangingDisk, SmallDisk
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST
from ui.flows.silent_disk import SilentDisk
from zsgis.rescued_edits import read_edits


class FailingDesk(Desk):
    """A window whose project lies on a disk of the test's own."""

    def begin(self, qtbot: QtBot, folder: Path) -> None:
        open_sample(self, qtbot, folder)
        self.qtbot, self.folder, self.path = qtbot, folder, folder / "work.gpkg"
        self.parcels = layer_uid(self, "land_use")
        self.editing = self.bench.editing
        self.written: list[Any] = []
        self.editing.written.connect(self.written.append)

    def rename(self, uid: str, name: str) -> None:
        self.editing.submit(Edit("改名", (ChangeFeature(self.parcels, uid, values={"name": name}),)))

    def names_on_disk(self) -> list[str]:
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as other:
            found = [name for (name,) in other.execute("SELECT name FROM 图斑 ORDER BY fid")]
        other.close()
        return found

    def until(self, condition: Any) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def says(self) -> str:
        bar = self.window.unsaved_bar
        return str(bar.text.toolTip()) if bar.isVisible() else ""

    def kept(self) -> list[str]:
        files = (self.folder / "unsaved").glob("*.json")
        return [edit.changes[0].values["name"] for file in files for edit in read_edits(file)]


@contextmanager
def _window(disk: DiskWatcher, qtbot: QtBot, folder: Path, dialogs: PreparedDialogs) -> Iterator[FailingDesk]:
    with watched_disk(disk):
        desk = FailingDesk(folder, dialogs)
        try:
            desk.begin(qtbot, folder)
            yield desk
        finally:
            desk.close()


def test_while_a_share_hangs_the_window_goes_on_and_says_so(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    disk = HangingDisk()
    with _window(disk, qtbot, tmp_path, prepared_dialogs) as desk:
        watch = next(part for part in desk.bench.extensions if isinstance(part, SilentDisk))
        watch.timer.setInterval(50)
        disk.hang()
        try:
            desk.rename(WEST, "甲")
            assert disk.asked.wait(20)
            beats: list[int] = []
            beat = QTimer()
            beat.timeout.connect(lambda: beats.append(1))
            beat.start(1)
            desk.until(lambda: "没有响应" in desk.says())
            desk.rename(EAST, "乙")
            desk.until(lambda: desk.kept() == ["甲", "乙"])
            # map, table and commands are served while the writing thread stands still
            count = len(beats)
            desk.window.canvas.zoom_by_steps(2)
            desk.session.select({desk.parcels: {WEST}})
            desk.until(lambda: len(beats) > count + 20)
            assert len(desk.editing.waiting) == 2
            assert desk.written == []
        finally:
            disk.answers.set()
        desk.until(lambda: len(desk.written) == 2)
        desk.until(lambda: desk.kept() == [] and desk.says() == "")
        assert desk.names_on_disk() == ["甲", "乙"]


def _lose(disk: FailingDisk) -> None:
    disk.fail(1, Fault(apsw.IOError, lasting=True))


def test_a_lost_share_keeps_the_edits_and_takes_them_when_it_is_back(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    disk = FailingDisk()
    with _window(disk, qtbot, tmp_path, prepared_dialogs) as desk:
        _lose(disk)
        desk.rename(WEST, "甲")
        desk.until(lambda: isinstance(desk.editing.trouble, ProjectFileError))
        desk.rename(EAST, "乙")
        desk.until(lambda: desk.kept() == ["甲", "乙"])
        assert "2" in desk.says()
        disk.repair()
        assert desk.names_on_disk() == ["西地块", "东地块"]
        desk.editing.retry()
        desk.until(lambda: len(desk.written) == 2)
        desk.until(lambda: desk.kept() == [] and desk.says() == "")
        assert desk.names_on_disk() == ["甲", "乙"]


def test_closing_a_window_whose_disk_is_full_asks_and_leaves_the_edits_for_the_next_time(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    disk = SmallDisk()
    with _window(disk, qtbot, tmp_path, prepared_dialogs) as desk:
        disk.leave(0)
        desk.rename(WEST, "甲")
        desk.until(lambda: desk.kept() == ["甲"])
        prepared_dialogs.verb = "stay"
        desk.window.close()
        assert desk.window.isVisible()
        assert any("磁盘已满" in asked for asked in prepared_dialogs.asked)
        prepared_dialogs.verb = "stop"
        desk.window.close()
        assert not desk.window.isVisible()
        assert desk.kept() == ["甲"]
        assert desk.names_on_disk() == ["西地块", "东地块"]
    disk.leave(None)
    with _again(qtbot, tmp_path, prepared_dialogs) as desk:
        desk.until(lambda: desk.names_on_disk() == ["甲", "东地块"])
        desk.until(lambda: desk.kept() == [])


@contextmanager
def _again(qtbot: QtBot, folder: Path, dialogs: PreparedDialogs) -> Iterator[FailingDesk]:
    """Open the project of :func:`_window` a second time, as the next morning."""
    desk = FailingDesk(folder, dialogs)
    desk.folder, desk.path, desk.qtbot = folder, folder / "work.gpkg", qtbot
    try:
        desk.open(qtbot, desk.path, 2)
        yield desk
    finally:
        desk.close()


@pytest.mark.parametrize("done", [False, True], ids=["lost before", "lost after"])
def test_an_answer_that_is_lost_at_the_last_moment_makes_no_second_edit(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, done: bool
) -> None:
    disk = _LastMoment(done)
    with _window(disk, qtbot, tmp_path, prepared_dialogs) as desk:
        project = desk.session.project
        disk.armed = True
        desk.rename(WEST, "甲")
        desk.until(lambda: desk.editing.trouble is not None)
        disk.armed = disk.lost = False
        desk.editing.retry()
        desk.until(lambda: len(desk.written) == 1)
        assert desk.names_on_disk()[0] == "甲"
        assert len(project.edits()) == 1
        assert project.history(desk.parcels, WEST)[-1].state.version == 2


def test_a_project_that_cannot_be_written_is_shown_and_the_reason_said(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _window(FailingDisk(), qtbot, tmp_path, prepared_dialogs):
        pass
    why = "您没有写入此文件所在文件夹的权限。"
    # a superuser may write anywhere, so what the system says is given here
    monkeypatch.setattr("layers.store.database.why_unwritable", lambda _path: why)
    with _again(qtbot, tmp_path, prepared_dialogs) as desk:
        assert len(desk.window.canvas.layers) == 2
        assert desk.session.project.read_only
        assert why in desk.window.status.jobs.notice_text()


def test_a_share_that_is_lost_right_after_the_edit_neither_forgets_nor_repeats_it(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    disk = _JustAfter()
    with _window(disk, qtbot, tmp_path, prepared_dialogs) as desk:
        desk.rename(WEST, "甲")
        desk.rename(WEST, "乙")
        desk.until(lambda: len(desk.written) == 2)
        desk.until(desk.idle)
        disk.armed = True
        desk.editing.undo()
        desk.until(lambda: desk.editing.trouble is not None)
        assert desk.names_on_disk()[0] == "甲"
        assert len(desk.written) == 2
        disk.armed = disk.lost = False
        desk.editing.retry()
        desk.until(lambda: len(desk.written) == 3)
        # undone once, and the window knows
        assert desk.names_on_disk()[0] == "甲"
        assert desk.session.layer(desk.parcels).version == desk.written[-1].layer_versions[desk.parcels]
        desk.until(lambda: desk.editing.waiting == ())


class _JustAfter(FailingDisk):
    """A share that is lost once an edit is on it: nothing can be read any more."""

    def __init__(self) -> None:
        super().__init__()
        self.armed = self.lost = False
        self._deleted = False

    def around(self, call: Any, happen: Any) -> Any:
        if self.lost and call.kind not in ("close", "unlock"):
            raise apsw.IOError
        result = happen()
        if self.armed:
            self._deleted = self._deleted or call.kind == "delete"
            self.lost = self._deleted and call.kind == "unlock"
        return result


class _LastMoment(FailingDisk):
    """A share that is lost while the rollback journal is deleted: before it is, or after."""

    def __init__(self, done: bool) -> None:
        super().__init__()
        self._done = done
        self.armed = self.lost = False

    def around(self, call: Any, happen: Any) -> Any:
        if self.armed and not self.lost and call.kind == "delete" and call.of_journal:
            self.lost = True
            if self._done:
                happen()
            raise apsw.IOError
        if self.lost and call.kind not in ("close", "unlock"):
            raise apsw.IOError
        return happen()
