"""Copies on the command line: taken, listed, gone back to; a project somebody has is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.store import Project
from layers.store.working_copies import read_origin
from tests.flows.command import zsgis
from tests.ui.window_samples import WEST, make_project
from zsgis.sharing.opening import Opener


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_project(tmp_path / "工程.gpkg").close()
    return tmp_path / "工程.gpkg"


def test_a_copy_is_taken_listed_and_gone_back_to(path: Path) -> None:
    with Opener(path).open():
        # also while somebody works in it
        taken = zsgis("backup", path, "--json")
    assert taken.code == 0, taken.err
    assert (taken.document["kind"], taken.document["features"], taken.document["good"]) == (
        "by_hand",
        3,
        True,
    )
    name = Path(taken.document["file"]).name
    with Project.open(path) as project:
        for layer in project.layers():
            project.remove_layer(layer.uid)
    listed = zsgis("backups", path, "--json").document["copies"]
    assert [copy["file"] for copy in listed] == [taken.document["file"]]
    done = zsgis("restore-backup", path, name, "--json")
    assert done.code == 0, done.err
    with Project.open(path) as project:
        land = next(layer for layer in project.layers() if layer.kind == "land_use")
        assert project.feature(land.uid, WEST)["name"] == "西地块"
    unknown = zsgis("restore-backup", path, "没有.gpkg")
    assert unknown.code != 0
    assert "没有这份备份" in unknown.err


def test_a_project_somebody_has_is_not_written_by_commands_but_can_be_copied(path: Path) -> None:
    copy = zsgis("backup", path, "--json").document["file"]
    with Opener(path).open():
        refused = zsgis("restore-backup", path, Path(copy).name, "--json")
        assert refused.code != 0
        assert "正在编辑" in json.loads(refused.out)["error"]["what"]
        elsewhere = zsgis("restore-backup", path, Path(copy).name, "-o", path.with_name("另存.gpkg"))
        assert elsewhere.code == 0, elsewhere.err
        made = zsgis("working-copy", path, path.parent / "我的", "--json")
        assert made.code == 0, made.err
    origin = read_origin(Path(made.document["working_copy"]))
    assert origin is not None
    assert origin.project == path
    assert Path(made.document["base"]).is_file()
