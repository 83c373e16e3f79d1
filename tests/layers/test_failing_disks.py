"""Disks that are full, gone or read-only: a sentence, nothing changed, and the same edit taken on retry."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
import shapely
from failing_disk import FailingDisk, Fault, HangingDisk, SmallDisk
from store_samples import add_parcels, new_project, square

from benchmarks.journal_witness import disagreements, edit_uids
from benchmarks.project_witness import Witness
from benchmarks.watched_disk import watched_disk
from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from layers.errors import ProjectFileError
from layers.store import Project
from layers.store.failures import UnsettledError
from layers.store.uids import new_uid

FULL = Fault(apsw.FullError, lasting=True)
LOST_SHARE = Fault(apsw.IOError, lasting=True)
LOST_ANSWER = Fault(apsw.IOError, lasting=True, done=True)
# with how many calls there are from one that fails to the next that is tried
FAULTS = {
    "full disk": (FULL, 3),
    "no room for one call": (Fault(apsw.FullError), 4),
    "one error": (Fault(apsw.IOError), 3),
    "one answer lost": (Fault(apsw.IOError, done=True), 1),
    "lost share": (LOST_SHARE, 2),
    "share lost with an answer": (LOST_ANSWER, 1),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a project of twenty parcels, one of which was edited."""
    with new_project(tmp_path, "原.gpkg") as project:
        uid = add_parcels(project, 20).uid
        first = project.states(uid)[0].zs_uid
        project.apply(Edit("改名", (ChangeFeature(uid, first, values={"name": "改过"}),)))
    return tmp_path / "原.gpkg"


def _layer(project: Project) -> str:
    return project.layer("土地利用现状图斑").uid


def _edit(project: Project) -> Edit:
    """Return an edit that splits one parcel, removes another and says what a third is called."""
    uid = _layer(project)
    first, second, third = (state.zs_uid for state in project.states(uid)[:3])
    changes = (
        ChangeFeature(uid, first, square(0, 50)),
        AddFeature(uid, square(1, 50), {"name": "新"}, new_uid(), (first,)),
        RemoveFeature(uid, second),
        ChangeFeature(uid, third, values={"name": "三"}),
    )
    return Edit("分割", changes, uid=new_uid())


def _look(file: Path) -> tuple[object, list[str]]:
    """Return what the file holds, once it was found in order, and its edits."""
    with Witness(file) as witness:
        assert witness.damages() == []
        assert disagreements(witness) == []
        return witness.features(), edit_uids(witness)


def _each_call(base: Path, fault: Fault, stride: int) -> Iterator[tuple[FailingDisk, Project, Edit]]:
    """Open copies of a project; the disk fails at the first call, ``stride`` calls later, and so on."""
    file = base.with_name("工程.gpkg")
    disk = FailingDisk()
    with watched_disk(disk):
        for number in range(1, 1000, stride):
            shutil.copy(base, file)
            with Project.open(file) as project:
                edit = _edit(project)
                project.layers()
                disk.fail(number, fault)
                yield disk, project, edit
                disk.repair()
                if not disk.has_failed:
                    break


@pytest.mark.parametrize(("fault", "stride"), FAULTS.values(), ids=FAULTS)
def test_wherever_the_disk_fails_an_edit_is_whole_or_not_there_and_is_taken_once_on_retry(
    base: Path, fault: Fault, stride: int
) -> None:
    before, edits_before = _look(base)
    file = base.with_name("工程.gpkg")
    taken = refused = 0
    for disk, project, edit in _each_call(base, fault, stride):
        error: ProjectFileError | None = None
        try:
            project.apply(edit)
        except ProjectFileError as caught:
            error = caught
            assert error.what
            assert error.remedy
        disk.repair()
        project.layers()
        now, edits = _look(file)
        arrived = edits == [*edits_before, edit.uid]
        assert arrived or (now, edits) == (before, edits_before)
        # what was acknowledged is there; what was said not to have changed anything has not
        assert arrived == (error is None) or isinstance(error, UnsettledError)
        record = project.apply(edit)
        assert record.head.uid == edit.uid
        assert len(record.changes) == 4
        after, edits = _look(file)
        assert edits == [*edits_before, edit.uid]
        assert after != before
        project.undo()
        assert _look(file)[0] == before
        taken, refused = taken + arrived, refused + (error is not None)
    assert refused > 10
    assert taken >= 1


