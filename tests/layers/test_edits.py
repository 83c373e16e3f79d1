"""Edits of features in the project file: on disk, in the journal, taken back to the last bit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.edits import AddFeature, ChangeFeature, Edit, EditKind, EditRecord, Keep, RemoveFeature
from layers.errors import BlockedUndoError, InputError, StaleEditError
from layers.kind import FieldType
from layers.store import LayerInfo, Project
from layers.store.column_writing import ColumnValues
from layers.store.uids import is_uid
from tests.layers.store_samples import X, Y, add_parcels, new_project, square

WIDE = shapely.box(X, Y, X + 50, Y + 400)
FAR = shapely.box(X + 1000, Y, X + 1100, Y + 100)
UNKNOWN = "00000000-0000-7000-8000-000000000000"


class Desk:
    """A project with one layer of three squares."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.uid = add_parcels(project).uid
        self.features = [str(uid) for uid in project.read(self.uid, columns=[]).index]

    @property
    def info(self) -> LayerInfo:
        return self.project.layer(self.uid)

    @property
    def content(self) -> str:
        return self.project.content_hash(self.uid)

    def change(self, number: int, geometry: Any = Keep.SHAPE, **values: Any) -> EditRecord:
        change = ChangeFeature(self.uid, self.features[number], geometry, values)
        return self.project.apply(Edit("改", (change,)))

    def add(self, geometry: Any = FAR, **values: Any) -> EditRecord:
        return self.project.apply(Edit("画", (AddFeature(self.uid, geometry, values),)))

    def remove(self, *numbers: int) -> EditRecord:
        removed = tuple(RemoveFeature(self.uid, self.features[number]) for number in numbers)
        return self.project.apply(Edit("删除", removed))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_project(tmp_path) as project:
        yield Desk(project)


def test_shape_and_values_change_and_are_taken_back_exactly(desk: Desk) -> None:
    before, info = desk.content, desk.info
    record = desk.change(1, WIDE, class_code="0701")
    (change,) = record.changes
    assert change.before is not None
    assert change.after is not None
    assert (change.before.values["class_code"], change.after.values["class_code"]) == ("0802", "0701")
    assert (change.before.version, change.after.version) == (1, 2)
    changed = desk.project.read(desk.uid)
    assert shapely.equals_exact(changed.geometry[desk.features[1]], WIDE)
    assert changed.loc[desk.features[0], "class_code"] == "0802"
    assert record.layer_versions == {desk.uid: info.version + 1} == {desk.uid: desk.info.version}
    undone = desk.project.undo()
    assert undone is not None
    assert (undone.head.kind, undone.head.of) == (EditKind.UNDO, record.head.uid)
    assert desk.content == before
    assert desk.project.undo() is None
    assert desk.project.redo() is not None
    assert desk.project.redo() is None
    assert desk.content != before


def test_an_added_feature_comes_and_goes_with_everything_about_it(desk: Desk, tmp_path: Path) -> None:
    before = desk.content
    (change,) = desk.add(name="新地块").changes
    assert desk.info.feature_count == 4
    assert desk.info.bounds == (X, Y, X + 1100, Y + 100)
    assert desk.project.identify(desk.uid, X + 1050, Y + 50, 0.1) == [change.zs_uid]
    desk.project.undo()
    assert desk.content == before
    assert desk.info.feature_count == 3
    # the extent shrinks again: three squares of 100 m
    assert desk.info.bounds == (X, Y, X + 300, Y + 100)
    desk.project.redo()
    assert desk.project.feature(desk.uid, change.zs_uid)["name"] == "新地块"
    with sqlite3.connect(tmp_path / "工程.gpkg") as other:
        held = other.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE data_type = 'features'"
        )
        assert held.fetchone() == (X, Y, X + 1100, Y + 100)
    other.close()


def test_a_removed_feature_comes_back_under_its_identifiers(desk: Desk) -> None:
    before = desk.content
    fids = _fids(desk)
    desk.remove(0, 1, 2)
    assert (desk.info.feature_count, desk.info.bounds) == (0, None)
    desk.project.undo()
    assert desk.content == before
    assert _fids(desk) == fids
    assert desk.info.bounds == (X, Y, X + 300, Y + 100)


def test_what_was_taken_back_cannot_be_made_again_on_top_of_something_else(desk: Desk) -> None:
    desk.change(0, name="甲")
    desk.project.undo()
    assert desk.project.redoable() is not None
    desk.change(1, name="乙")
    assert desk.project.redoable() is None
    assert desk.project.redo() is None
    assert desk.project.feature(desk.uid, desk.features[0])["name"] == "图斑1"


