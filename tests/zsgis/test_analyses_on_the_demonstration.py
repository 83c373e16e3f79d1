"""Every registered analysis on the demonstration project: it finds something and signs its record."""

from __future__ import annotations

import pytest

from layers.store import Project
from zsgis.registry import CAPABILITIES
from zsgis.result import NotDerivable, Result
from zsgis.run import run_capability


class Results(dict[str, Result]):
    """What each analysis gives, computed when it is first asked for."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    def __missing__(self, key: str) -> Result:
        self[key] = run_capability(self._project, key)
        return self[key]


@pytest.fixture(scope="module")
def results(demonstration: Project) -> Results:
    return Results(demonstration)


@pytest.mark.parametrize("key", list(CAPABILITIES))
def test_an_analysis_finds_something_and_signs_its_record(
    results: Results, demonstration: Project, key: str
) -> None:
    result = results[key]
    assert result.tables
    assert [table.key for table in result.tables if not table.rows] == []
    assert result.demo
    run = result.run
    assert (run.capability, len(run.uid)) == (key, 36)
    assert run.inputs
    known = {info.uid: info.feature_count for info in demonstration.layers()}
    for entry in run.inputs:
        assert known[entry.layer_uid] == entry.feature_count, entry.name
        assert len(entry.sha256) == 64, entry.name
    assert run.method
    assert run.uid in {kept["uid"] for kept in demonstration.runs()}


def test_the_demonstration_leaves_no_indicator_of_intensive_use_out(results: Results) -> None:
    values = [row.values for row in results["intensity"].table("indicators").rows]
    last = {row["indicator"]: row["value"] for row in values if row["zone"] == "总计"}
    assert [name for name, value in last.items() if value is None or isinstance(value, NotDerivable)] == []
    assert len(last) == 9


def test_the_plans_disagree_in_every_way(results: Results) -> None:
    outcomes = results["three_plans"].facts["outcomes_m2"]
    assert all(outcomes[key] > 0 for key in ("land_only", "city_only", "conditional", "use", "same"))


def test_parcels_lie_on_lines_and_on_forest(results: Results) -> None:
    hits = results["three_lines"].facts["hits_m2"]
    assert all(hits[key] > 0 for key in ("farmland", "growth", "forest"))


def test_numbers_of_approvals_lead_astray_as_they_do_in_offices(results: Results) -> None:
    codes = {finding.code for finding in results["supply_gap"].findings}
    assert "supply.number_against_place" in codes


def test_parcels_are_fit_unfit_and_of_some_nobody_knows(results: Results, demonstration: Project) -> None:
    facts = results["screening"].facts
    assert min(facts[key] for key in ("fulfilled", "missing", "failed")) > 0
    rooms = run_capability(demonstration, "screening", {"rule": "screening_rooms"}).facts
    assert min(rooms["fulfilled"], rooms["failed"]) > 0


def test_land_is_idle_only_with_the_number_of_a_finding(results: Results, demonstration: Project) -> None:
    # red lines of supply carry no such number: they are suspected, and nothing is idle
    facts = results["policy"].facts
    assert facts["fulfilled"] == 0
    assert facts["suspected"] > 0
    ledger = run_capability(demonstration, "policy", {"rule": "policy_idle_established"})
    numbers = demonstration.read(demonstration.layer("闲置土地").uid)["finding_number"].fillna("")
    assert ledger.facts["fulfilled"] == (numbers != "").sum()
    assert ledger.facts["suspected"] == (numbers == "").sum()
