"""Recorded runs held against what became of layers, rules and program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest

from layers.edits import AddFeature, Edit, RemoveFeature
from layers.errors import JobCancelled
from layers.store import NewLayer, Project
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, own_rule, sample_project, uid_of
from tests.zsgis.stock_samples import at
from zsgis.ledger.standing import FeatureFate, RunStanding, Verdict
from zsgis.ledger.verifying import standings, verify
from zsgis.run import run_capability, signed_result
from zsgis.run_records import KeptRun


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sample_project(tmp_path / "work.gpkg") as made:
        yield made


def only(found: tuple[RunStanding, ...]) -> RunStanding:
    (one,) = found
    return one


def rerecorded(project: Project, **changes: Any) -> None:
    """Write the only run once more with other entries, as another program would have written it."""
    (record,) = project.runs()
    project.record_run({**record, "uid": "other", **changes})


def test_a_run_on_unchanged_data_holds(project: Project) -> None:
    run_capability(project, "stock")
    for found, again in ((standings(project), False), (verify(project), True)):
        standing = only(found)
        assert (standing.verdict, standing.again) == (Verdict.HOLDS, again)
        assert standing.reasons == ()
        assert standing.differences == ()


def test_a_changed_parcel_is_named_and_the_figures_before_and_after_told(project: Project) -> None:
    run_capability(project, "stock", {"unit": "m2"})
    uid = narrow_the_factory(project)
    quick = only(standings(project))
    assert quick.verdict is Verdict.INPUT_CHANGED
    assert [(f.zs_uid, f.name, f.fate) for f in quick.inputs[0].features] == [(uid, "2", FeatureFate.CHANGED)]
    assert "土地利用" in quick.reasons[0]
    assert "2" in quick.reasons[0]
    standing = only(verify(project))
    assert standing.verdict is Verdict.INPUT_CHANGED
    # in 乙 the factory had 6 m x 10 m and keeps 1 m x 10 m; the laboratory's 5 m x 10 m stay
    found = {each.key: each for each in standing.differences}
    industrial = found["summary", "乙", "industrial"]
    assert industrial.before is not None
    assert industrial.after is not None
    assert industrial.before.value == pytest.approx(60, abs=0.02)
    assert industrial.after.value == pytest.approx(10, abs=0.02)
    assert ("summary", "甲", "industrial") not in found


def test_an_edit_that_was_taken_back_changed_nothing(project: Project) -> None:
    run_capability(project, "stock")
    narrow_the_factory(project)
    project.undo()
    assert only(standings(project)).verdict is Verdict.HOLDS


def test_added_and_removed_parcels_are_named(project: Project) -> None:
    run_capability(project, "stock")
    layer, uid = uid_of(project, "land_use", "1")
    new = AddFeature(layer, at(30, 0, 40, 10), {"name": "4", "class_code": "0101"})
    project.apply(Edit("改", (RemoveFeature(layer, uid), new)))
    (change,) = only(standings(project)).inputs
    assert {(feature.name, feature.fate) for feature in change.features} == {
        ("1", FeatureFate.REMOVED),
        ("4", FeatureFate.ADDED),
    }


def test_a_removed_layer_is_named_and_one_of_the_same_name_is_not_taken_for_it(project: Project) -> None:
    run_capability(project, "stock")
    (zones,) = project.layers_of("zones")
    frame = project.read(zones.uid)
    project.remove_layer(zones.uid)
    gone = only(verify(project))
    assert gone.verdict is Verdict.INPUT_CHANGED
    assert gone.inputs[0].gone
    project.add_layer(NewLayer("范围", "zones", zones.crs), geopandas.GeoDataFrame(frame))
    assert "另一" in only(standings(project)).reasons[0]


def test_another_layer_that_would_be_taken_now_is_told(project: Project) -> None:
    run_capability(project, "stock")
    (land,) = project.layers_of("land_use")
    frame = project.read(land.uid)
    newer = project.add_layer(NewLayer("新图斑", "land_use", land.crs, standard="yd2023"), frame)
    project.update_layer(newer.uid, order=1)
    assert project.layers_of("land_use")[0].name == "新图斑"
    standing = only(verify(project))
    assert standing.verdict is Verdict.INPUT_CHANGED
    assert "新图斑" in standing.reasons[0]


def test_a_changed_rule_file_is_told_and_a_lost_one(project: Project, tmp_path: Path) -> None:
    rule = own_rule(tmp_path)
    run_capability(project, "fragmentation", {"rule": str(rule)})
    assert only(verify(project)).verdict is Verdict.HOLDS
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("2026-01-01", "2026-06-30", 1), encoding="utf-8")
    standing = only(standings(project))
    assert standing.verdict is Verdict.RULE_CHANGED
    assert "2026-01-01" in standing.rules[0].before
    assert "2026-06-30" in standing.rules[0].after
    rule.unlink()
    lost = only(verify(project))
    assert lost.verdict is Verdict.RULE_CHANGED
    assert lost.rules[0].after == ""
    assert any("不能重新运行" in reason for reason in lost.reasons)


def test_a_newer_program_is_unchecked_until_it_gave_the_same_figures(project: Project) -> None:
    run_capability(project, "stock")
    rerecorded(project, program_version="0.0.1")
    assert [each.verdict for each in standings(project)] == [Verdict.HOLDS, Verdict.UNCHECKED]
    assert [each.verdict for each in verify(project)] == [Verdict.HOLDS, Verdict.HOLDS]
    assert [each.verdict for each in standings(project)] == [Verdict.HOLDS, Verdict.HOLDS]


def test_a_program_that_gives_other_figures_is_told_with_both(project: Project) -> None:
    run_capability(project, "stock", {"unit": "m2"})
    (record,) = project.runs()
    tables = [dict(table) for table in record["tables"]]
    summary = next(table for table in tables if table["key"] == "summary")
    summary["rows"][0]["values"]["total"] = 139.0
    rerecorded(project, tables=tables, program_version="0.0.1")
    standing = verify(project)[1]
    assert standing.verdict is Verdict.DIFFERS
    (one,) = standing.differences
    assert one.before is not None
    assert one.after is not None
    assert one.key == ("summary", "甲", "total")
    assert one.before.value == 139.0
    assert one.after.value == pytest.approx(140, abs=0.02)
    assert "0.0.1" in standing.reasons[0]
    assert standings(project)[1].verdict is Verdict.UNCHECKED


def test_runs_of_newer_programs_and_unreadable_ones_are_told(project: Project) -> None:
    run_capability(project, "stock")
    rerecorded(project, capability="orbit", program_version="9.1")
    project.record_run({"uid": "b", "capability": "stock", "started": "x", "inputs": 3})
    rerecorded_parameters = {**project.runs()[0], "uid": "c", "parameters": {"moon": 1}}
    project.record_run(rerecorded_parameters)
    verdicts = [each.verdict for each in verify(project)]
    assert verdicts == [Verdict.HOLDS, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert "9.1" in verify(project)[1].reasons[0]


def test_a_merge_is_no_figure(project: Project) -> None:
    project.record_run({"capability": "merge", "started": "2026-11-23"})
    assert standings(project) == ()


def test_records_of_an_older_program_are_compared_in_what_they_keep(project: Project) -> None:
    run_capability(project, "stock")
    (record,) = project.runs()
    old = {key: record[key] for key in ("capability", "started", "parameters", "inputs", "figures", "rules")}
    project.record_run({**old, "uid": "old", "program_version": "0.0.1"})
    assert verify(project)[1].verdict is Verdict.HOLDS


def test_runs_with_one_answer_are_run_again_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for parameters in ({}, {}, {"unit": "mu"}):
        run_capability(project, "stock", parameters)

    def counted(store: Any, chosen: Any, checked: Any, progress: Any) -> Any:
        made.append(str(checked.unit))
        return signed_result(store, chosen, checked, progress)

    monkeypatch.setattr("zsgis.ledger.verifying.signed_result", counted)
    assert [each.verdict for each in verify(project)] == [Verdict.HOLDS] * 3
    assert made == ["ha", "mu"]


def test_only_the_runs_asked_for_are_looked_at(project: Project) -> None:
    for _turn in range(2):
        run_capability(project, "stock")
    second = project.runs()[1]["uid"]
    standing = only(verify(project, runs=[second]))
    assert (standing.number, standing.run.uid) == (2, second)


def test_a_project_for_reading_is_verified_and_stays_as_it_is(project: Project) -> None:
    run_capability(project, "stock")
    rerecorded(project, program_version="0.0.1")
    before = project.path.read_bytes()
    with Project.open(project.path, read_only=True) as opened:
        assert [each.verdict for each in verify(opened)] == [Verdict.HOLDS] * 2
    assert project.path.read_bytes() == before


def test_verifying_can_be_stopped(project: Project) -> None:
    class Stopping:
        def step(self, _done: float, _text: str = "") -> None:
            raise JobCancelled

    run_capability(project, "stock")
    with pytest.raises(JobCancelled):
        verify(project, Stopping())


def test_a_red_line_check_is_compared_by_the_versions_of_its_layers(project: Project) -> None:
    (land,) = project.layers_of("land_use")
    used = {
        "role": "land",
        "layer_uid": land.uid,
        "name": land.name,
        "version": land.version,
        "sha256": "part",
    }
    project.record_run({"uid": "r", "capability": "redline", "started": "2026-11-23", "inputs": [used]})
    assert only(verify(project)).verdict is Verdict.HOLDS
    narrow_the_factory(project)
    standing = only(verify(project))
    assert standing.verdict is Verdict.INPUT_CHANGED
    assert isinstance(standing.run, KeptRun)
    assert [feature.name for feature in standing.inputs[0].features] == ["2"]