def test_undo_goes_on_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    before = desk.content
    for number in range(3):
        desk.change(number, name=f"改{number}")
    desk.project.undo()
    desk.project.close()
    with Project.open(tmp_path / "工程.gpkg") as project:
        redoable = project.redoable()
        assert redoable is not None
        assert redoable.title == "改"
        while project.undo() is not None:
            pass
        assert project.content_hash(desk.uid) == before
        assert [project.redo() is not None for _ in range(4)] == [True, True, True, False]
        assert project.feature(desk.uid, desk.features[2])["name"] == "改2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {"no_such_field": "1"}},
        {"values": {"survey_area_m2": "viel"}},
        {"geometry": shapely.Point(X, Y)},
        {"version": 7},
        {"zs_uid": UNKNOWN},
        {"layer_uid": UNKNOWN},
    ],
)
def test_what_cannot_be_held_changes_nothing(desk: Desk, wrong: dict[str, Any]) -> None:
    before, entries, info = desk.content, desk.project.journal(), desk.info
    given = {"layer_uid": desk.uid, "zs_uid": desk.features[1], **wrong}
    changes = (
        ChangeFeature(desk.uid, desk.features[0], WIDE),
        AddFeature(desk.uid, FAR),
        ChangeFeature(**given),
    )
    with pytest.raises(InputError):
        desk.project.apply(Edit("改", changes))
    assert (desk.content, desk.project.journal(), desk.info) == (before, entries, info)
    assert desk.project.edits() == ()


def test_an_edit_thought_out_for_another_state_is_refused(desk: Desk) -> None:
    desk.change(0, name="先到")
    late = ChangeFeature(desk.uid, desk.features[0], values={"name": "后到"}, version=1)
    with pytest.raises(StaleEditError):
        desk.project.apply(Edit("改", (late,)))
    assert desk.project.feature(desk.uid, desk.features[0])["name"] == "先到"


def test_the_history_tells_each_state_and_who_made_it(desk: Desk) -> None:
    desk.change(0, WIDE)
    desk.change(0, name="甲", class_code="0701")
    desk.remove(0)
    desk.project.undo()
    versions = desk.project.history(desk.uid, desk.features[0])
    told = [
        None if one.state is None else (one.state.values["name"], round(one.state.geometry.area))
        for one in versions
    ]
    assert told == [("图斑1", 10000), ("图斑1", 20000), ("甲", 20000), None, ("甲", 20000)]
    assert versions[1].changed == ("geometry",)
    assert set(versions[2].changed) == {"name", "class_code"}
    assert {one.head.author.name for one in versions} == {desk.project.author.name}


def test_a_split_names_its_parents(desk: Desk) -> None:
    parent = desk.features[0]
    west, east = shapely.box(X, Y, X + 50, Y + 100), shapely.box(X + 50, Y, X + 100, Y + 100)
    record = desk.project.apply(
        Edit("分割", (ChangeFeature(desk.uid, parent, west), AddFeature(desk.uid, east, parents=(parent,))))
    )
    child = record.changes[1].zs_uid
    assert desk.project.history(desk.uid, child)[0].parents == (parent,)
    assert sum(change.after.geometry.area for change in record.changes if change.after) == pytest.approx(
        10000
    )


def test_identifiers_are_never_used_again_but_by_their_own_feature(desk: Desk) -> None:
    gone = desk.features[2]
    desk.remove(2)
    desk.project.apply(Edit("恢复", (AddFeature(desk.uid, FAR, {"name": "回来"}, zs_uid=gone),)))
    assert desk.project.states(desk.uid, [gone])[0].version == 2
    with pytest.raises(InputError):
        desk.project.apply(Edit("又来", (AddFeature(desk.uid, FAR, zs_uid=gone),)))


def test_all_layers_go_back_to_a_moment_and_forth_again(desk: Desk) -> None:
    desk.change(0, name="早")
    early, moment = desk.content, desk.project.edits()[0].time
    later = moment + timedelta(milliseconds=1)
    while desk.change(1, WIDE).head.time <= later:
        pass
    desk.remove(0)
    (added,) = desk.add().changes
    late = desk.content
    record = desk.project.restore(moment)
    assert record is not None
    assert record.head.kind is EditKind.RESTORE
    assert desk.content == early
    assert desk.project.states(desk.uid, [added.zs_uid]) == ()
    assert desk.project.restore(moment + timedelta(seconds=3600)) is None
    desk.project.undo()
    assert desk.content == late


