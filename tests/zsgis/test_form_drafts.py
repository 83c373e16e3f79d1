"""Unwritten forms kept in the user's folder, values met in a layer, and features put back."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest

from layers.crs import parse_crs
from layers.edits import ChangeFeature, Edit, EditKind, RemoveFeature
from layers.forms.fields import form_of
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from tests.ui.window_samples import square
from zsgis.forms.drafts import Draft, DraftFolder
from zsgis.forms.history import feature_history, filtered_heads, removed_features, restoring, time_words
from zsgis.forms.met import met_values
from zsgis.rescued_edits import ProjectPlace

CRS = parse_crs("4547")
UIDS = [f"019313a0-0000-7000-8000-00000000000{row}" for row in range(4)]
DRAFT = Draft(layer_uid="layer", uids=("a", "b"), title="两个", texts={"remark": "半句"})


def make(path: Path) -> Project:
    project = Project.create(path, CRS)
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": UIDS,
            "name": ["1", "2", "3", "4"],
            "location_code": ["A", "A", "B", None],
            "location": ["甲村", "乙村", "丙村", "乙村"],
        },
        geometry=[square(100 * row, 0) for row in range(4)],
        crs=CRS,
    )
    project.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), frame)
    return project


def place(path: Path, uid: str = "0193") -> ProjectPlace:
    return ProjectPlace(uid, path)


def texts(drafts: tuple[Draft, ...]) -> list[str]:
    return [draft.texts["remark"] for draft in drafts]


def test_a_draft_is_there_again_until_it_is_dropped(tmp_path: Path) -> None:
    here = place(tmp_path / "甲.gpkg")
    DraftFolder(tmp_path / "forms").keep(here, DRAFT)
    again = DraftFolder(tmp_path / "forms")
    (kept,) = again.kept(here)
    assert kept == DRAFT.model_copy(update={"project": str(here.path)})
    assert again.kept(place(here.path, "0194")) == ()
    again.drop(here, "another")
    assert len(again.kept(here)) == 1
    again.drop(here, "layer")
    assert again.kept(here) == ()
    assert list((tmp_path / "forms").iterdir()) == []


def test_copies_of_a_project_and_layers_keep_their_drafts_apart(tmp_path: Path) -> None:
    """Files copied with a file manager have one identifier; no form writes over another's."""
    folder = DraftFolder(tmp_path / "forms")
    first, copy = place(tmp_path / "甲.gpkg"), place(tmp_path / "甲 副本.gpkg")
    for each in (first, copy):
        each.path.touch()
    folder.keep(first, DRAFT)
    folder.keep(copy, DRAFT.model_copy(update={"texts": {"remark": "副本的"}}))
    folder.keep(first, DRAFT.model_copy(update={"layer_uid": "second", "texts": {"remark": "另一层"}}))
    assert texts(folder.kept(first)) == ["另一层", "半句"]
    assert texts(folder.kept(copy)) == ["副本的"]
    folder.drop(copy, "layer")
    assert texts(folder.kept(first)) == ["另一层", "半句"]


def test_a_draft_follows_a_project_that_was_moved(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "forms")
    before, after = place(tmp_path / "甲.gpkg"), place(tmp_path / "乙.gpkg")
    before.path.touch()
    folder.keep(before, DRAFT)
    assert folder.kept(after) == ()
    before.path.rename(after.path)
    assert texts(folder.kept(after)) == ["半句"]
    # on a drive that is not there nobody can tell whether it was moved
    folder.keep(place(tmp_path / "gone" / "丙.gpkg", "0195"), DRAFT)
    assert folder.kept(place(tmp_path / "丙.gpkg", "0195")) == ()
    folder.drop(after, "layer")
    assert folder.kept(after) == ()


def test_a_hostile_project_identifier_stays_in_the_folder(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "forms")
    hostile = place(tmp_path / "甲.gpkg", "../../etc/*[a-z]")
    assert folder.keep(hostile, DRAFT.model_copy(update={"layer_uid": "../../x"}))
    assert [file.parent for file in tmp_path.rglob("*.json")] == [tmp_path / "forms"]
    assert texts(folder.kept(hostile)) == ["半句"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"uids": 1}', b"[]"])
