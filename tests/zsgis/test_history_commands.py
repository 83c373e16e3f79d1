"""The commands that look back, as a person types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from layers.edits import ChangeFeature, Edit, RemoveFeature
from layers.store import Project
from tests.layers.store_samples import add_parcels, new_project
from zsgis.commands.history_commands import add_history_commands, parse_moment

LAYER = "土地利用现状图斑"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of three squares; the second was renamed, then removed."""
    with new_project(tmp_path) as made:
        info = add_parcels(made)
        uid = str(made.read(info.uid).index[1])
        made.apply(Edit("改名", (ChangeFeature(info.uid, uid, values={"name": "甲地"}),), reason="来函"))
        made.apply(Edit("删除", (RemoveFeature(info.uid, uid),)))
        return made.path


def app() -> typer.Typer:
    made = typer.Typer()
    add_history_commands(made)
    return made


def run(*words: object) -> Any:
    result = CliRunner().invoke(app(), [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if "--json" in words else result.stdout


def uid_of_second(project: Path) -> str:
    with Project.open(project, read_only=True) as opened:
        return opened.changes_of(opened.edits()[0].uid)[0].zs_uid


def test_the_history_of_a_removed_feature_is_told(project: Path) -> None:
    uid = uid_of_second(project)
    told = run("history", project, LAYER, uid, "--json")["history"]
    assert [(one["what"], one["values"] and one["values"]["name"]) for one in told[1:]] == [
        ("改名", "甲地"),
        ("删除", None),
    ]
    assert told[1]["reason"] == "来函"
    assert told[0]["values"]["name"] == "图斑2"
    text = run("history", project, LAYER, uid)
    assert "图斑2 → 甲地" in text


def test_a_feature_is_found_by_its_name_where_that_is_its_own(project: Path) -> None:
    assert run("history", project, LAYER, "图斑1", "--json")["history"][0]["values"]["class_code"] == "0802"
    result = CliRunner().invoke(app(), ["history", str(project), LAYER, "没有这块地"])
    assert result.exit_code != 0


def test_all_goes_back_to_a_moment_and_what_cannot_is_named(project: Path) -> None:
    with Project.open(project) as opened:
        renamed = opened.edits()[1].time
        add_parcels(opened, 1, name="后来的图层")
    told = run("restore", project, "--at", renamed.isoformat(), "--json")
    assert told["edit"]["kind"] == "restore"
    assert (told["layers"], told["layers_added_later"]) == ([LAYER], ["后来的图层"])
    with Project.open(project) as opened:
        info = opened.layer(LAYER)
        assert opened.read(info.uid)["name"].tolist() == ["图斑1", "甲地", "图斑3"]
        assert opened.layer("后来的图层").feature_count == 1
        opened.undo()
        assert opened.layer(LAYER).feature_count == 2
    assert run("restore", project, "--at", "2999-01-01", "--json")["edit"] is None
    kinds = [one["kind"] for one in run("edits", project, "--json")["edits"]]
    assert kinds == ["undo", "restore", "edit", "edit"]


def test_a_day_means_its_end_and_a_zone_is_taken_as_said() -> None:
    assert parse_moment("2026-11-22").astimezone().strftime("%H:%M:%S") == "23:59:59"
    assert parse_moment("2026-11-22T14:30:00+08:00") == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
