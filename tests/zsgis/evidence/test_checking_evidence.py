"""An evidence folder looked at again: damage found to the byte, and what became of the project since."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from layers.errors import InputError
from layers.store import Project
from tests.zsgis.evidence.evidence_samples import entries, order, rewritten
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, own_rule, sample_project
from zsgis.commands.evidence_command import add_evidence_command
from zsgis.evidence import check_evidence, write_evidence
from zsgis.run import run_capability


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sample_project(tmp_path / "work.gpkg") as made:
        run_capability(made, "stock", {"unit": "m2"})
        yield made


@pytest.fixture
def folder(project: Project, tmp_path: Path) -> Path:
    return write_evidence(project, order(tmp_path / "e.zip")).path


def test_a_folder_as_written_is_whole_and_registered(project: Project, folder: Path) -> None:
    found = check_evidence(folder, project)
    assert (found.faults, found.changes) == ((), ())
    assert found.registered is not None
    assert found.files == len(entries(folder)) - 1
    assert found.made.startswith("2026-11-23T09:14:06")


def test_a_byte_of_any_entry_that_is_another_is_found(folder: Path) -> None:
    whole = folder.read_bytes()
    with zipfile.ZipFile(folder) as archive:
        places = [(info.filename, info.header_offset, info.compress_size) for info in archive.infolist()]
    for name, offset, size in places:
        # behind the entry's header of 30 bytes and its name lies its content; its last byte may end a stream
        # of which all content is read already
        start = offset + 30 + len(name.encode())
        for place in (start, start + size // 2):
            folder.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
            faults = " ".join(check_evidence(folder).faults)
            assert name in faults, (name, place)
    folder.write_bytes(whole)
    assert check_evidence(folder).whole


def test_a_byte_between_the_entries_is_found_by_the_register(project: Project, folder: Path) -> None:
    whole = folder.read_bytes()
    # bytes 10 and 11 of an entry's header are its time of day, which no content depends on
    folder.write_bytes(whole[:10] + bytes([whole[10] ^ 0x01]) + whole[11:])
    found = check_evidence(folder, project)
    assert found.whole
    assert found.registered is None


def test_a_cut_file_and_one_that_is_no_zip_are_refused(folder: Path, tmp_path: Path) -> None:
    folder.write_bytes(folder.read_bytes()[:-200])
    other = tmp_path / "x.zip"
    other.write_text("hello", encoding="utf-8")
    for path in (folder, other, tmp_path / "nowhere.zip"):
        with pytest.raises(InputError) as told:
            check_evidence(path)
        assert told.value.where == str(path)


def _without(name: str) -> Any:
    return lambda held: held.pop(name)


def _altered(held: dict[str, bytes]) -> None:
    held["ledger/ledger.csv"] += b" "


def _more(held: dict[str, bytes]) -> None:
    held["extra.txt"] = b"?"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_without("log/journal.csv"), "log/journal.csv"),
        (_without("SHA256SUMS"), "SHA256SUMS"),
        (_without("manifest.json"), "manifest.json"),
        (_altered, "ledger/ledger.csv"),
        (_more, "extra.txt"),
    ],
)
def test_missing_altered_and_added_entries_are_named(folder: Path, change: Any, named: str) -> None:
    faults = check_evidence(rewritten(folder, change)).faults
    assert any(named in fault for fault in faults), faults


def test_a_forger_who_states_new_hashes_is_found_by_the_register(project: Project, folder: Path) -> None:
    def forge(held: dict[str, bytes]) -> None:
        name = "ledger/ledger.csv"
        before = hashlib.sha256(held[name]).hexdigest().encode()
        held[name] = held[name].replace("缺资料".encode(), b"100.00")
        after = hashlib.sha256(held[name]).hexdigest().encode()
        manifest = held["manifest.json"]
        held["manifest.json"] = manifest.replace(before, after)
        sums = held["SHA256SUMS"].replace(before, after)
        one, other = (hashlib.sha256(each).hexdigest().encode() for each in (manifest, held["manifest.json"]))
        held["SHA256SUMS"] = sums.replace(one, other)

    # the size that the manifest states is the only thing such a forger forgot
    forged = check_evidence(rewritten(folder, forge), project)
    assert forged.faults == ()
    assert forged.registered is None


def test_hashes_that_manifest_and_list_state_differently_are_told(folder: Path) -> None:
    def change(held: dict[str, bytes]) -> None:
        document = json.loads(held["manifest.json"])
        document["files"] = document["files"][1:]
        before = hashlib.sha256(held["manifest.json"]).hexdigest().encode()
        held["manifest.json"] = json.dumps(document).encode()
        after = hashlib.sha256(held["manifest.json"]).hexdigest().encode()
        held["SHA256SUMS"] = held["SHA256SUMS"].replace(before, after)

    (fault,) = check_evidence(rewritten(folder, change)).faults
    assert "manifest.json" in fault
    assert "SHA256SUMS" in fault


@pytest.mark.parametrize("content", [b"[]", b"{}", b"null", b"{", b"\xff", b'{"form": "zsgis-evidence"}'])
def test_a_manifest_that_is_none_is_a_fault_and_no_crash(
    folder: Path, content: bytes, project: Project
) -> None:
    def change(held: dict[str, bytes]) -> None:
        held["manifest.json"] = content

    assert not check_evidence(rewritten(folder, change), project).whole


@pytest.mark.parametrize("content", [b"[]", b"{}", b"[1, null]", b'[{"uid": 3, "version": "x"}]'])
def test_documents_of_another_shape_are_no_crash(folder: Path, content: bytes, project: Project) -> None:
    def change(held: dict[str, bytes]) -> None:
        held["inputs/layers.json"] = content
        held["rules/rules.json"] = content

    assert not check_evidence(rewritten(folder, change), project).whole


def test_what_became_of_the_project_since_is_told(project: Project, tmp_path: Path) -> None:
    rule = own_rule(tmp_path)
    run_capability(project, "fragmentation", {"rule": str(rule)})
    folder = write_evidence(project, order(tmp_path / "f.zip")).path
    narrow_the_factory(project)
    run_capability(project, "stock")
    rule.write_text(rule.read_text("utf-8") + "\n# 改\n", encoding="utf-8")
    changes = check_evidence(folder, project).changes
    assert len(changes) == 3
    land, changed_rule, runs = changes
    assert "土地利用" in land
    assert "其后修改 2" in land
    assert "细碎" in changed_rule
    assert "1" in runs


def test_a_folder_of_another_project_is_told(folder: Path, tmp_path: Path) -> None:
    with sample_project(tmp_path / "other.gpkg") as other:
        found = check_evidence(folder, other)
    assert found.whole
    assert len(found.changes) == 1
    assert found.registered is None


def run(code: int, *words: object) -> Any:
    made = typer.Typer()
    made.callback()(lambda: None)
    add_evidence_command(made)
    result = CliRunner().invoke(made, ["evidence", *(str(word) for word in words)])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words else result.stdout


def test_the_command_writes_and_checks(project: Project, tmp_path: Path) -> None:
    path, out = project.path, tmp_path / "c.zip"
    project.close()
    told = run(0, path, out, "--quick", "--json")
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (told["runs"], told["holding"], told["registered"]) == (1, 1, True)
    assert run(0, "--check", out, path, "--json")["whole"] is True
    run(3, path, out, "--quick")
    run(2, path)
    run(2, path, tmp_path / "c.txt")
    run(2, path, tmp_path / "d.zip", "--approved-by", "张三")
    rewritten(out, _altered)
    assert "ledger/ledger.csv" in run(1, "--check", out, "--json")["faults"][0]


def test_a_stale_run_makes_the_exit_code_one(project: Project, tmp_path: Path) -> None:
    narrow_the_factory(project)
    path = project.path
    project.close()
    assert run(1, path, tmp_path / "c.zip", "--json")["holding"] == 0
