"""Edits handed to the window: on disk before they are told, kept while the file takes none, undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import AddFeature, ChangeFeature, Edit, EditRecord, RemoveFeature
from layers.errors import BlockedUndoError, InputError, ProjectFileError
from layers.store import Project
from layers.store.naming import quoted
from layers.store.uids import new_uid
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST, square
from zsgis.forms.history import head_words
from zsgis.rescued_edits import ProjectPlace, RescueFolder, read_edits
from zsgis.session import Change


class EditingDesk(Desk):
    """A window with the small project open, and what its editing told."""

    def begin(self, qtbot: QtBot, folder: Path) -> None:
        open_sample(self, qtbot, folder)
        self.qtbot = qtbot
        self.path = folder / "work.gpkg"
        self.parcels = layer_uid(self, "land_use")
        self.editing = self.bench.editing
        self.written: list[EditRecord] = []
        self.editing.written.connect(self.written.append)

    def rename(self, uid: str, name: str) -> Edit:
        return Edit("改名", (ChangeFeature(self.parcels, uid, values={"name": name}),))

    def submit(self, edit: Edit) -> None:
        count = len(self.written)
        self.editing.submit(edit)
        self.qtbot.waitUntil(lambda: len(self.written) > count, timeout=WAIT_MS)

    def turn(self, key: str) -> None:
        """Undo or redo by the window's command, and wait for what it does."""
        self.bench.actions[key].trigger()
        self.qtbot.waitUntil(self.idle, timeout=WAIT_MS)
        self.qtbot.wait(20)

    def name(self, uid: str = WEST) -> Any:
        return self.session.project.feature(self.parcels, uid)["name"]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs) -> Iterator[EditingDesk]:
    made = EditingDesk(tmp_path, prepared_dialogs)
    made.begin(qtbot, tmp_path)
    yield made
    made.close()


def test_an_edit_is_in_the_file_when_it_is_told(desk: EditingDesk) -> None:
    seen: list[str] = []

    def look(_record: EditRecord) -> None:
        with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as other:
            found = other.execute("SELECT name FROM 图斑 WHERE zs_uid = ?", (WEST,))
            seen.append(found.fetchone()[0])
        other.close()

    desk.editing.written.connect(look)
    version = desk.session.layer(desk.parcels).version
    changes: list[Change] = []
    desk.session.subscribe(changes.append)
    desk.submit(desk.rename(WEST, "甲"))
    assert seen == ["甲"]
    assert desk.session.layer(desk.parcels).version == version + 1
    assert changes[:2] == [Change.FEATURES, Change.SAVED]
    assert desk.session.last_record is desk.written[-1]


def test_edits_and_looks_are_taken_back_in_the_order_they_were_made(desk: EditingDesk) -> None:
    layer = desk.session.layer(desk.parcels)
    desk.submit(desk.rename(WEST, "甲"))
    desk.bench.edits.set_visible(desk.parcels, False)
    desk.submit(desk.rename(WEST, "乙"))

    def stands() -> tuple[Any, bool]:
        return desk.name(), desk.session.layer(desk.parcels).visible

    steps = [("乙", False), ("甲", False), ("甲", True), ("西地块", True)]
    assert stands() == steps[0]
    for expected in steps[1:]:
        desk.turn("undo")
        assert stands() == expected
    assert not desk.bench.actions["undo"].isEnabled()
    for expected in reversed(steps[:-1]):
        desk.turn("redo")
        assert stands() == expected
    assert not desk.bench.actions["redo"].isEnabled()
    assert layer.visible


