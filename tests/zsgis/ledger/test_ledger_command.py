"""The ledger at the command line, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from layers.store import Project
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, sample_project
from zsgis.commands.ledger_commands import add_ledger_commands
from zsgis.run import run_capability


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which the stock was counted, the factory narrowed, and the stock counted again."""
    with sample_project(tmp_path / "work.gpkg") as made:
        run_capability(made, "stock", {"unit": "m2"})
        narrow_the_factory(made)
        run_capability(made, "stock", {"unit": "m2"})
        return made.path


def run(code: int, *words: object) -> Any:
    made = typer.Typer()
    add_ledger_commands(made)
    result = CliRunner().invoke(made, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words else result.stdout


def test_verify_names_what_changed_and_leaves_with_one(project: Path) -> None:
    told = run(1, "ledger", "verify", project, "--json")
    assert [one["verdict"] for one in told["runs"]] == ["input_changed", "holds"]
    (change,) = told["runs"][0]["changed_features"]
    assert [(one["name"], one["fate"]) for one in change["features"]] == [("2", "changed")]
    shares = [
        each
        for each in told["runs"][0]["differences"]
        if each["column"] == "industrial" and each["row"] == "乙"
    ]
    # 60 m2 of the factory lay in 乙, 10 m2 remain
    assert shares[0]["change"] == pytest.approx(-50, abs=0.02)
    assert told["findings"][0]["code"] == "ledger.input_changed"
    text = run(1, "ledger", "verify", project)
    assert "输入已变" in text
    assert "其后修改 2" in text


def test_verify_of_one_run_that_holds_leaves_with_zero(project: Path) -> None:
    assert "仍然成立" in run(0, "ledger", "verify", project, "--run", 2)
    told = run(0, "ledger", "verify", project, "--run", 2, "--quick", "--json")
    assert [(one["number"], one["run_again"]) for one in told["runs"]] == [(2, False)]


def test_compare_puts_two_runs_side_by_side(project: Path) -> None:
    told = run(0, "ledger", "compare", project, 1, 2, "--json")
    differing = {each["name"] for each in told["circumstances"] if not each["same"]}
    assert "输入 land" in differing
    assert "输入 zones" not in differing
    changed = {(each["table"], each["row"], each["column"]): each["change"] for each in told["differences"]}
    assert changed["summary", "总计", "total"] == pytest.approx(-50, abs=0.02)
    assert told["same_figures"] > 0
    assert "总计" in run(0, "ledger", "compare", project, 1, 2)


def test_a_run_that_is_not_there_or_not_one_is_refused(project: Path) -> None:
    run(2, "ledger", "compare", project, 1, 7)
    run(2, "ledger", "compare", project, 1, "")
    run(2, "ledger", "verify", project, "--run", "x")


def test_a_run_is_found_by_the_beginning_of_its_identifier(project: Path) -> None:
    with Project.open(project, read_only=True) as opened:
        uid = opened.runs()[0]["uid"]
    assert run(0, "ledger", "compare", project, uid[:13], uid, "--json")["differences"] == []


def test_a_project_without_runs_says_so(tmp_path: Path) -> None:
    sample_project(tmp_path / "empty.gpkg").close()
    assert "尚未运行" in run(0, "ledger", "verify", tmp_path / "empty.gpkg")


def test_values_are_entered_shown_and_assessed(tmp_path: Path) -> None:
    path = tmp_path / "values.gpkg"
    sample_project(path).close()
    for year, value in ((2023, 2900), (2024, 3100)):
        run(0, "ledger", "enter", path, "high_tech_firms", value, "--on", year, "--source", "市科技局函")
    told = run(0, "ledger", "show", path, "--on", 2024, "--json")
    firms = next(one for one in told["entries"] if one["key"] == "high_tech_firms")
    assert (firms["value"], firms["gap"], firms["clause"], firms["department"]) == (
        3100,
        -400,
        "专栏 1-1",
        "市科技局",
    )
    assert "缺资料" in run(0, "ledger", "show", path, "--whole")
    yearly = run(0, "ledger", "assess", path, "--kind", "yearly", "--year", 2024, "--json")
    assert [one["change"] for one in yearly["lines"] if one["key"] == "high_tech_firms"] == [200]
    days = run(0, "ledger", "assess", path, "--from", "2023-12-31", "--to", 2024)
    assert "2,900 → 3,100 家  向好" in days


def test_what_was_typed_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.gpkg"
    sample_project(path).close()
    run(2, "ledger", "enter", path, "moon", 1, "--on", 2024, "--source", "函")
    run(2, "ledger", "enter", path, "high_tech_firms", 1, "--on", "soon", "--source", "函")
    run(2, "ledger", "assess", path)
    run(2, "ledger", "assess", path, "--kind", "weekly")
    run(2, "ledger", "assess", path, "--kind", "final", "--to", 2024)
    run(2, "ledger", "show", path, "--plan", "moon")
    run(3, "ledger", "show", path, "--lights", tmp_path / "none.toml")


def test_own_indicators_are_taken_and_dropped(tmp_path: Path) -> None:
    path, file = tmp_path / "values.gpkg", tmp_path / "own.toml"
    sample_project(path).close()
    file.write_text(
        '[[indicators]]\nkey = "parcels"\nname = "图斑数"\nclause = "research_land"\nunit = "个"\n'
        'digits = 0\nformula = { features = { kind = "land_use" } }\n',
        encoding="utf-8",
    )
    assert run(0, "ledger", "take", path, file, "--json") == {"taken": ["parcels"], "findings": []}
    told = run(0, "ledger", "show", path, "--json")
    (own,) = [one for one in told["entries"] if one["key"] == "parcels"]
    assert own["value"] == 3
    run(0, "ledger", "drop", path, "parcels")
    run(3, "ledger", "drop", path, "parcels")