def test_changes_since_a_version_are_told_once_a_feature(desk: Desk) -> None:
    start = desk.info.version
    desk.change(0, WIDE)
    desk.change(0, name="甲")
    (added,) = desk.add().changes
    desk.remove(1)
    desk.add(shapely.box(X, Y - 50, X + 10, Y))
    desk.project.undo()
    told = {change.zs_uid: change for change in desk.project.changes_since(desk.uid, start) or ()}
    assert set(told) == {desk.features[0], desk.features[1], added.zs_uid}
    first = told[desk.features[0]]
    assert first.before is not None
    assert first.after is not None
    assert (first.before.values["name"], first.after.values["name"]) == ("图斑1", "甲")
    assert told[added.zs_uid].before is None
    assert told[desk.features[1]].after is None
    assert desk.project.changes_since(desk.uid, desk.info.version) == ()


def test_columns_are_written_as_one_edit(desk: Desk) -> None:
    before = desk.project.read(desk.uid)
    values = {uid: f"备注{number}" for number, uid in enumerate(desk.features[:2])}
    columns = [
        ColumnValues("extra", FieldType.TEXT, values, alias="附注"),
        ColumnValues("name", FieldType.TEXT, values),
    ]
    desk.project.write_columns(desk.uid, columns, {"from": "表.xlsx"}, "连接")
    assert desk.project.read(desk.uid)["extra"].tolist()[:2] == ["备注0", "备注1"]
    desk.project.undo()
    after = desk.project.read(desk.uid)
    assert after["extra"].isna().all()
    assert after["name"].tolist() == before["name"].tolist()


def test_new_columns_without_values_leave_nothing_in_the_way_of_undo(desk: Desk) -> None:
    before = desk.content
    desk.change(0, WIDE)
    desk.project.write_columns(desk.uid, [ColumnValues("extra", FieldType.TEXT)], {}, "空列")
    undone = desk.project.undo()
    assert undone is not None
    assert undone.head.title == "改"
    assert desk.project.undo() is None
    assert shapely.equals_exact(desk.project.states(desk.uid)[0].geometry, square(0))
    assert desk.content != before  # it has a column more


def test_a_layer_that_was_removed_does_not_stand_in_the_way_of_undo(desk: Desk) -> None:
    other = add_parcels(desk.project, name="另一图层")
    before = desk.content
    desk.change(0, name="甲")
    change = ChangeFeature(other.uid, desk.project.states(other.uid)[0].zs_uid, values={"name": "乙"})
    desk.project.apply(Edit("改另一图层", (change,)))
    desk.project.remove_layer(other.uid)
    undone = desk.project.undo()
    assert undone is not None
    assert undone.head.title == "改"
    assert desk.content == before
    assert desk.project.undo() is None


def test_a_number_that_is_none_is_no_data_and_can_be_taken_back(desk: Desk) -> None:
    before = desk.content
    desk.change(0, survey_area_m2=float("nan"))
    assert desk.project.states(desk.uid)[0].values["survey_area_m2"] is None
    desk.project.undo()
    assert desk.content == before
    desk.project.redo()
    assert desk.project.states(desk.uid)[0].values["survey_area_m2"] is None


def test_where_a_feature_was_only_within_an_edit_leaves_no_trace_in_the_extent(desk: Desk) -> None:
    bounds, last = desk.info.bounds, desk.features[2]
    there_and_back = (ChangeFeature(desk.uid, last, FAR), ChangeFeature(desk.uid, last, square(2)))
    desk.project.apply(Edit("改", there_and_back))
    assert desk.info.bounds == bounds
    desk.project.apply(
        Edit("画", (AddFeature(desk.uid, FAR, zs_uid=UNKNOWN), RemoveFeature(desk.uid, UNKNOWN)))
    )
    assert desk.info.bounds == bounds
    desk.project.undo()
    assert desk.info.bounds == bounds


def test_what_another_program_changes_is_noticed(desk: Desk, tmp_path: Path) -> None:
    desk.change(0, name="甲")
    version = desk.info.version
    with sqlite3.connect(tmp_path / "工程.gpkg") as other:
        # what every program that writes GeoPackages brings; not called where no shape changes
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(name, 1, lambda _blob: 0)
        other.execute(
            "UPDATE 土地利用现状图斑 SET name = '别的程序' WHERE zs_uid = ?",
            (desk.features[0],),
        )
    other.close()
    assert desk.info.version == version + 1
    assert desk.project.states(desk.uid, [desk.features[0]])[0].version == 3
    assert desk.project.changes_since(desk.uid, version) is None
    with pytest.raises(StaleEditError):
        desk.project.undo()
    history = desk.project.history(desk.uid, desk.features[0])
    assert [one.certain for one in history] == [False, False, True]
    assert desk.project.feature(desk.uid, desk.features[0])["name"] == "别的程序"


