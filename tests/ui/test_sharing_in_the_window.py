"""A project that somebody else has, in the window: read, copied, waited for, lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import ChangeFeature, Edit
from layers.store import Project
from layers.store.owner_lock import Owner, lock_path, read_owner
from layers.store.owner_lock.model import create_lock
from layers.store.owner_lock.observing import steady_clock
from layers.store.schema import FORMAT_VERSION
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, WEST, make_project
from ui.flows.sharing import SharingFlows
from zsgis.rescued_edits import read_edits
from zsgis.sharing.guard import WorkGuard

pytestmark = pytest.mark.usefixtures("nothing_left")

_COLLEAGUE = """
import sys
from pathlib import Path
from layers.edits import ChangeFeature, Edit
from zsgis.sharing.opening import Opener
project = Opener(Path(sys.argv[1])).open()
land = next(layer for layer in project.layers() if layer.kind == "land_use")
print("open", flush=True)
for line in sys.stdin:
    project.apply(Edit("改名", (ChangeFeature(land.uid, sys.argv[2], values={"name": line.strip()}),)))
    print("written", flush=True)
project.close()
"""


class Colleague:
    """Another process that works in the project."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _COLLEAGUE, path, WEST],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "open\n"

    def rename(self, name: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "written\n"

    def end(self) -> None:
        self.process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_project(tmp_path / "共享.gpkg").close()
    return tmp_path / "共享.gpkg"


@pytest.fixture
def colleague(path: Path) -> Iterator[Colleague]:
    other = Colleague(path)
    yield other
    other.end()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, prepared_dialogs: PreparedDialogs) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    _flows(made).timer.setInterval(50)
    yield made
    made.close()


def _flows(desk: Desk) -> SharingFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, SharingFlows))


def _open(desk: Desk, qtbot: QtBot, path: Path, verb: str = "") -> None:
    desk.dialogs.verb = verb
    desk.bench.projects.open_path(path)
    qtbot.waitUntil(
        lambda: desk.session.project is not None and len(desk.window.canvas.layers) == 2, timeout=WAIT_MS
    )


def _said(desk: Desk) -> str:
    return str(desk.window.sharing_bar.text.toolTip())


def _press(desk: Desk, qtbot: QtBot, key: str) -> None:
    bar: Any = desk.window.sharing_bar
    qtbot.waitUntil(lambda: key in bar.verbs, timeout=WAIT_MS)
    qtbot.mouseClick(bar.button(key), Qt.MouseButton.LeftButton)


def _name(desk: Desk) -> str:
    return str(desk.session.project.feature(layer_uid(desk, "land_use"), WEST)["name"])


def test_whoever_opens_second_is_told_reads_along_and_edits_when_it_is_free(
    desk: Desk, qtbot: QtBot, path: Path, colleague: Colleague
) -> None:
    _open(desk, qtbot, path, "read")
    assert "正在编辑该工程" in desk.dialogs.asked[0]
    assert desk.session.project.read_only
    bar = desk.window.sharing_bar
    qtbot.waitUntil(lambda: bar.verbs == ("copy", "wait"), timeout=WAIT_MS)
    assert bar.isVisible()
    assert "正在编辑" in _said(desk)
    version = desk.session.layer(layer_uid(desk, "land_use")).version
    colleague.rename("同事改的")
    qtbot.waitUntil(lambda: bar.verbs == ("reload", "copy", "wait"), timeout=WAIT_MS)
    assert "已有更新" in _said(desk)
    _press(desk, qtbot, "reload")
    qtbot.waitUntil(lambda: bar.verbs == ("copy", "wait"), timeout=WAIT_MS)
    assert desk.session.layer(layer_uid(desk, "land_use")).version == version + 1
    assert _name(desk) == "同事改的"
    colleague.end()
    qtbot.waitUntil(lambda: bar.verbs == ("edit",), timeout=WAIT_MS)
    _press(desk, qtbot, "edit")
    qtbot.waitUntil(
        lambda: desk.session.project is not None and not desk.session.project.read_only, timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=WAIT_MS)
    owner = read_owner(lock_path(path))
    assert owner is not None
    assert owner.is_here


def test_a_working_copy_is_taken_from_what_another_has_and_can_be_handed_in(
    desk: Desk, qtbot: QtBot, path: Path, colleague: Colleague
) -> None:
    _open(desk, qtbot, path, "copy")
    copy = desk.session.project.path
    assert "工作副本" in copy.name
    assert not desk.session.project.read_only
    bar = desk.window.sharing_bar
    qtbot.waitUntil(lambda: bar.verbs == ("hand_in",), timeout=WAIT_MS)
    assert "“共享”的工作副本" in _said(desk)
    assert not lock_path(copy).samefile(lock_path(path))
    asked: list[Any] = []
    flows = _flows(desk)
    flows.hand_in_asked.disconnect()
    flows.hand_in_asked.connect(asked.append)
    _press(desk, qtbot, "hand_in")
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT_MS)
    assert (asked[0].mine, asked[0].theirs) == (copy, path)
    assert asked[0].base.is_file()
    desk.bench.actions["working_copies"].trigger()
    qtbot.waitUntil(lambda: flows.dialog is not None, timeout=WAIT_MS)
    dialog = flows.dialog
    assert dialog is not None
    assert dialog.rows.rows() == 1
    qtbot.mouseClick(dialog.hand_in_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(asked) == 2 and desk.idle(), timeout=WAIT_MS)