@pytest.mark.parametrize("fault", [LOST_SHARE, LOST_ANSWER], ids=["before", "after"])
def test_wherever_the_disk_fails_undoing_is_done_once(base: Path, fault: Fault) -> None:
    with Project.open(base) as project:
        whole = _edit(project)
        project.apply(whole)
    before, edits_before = _look(base)
    file = base.with_name("工程.gpkg")
    for disk, project, _edit_again in _each_call(base, fault, 3):
        try:
            project.undo()
            told = True
        except ProjectFileError:
            told = False
        disk.repair()
        if not told:
            record = project.undo()
            assert record is not None
            assert record.head.of == whole.uid
        after, edits = _look(file)
        assert after != before
        assert len(edits) == len(edits_before) + 1
        undoable = project.undoable()
        assert undoable is not None
        assert undoable.title == "改名"


def _fill(project: Project, corners: int = 2000) -> Edit:
    ring = shapely.Point(436_000, 2_491_000).buffer(100, quad_segs=corners // 4)
    return Edit("画", (AddFeature(_layer(project), ring, {"name": "大"}),), uid=new_uid())


@pytest.fixture
def small_folder(tmp_path: Path) -> Iterator[Path | None]:
    """Return a folder on a disk of 1.5 MB; None where none may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    mounted = (
        shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    yield place if mounted else None
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_refuses_and_takes_the_edit_when_there_is_room(
    base: Path, small_folder: Path | None, english: None
) -> None:
    disk = SmallDisk()
    folder = small_folder or base.parent / "small"
    file = Path(shutil.copy(base, folder / "工程.gpkg"))
    ballast = folder / "ballast"
    with watched_disk(disk), Project.open(file) as project:
        if small_folder is None:
            disk.leave(400_000)
        else:
            ballast.write_bytes(bytes(500_000))
        error: ProjectFileError | None = None
        while error is None:
            edit, before = _fill(project), _look(file)
            try:
                project.apply(edit)
            except ProjectFileError as caught:
                error = caught
        assert error.what == "The disk is full; nothing was changed."
        assert "Free some space" in error.remedy
        assert _look(file) == before
        assert len(before[1]) > 2
        disk.leave(None)
        ballast.unlink(missing_ok=True)
        assert project.apply(edit).head.uid == edit.uid
        assert _look(file)[1] == [*before[1], edit.uid]
        project.undo()
        assert _look(file)[0] == before[0]


def test_a_share_that_runs_full_while_the_edit_is_confirmed_keeps_what_was(base: Path) -> None:
    disk = SmallDisk()
    before = _look(base)
    with watched_disk(disk), Project.open(base) as project:
        edit = _edit(project)
        # room for the rollback journal, none for the last pages of the file itself
        for room in range(40_000, 70_000, 2_000):
            disk.leave(room)
            with pytest.raises(ProjectFileError):
                project.apply(edit)
            assert _look(base) == before
        disk.leave(None)
        project.apply(edit)


def test_what_was_foretold_is_not_in_the_file_where_the_disk_refuses_to_confirm_it(base: Path) -> None:
    before = _look(base)
    disk = FailingDisk()
    told: list[object] = []

    def foretold(record: object) -> None:
        told.append(record)
        disk.fail(1, FULL)

    with watched_disk(disk), Project.open(base) as project:
        edit = _edit(project)
        with pytest.raises(ProjectFileError):
            project.apply(edit, None, foretold)
        disk.repair()
        assert _look(base) == before
        record = project.apply(edit, None, told.append)
    assert told[1] is record
    assert told[0] is not record
    assert _look(base) != before


def test_a_file_that_was_removed_is_told_and_nothing_goes_into_the_dark(base: Path, english: None) -> None:
    with Project.open(base) as project:
        base.unlink()
        with pytest.raises(ProjectFileError, match="moved, deleted or replaced") as caught:
            project.apply(_edit(project))
        assert caught.value.where == str(base)
        # what was read before can still be saved elsewhere
        assert len(project.read(_layer(project))) == 20
    assert not base.exists()


def test_a_file_that_is_put_back_takes_the_edit(base: Path) -> None:
    away = base.with_name("别处.gpkg")
    with Project.open(base) as project:
        edit = _edit(project)
        base.rename(away)
        with pytest.raises(ProjectFileError, match="移动、删除或替换"):
            project.apply(edit)
        away.rename(base)
        project.apply(edit)
    assert edit.uid in _look(base)[1]


def test_a_file_put_in_its_place_is_not_touched(base: Path) -> None:
    other = Path(shutil.copy(base, base.with_name("别的.gpkg")))
    content = other.read_bytes()
    with Project.open(base) as project:
        edit = _edit(project)
        other.replace(base)
        with pytest.raises(ProjectFileError, match="移动、删除或替换"):
            project.apply(edit)
    assert base.read_bytes() == content
    assert sorted(each.name for each in base.parent.iterdir() if each.is_file()) == [base.name]


_HOLD = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2].split(";"):
    c.execute(statement).fetchone()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("held", ["BEGIN EXCLUSIVE", "BEGIN;SELECT count(*) FROM zs_layers"])
def test_a_lock_that_lasts_longer_than_patience_is_told_and_the_edit_taken_later(
    base: Path, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.store.database._WAIT_MS", 200)
    before = _look(base)
    with Project.open(base) as project:
        edit = _edit(project)
        other = subprocess.Popen(
            [sys.executable, "-c", _HOLD, base, held],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        # a reader stands in the way of the confirmation, a writer in the way of the beginning
        with pytest.raises(ProjectFileError, match="另一个程序"):
            project.apply(edit)
        other.communicate("")
        assert _look(base) == before
        project.apply(edit)
    assert edit.uid in _look(base)[1]


def test_a_share_that_does_not_answer_keeps_only_the_writing_thread(base: Path) -> None:
    disk = HangingDisk()
    with watched_disk(disk), Project.open(base) as project:
        edit = _edit(project)
        disk.hang()
        writing = threading.Thread(target=project.apply, args=(edit,))
        writing.start()
        assert disk.asked.wait(20)
        assert writing.is_alive()
        disk.answers.set()
        writing.join(20)
    assert edit.uid in _look(base)[1]


def test_a_lost_share_is_told_when_reading_too(base: Path, english: None) -> None:
    disk = FailingDisk()
    with watched_disk(disk), Project.open(base) as project:
        disk.fail(1, LOST_SHARE)
        with pytest.raises(ProjectFileError, match="could not be read or written"):
            project.read(_layer(project))
        with pytest.raises(ProjectFileError):
            Project.open(base)
        disk.repair()
        assert len(project.read(_layer(project))) == 20


_DIE_IN_THE_MIDDLE = """
import os, signal, sys
sys.path[:0] = sys.argv[2:4]
from benchmarks.watched_disk import CallKind, watched_disk
from layers.store import Project
from test_failing_disks import _edit

class Die:
    armed = False
    def around(self, call, happen):
        happened = happen()
        if self.armed and call.kind is CallKind.WRITE and not call.of_journal:
            os.kill(os.getpid(), signal.SIGKILL)
        return happened

disk = Die()
with watched_disk(disk), Project.open(sys.argv[1]) as project:
    edit = _edit(project)
    disk.armed = True
    project.apply(edit)
"""


@pytest.fixture
def half_way(base: Path) -> Path:
    """Return a project whose program died after the first page of an edit had been written."""
    here = Path(__file__).resolve()
    command = [sys.executable, "-c", _DIE_IN_THE_MIDDLE, str(base), str(here.parents[2]), str(here.parent)]
    subprocess.run(command, check=False, capture_output=True)
    assert base.with_name(base.name + "-journal").exists()
    return base


def test_a_project_left_half_way_is_set_right_by_whoever_opens_it_to_read(half_way: Path) -> None:
    with Project.open(half_way, read_only=True) as project:
        assert project.read_only
        assert len(project.read(_layer(project))) == 20
    assert len(_look(half_way)[1]) == 1


_AS_NOBODY = """
import os, pathlib, sys, tempfile
from layers.errors import ProjectFileError
from layers.store import Project
from layers.words import use_language
use_language("en")
# everything is imported while this is still root: others may not be allowed to read the interpreter
with tempfile.TemporaryDirectory() as folder, Project.create(pathlib.Path(folder) / "a.gpkg", 4547) as made:
    made.close()
    Project.open(made.path, read_only=True).close()
os.setgid(65534)
os.setuid(65534)
try:
    with Project.open(sys.argv[1]) as project:
        print(project.read_only, project.why_read_only)
except ProjectFileError as error:
    print(error)
"""


def _as_nobody(file: Path, open_folder: Path) -> str:
    for each in file.parent.glob(f"{file.name}*"):
        shutil.copy(each, open_folder)  # with its mode
    said = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, open_folder / file.name],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


needs_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root to act as another user"
)


@needs_root
def test_a_read_only_folder_says_why_the_project_is_only_read(base: Path, open_folder: Path) -> None:
    base.chmod(0o666)
    assert _as_nobody(base, open_folder) == "True You may not write to the folder that the file lies in."
    base.chmod(0o444)
    assert _as_nobody(base, open_folder) == "True You may not write to this file."


@needs_root
def test_a_project_left_half_way_in_a_read_only_folder_says_what_to_copy(
    half_way: Path, open_folder: Path
) -> None:
    said = _as_nobody(half_way, open_folder)
    assert "left in the middle of a change" in said
    assert "-journal" in said


def test_text_that_is_none_is_damage_and_no_crash(base: Path) -> None:
    file = base.read_bytes()
    base.write_bytes(file.replace("土地利用现状图斑".encode(), b"\x84" * len("土地利用现状图斑".encode())))
    with pytest.raises(ProjectFileError, match="损坏"), Project.open(base) as project:
        project.layers()
