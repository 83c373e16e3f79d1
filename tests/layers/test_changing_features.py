"""Features changed in the project file: on disk, in the journal, and taken back to the last bit."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.errors import InputError
from layers.store import Project
from layers.store.feature_editing import FeatureEdit
from tests.layers.store_samples import X, Y, add_parcels, new_project

WIDE = shapely.box(X, Y, X + 50, Y + 400)


def test_shape_and_values_change_and_are_taken_back_exactly(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        before = project.read(info.uid)
        uid = str(before.index[1])
        back = project.change_features(info.uid, [FeatureEdit(uid, WIDE, {"class_code": "0701"})], "测试")
        changed = project.read(info.uid)
        assert changed.loc[uid, "class_code"] == "0701"
        assert shapely.equals_exact(changed.geometry[uid], WIDE)
        assert changed.loc[before.index[0], "class_code"] == "0802"
        assert project.layer(info.uid).version == info.version + 1
        project.change_features(info.uid, back, "撤销")
        after = project.read(info.uid)
        assert after.drop(columns="geometry").equals(before.drop(columns="geometry"))
        assert after.geometry.to_wkb().tolist() == before.geometry.to_wkb().tolist()


def test_each_feature_stands_in_the_journal_before_and_after(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        uids = [str(uid) for uid in project.read(info.uid, columns=[]).index]
        edits = [FeatureEdit(uids[0], None, {"name": "甲"}), FeatureEdit(uids[2], WIDE)]
        project.change_features(info.uid, edits, "检查修复")
        first, second = (entry for entry in project.journal() if entry["action"] == "change_feature")
        assert first["feature_uid"] == uids[0]
        assert first["before"] == {"version": 1, "values": {"name": "图斑1"}}
        assert first["after"] == {"version": 2, "values": {"name": "甲"}, "reason": "检查修复"}
        assert base64.b64decode(second["after"]["geometry"])[:2] == b"GP"
        assert second["before"]["geometry"] != second["after"]["geometry"]


def test_what_was_changed_is_found_at_its_new_place(tmp_path: Path) -> None:
    path = tmp_path / "工程.gpkg"
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        uid = str(project.read(info.uid, columns=[]).index[2])
        project.change_features(info.uid, [FeatureEdit(uid, WIDE)], "")
    with Project.open(path) as project:
        assert project.identify(info.uid, X + 25, Y + 390, 1.0) == [uid]
        assert project.identify(info.uid, X + 250, Y + 50, 1.0) == []
        bounds = project.layer(info.uid).bounds
        assert bounds is not None
        assert bounds[3] == Y + 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {"no_such_field": "1"}},
        {"values": {"survey_area_m2": "viel"}},
        {"geometry": shapely.Point(X, Y)},
        {"version": 7},
    ],
)
def test_what_cannot_be_held_changes_nothing(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        before = project.content_hash(info.uid)
        uids = [str(uid) for uid in project.read(info.uid, columns=[]).index]
        edits = [FeatureEdit(uids[0], WIDE), FeatureEdit(uids[1], **wrong)]
        with pytest.raises(InputError):
            project.change_features(info.uid, edits, "")
        assert project.content_hash(info.uid) == before
        assert not [entry for entry in project.journal() if entry["action"] == "change_feature"]


def test_a_feature_that_is_gone_is_told(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        with pytest.raises(InputError):
            project.change_features(info.uid, [FeatureEdit("00000000-0000-7000-8000-000000000000", WIDE)], "")