def test_whoever_waits_comes_in_when_the_other_has_gone(
    desk: Desk, qtbot: QtBot, path: Path, colleague: Colleague
) -> None:
    desk.dialogs.verb = "wait"
    desk.bench.projects.open_path(path)
    qtbot.waitUntil(
        lambda: any("等待" in status.title for status in desk.bench.jobs.visible()), timeout=WAIT_MS
    )
    assert desk.session.project is None
    colleague.end()
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 2, timeout=WAIT_MS)
    assert not desk.session.project.read_only


def test_whoever_loses_the_project_goes_on_in_a_working_copy_with_what_was_not_saved(
    desk: Desk, qtbot: QtBot, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(desk, qtbot, path)
    land = layer_uid(desk, "land_use")
    project = desk.session.project
    lock_path(path).unlink()
    other = Owner.here("zsgis 1").model_copy(update={"machine_mark": "another", "name": "李四"})
    create_lock(lock_path(path), other)
    assert isinstance(project.guard, WorkGuard)
    # as after a computer's sleep: the next writing asks the lock first
    monkeypatch.setattr(project.guard.lock, "_clock", lambda: steady_clock() + 60)
    desk.bench.editing.submit(Edit("改名", (ChangeFeature(land, WEST, values={"name": "没存上"}),)))
    qtbot.waitUntil(lambda: desk.window.sharing_bar.verbs == ("rescue",), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.bench.editing.trouble is not None, timeout=WAIT_MS)
    assert "李四" in _said(desk)
    assert "只读" in desk.window.project_name.toolTip()
    assert _name(desk) == "西地块"
    _press(desk, qtbot, "rescue")
    qtbot.waitUntil(lambda: "工作副本" in desk.session.project.path.name and desk.idle(), timeout=WAIT_MS)
    assert _name(desk) == "没存上"
    assert desk.bench.editing.waiting == ()
    with Project.open(path, read_only=True) as untouched:
        assert untouched.feature(land, WEST)["name"] == "西地块"
    assert read_owner(lock_path(path)) == other


def test_what_the_rescue_copy_refuses_is_kept_once_and_comes_in_nowhere_twice(
    desk: Desk, qtbot: QtBot, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(desk, qtbot, path)
    land = layer_uid(desk, "land_use")
    project = desk.session.project
    version = project.states(land, [WEST])[0].version
    refused = Edit("改名", (ChangeFeature(land, EAST, values={"name": "旧"}, version=version + 7),))
    # both wait behind another program before the right to write is lost
    busy = apsw.Connection(str(path))
    busy.execute("BEGIN EXCLUSIVE")
    desk.bench.editing.submit(Edit("改名", (ChangeFeature(land, WEST, values={"name": "没存上"}),)))
    desk.bench.editing.submit(refused)
    qtbot.waitUntil(lambda: desk.bench.editing.trouble is not None, timeout=WAIT_MS)
    assert len(desk.bench.editing.waiting) == 2
    lock_path(path).unlink()
    other = Owner.here("zsgis 1").model_copy(update={"machine_mark": "another", "name": "李四"})
    create_lock(lock_path(path), other)
    monkeypatch.setattr(project.guard.lock, "_clock", lambda: steady_clock() + 60)
    busy.execute("ROLLBACK")
    busy.close()
    desk.bench.editing.retry()
    qtbot.waitUntil(lambda: desk.window.sharing_bar.verbs == ("rescue",), timeout=WAIT_MS)
    assert len(desk.bench.editing.waiting) == 2
    _press(desk, qtbot, "rescue")
    qtbot.waitUntil(lambda: "工作副本" in desk.session.project.path.name and desk.idle(), timeout=WAIT_MS)
    assert _name(desk) == "没存上"
    assert desk.bench.editing.waiting == ()
    (aside,) = (tmp_path / "unsaved").iterdir()
    assert [change.zs_uid for change in read_edits(aside)[0].changes] == [EAST]
    # the project itself: free again, and nothing of it is written there behind the merge's back
    lock_path(path).unlink()
    desk.bench.projects.open_path(path)
    qtbot.waitUntil(lambda: desk.session.project.path == path and desk.idle(), timeout=WAIT_MS)
    assert _name(desk) == "西地块"


def test_a_newer_file_is_shown_with_a_word_about_it(desk: Desk, qtbot: QtBot, path: Path) -> None:
    with Project.open(path) as project:
        project.set_setting("project.format", FORMAT_VERSION + 1)
    before = path.read_bytes()
    _open(desk, qtbot, path)
    qtbot.waitUntil(lambda: "更新版本" in _said(desk), timeout=WAIT_MS)
    assert desk.session.project.read_only
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert path.read_bytes() == before
    assert not lock_path(path).exists()