def test_a_broken_draft_is_none(tmp_path: Path, content: bytes) -> None:
    here = place(tmp_path / "甲.gpkg")
    DraftFolder(tmp_path).keep(here, DRAFT)
    (path,) = tmp_path.glob("*.json")
    path.write_bytes(content)
    assert DraftFolder(tmp_path).kept(here) == ()


def test_a_folder_that_cannot_be_written_costs_the_draft_only(tmp_path: Path) -> None:
    (tmp_path / "forms").write_text("a file stands in the way", encoding="utf-8")
    folder, here = DraftFolder(tmp_path / "forms"), place(tmp_path / "甲.gpkg")
    assert not folder.keep(here, DRAFT)
    assert folder.kept(here) == ()


def test_values_met_in_a_layer_stand_under_their_code_the_most_frequent_first(tmp_path: Path) -> None:
    with make(tmp_path / "work.gpkg") as project:
        (layer,) = project.layers()
        met = met_values(project.table(layer), form_of(layer), NoProgress())
    assert met["location"][""][0] == "乙村"
    assert set(met["location"][""]) == {"甲村", "乙村", "丙村"}
    assert set(met["location"]["A"]) == {"甲村", "乙村"}
    assert met["location"]["B"] == ("丙村",)
    assert met["owner"] == {"": ()}


def test_a_feature_comes_back_to_any_of_its_states(tmp_path: Path) -> None:
    with make(tmp_path / "work.gpkg") as project:
        (layer,) = project.layers()
        (first,) = project.states(layer.uid, UIDS[:1])
        project.apply(Edit("一", (ChangeFeature(layer.uid, UIDS[0], values={"remark": "一"}),)))
        project.apply(Edit("二", (ChangeFeature(layer.uid, UIDS[0], square(0, 0, 30)),)))
        project.apply(Edit("删", (RemoveFeature(layer.uid, UIDS[0]),)))
        entries = feature_history(project, layer, UIDS[0])
        assert [entry.head.title for entry in entries[:3]] == ["删", "二", "一"]
        assert [entry.restorable for entry in entries] == [False, True, True, True]
        for entry in entries[1:]:
            target = entry.after
            assert target is not None
            now = next(iter(project.states(layer.uid, UIDS[:1])), None)
            edit = restoring(layer, target, now, "回")
            assert edit is not None
            assert edit.kind is EditKind.RESTORE
            project.apply(edit)
            (there,) = project.states(layer.uid, UIDS[:1])
            assert dict(there.values) == dict(target.values)
            assert there.geometry.equals_exact(target.geometry, 0.0)
            assert restoring(layer, target, there, "回") is None
        assert dict(there.values) == dict(first.values)


def test_removed_features_are_those_that_did_not_come_back(tmp_path: Path) -> None:
    with make(tmp_path / "work.gpkg") as project:
        (layer,) = project.layers()
        project.apply(Edit("删", tuple(RemoveFeature(layer.uid, uid) for uid in UIDS[:3])))
        project.undo()
        project.apply(Edit("再删", (RemoveFeature(layer.uid, UIDS[1]),)))
        (removed,) = removed_features(project, layer)
        assert (removed.title, removed.head.title) == ("2", "再删")


def test_edits_are_narrowed_by_day_of_this_computers_clock(tmp_path: Path) -> None:
    with make(tmp_path / "work.gpkg") as project:
        (layer,) = project.layers()
        project.apply(Edit("一", (ChangeFeature(layer.uid, UIDS[0], values={"remark": "一"}),)))
        heads = project.edits()
    day = time_words(heads[0].time)[:10]
    assert filtered_heads(heads, day=day) == heads
    assert filtered_heads(heads, day="1999-01-01") == ()
    assert filtered_heads(heads, layer_uid="other") == ()