def test_undo_goes_on_where_the_last_sitting_ended(desk: EditingDesk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.submit(desk.rename(WEST, "甲"))
    desk.submit(desk.rename(WEST, "乙"))
    desk.turn("undo")
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(desk.bench.actions["undo"].isEnabled, timeout=WAIT_MS)
    assert "改名" in desk.bench.actions["undo"].text()
    desk.bench.edits.set_visible(desk.parcels, False)
    desk.turn("undo")
    assert desk.session.layer(desk.parcels).visible
    desk.turn("undo")
    assert desk.name() == "西地块"
    desk.turn("redo")
    assert desk.name() == "甲"
    desk.turn("redo")
    assert desk.name() == "乙"
    desk.turn("redo")
    assert not desk.session.layer(desk.parcels).visible


def test_what_is_refused_is_said_and_leaves_everything_as_it_was(desk: EditingDesk) -> None:
    refused: list[Any] = []
    desk.editing.refused.connect(lambda edit, error: refused.append((edit, error)))
    wrong = Edit("改", (ChangeFeature(desk.parcels, WEST, values={"没有": 1}),))
    desk.editing.submit(wrong)
    desk.qtbot.waitUntil(lambda: bool(refused), timeout=WAIT_MS)
    assert refused[0][0].changes == wrong.changes
    assert isinstance(refused[0][1], InputError)
    assert desk.dialogs.errors == [refused[0][1]]
    assert desk.editing.waiting == ()
    desk.submit(desk.rename(WEST, "甲"))
    assert desk.name() == "甲"


def test_what_the_file_does_not_take_is_kept_in_order_and_written_on_retry(
    desk: EditingDesk, tmp_path: Path
) -> None:
    stuck: list[Any] = []
    desk.editing.stuck.connect(stuck.append)
    other = apsw.Connection(str(desk.path))
    other.execute("BEGIN EXCLUSIVE")
    desk.editing.submit(desk.rename(WEST, "甲"))
    desk.qtbot.waitUntil(lambda: bool(stuck), timeout=WAIT_MS)
    assert isinstance(stuck[-1], ProjectFileError)
    desk.editing.submit(desk.rename(EAST, "乙"))
    desk.qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert [task.edit.changes[0].zs_uid for task in desk.editing.waiting if task.edit] == [WEST, EAST]
    (kept,) = (tmp_path / "unsaved").iterdir()
    expected = [desk.rename(WEST, "甲").changes, desk.rename(EAST, "乙").changes]
    assert [edit.changes for edit in read_edits(kept)] == expected
    assert desk.written == []
    bar = desk.window.unsaved_bar
    assert bar.isVisible()
    assert bar.text.toolTip().startswith("2 ")
    other.execute("ROLLBACK")
    other.close()
    desk.qtbot.mouseClick(bar.button("retry"), Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(desk.written) == 2, timeout=WAIT_MS)
    desk.qtbot.waitUntil(lambda: stuck[-1] is None, timeout=WAIT_MS)
    assert (desk.name(), desk.name(EAST)) == ("甲", "乙")
    assert list((tmp_path / "unsaved").iterdir()) == []
    assert not bar.isVisible()


def test_what_waits_is_given_up_only_after_a_question(desk: EditingDesk, tmp_path: Path) -> None:
    other = apsw.Connection(str(desk.path))
    other.execute("BEGIN EXCLUSIVE")
    desk.editing.submit(desk.rename(WEST, "甲"))
    bar = desk.window.unsaved_bar
    desk.qtbot.waitUntil(bar.isVisible, timeout=WAIT_MS)
    desk.dialogs.verb = "stay"
    desk.qtbot.mouseClick(bar.button("drop"), Qt.MouseButton.LeftButton)
    assert len(desk.editing.waiting) == 1
    desk.dialogs.verb = "drop"
    desk.qtbot.mouseClick(bar.button("drop"), Qt.MouseButton.LeftButton)
    assert desk.editing.waiting == ()
    assert not bar.isVisible()
    assert list((tmp_path / "unsaved").iterdir()) == []
    other.execute("ROLLBACK")
    other.close()
    assert desk.name() == "西地块"


def test_edits_kept_from_a_program_that_died_are_written_when_the_project_is_opened(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    kept = [
        desk.rename(WEST, "救回"),
        Edit("画", (AddFeature(desk.parcels, square(300, 0), {"name": "新"}),)),
    ]
    RescueFolder(tmp_path / "unsaved").keep(place, kept)
    desk.written.clear()
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: len(desk.written) == 2, timeout=WAIT_MS)
    assert desk.name() == "救回"
    qtbot.waitUntil(lambda: list((tmp_path / "unsaved").iterdir()) == [], timeout=WAIT_MS)


def test_kept_edits_go_into_the_file_they_were_made_in_and_not_into_a_copy_of_it(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    """A file copied with a file manager has the same uid."""
    place = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    copy = tmp_path / "副本.gpkg"
    copy.write_bytes(desk.path.read_bytes())
    RescueFolder(tmp_path / "unsaved").keep(place, [desk.rename(WEST, "救回")])
    desk.open(qtbot, copy, 2)
    assert desk.session.project.uid == place.uid
    assert (desk.name(), desk.written) == ("西地块", [])
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: len(desk.written) == 1, timeout=WAIT_MS)
    assert desk.name() == "救回"


def test_kept_edits_follow_a_file_that_was_moved(desk: EditingDesk, tmp_path: Path, qtbot: QtBot) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    moved = desk.path.rename(tmp_path / "改名后.gpkg")
    RescueFolder(tmp_path / "unsaved").keep(place, [desk.rename(WEST, "救回")])
    desk.open(qtbot, moved, 2)
    qtbot.waitUntil(lambda: len(desk.written) == 1, timeout=WAIT_MS)
    assert desk.name() == "救回"
    qtbot.waitUntil(lambda: list((tmp_path / "unsaved").iterdir()) == [], timeout=WAIT_MS)


def test_kept_edits_of_a_drive_that_is_not_there_are_told_and_kept(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    here = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    there = replace(here, path=tmp_path / "U盘" / "work.gpkg")
    folder = RescueFolder(tmp_path / "unsaved")
    folder.keep(there, [desk.rename(WEST, "U盘上改的")])
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    (said,) = desk.dialogs.errors
    assert isinstance(said, InputError)
    assert said.where == str(there.path)
    assert desk.name() == "西地块"
    assert len(folder.kept(there)) == 1


def test_edits_kept_before_places_were_noted_are_taken_up(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    kept = RescueFolder(tmp_path / "unsaved").keep(place, [desk.rename(WEST, "救回")])
    assert kept is not None
    document = json.loads(kept.read_text("utf-8"))
    del document["place"]
    kept.unlink()
    kept.with_name(f"{place.uid}.json").write_text(json.dumps(document), "utf-8")
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: len(desk.written) == 1, timeout=WAIT_MS)
    assert desk.name() == "救回"


def test_a_kept_edit_that_can_no_longer_be_made_is_said_and_put_aside(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.submit(desk.rename(WEST, "别人改过"))
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    old = Edit("改名", (ChangeFeature(desk.parcels, WEST, values={"name": "旧"}, version=1),), uid=new_uid())
    RescueFolder(tmp_path / "unsaved").keep(place, [old])
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(list((tmp_path / "unsaved").glob("*.refused.json"))) == 1, timeout=WAIT_MS)
    (aside,) = (tmp_path / "unsaved").glob("*.refused.json")
    assert read_edits(aside) == (old,)
    (said,) = desk.dialogs.errors
    assert isinstance(said, InputError)
    assert said.where == str(aside)
    assert desk.name() == "别人改过"


def test_kept_edits_that_nobody_can_read_are_put_aside_and_hold_nothing_up(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.submit(desk.rename(WEST, "甲"))
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    (tmp_path / "unsaved").mkdir(exist_ok=True)
    (tmp_path / "unsaved" / f"{place.name}.json").write_text("{", "utf-8")
    desk.open(qtbot, desk.path, 2)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    (aside,) = (tmp_path / "unsaved").iterdir()
    assert aside.read_text("utf-8") == "{"
    (said,) = desk.dialogs.errors
    assert isinstance(said, InputError)
    assert said.where == str(aside)
    desk.turn("undo")
    assert desk.name() == "西地块"


def test_kept_edits_that_were_not_read_yet_are_never_written_over(
    desk: EditingDesk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ProjectPlace.of(desk.session.project)
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    folder = RescueFolder(tmp_path / "unsaved")
    earlier = replace(desk.rename(WEST, "上次"), uid=new_uid())
    folder.keep(place, [earlier])

    def fail(_project: Project) -> None:
        raise ProjectFileError("the share is gone")

    with monkeypatch.context() as broken:
        broken.setattr(Project, "undoable", fail)
        desk.open(qtbot, desk.path, 2)
        qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
        desk.editing.submit(desk.rename(EAST, "这次"))
        qtbot.waitUntil(desk.window.unsaved_bar.isVisible, timeout=WAIT_MS)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        assert [edit.changes[0].zs_uid for edit in folder.kept(place)] == [WEST, EAST]
    desk.editing.retry()
    qtbot.waitUntil(lambda: not desk.editing.waiting, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert folder.kept(place) == (earlier,)


def test_where_nothing_can_be_kept_either_the_edits_wait_and_are_tried_again(
    desk: EditingDesk, tmp_path: Path
) -> None:
    (tmp_path / "unsaved").write_text("no folder", "utf-8")
    other = apsw.Connection(str(desk.path))
    other.execute("BEGIN EXCLUSIVE")
    desk.editing.submit(desk.rename(WEST, "甲"))
    bar = desk.window.unsaved_bar
    desk.qtbot.waitUntil(bar.isVisible, timeout=WAIT_MS)
    assert isinstance(desk.editing.trouble, ProjectFileError)
    assert len(desk.dialogs.errors) == 1
    other.execute("ROLLBACK")
    other.close()
    (tmp_path / "unsaved").unlink()
    desk.qtbot.mouseClick(bar.button("retry"), Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(desk.written) == 1, timeout=WAIT_MS)
    assert desk.name() == "甲"


@pytest.mark.parametrize("remedy", ["", "go on below"])
def test_an_edit_that_another_program_overtook_is_passed_over_where_that_is_wanted(
    desk: EditingDesk, remedy: str
) -> None:
    desk.submit(desk.rename(EAST, "东改"))
    desk.submit(desk.rename(WEST, "西改"))
    with sqlite3.connect(desk.path) as other:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(name, 1, lambda _blob: 0)
        table = desk.session.project.layer(desk.parcels).table
        change = "UPDATE {table} SET name = '别的程序' WHERE zs_uid = ?"
        other.execute(change.format(table=quoted(table)), (WEST,))
    other.close()
    desk.dialogs.remedy = remedy
    desk.turn("undo")
    assert [isinstance(error, BlockedUndoError) for error in desk.dialogs.errors] == [True]
    assert desk.name() == "别的程序"
    desk.turn("undo")
    assert desk.name() == "别的程序"
    if remedy:
        assert desk.name(EAST) == "东地块"
        assert len(desk.dialogs.errors) == 1
        told = desk.session.project.edits(limit=2)[1]
        assert "跳过" in head_words(told)
        desk.turn("redo")
        assert desk.name(EAST) == "东改"
    else:
        assert desk.name(EAST) == "东改"


def test_edits_of_a_removed_layer_are_passed_over_by_undo(desk: EditingDesk) -> None:
    other = next(layer for layer in desk.session.layers if layer.uid != desk.parcels)
    desk.submit(desk.rename(WEST, "甲"))
    (state, *_rest) = desk.session.project.states(other.uid)
    desk.submit(Edit("改另一图层", (ChangeFeature(other.uid, state.zs_uid, values={"name": "乙"}),)))
    assert "改另一图层" in desk.bench.actions["undo"].text()
    desk.dialogs.verb = "remove"
    desk.bench.layers.remove(other.uid)
    desk.qtbot.waitUntil(lambda: "改名" in desk.bench.actions["undo"].text(), timeout=WAIT_MS)
    desk.turn("undo")
    assert desk.name() == "西地块"
    assert desk.dialogs.errors == []


def test_a_removed_feature_is_no_longer_selected(desk: EditingDesk) -> None:
    desk.session.select({desk.parcels: {WEST, EAST}})
    desk.submit(Edit("删除", (RemoveFeature(desk.parcels, WEST),)))
    assert desk.session.selection == {desk.parcels: frozenset({EAST})}
    assert desk.session.layer(desk.parcels).feature_count == 1


def test_a_project_for_reading_only_refuses_edits(desk: EditingDesk, qtbot: QtBot) -> None:
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    project = Project.open(desk.path, read_only=True)
    desk.session.open_project(project, project.layers(), None)
    desk.editing.submit(desk.rename(WEST, "甲"))
    assert not desk.editing.set_layer(desk.parcels)
    assert len(desk.dialogs.errors) == 2
    assert desk.name() == "西地块"
