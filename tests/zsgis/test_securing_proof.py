"""From a run to report and proof: what became stale is named, and nothing made later says it is current."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from layers.store import Project
from tests.zsgis.evidence.evidence_samples import document, order
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, sample_project
from tests.zsgis.reports.securing_samples import issue, texts
from zsgis.evidence import check_evidence, write_evidence
from zsgis.ledger.documents import ledger_document
from zsgis.ledger.entries import ledger_of
from zsgis.plan import load_plan
from zsgis.run import run_capability

SHARE, NAME = "industrial_share", "工业用地占建设用地比例"
TODAY = dt.datetime.now().astimezone().date()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sample_project(tmp_path / "work.gpkg") as made:
        run_capability(made, "intensity")
        yield made


def entry(project: Project) -> dict[str, object]:
    """Return what the ledger says of the industrial share, as a program reads it."""
    ledger = ledger_of(project, load_plan(), TODAY)
    (found,) = [one for one in ledger_document(ledger)["entries"] if one["key"] == SHARE and not one["line"]]
    return dict(found)


def test_a_changed_parcel_makes_ledger_report_and_evidence_say_stale_and_name_it(
    project: Project, tmp_path: Path
) -> None:
    before = entry(project)
    assert before["state"] == "current"
    proof = write_evidence(project, order(tmp_path / "before.zip"))
    assert proof.holding == proof.runs == 1
    narrow_the_factory(project)

    after = entry(project)
    assert (after["state"], after["value"], after["stale_value"]) == ("stale", None, before["value"])
    assert "其后修改 2" in str(after["reasons"])

    issue(project, tmp_path / "report.docx")
    printed = "\n".join(texts(tmp_path / "report.docx"))
    assert "其后修改 2" in printed

    write_evidence(project, order(tmp_path / "after.zip", on=TODAY))
    standing = document(tmp_path / "after.zip", "runs/001-intensity/standing.json")
    assert standing["verdict"] == "input_changed"
    assert [one["name"] for one in standing["changed_features"][0]["features"]] == ["2"]
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        lines = archive.read("ledger/ledger.csv").decode("utf-8-sig").splitlines()
        kept = json.loads(archive.read("ledger/ledger.json"))
    (line,) = [one for one in lines if one.startswith(f"{NAME},")]
    assert "已过时" in line
    assert not [one for one in kept["entries"] if one["key"] == SHARE and one["value"] is not None]

    since = check_evidence(tmp_path / "before.zip", project)
    assert since.whole
    assert any("其后修改 2" in change for change in since.changes)


def test_no_report_prints_a_stale_figure_without_saying_so(project: Project, tmp_path: Path) -> None:
    narrow_the_factory(project)
    issue(project, tmp_path / "report.docx")
    value = f"{entry(project)['stale_value']:.2f}"
    rows = [row for table in docx.Document(str(tmp_path / "report.docx")).tables for row in table.rows]
    told = [[cell.text for cell in row.cells] for row in rows]
    holding = [row for row in told if any(text.strip() == NAME for text in row)]
    assert holding
    for row in holding:
        assert not any(text.strip() == value for text in row), row
        assert any("已过时" in text for text in row), row
