"""The evidence folder: what is in it, that it proves itself, and that it appears whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from layers.errors import InputError, JobCancelled, SecrecyError, UsageError
from layers.locations import resource_path
from layers.store import Project
from tests.zsgis.evidence.evidence_samples import StopAt, document, entries, order
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, own_rule, sample_project
from zsgis.evidence import packing, write_evidence
from zsgis.evidence.packing import safe_name
from zsgis.ledger.documents import ledger_document
from zsgis.ledger.entries import ledger_of
from zsgis.plan import load_plan
from zsgis.run import run_capability
from zsgis.run_records.exports import SHEET, Approval, ExportNote, FileNote, exports_of, record_export


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sample_project(tmp_path / "work.gpkg") as made:
        run_capability(made, "stock", {"unit": "m2"})
        yield made


def test_the_folder_holds_inputs_rules_runs_ledger_and_log(project: Project, tmp_path: Path) -> None:
    rule = own_rule(tmp_path)
    run_capability(project, "fragmentation", {"rule": str(rule)})
    out = tmp_path / "证据.zip"
    report = write_evidence(project, order(out))
    assert (report.runs, report.holding) == (2, 2)
    layers = {each["uid"]: each for each in document(out, "inputs/layers.json")}
    for info in project.layers():
        assert layers[info.uid]["sha256"] == project.content_hash(info.uid)
        assert (layers[info.uid]["version"], layers[info.uid]["features"]) == (
            info.version,
            info.feature_count,
        )
    rules = {each["file"]: each for each in document(out, "rules/rules.json")}
    kept = rules[str(rule)]
    assert (kept["state"], kept["runs"]) == ("same", [2])
    assert entries(out)[kept["copy"]] == rule.read_bytes()
    assert entries(out)[rules["ledger_lights.toml"]["copy"]] == (
        resource_path("rules", "ledger_lights.toml").read_bytes()
    )
    (recorded, _other) = project.runs()[:2]
    assert document(out, "runs/001-stock/run.json") == recorded
    assert document(out, "runs/001-stock/standing.json")["verdict"] == "holds"
    ledger = ledger_of(project, load_plan(), order(out).on)
    assert document(out, "ledger/ledger.json") == json.loads(json.dumps(ledger_document(ledger)))
    assert "add_layer" in entries(out)["log/journal.csv"].decode("utf-8-sig")
    assert "“work”证据包" in entries(out)["README.txt"].decode("utf-8-sig")


def test_the_tables_and_the_parcels_are_those_of_the_run(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "e.zip"
    write_evidence(project, order(out))
    lines = entries(out)["runs/001-stock/table-summary.csv"].decode("utf-8-sig").splitlines()
    # in 乙 lie 6 m x 10 m of the factory
    (row,) = [line for line in lines if line.startswith("乙")]
    assert "60.00" in row.split(",")
    uids = set(project.read(project.layers_of("land_use")[0].uid).index)
    rows = {each["row"]: each["parcels"] for each in document(out, "runs/001-stock/parcels.json")["summary"]}
    assert set(rows["总计"]["土地利用"]) == uids


def test_the_workbook_of_a_run_has_its_tables_as_numbers(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "e.zip"
    write_evidence(project, order(out))
    book = openpyxl.load_workbook(io.BytesIO(entries(out)["runs/001-stock/tables.xlsx"]))
    assert len(book.sheetnames) == len(project.runs()[0]["tables"])
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    # in 乙 lie 6 m x 10 m of the factory
    assert any(row[0] == "乙" and 60.0 in row for row in rows)


def test_sha256sum_accepts_what_was_unpacked(project: Project, tmp_path: Path) -> None:
    out, folder = tmp_path / "e.zip", tmp_path / "unpacked"
    write_evidence(project, order(out))
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder)
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    if shutil.which(check[0]) is None:
        pytest.skip("there is no sha256sum")
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()}
    held = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert held == {*listed, "SHA256SUMS"}
    with (folder / "log" / "journal.csv").open("ab") as file:
        file.write(b"x")
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 1


def test_the_same_records_give_the_same_file_to_the_byte(project: Project, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    with Project.open(project.path, read_only=True) as still:
        reports = [write_evidence(still, order(out, again=True)) for out in (first, second)]
    assert first.read_bytes() == second.read_bytes()
    assert not any(report.registered for report in reports)
    with zipfile.ZipFile(first) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 23, 9, 14, 6)}


def test_run_again_it_holds_charts_and_maps_of_runs_that_hold(project: Project, tmp_path: Path) -> None:
    again, compared = tmp_path / "again.zip", tmp_path / "compared.zip"
    write_evidence(project, order(again, again=True))
    pictures = [name for name in entries(again) if name.endswith(".png")]
    assert pictures
    assert all(entries(again)[name].startswith(b"\x89PNG") for name in pictures)
    assert all(name.startswith("runs/001-stock/") for name in pictures)
    report = write_evidence(project, order(compared))
    assert not [name for name in entries(compared) if name.endswith(".png")]
    assert any("001" in note or "1" in note for note in report.notes)


def test_a_result_at_hand_gives_its_pictures_without_running_again(project: Project, tmp_path: Path) -> None:
    result = run_capability(project, "stock", {"unit": "ha"})
    out = tmp_path / "e.zip"
    write_evidence(project, order(out, results={result.run.uid: result}))
    pictures = {name.split("/")[1] for name in entries(out) if name.endswith(".png")}
    assert pictures == {"002-stock"}


def test_a_stale_run_is_told_as_such_and_has_no_picture_of_today(project: Project, tmp_path: Path) -> None:
    narrow_the_factory(project)
    out = tmp_path / "e.zip"
    report = write_evidence(project, order(out, again=True))
    assert (report.runs, report.holding) == (1, 0)
    standing = document(out, "runs/001-stock/standing.json")
    assert standing["verdict"] == "input_changed"
    assert [one["name"] for one in standing["changed_features"][0]["features"]] == ["2"]
    assert not [name for name in entries(out) if name.endswith(".png")]
    assert "输入已变" in entries(out)["README.txt"].decode("utf-8-sig")


def test_a_rule_that_was_changed_or_lost_is_named(project: Project, tmp_path: Path) -> None:
    rule = own_rule(tmp_path)
    run_capability(project, "fragmentation", {"rule": str(rule)})
    rule.write_text(rule.read_text("utf-8").replace("2026-01-01", "2026-06-30", 1), encoding="utf-8")
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    notes = write_evidence(project, order(first)).notes
    (kept,) = [each for each in document(first, "rules/rules.json") if each["file"] == str(rule)]
    assert kept["state"] == "changed"
    assert entries(first)[kept["copy"]] == rule.read_bytes()
    assert any(kept["title"] in note for note in notes)
    rule.unlink()
    write_evidence(project, order(second))
    (lost,) = [each for each in document(second, "rules/rules.json") if each["file"] == str(rule)]
    assert (lost["state"], lost["copy"], lost["sha256"]) == ("gone", "", kept["sha256"])


def test_the_export_is_entered_with_the_hash_of_the_file(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "e.zip"
    report = write_evidence(project, order(out))
    (entry,) = exports_of(project)
    assert (entry.what, entry.files[0].name, entry.files[0].sha256) == ("evidence", "e.zip", report.sha256)
    assert entry.files[0].size == out.stat().st_size
    assert report.registered
    second = tmp_path / "f.zip"
    write_evidence(project, order(second))
    assert report.sha256 in entries(second)["log/exports.csv"].decode("utf-8-sig")


def test_what_is_secret_is_refused_until_somebody_approves(project: Project, tmp_path: Path) -> None:
    (land,) = project.layers_of("land_use")
    project.update_layer(land.uid, secrecy="秘密★10年")
    out = tmp_path / "e.zip"
    with pytest.raises(SecrecyError) as refused:
        write_evidence(project, order(out))
    assert "土地利用" in refused.value.what
    assert not out.exists()
    report = write_evidence(project, order(out, approval=Approval("张三", "审计调阅")))
    assert report.secrecy == "秘密★10年"
    assert document(out, "manifest.json")["approval"] == {"by": "张三", "why": "审计调阅"}
    assert entries(out)["README.txt"].decode("utf-8-sig").startswith("密级：秘密★10年")
    (entry,) = exports_of(project)
    assert (entry.secrecy, entry.approved_by, entry.why) == ("秘密★10年", "张三", "审计调阅")
    with Project.open(project.path, read_only=True) as reader, pytest.raises(SecrecyError):
        write_evidence(reader, order(tmp_path / "r.zip", approval=Approval("张三", "审计调阅")))


def test_a_run_of_a_secret_layer_that_is_gone_keeps_its_secrecy(project: Project, tmp_path: Path) -> None:
    (land,) = project.layers_of("land_use")
    project.update_layer(land.uid, secrecy="机密")
    run_capability(project, "stock")
    project.remove_layer(land.uid)
    with pytest.raises(SecrecyError):
        write_evidence(project, order(tmp_path / "e.zip"))


def test_an_approval_says_who_and_why() -> None:
    with pytest.raises(UsageError):
        Approval("张三", " ")


@pytest.mark.parametrize("when", [0.05, 0.5, 0.82, 0.9])
def test_a_stopped_folder_leaves_nothing(project: Project, tmp_path: Path, when: float) -> None:
    def stop(done: float, _text: str) -> None:
        if done >= when:
            raise JobCancelled

    place = tmp_path / "out"
    place.mkdir()
    with pytest.raises(JobCancelled):
        write_evidence(project, order(place / "e.zip", again=True), StopAt(stop))
    assert list(place.iterdir()) == []
    assert exports_of(project) == ()


def test_progress_never_goes_back(project: Project, tmp_path: Path) -> None:
    seen: list[float] = []
    write_evidence(project, order(tmp_path / "e.zip"), StopAt(lambda done, _text: seen.append(done)))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_full_disk_is_told_and_the_old_file_stays(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "e.zip"
    out.write_bytes(b"old")

    def full(*_what: object, **_how: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(packing.Packer, "data", full)
    with pytest.raises(InputError) as told:
        write_evidence(project, order(out, overwrite=True))
    assert os.strerror(errno.ENOSPC) in told.value.what
    assert told.value.where == str(out)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    assert exports_of(project) == ()


def test_a_file_that_is_there_or_a_folder_that_is_not_is_refused(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "e.zip"
    out.write_bytes(b"old")
    for place in (out, tmp_path / "nowhere" / "e.zip", project.path):
        with pytest.raises(InputError):
            write_evidence(project, order(place, overwrite=place == project.path))
    assert out.read_bytes() == b"old"


def test_an_export_that_cannot_be_entered_does_not_stay(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_record: object) -> str:
        raise InputError("no", where="", remedy="")

    out = tmp_path / "e.zip"
    monkeypatch.setattr(project, "record_run", refuse)
    with pytest.raises(InputError):
        write_evidence(project, order(out))
    assert not out.exists()


def test_a_project_changed_meanwhile_gives_no_folder(project: Project, tmp_path: Path) -> None:
    done = False

    def edit(share: float, _text: str) -> None:
        nonlocal done
        if share > 0.5 and not done:
            done = True
            narrow_the_factory(project)

    out = tmp_path / "e.zip"
    with pytest.raises(InputError) as told:
        write_evidence(project, order(out), StopAt(edit))
    assert told.value.where == str(project.path)
    assert not out.exists()


def test_a_project_without_runs_has_a_folder_that_says_so(tmp_path: Path) -> None:
    with sample_project(tmp_path / "empty.gpkg") as project:
        report = write_evidence(project, order(tmp_path / "e.zip", again=True))
    assert (report.runs, report.notes) == (0, ())
    assert "尚未" in entries(tmp_path / "e.zip")["README.txt"].decode("utf-8-sig")


def test_a_text_that_a_spreadsheet_would_compute_stays_text(project: Project, tmp_path: Path) -> None:
    (zones,) = project.layers_of("zones")
    project.update_layer(zones.uid, name="=HYPERLINK(1)")
    out = tmp_path / "e.zip"
    write_evidence(project, order(out))
    assert "'=HYPERLINK(1)" in entries(out)["inputs/layers.csv"].decode("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/../b", "a_.._b"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("", "_"),
        ("..", "_"),
        ("科\n学", "科_学"),
    ],
)
def test_names_are_safe_on_every_system(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_long_name_is_cut_between_characters() -> None:
    # a Chinese character is 3 bytes: 40 of them are 120
    assert safe_name("图" * 100) == "图" * 40


def test_sheets_that_lie_where_they_were_written_to_are_put_in(project: Project, tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf")]
    for number, place in enumerate(places):
        note = FileNote(place.name, str(place), hashlib.sha256(b"%d" % number).hexdigest(), 1)
        place.write_bytes(b"%d" % number)
        record_export(project, ExportNote(SHEET, "图", (note,)))
    places[1].write_bytes(b"changed")
    places[2].unlink()
    out = tmp_path / "e.zip"
    notes = write_evidence(project, order(out)).notes
    held = {name: content for name, content in entries(out).items() if name.startswith("sheets/")}
    assert list(held.values()) == [b"0"]
    assert any("b.pdf" in note and "改动" in note for note in notes)
    assert any("c.pdf" in note and "原处" in note for note in notes)
