"""A copy comes in once: the project remembers it, whatever became of the note in the copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
import typer
from typer.testing import CliRunner

from benchmarks.merge_histories import uid_of, world
from layers.edits import Author, ChangeFeature, Edit
from layers.errors import InputError
from layers.progress import NoProgress
from layers.store import Project
from layers.store.functions import register_functions
from layers.store.naming import quoted
from layers.store.owner_lock import OwnerLock
from layers.store.working_copies import read_origin
from tests.zsgis.merging.scenes import MINE, edit_file, make_base, make_copy
from zsgis.commands.merge_command import add_merge_command
from zsgis.merging.sitting import MergeFiles, Sitting, begin, finish
from zsgis.sharing.opening import open_to_write

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def renamed(layer: str, name: str, number: int = 0) -> Edit:
    return Edit("改名", (ChangeFeature(layer, uid_of(number), values={"name": name}),))


@pytest.fixture
def files(tmp_path: Path) -> tuple[MergeFiles, str]:
    """A working copy in which parcel 0 got another name."""
    layer = make_base(tmp_path / "工程.gpkg", world(3, 2))
    made = make_copy(tmp_path / "工程.gpkg", tmp_path / "copies")
    edit_file(made.mine, MINE, renamed(layer.uid, "外业"))
    return made, layer.uid


@contextmanager
def sat_down(files: MergeFiles, project: Project, folder: Path) -> Iterator[Sitting]:
    sitting = begin(files, project, folder / "kept", NoProgress())
    try:
        yield sitting
    finally:
        sitting.close()


def merge_in(files: MergeFiles, folder: Path) -> None:
    """Bring the copy in, without the note in it."""
    with Project.open(files.theirs) as project, sat_down(files, project, folder) as sitting:
        sitting.write({}, NoProgress())


def name_of(path: Path, layer: str, number: int = 0) -> object:
    with Project.open(path, read_only=True) as project:
        return project.states(layer, [uid_of(number)])[0].values["name"]


def refused(files: MergeFiles, folder: Path) -> InputError:
    with Project.open(files.theirs) as project, pytest.raises(InputError) as caught:
        begin(files, project, folder / "kept", NoProgress())
    return caught.value


def test_a_copy_without_its_note_does_not_turn_round_what_was_decided_since(
    files: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    made, layer = files
    before = name_of(made.theirs, layer)
    merge_in(made, tmp_path)
    edit_file(made.theirs, Author("主任", "办公室"), renamed(layer, str(before)))
    assert "早已并入" in str(refused(made, tmp_path).what)
    assert name_of(made.theirs, layer) == before


def test_a_copy_that_went_on_after_it_came_in_is_refused_too(
    files: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    made, layer = files
    merge_in(made, tmp_path)
    edit_file(made.mine, MINE, renamed(layer, "又改", 1))
    assert refused(made, tmp_path).remedy


def test_what_another_program_wrote_into_a_copy_comes_in_once(tmp_path: Path) -> None:
    layer = make_base(tmp_path / "工程.gpkg", world(3, 2)).uid
    made = make_copy(tmp_path / "工程.gpkg", tmp_path / "copies")
    connection = apsw.Connection(str(made.mine))
    register_functions(connection)
    ((table,),) = connection.execute("SELECT table_name FROM zs_layers")
    change = "UPDATE {table} SET name = '外' WHERE zs_uid = ?"
    connection.execute(change.format(table=quoted(table)), (uid_of(0),))
    connection.close()
    merge_in(made, tmp_path)
    assert name_of(made.theirs, layer) == "外"
    refused(made, tmp_path)


def test_a_merge_that_was_undone_may_be_made_again_and_one_that_was_redone_not(
    files: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    made, _layer = files
    merge_in(made, tmp_path)
    with Project.open(made.theirs) as project:
        project.undo()
        with sat_down(made, project, tmp_path) as sitting:
            assert [one.zs_uid for one in sitting.plan.merged] == [uid_of(0)]
        project.redo()
    refused(made, tmp_path)


def test_work_that_began_where_the_copy_came_in_is_new(files: tuple[MergeFiles, str], tmp_path: Path) -> None:
    """The state in which the copy came in, kept aside, is a base for what was done in it afterwards."""
    made, layer = files
    merge_in(made, tmp_path)
    base = tmp_path / "then.gpkg"
    base.write_bytes(made.mine.read_bytes())
    edit_file(made.mine, MINE, renamed(layer, "又改", 1))
    later = MergeFiles(base, made.mine, made.theirs)
    merge_in(later, tmp_path)
    assert name_of(made.theirs, layer, 1) == "又改"
    refused(later, tmp_path)


def test_another_copy_of_the_same_base_comes_in(files: tuple[MergeFiles, str], tmp_path: Path) -> None:
    made, layer = files
    other = make_copy(made.theirs, tmp_path / "others")
    edit_file(other.mine, Author("王五", "外业-2"), renamed(layer, "西区", 1))
    merge_in(made, tmp_path)
    merge_in(other, tmp_path)
    assert (name_of(made.theirs, layer), name_of(made.theirs, layer, 1)) == ("外业", "西区")


def test_the_command_merges_explicit_files_once(files: tuple[MergeFiles, str], tmp_path: Path) -> None:
    made, _layer = files
    first, second = tmp_path / "一.gpkg", tmp_path / "二.gpkg"
    run = CliRunner().invoke
    app = typer.Typer()
    app.callback()(lambda: None)
    add_merge_command(app)
    paths = [str(made.base), str(made.mine)]
    assert run(app, ["merge", *paths, str(made.theirs), "-o", str(first)]).exit_code == 0
    again = run(app, ["merge", *paths, str(first), "-o", str(second)])
    assert again.exit_code != 0
    assert not second.exists()
    # theirs did not take it in: it may be merged with it as often as one likes
    assert run(app, ["merge", *paths, str(made.theirs), "-o", str(second)]).exit_code == 0


def test_a_copy_that_somebody_has_open_is_left_and_told(
    files: tuple[MergeFiles, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _layer = files
    monkeypatch.setattr("zsgis.sharing.opening._OWN_CLOSING_S", 0.0)
    lock = OwnerLock(made.mine, "another window")
    assert lock.take()
    try:
        with Project.open(made.theirs) as project, sat_down(made, project, tmp_path) as sitting:
            sitting.write({}, NoProgress())
            why = finish(sitting, NOON, open_to_write)
    finally:
        lock.release()
    assert why is not None
    origin = read_origin(made.mine)
    assert origin is not None
    assert origin.handed_in is None
    refused(made, tmp_path)