def test_restoring_goes_by_the_order_of_entries_where_a_clock_was_set_back(
    desk: Desk, tmp_path: Path
) -> None:
    """An edit of half past nine by a clock that was an hour ahead, then another program at nine."""
    desk.change(1, name="快钟")
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with sqlite3.connect(tmp_path / "工程.gpkg") as other:
        text = ahead.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        other.execute("UPDATE zs_journal SET time = ? WHERE feature_uid = ?", (text, desk.features[1]))
        other.execute("UPDATE zs_edits SET time = ?", (text,))
    other.close()
    change_name_elsewhere(tmp_path / "工程.gpkg", desk.features[0], "别的程序")
    with pytest.raises(InputError):
        desk.project.restore(ahead - timedelta(minutes=30))
    desk.change(2, name="之后")
    assert desk.project.edits(limit=1)[0].time >= ahead.replace(microsecond=0)
    assert desk.project.restore(ahead + timedelta(minutes=30)) is None
    values = [one.values["name"] for one in desk.project.states(desk.uid)]
    assert values[:3] == ["别的程序", "快钟", "之后"]


def change_name_elsewhere(path: Path, zs_uid: str, name: str) -> None:
    """Let another program change a feature."""
    with sqlite3.connect(path) as other:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(function, 1, lambda _blob: 0)
        other.execute("UPDATE 土地利用现状图斑 SET name = ? WHERE zs_uid = ?", (name, zs_uid))
    other.close()


def test_undo_goes_on_below_an_edit_that_another_program_overtook(desk: Desk, tmp_path: Path) -> None:
    desk.change(1, name="早先")
    desk.change(0, name="甲")
    blocked = desk.project.edits(limit=1)[0]
    change_name_elsewhere(tmp_path / "工程.gpkg", desk.features[0], "别的程序")
    with pytest.raises(BlockedUndoError) as caught:
        desk.project.undo()
    assert caught.value.edit_uid == blocked.uid
    assert desk.project.pass_over("no such edit", "") is None
    told = desk.project.pass_over(blocked.uid, caught.value.what)
    assert told is not None
    assert told.changes == ()
    head = desk.project.edits(limit=1)[0]
    assert (head, head.of, head.reason, head.count) == (told.head, blocked.uid, caught.value.what, 0)
    assert head.layer_uids == (desk.uid,)
    desk.project.undo()
    values = {one.zs_uid: one.values["name"] for one in desk.project.states(desk.uid)}
    assert (values[desk.features[0]], values[desk.features[1]]) == ("别的程序", "图斑2")
    assert desk.project.undo() is None
    desk.project.redo()
    assert desk.project.redo() is None
    values = {one.zs_uid: one.values["name"] for one in desk.project.states(desk.uid)}
    assert (values[desk.features[0]], values[desk.features[1]]) == ("别的程序", "早先")


def test_what_another_program_copies_is_noticed_and_gets_an_identifier(desk: Desk, tmp_path: Path) -> None:
    version, first = desk.info.version, desk.features[0]
    desk.remove(1)
    with sqlite3.connect(tmp_path / "工程.gpkg") as other:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(name, 1, lambda _blob: 0)
        # a copy pasted beside its original, as QGIS makes texts unique, and one that was cut out before
        other.execute("INSERT INTO 土地利用现状图斑 (zs_uid, name) VALUES (?, '拷贝')", (f"{first}_1",))
        other.execute("INSERT INTO 土地利用现状图斑 (zs_uid, name) VALUES (?, '剪切')", (desk.features[1],))
    other.close()
    assert desk.info.version == version + 3
    assert desk.project.changes_since(desk.uid, version) is None
    copied, back = desk.project.states(desk.uid)[-2:]
    assert is_uid(copied.zs_uid)
    assert copied.zs_uid not in desk.features
    assert (back.zs_uid, back.values["name"]) == (desk.features[1], "剪切")
    desk.project.apply(
        Edit("删除", tuple(RemoveFeature(desk.uid, one.zs_uid, one.version) for one in (copied, back)))
    )
    desk.project.undo()
    assert [one.zs_uid for one in desk.project.states(desk.uid)[-2:]] == [copied.zs_uid, back.zs_uid]


def _fids(desk: Desk) -> list[tuple[Any, ...]]:
    with sqlite3.connect(desk.project.path) as other:
        query = "SELECT fid, zs_uid FROM 土地利用现状图斑 ORDER BY fid"
        found = other.execute(query).fetchall()
    other.close()
    return found
