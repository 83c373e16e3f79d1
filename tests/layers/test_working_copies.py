"""Working copies know what they were taken from and keep the state they began with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from store_samples import CRS, add_parcels, new_project, parcels

from layers.edits import ChangeFeature, Edit
from layers.errors import InputError, JobCancelled, SecrecyError
from layers.store import NewLayer, Project
from layers.store.working_copies import (
    COPY_KEY,
    base_of,
    mark_handed_in,
    origin_of,
    read_origin,
    take_working_copy,
)

NOON = datetime(2026, 11, 23, 12, 0, 0).astimezone()


def test_a_working_copy_has_all_and_knows_its_origin(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project, 20)
        copy = take_working_copy(project, tmp_path / "我的", NOON)
        origin = read_origin(copy)
        assert origin is not None
        assert (origin.uid, origin.project, origin.title) == (project.uid, project.path, project.title)
        assert (origin.taken, origin.handed_in) == (NOON, None)
        assert origin.layers == {info.uid: info.version}
        assert origin.journal == len(project.journal())
        base = base_of(copy, origin)
        assert sorted(tmp_path.joinpath("我的").iterdir()) == sorted([copy, base])
        with Project.open(copy) as mine, Project.open(base, read_only=True) as began:
            # its own uid: what is drawn from one is never taken for the other's
            assert mine.uid not in (project.uid, "")
            assert began.uid == project.uid
            for other in (mine, began):
                assert other.content_hash(info.uid) == project.content_hash(info.uid)
            assert sorted(mine.read(info.uid).index) == sorted(project.read(info.uid).index)
            first = mine.read(info.uid).index[0]
            mine.apply(Edit("改名", (ChangeFeature(info.uid, first, values={"name": "甲"}),)))
            assert began.content_hash(info.uid) == project.content_hash(info.uid)
            assert mine.content_hash(info.uid) != project.content_hash(info.uid)
        assert read_origin(project.path) is None
        assert read_origin(tmp_path / "没有.gpkg") is None


def test_handing_in_is_noted(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        copy = take_working_copy(project, tmp_path, NOON)
        with pytest.raises(InputError, match="不是工作副本"):
            mark_handed_in(project, NOON)
    with Project.open(copy) as mine:
        mark_handed_in(mine, NOON)
        origin = origin_of(mine)
        assert origin is not None
        assert origin.handed_in == NOON
        assert mine.setting(COPY_KEY)["base"] == origin.base


def test_without_its_base_that_is_said(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        copy = take_working_copy(project, tmp_path, NOON)
    origin = read_origin(copy)
    assert origin is not None
    base_of(copy, origin).unlink()
    with pytest.raises(InputError, match="底本"):
        base_of(copy, origin)


def test_secret_layers_go_along_only_where_that_is_said(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = project.add_layer(NewLayer("涉密", "land_use", CRS, secrecy="机密"), parcels())
        with pytest.raises(SecrecyError):
            take_working_copy(project, tmp_path / "我的", NOON)
        assert not (tmp_path / "我的").exists()
        copy = take_working_copy(project, tmp_path / "我的", NOON, secret_allowed=True)
    with Project.open(copy, read_only=True) as mine:
        assert mine.layer(info.uid).secrecy == "机密"


def test_what_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    class Stop:
        def step(self, share: float, _text: str = "") -> None:
            if share > 0.7:
                raise JobCancelled

    with new_project(tmp_path) as project:
        add_parcels(project)
        with pytest.raises(JobCancelled):
            take_working_copy(project, tmp_path / "我的", NOON, progress=Stop())
    assert list((tmp_path / "我的").iterdir()) == []
