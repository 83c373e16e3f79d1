"""Several people and one project: who writes, what the others see, what happens when the right is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.edits import ChangeFeature, Edit
from layers.errors import InputError, JobCancelled, ProjectFileError
from layers.progress import NoProgress
from layers.store import Project
from layers.store.owner_lock import Owner, lock_path
from layers.store.owner_lock.model import create_lock
from layers.store.working_copies import read_origin, take_working_copy
from tests.ui.window_samples import make_project
from zsgis.backups.comparing import compare
from zsgis.backups.keeping import back_up_before, back_up_daily, now_here
from zsgis.backups.settings import BackupSettings, BackupSettingsStore
from zsgis.sharing.guard import WorkGuard
from zsgis.sharing.handing_in import hand_in_of, settle, working_copies_in
from zsgis.sharing.opening import Opener, ProjectInUseError, open_as_allowed, open_to_write
from zsgis.sharing.standing import Role, SharedProject

_WORK = """
import sys
from pathlib import Path
from layers.errors import InputError
from zsgis.sharing.opening import Opener, ProjectInUseError
try:
    project = Opener(Path(sys.argv[1])).open()
except ProjectInUseError as error:
    print("in use by", error.owner.pid, flush=True)
    sys.exit()
print("open", project.read_only, flush=True)
for line in sys.stdin:
    key, value = line.split()
    try:
        project.set_setting(key, int(value))
        print("written", flush=True)
    except InputError as error:
        print("refused", flush=True)
project.close()
"""


class Colleague:
    """Another process that works in the project."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WORK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.said = self.read()

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def write(self, key: str, value: int) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{key} {value}\n")
        self.process.stdin.flush()
        return self.read()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
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


def test_two_processes_never_both_write(path: Path, colleague: Colleague) -> None:
    assert colleague.said == "open False"
    with pytest.raises(ProjectInUseError, match="正在编辑") as caught:
        Opener(path).open()
    assert caught.value.owner is not None
    assert caught.value.owner.pid == colleague.process.pid
    with pytest.raises(InputError):
        open_to_write(path)
    third = Colleague(path)
    assert third.said == f"in use by {colleague.process.pid}"
    third.end()
    assert colleague.write("a", 1) == "written"
    with open_as_allowed(path) as reader:
        assert reader.read_only
        assert reader.setting("a") == 1
        with pytest.raises(ProjectFileError):
            reader.set_setting("a", 2)
    colleague.end()
    with Opener(path).open() as project:
        project.set_setting("a", 3)
    assert not lock_path(path).exists()


def test_a_colleague_who_was_stopped_keeps_the_project_and_goes_on(path: Path, colleague: Colleague) -> None:
    colleague.process.send_signal(signal.SIGSTOP)
    opener = Opener(path)
    for _attempt in range(3):
        with pytest.raises(ProjectInUseError):
            opener.open()
    colleague.process.send_signal(signal.SIGCONT)
    assert colleague.write("a", 1) == "written"


def test_after_a_colleague_was_killed_the_project_is_free_at_once(path: Path, colleague: Colleague) -> None:
    assert colleague.write("a", 1) == "written"
    colleague.process.kill()
    colleague.process.wait()
    assert lock_path(path).exists()
    with Opener(path).open() as project:
        assert not project.read_only
        assert project.setting("a") == 1
        project.set_setting("a", 2)


def test_a_reader_learns_what_is_new_and_that_the_project_is_free(path: Path, colleague: Colleague) -> None:
    with Project.open(path, read_only=True) as project:
        shared = SharedProject(project)
        state = shared.look()
        assert (state.role, state.updated) == (Role.READER, False)
        assert state.owner is not None
        assert state.owner.pid == colleague.process.pid
        colleague.write("a", 1)
        assert shared.look().updated
        shared.note_read()
        assert project.setting("a") == 1
        assert not shared.look().updated
        colleague.end()
        assert shared.look().role is Role.FREE


