"""What holds for a project whether it lies in a file or in a shared database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from layers.edits import AddFeature, ChangeFeature, Edit, EditKind, RemoveFeature
from layers.errors import InputError, StaleEditError
from layers.kind import FieldType
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from layers.store.column_writing import ColumnValues
from layers.store.uids import new_uid
from tests.layers.database_samples import new_database_project
from tests.layers.store_samples import CRS, add_parcels, new_project, parcels, square

Store = Any


@pytest.fixture(params=["file", pytest.param("database", marks=pytest.mark.peer)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "file":
        made: Store = new_project(tmp_path)
    else:
        made = new_database_project(request.getfixturevalue("postgis_server"))
    with made:
        yield made


@pytest.fixture
def layer(store: Store) -> LayerInfo:
    return add_parcels(store, 4)


def uids(store: Store, layer: LayerInfo) -> list[str]:
    return [str(uid) for uid in store.read(layer.uid).index]


def test_a_layer_is_told_as_it_was_given(store: Store, layer: LayerInfo) -> None:
    frame = store.read(layer.uid)
    assert layer.feature_count == 4
    assert layer.version == 1
    assert frame["class_code"].tolist() == ["0802"] * 4
    assert frame["备注栏"].tolist() == parcels(4)["备注栏"].tolist()
    assert shapely.to_wkb(frame.geometry.array).tolist() == shapely.to_wkb(parcels(4).geometry.array).tolist()
    assert layer.bounds == tuple(shapely.total_bounds(parcels(4).geometry.array).tolist())
    assert store.layer("土地利用现状图斑") == store.layers()[0] == layer


def test_an_edit_changes_adds_and_removes_at_once(store: Store, layer: LayerInfo) -> None:
    first, second, *_rest = uids(store, layer)
    made = new_uid()
    record = store.apply(
        Edit(
            "分割",
            (
                ChangeFeature(layer.uid, first, square(9), {"name": "新名"}, version=1),
                RemoveFeature(layer.uid, second, version=1),
                AddFeature(layer.uid, square(7), {"name": "新图斑"}, made, parents=(second,)),
            ),
            reason="现场核实",
        )
    )
    assert record.layer_versions == {layer.uid: 2}
    assert (record.head.title, record.head.kind, record.head.count) == ("分割", EditKind.EDIT, 3)
    assert record.head.reason == "现场核实"
    assert record.head.author.machine == store.author.machine
    assert store.author.name in record.head.author.name
    assert abs((datetime.now(UTC) - record.head.time).total_seconds()) < 60
    changed, removed, added = record.changes
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.version, changed.after.version) == (1, 2)
    assert changed.before.values["name"] == "图斑1"
    assert changed.after.geometry == square(9)
    assert removed.after is None
    assert added.before is None
    assert added.parents == (second,)
    assert set(store.read(layer.uid).index) == {*uids(store, layer)}
    assert made in store.read(layer.uid).index
    assert second not in store.read(layer.uid).index
    info = store.layer(layer.uid)
    assert (info.version, info.feature_count) == (2, 4)
    assert info.bounds is not None
    assert info.bounds[2] == square(9).bounds[2]
    assert store.changes_of(record.head.uid) == record.changes
    assert store.edits()[0] == record.head


def test_an_edit_is_foretold_once_with_the_very_record_that_is_returned(
    store: Store, layer: LayerInfo
) -> None:
    first = uids(store, layer)[0]
    told: list[Any] = []
    edit = Edit("改名", (ChangeFeature(layer.uid, first, values={"name": "一"}),), uid=new_uid())
    record = store.apply(edit, None, told.append)
    assert len(told) == 1
    assert told[0] is record
    # handed over again it is known: there is nothing to get ready for
    assert store.apply(edit, None, told.append).head.uid == edit.uid
    assert len(told) == 1
    with pytest.raises(StaleEditError):
        store.apply(
            Edit("改名", (ChangeFeature(layer.uid, first, values={"name": "二"}, version=1),)),
            None,
            told.append,
        )
    assert len(told) == 1


def test_taken_back_and_made_again_the_content_is_as_it_was(store: Store, layer: LayerInfo) -> None:
    first, second, *_rest = uids(store, layer)
    hashes = [store.content_hash(layer.uid)]
    store.apply(Edit("改名", (ChangeFeature(layer.uid, first, values={"name": "一"}),)))
    hashes.append(store.content_hash(layer.uid))
    store.apply(Edit("删除", (RemoveFeature(layer.uid, second), ChangeFeature(layer.uid, first, square(5)))))
    hashes.append(store.content_hash(layer.uid))
    assert len(set(hashes)) == 3
    record = store.undo()
    assert (record.head.kind, record.head.title) == (EditKind.UNDO, "删除")
    assert store.content_hash(layer.uid) == hashes[1]
    assert store.redoable().title == "删除"
    store.undo()
    assert store.content_hash(layer.uid) == hashes[0]
    assert store.undoable() is None
    assert store.undo() is None
    store.redo()
    assert store.content_hash(layer.uid) == hashes[1]
    store.redo()
    assert store.content_hash(layer.uid) == hashes[2]
    assert store.redo() is None
    store.undo()
    store.apply(Edit("另改", (ChangeFeature(layer.uid, first, values={"name": "二"}),)))
    # what was taken back is passed once something else was edited
    assert store.redoable() is None
    store.undo()
    store.undo()
    assert store.content_hash(layer.uid) == hashes[0]


def test_a_version_rises_with_every_change_and_an_old_one_is_refused(store: Store, layer: LayerInfo) -> None:
    first = uids(store, layer)[0]
    store.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "一"}, version=1),)))
    before = store.content_hash(layer.uid)
    with pytest.raises(StaleEditError):
        store.apply(
            Edit(
                "改",
                (
                    AddFeature(layer.uid, square(8)),
                    ChangeFeature(layer.uid, first, values={"name": "二"}, version=1),
                ),
            )
        )
    assert store.content_hash(layer.uid) == before
    assert store.layer(layer.uid).version == 2
    store.undo()
    (state,) = store.states(layer.uid, [first])
    assert state.version == 3
    store.apply(Edit("删", (RemoveFeature(layer.uid, first, version=3),)))
    with pytest.raises(StaleEditError):
        store.apply(Edit("改", (ChangeFeature(layer.uid, first, values={"name": "三"}),)))
    store.undo()
    (state,) = store.states(layer.uid, [first])
    assert state.version == 4


def test_the_history_of_a_feature_tells_each_state(store: Store, layer: LayerInfo) -> None:
    first = uids(store, layer)[0]
    store.apply(Edit("改名", (ChangeFeature(layer.uid, first, values={"name": "一"}),)))
    store.apply(Edit("改形", (ChangeFeature(layer.uid, first, square(6)),)))
    store.apply(Edit("删除", (RemoveFeature(layer.uid, first),)))
    versions = store.history(layer.uid, first)
    assert [version.head.title for version in versions[1:]] == ["改名", "改形", "删除"]
    assert [version.state and version.state.values["name"] for version in versions] == [
        "图斑1",
        "一",
        "一",
        None,
    ]
    assert [version.state and version.state.geometry for version in versions] == [
        square(0), square(0), square(6), None,
    ]  # fmt: skip
    assert versions[1].changed == ("name",)
    assert versions[2].changed == ("geometry",)
    with pytest.raises(InputError):
        store.history(layer.uid, new_uid())


def test_changes_since_a_version_are_one_for_each_feature(store: Store, layer: LayerInfo) -> None:
    first, second, third, _fourth = uids(store, layer)
    store.apply(Edit("一", (ChangeFeature(layer.uid, first, values={"name": "一"}),)))
    store.apply(Edit("二", (ChangeFeature(layer.uid, first, square(6)), RemoveFeature(layer.uid, second))))
    store.apply(
        Edit("三", (AddFeature(layer.uid, square(7)), ChangeFeature(layer.uid, third, values={"name": "三"})))
    )
    assert store.changes_since(layer.uid, 4) == ()
    assert store.changes_since(layer.uid, 5) is None
    changes = {change.zs_uid: change for change in store.changes_since(layer.uid, 1)}
    assert len(changes) == 4
    assert changes[first].before.values["name"] == "图斑1"
    assert changes[first].before.geometry == square(0)
    assert (changes[first].after.values["name"], changes[first].after.geometry) == ("一", square(6))
    assert changes[second].after is None
    last = {change.zs_uid: change for change in store.changes_since(layer.uid, 2)}
    assert last[first].before.values["name"] == "一"


def test_all_layers_are_put_back_to_a_moment(store: Store, layer: LayerInfo) -> None:
    first, second, *_rest = uids(store, layer)
    store.apply(Edit("一", (ChangeFeature(layer.uid, first, values={"name": "一"}),)))
    before = store.content_hash(layer.uid)
    sleep(0.01)  # a file tells times to the millisecond
    moment = datetime.now(UTC)
    sleep(0.01)
    store.apply(Edit("二", (RemoveFeature(layer.uid, second), AddFeature(layer.uid, square(7)))))
    store.apply(Edit("三", (ChangeFeature(layer.uid, first, square(6), {"name": "三"}),)))
    restored = store.restore(moment)
    assert restored.head.kind is EditKind.RESTORE
    assert store.content_hash(layer.uid) == before
    assert store.restore(moment) is None
    store.undo()
    assert store.content_hash(layer.uid) != before


def test_what_cannot_be_held_changes_nothing(store: Store, layer: LayerInfo) -> None:
    first = uids(store, layer)[0]
    before = store.content_hash(layer.uid)
    broken = shapely.box(0, 0, 1, float("inf"))
    for change in (
        ChangeFeature(layer.uid, first, shapely.Point(0, 0)),
        ChangeFeature(layer.uid, first, broken),
        ChangeFeature(layer.uid, first, values={"no_such": 1}),
        ChangeFeature(layer.uid, first, values={"survey_area_m2": "很多"}),
        ChangeFeature(layer.uid, "'; DROP TABLE zs_layers; --", values={"name": "x"}),
        AddFeature(layer.uid, square(1), zs_uid="kein uid"),
        AddFeature(layer.uid, square(1), zs_uid=first),
        AddFeature(new_uid(), square(1)),
    ):
        with pytest.raises(InputError):
            store.apply(Edit("坏", (AddFeature(layer.uid, square(8)), change)))
    with pytest.raises(InputError):
        store.apply(Edit("空", ()))
    assert store.content_hash(layer.uid) == before
    assert store.edits() == ()


def test_an_identifier_comes_back_only_in_its_own_layer(store: Store, layer: LayerInfo) -> None:
    other = add_parcels(store, 1, "另一层")
    first = uids(store, layer)[0]
    store.apply(Edit("删", (RemoveFeature(layer.uid, first),)))
    with pytest.raises(InputError):
        store.apply(Edit("加", (AddFeature(other.uid, square(1), zs_uid=first),)))
    record = store.apply(Edit("加", (AddFeature(layer.uid, square(1), zs_uid=first),)))
    assert record.changes[0].after.version == 2


def _shapes() -> Callable[[], list[Any]]:
    def make() -> list[Any]:
        hole = shapely.Polygon(square(0).exterior, [square(0).centroid.buffer(7.1).exterior])
        many = shapely.multipolygons([square(1), square(3)])
        return [hole, many, None, shapely.Polygon(), square(2)]

    return make


def test_shapes_of_every_sort_come_back_bit_for_bit(store: Store) -> None:
    shapes = _shapes()()
    frame = geopandas.GeoDataFrame({"name": list("甲乙丙丁戊")}, geometry=shapes, crs=CRS)
    info = store.add_layer(NewLayer("形", "zones", CRS), frame)
    found = store.read(info.uid).geometry.array
    assert [None if g is None else g.wkb for g in found] == [None if g is None else g.wkb for g in shapes]
    drawn = store.drawing_rows(info.uid, ["name"], NoProgress())
    assert drawn.shapeless == 2
    assert drawn.columns["name"].tolist() == list("甲乙丙丁戊")
    assert drawn.shapes.coords.shape[1] == 2


@pytest.mark.parametrize("has_m", [False, True])
def test_heights_and_measures_stay(store: Store, has_m: bool) -> None:
    text = "ZM (0 0 1.5 7, 9 0 2.5 8, 9 9 -0.1 9)" if has_m else "Z (0 0 1.5, 9 0 2.5, 9 9 -0.1)"
    line = shapely.from_wkt(f"LINESTRING {text}")
    frame = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[line], crs=CRS)
    info = store.add_layer(NewLayer("线", "lines", CRS), frame)
    found = store.read(info.uid).geometry.iloc[0]
    assert found.has_z
    assert found.has_m == has_m
    assert shapely.to_wkb(found, flavor="iso", output_dimension=4) == shapely.to_wkb(
        line, flavor="iso", output_dimension=4
    )


def test_columns_are_written_as_one_edit(store: Store, layer: LayerInfo) -> None:
    first, second, *_rest = uids(store, layer)
    columns = (
        ColumnValues("name", FieldType.TEXT, {first: "甲"}),
        ColumnValues("新列", FieldType.NUMBER, {first: 1.5, second: 2}, alias="新列", unit="m2"),
        ColumnValues("day", FieldType.DATE, {first: "2026-11-22"}),
        ColumnValues("flag", FieldType.BOOLEAN, {first: True, second: False}),
    )
    record = store.write_columns(layer.uid, columns, {"file": "表.xlsx"}, "连接表格")
    assert {change.zs_uid for change in record.changes} == {first, second}
    info = store.layer(layer.uid)
    assert [field.unit for field in info.fields if field.name == "新列"] == ["m2"]
    frame = store.read(layer.uid)
    assert frame.loc[first, "name"] == "甲"
    assert frame.loc[second, "新列"] == 2.0
    assert str(frame.loc[first, "day"].date()) == "2026-11-22"
    assert store.feature(layer.uid, second)["flag"] is False
    assert store.edits()[0].title == "连接表格"
    store.undo()
    assert store.feature(layer.uid, first)["name"] == "图斑1"
    assert store.feature(layer.uid, first)["新列"] is None


def test_places_tables_and_settings_answer_alike(store: Store, layer: LayerInfo) -> None:
    first, second, *_rest = uids(store, layer)
    middle = square(1).centroid
    assert store.identify(layer.uid, middle.x, middle.y, 1.0) == [second]
    near = store.read(layer.uid, columns=["name"], bounds=square(0).buffer(-1).bounds)
    assert near.index.tolist() == [first]
    shapes = store.shapes_in(layer.uid, square(0).buffer(-1).bounds)
    assert [(one.zs_uid, one.version) for one in shapes] == [(first, 1)]
    assert shapely.equals(shapes[0].geometry, square(0))
    assert store.shapes_in(layer.uid, (0.0, 0.0, 1.0, 1.0)) == ()
    assert store.read(layer.uid, uids=[second], columns=["zs_version"])["zs_version"].tolist() == [1]
    with pytest.raises(InputError):
        store.read(layer.uid, uids=[new_uid()])
    with pytest.raises(InputError):
        store.read(layer.uid, columns=["no_such"])
    table = store.table(layer)
    keys = table.keys()
    assert list(keys.fids) == [1, 2, 3, 4]
    assert table.page(1, 2, ["name"])[0] == (second, "图斑2")
    assert table.values_of([first], "class_code") == {first: "0802"}
    assert table.rows_at([2], ["name"]) == {2: (second, "图斑2")}
    assert next(iter(table.blocks(["name"])))[0] == ("图斑1",)
    assert table.shapes([1])[0] == square(0)
    places = store.places(layer.uid)
    fids, boxes = places.boxes(square(2).buffer(-1).bounds)
    assert fids.tolist() == [3]
    assert np.allclose(boxes[0], square(2).bounds, atol=0.5)
    assert places.uids(fids) == [keys.uids[2]]
    store.set_setting("table.look", {"宽": [1, 2.5, None]})
    store.set_setting("window.view", [1.0])
    assert store.setting("table.look") == {"宽": [1, 2.5, None]}
    assert store.setting("window.view") == [1.0]
    assert store.setting("nothing", 7) == 7
    uid = store.record_run({"capability": "stock", "started": "2026-11-23"})
    assert [run["uid"] for run in store.runs()] == [uid]


def test_layers_are_renamed_moved_and_removed(store: Store, layer: LayerInfo) -> None:
    other = add_parcels(store, 1, "另一层")
    info = store.update_layer(
        other.uid, name="改名", visible=False, opacity=0.5, order=1, secrecy="秘密★10年"
    )
    assert (info.name, info.visible, info.opacity, info.order, info.secrecy) == (
        "改名",
        False,
        0.5,
        1,
        "秘密★10年",
    )
    assert [each.name for each in store.layers()] == ["改名", "土地利用现状图斑"]
    with pytest.raises(InputError):
        store.update_layer(other.uid, name="土地利用现状图斑")
    gone = uids(store, other)
    store.remove_layer(other.uid)
    assert [each.uid for each in store.layers()] == [layer.uid]
    with pytest.raises(InputError):
        store.apply(Edit("加", (AddFeature(layer.uid, square(1), zs_uid=gone[0]),)))
    actions = [entry["action"] for entry in store.journal()]
    assert actions[:2] == ["add_layer", "add_layer"]
    assert "remove_layer" in actions
    kept = ("time", "who", "action", "layer_uid", "feature_uid")
    told = [{key: entry[key] for key in kept} for entry in store.journal()]
    assert list(store.log(1000)) == told
    assert list(store.log(2)) == told[-2:]
    assert store.edits() == ()


@pytest.mark.peer
def test_the_same_content_has_one_fingerprint_in_file_and_database(
    tmp_path: Path, postgis_server: Any
) -> None:
    points = [shapely.Point(1, 2), None, shapely.Point(), shapely.Point(0.1, -0.0)]
    lines = shapely.linestrings([[(0, 0, 1), (1, 1, 2)], [(5, 5, 0), (6, 6, -0.0)]])
    frames = [
        (
            "zones",
            geopandas.GeoDataFrame(
                {"n": [1.5, float("nan"), -0.0, 1e300, 0.1]}, geometry=_shapes()(), crs=CRS
            ),
        ),
        ("points", geopandas.GeoDataFrame({"i": [1, 2**53 + 1, -(2**63), 0]}, geometry=points, crs=CRS)),
        ("lines", geopandas.GeoDataFrame({"t": ["\u0301é\n\t\\N", "🏠 'x' \"y\""]}, geometry=lines, crs=CRS)),
    ]
    with new_project(tmp_path) as file, new_database_project(postgis_server) as database:
        for kind, frame in frames:
            ours = file.add_layer(NewLayer(kind, kind, CRS), frame)
            theirs = database.add_layer(NewLayer(kind, kind, CRS), frame)
            assert file.content_hash(ours.uid) == database.content_hash(theirs.uid)
            drawn = [s.drawing_rows(i.uid, [], NoProgress()) for s, i in ((file, ours), (database, theirs))]
            assert drawn[0].shapeless == drawn[1].shapeless
            assert np.array_equal(drawn[0].shapes.coords, drawn[1].shapes.coords, equal_nan=True)


def test_a_database_answers_every_call_of_a_project_file() -> None:
    from inspect import signature

    from layers.store.postgis.store import PostgisStore

    made_otherwise = {"create", "open"}
    for name in dir(Project):
        if name.startswith("_") or name in made_otherwise:
            continue
        call, theirs = getattr(Project, name), getattr(PostgisStore, name)
        assert isinstance(call, property) == isinstance(theirs, property), name
        if callable(call):
            wanted = signature(call).parameters
            assert list(wanted) == list(signature(theirs).parameters)[: len(wanted)], name
