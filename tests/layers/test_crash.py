"""Programs killed while they edit, power failures: the benches run small and notice planted faults."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.power_cuts import PowerCutter, PowerTally, cut_power, record_session
from benchmarks.power_failure import Arrival, CachingDisk
from benchmarks.watched_disk import CallKind, DiskCall

ROOT = Path(__file__).resolve().parents[2]
FILE, JOURNAL = "a.gpkg", "a.gpkg-journal"
CHANCE = random.Random(1)  # noqa: S311 - chance, no secret

needs_kill = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs a system that can kill outright"
)


def _bench(*given: str, code: str = "") -> dict[str, Any]:
    """Run the bench in a process of its own (it forks), after ``code`` where there is some."""
    command = [sys.executable, "-c", f"{code}\nfrom benchmarks.crash import main\nmain({[*given, '--json']})"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert said.returncode == 0, said.stderr
    told: dict[str, Any] = json.loads(said.stdout)
    return told


@needs_kill
@pytest.mark.peer
def test_every_acknowledged_edit_is_there_and_none_half_after_a_kill(gdal_python: Path) -> None:
    told = _bench("--runs", "12", "--power-failures", "0", "--power-edits", "1", "--validate-every", "4")
    assert told["troubles"] == []
    assert told["runs"] == 12
    assert told["acknowledged"] > 12
    assert told["validated"] == 3
    failures = ("lost", "half_done", "integrity_failures", "undo_failures", "refused")
    assert [told[key] for key in failures] == [0, 0, 0, 0, 0]


_PLANTED = """
import dataclasses
import benchmarks.killing as killing
honest = killing.make_step
def make_step(project, step):
    edit = step.edit
    {fault}
    return honest(project, step)
killing.make_step = make_step
"""


@needs_kill
@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        # one feature of several is left out
        (
            "if edit and len(edit.changes) > 1:"
            " step = dataclasses.replace(step, edit=dataclasses.replace(edit, changes=edit.changes[:-1]))",
            {"half_done"},
        ),
        # an edit is acknowledged that was never made
        (
            "if edit: record = honest(project, step); project.undo(); return"
            " dataclasses.replace(record, head=dataclasses.replace(record.head, uid='none'))",
            {"lost"},
        ),
        # the index does not follow
        (
            "project._database._connection.execute('DELETE FROM rtree_范围_geom WHERE id % 2')",
            {"integrity_failures"},
        ),
        # what cannot be taken back, neither afterwards nor by the process itself
        (
            "record = honest(project, step);"
            " project._database._connection.execute(\"UPDATE zs_edits SET state = 'passed'\"); return record",
            {"undo_failures", "refused"},
        ),
    ],
)
def test_the_bench_notices_what_is_wrong(fault: str, noticed: set[str]) -> None:
    told = _bench(
        # where a kill falls is chance: in one run of eight at least it falls after a planted fault
        "--runs", "8", "--power-failures", "0", "--power-edits", "1", "--validate-every", "0",
        code=_PLANTED.format(fault=fault),
    )  # fmt: skip
    assert sum(told[key] for key in noticed) > 0
    assert told["troubles"]


def test_no_power_failure_takes_an_acknowledged_edit_or_leaves_half_of_one(tmp_path: Path) -> None:
    told = cut_power(tmp_path, partial=150, seed=2, edits=6)
    assert told.troubles == []
    assert told.clean
    assert told.prefixes == told.calls + told.edits
    # of each edit at least what the first and the second sync of the journal and that of the file leave
    assert told.opened > 3 * told.edits


def _cut(folder: Path, **session: Any) -> PowerTally:
    return PowerCutter(record_session(folder, 4, 2, **session), folder, 2).cut(20)


def test_a_disk_that_lies_about_synchronising_loses_edits_and_the_bench_says_so(tmp_path: Path) -> None:
    told = _cut(tmp_path, honest=False)
    assert told.lost > 0
    assert told.troubles
    assert not told.clean


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL", "FULL"])
def test_with_less_care_than_the_store_takes_edits_are_lost(tmp_path: Path, synchronous: str) -> None:
    # FULL: the deletion of the journal may not have arrived, and the journal takes the edit back
    assert _cut(tmp_path, synchronous=synchronous).lost > 0


def _disk(*calls: DiskCall, before: bytes = b"old!") -> CachingDisk:
    disk = CachingDisk.holding({FILE: before})
    for call in calls:
        disk.take(call)
    return disk


def _write(data: bytes, offset: int = 0, path: str = FILE) -> DiskCall:
    return DiskCall(CallKind.WRITE, path, offset, data)


def test_what_was_written_and_not_synchronised_is_gone() -> None:
    disk = _disk(_write(b"new"))
    assert disk.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"old!"}
    assert disk.after_power_failure(Arrival.EVERYTHING, CHANCE) == {FILE: b"new!"}
    disk.take(DiskCall(CallKind.SYNC, FILE))
    assert disk.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"new!"}


def test_a_new_file_has_a_name_once_the_folder_is_synchronised() -> None:
    created = (DiskCall(CallKind.OPEN, JOURNAL, names=True), _write(b"pages", path=JOURNAL))
    disk = _disk(*created, DiskCall(CallKind.SYNC, JOURNAL))
    assert disk.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"old!"}
    disk = _disk(*created, DiskCall(CallKind.SYNC, JOURNAL, names=True))
    assert disk.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"old!", JOURNAL: b"pages"}


def test_a_deleted_file_comes_back_unless_the_folder_is_synchronised() -> None:
    held = CachingDisk.holding({FILE: b"old!", JOURNAL: b"pages"})
    held.take(DiskCall(CallKind.DELETE, JOURNAL))
    assert held.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"old!", JOURNAL: b"pages"}
    held.take(DiskCall(CallKind.OPEN, JOURNAL, names=True))
    assert held.after_power_failure(Arrival.EVERYTHING, CHANCE) == {FILE: b"old!", JOURNAL: b""}
    held.take(DiskCall(CallKind.DELETE, JOURNAL, names=True))
    assert held.after_power_failure(Arrival.NOTHING, CHANCE) == {FILE: b"old!"}


def test_of_a_write_single_sectors_arrive_and_nothing_beside_it_is_harmed() -> None:
    disk = _disk(_write(b"n" * 4096, offset=512), before=b"o" * 8192)
    seen = {disk.after_power_failure(Arrival.SOME, CHANCE)[FILE] for _number in range(60)}
    assert len(seen) > 10
    for content in seen:
        assert content[:512] + content[4608:] == b"o" * 4096
        sectors = [content[start : start + 512] for start in range(0, 8192, 512)]
        assert set(sectors) <= {b"o" * 512, b"n" * 512}


def test_a_file_that_was_cut_off_and_grew_again_holds_something_in_the_gap() -> None:
    disk = _disk(DiskCall(CallKind.TRUNCATE, FILE, 1), _write(b"end", offset=4))
    assert disk.after_power_failure(Arrival.EVERYTHING, CHANCE) == {FILE: b"o\0\0\0end"}