def test_whoever_waits_comes_in_when_the_other_has_gone(path: Path, colleague: Colleague) -> None:
    said: list[str] = []

    class Watching:
        def step(self, _share: float, text: str = "") -> None:
            said.append(text)
            if len(said) == 2:
                colleague.end()

    with Opener(path).wait(Watching(), sleep=lambda _seconds: None) as project:
        assert not project.read_only
    assert "正在等待" in said[0]

    class Impatient:
        def step(self, _share: float, _text: str = "") -> None:
            raise JobCancelled

    create_lock(lock_path(path), Owner.here("zsgis 1").model_copy(update={"machine_mark": "another"}))
    with pytest.raises(JobCancelled):
        Opener(path).wait(Impatient())


def test_who_is_taken_over_writes_nothing_more_and_keeps_the_edit(path: Path) -> None:
    project = Opener(path).open()
    layer = project.layers()[0]
    before = project.content_hash(layer.uid)
    lock_path(path).unlink()
    other = Owner.here("zsgis 1").model_copy(update={"machine_mark": "another", "name": "李四"})
    create_lock(lock_path(path), other)
    assert isinstance(project.guard, WorkGuard)
    project.guard.lock.beat()
    assert project.read_only
    edit = Edit("改名", (ChangeFeature(layer.uid, project.read(layer.uid).index[0], values={"name": "甲"}),))
    with pytest.raises(ProjectFileError, match="李四"):
        project.apply(edit)
    assert project.content_hash(layer.uid) == before
    state = SharedProject(project).look()
    assert state.role is Role.LOST
    assert "李四" in state.why_lost
    # what could not be written is made in a working copy
    copy = take_working_copy(project, path.parent / "我的", now_here())
    project.close()
    assert json.loads(lock_path(path).read_text(encoding="utf-8"))["name"] == "李四"
    with Project.open(copy) as mine:
        mine.apply(edit)
        assert mine.content_hash(layer.uid) != before


def test_a_project_that_is_closed_in_this_very_program_is_waited_for(path: Path) -> None:
    import threading

    first = Opener(path).open()
    threading.Timer(0.5, first.close).start()
    with Opener(path).open() as again:
        assert not again.read_only


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root to act as another user")
def test_a_folder_that_cannot_be_written_gives_reading_and_no_lock(path: Path, open_folder: Path) -> None:
    shared = shutil.copy(path, open_folder)
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, psutil\nimport geopandas, layers.classification\n"
            "import babel.messages.pofile\nimport zsgis.sharing.opening, zsgis.backups.keeping\n"
            "os.setgid(65534)\nos.setuid(65534)\n" + _WORK,
            shared,
        ],
        input="a 1\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n")[:2] == ["open True", "refused"]
    assert list(open_folder.iterdir()) == [Path(shared)]


def test_a_working_copy_comes_back_through_its_base(path: Path) -> None:
    with Opener(path).open() as project:
        copy = take_working_copy(project, path.parent / "我的", now_here())
        (known,) = working_copies_in(path.parent / "我的")
        assert known.path == copy
        hand_in = hand_in_of(copy, read_origin(copy))
        assert (hand_in.mine, hand_in.theirs) == (copy, path)
        assert hand_in.base.is_file()
        with pytest.raises(InputError, match="不是工作副本"):
            hand_in_of(path, read_origin(path))
    moved = path.rename(path.with_name("搬走了.gpkg"))
    with pytest.raises(InputError, match="不在原处"):
        hand_in_of(copy, read_origin(copy))
    moved.rename(path)
    with Project.open(copy) as mine:
        settle(mine)
    assert working_copies_in(path.parent / "我的")[0].origin.handed_in is not None
    with pytest.raises(InputError, match="已于"):
        hand_in_of(copy, read_origin(copy))


def test_a_copy_is_taken_before_what_touches_much_and_not_before_little(path: Path) -> None:
    settings = BackupSettings(rule={"many_features": 1})
    with Opener(path, lambda: settings).open() as project:
        parcels = next(layer for layer in project.layers() if layer.kind == "land_use")
        uids = list(project.read(parcels.uid).index)
        shelf = project.copies.shelf(settings.place)
        change = [ChangeFeature(parcels.uid, uid, values={"name": "甲"}) for uid in uids]
        project.apply(Edit("改一个", (change[0],)))
        assert shelf.copies() == ()
        project.apply(Edit("改两个", tuple(change)))
        project.remove_layer(parcels.uid)
        removed, changed = shelf.copies()
        assert (changed.reason, removed.reason) == ("改两个", f"移除图层“{parcels.name}”")
        assert removed.summary is not None
        assert {layer.name for layer in removed.summary.layers} == {"图斑", "平台"}
        with Project.open(changed.path, read_only=True) as before:
            assert list(before.read(parcels.uid)["name"]) == ["甲", "东地块"]
        # the same state is not copied twice
        assert back_up_before(project.copies, settings, "再来", None, NoProgress()) is not None
        assert back_up_before(project.copies, settings, "再来", None, NoProgress()) is None


def test_the_copy_of_the_day_is_taken_once_and_only_when_something_changed(path: Path) -> None:
    from datetime import timedelta

    today = now_here()
    settings = BackupSettings()
    with Opener(path).open() as project:

        def daily(days: int) -> object:
            return back_up_daily(
                project.copies, settings, NoProgress(), clock=lambda: today + timedelta(days=days)
            )

        assert daily(0) is not None
        project.set_setting("a", 1)
        assert daily(0) is None
        assert daily(1) is not None
        # looking at another place of the map is no work
        project.set_setting("window.view", [1, 2, 3, 4])
        assert daily(2) is None
        project.set_setting("a", 2)
        assert daily(3) is not None


def test_a_copy_is_compared_by_shape_and_value(path: Path) -> None:
    from layers.edits import AddFeature, RemoveFeature

    with Opener(path).open() as project:
        settings = BackupSettings()
        copy = back_up_daily(project.copies, settings, NoProgress())
        assert copy is not None
        assert all(layer.same for layer in compare(project, copy.path, NoProgress()))
        parcels = next(layer for layer in project.layers() if layer.kind == "land_use")
        platforms = next(layer for layer in project.layers() if layer.kind == "platforms")
        west, east = project.read(parcels.uid).index
        shape = project.feature(parcels.uid, west)["geometry"]
        project.apply(
            Edit(
                "改",
                (
                    ChangeFeature(parcels.uid, west, values={"name": "甲"}),
                    RemoveFeature(parcels.uid, east),
                    AddFeature(parcels.uid, shape),
                    AddFeature(parcels.uid, shape),
                ),
            )
        )
        project.remove_layer(platforms.uid)
        found = {layer.name: layer for layer in compare(project, copy.path, NoProgress())}
        land = found["图斑"]
        assert (land.in_copy, land.now, land.added, land.removed, land.changed) == (2, 3, 2, 1, 1)
        gone = found["平台"]
        assert (gone.in_copy, gone.now, gone.same) == (1, None, False)


def test_what_is_said_about_copies_is_kept_and_nonsense_is_as_usual(tmp_path: Path) -> None:
    store = BackupSettingsStore(tmp_path / "conf" / "backups.json")
    assert store.read() == BackupSettings()
    said = BackupSettings(folder=tmp_path, secret_allowed=True, rule={"risky_kept": 3, "unknown": 1})
    store.write(said)
    assert store.read() == said
    assert store.read().whole_rule.risky_kept == 3
    assert BackupSettings(rule={"risky_kept": -1}).whole_rule.risky_kept == 10
    (tmp_path / "conf" / "backups.json").write_text("{", encoding="utf-8")
    assert store.read() == BackupSettings()
