"""Programs killed while they edit, and disks that lose their power: what is left of the edits.

    python -m benchmarks.crash [--runs 200] [--power-failures 2000] [--seed 1] [--validate-every 1] [--json]

Each run lets a process edit a project by chance (``benchmarks/random_edits.py``), each edit acknowledged
once the store has returned, and kills it with ``SIGKILL``: half of the runs at a moment by chance, half at a
chosen call of the disk. Then the project is opened again and held against what must be there, read by
Python's own ``sqlite3``. Power failures are replayed from recorded calls (``benchmarks/power_cuts.py``).
Exits with 1 when anything is lost, half done or damaged. Own side only; needs a POSIX system.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.edited_project import editor_of, make_edited_project
from benchmarks.journal_witness import disagreements, edit_uids
from benchmarks.killing import Killed, edit_until_killed
from benchmarks.power_cuts import PowerTally, cut_power
from benchmarks.project_witness import Witness
from benchmarks.random_edits import Key, PlainFeature, RandomEditor
from layers.errors import ZsgisError
from layers.store import Project

_RUNS_OF_A_PROJECT = 40
_VALIDATOR = ("/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg")


@dataclass
class CrashTally:
    """What became of the runs.

    Attributes
    ----------
    acknowledged : int
        Edits that were acknowledged before the kill.
    lost : int
        Acknowledged edits that are not in the file.
    half_done : int
        Runs after which the features, or the journal beside them, are in no state between two edits.
    integrity_failures : int
        Runs after which SQLite, the R-trees, the extents or GDAL's validator find a fault.
    undo_failures : int
        Runs after which the last edit could not be taken back, on a copy of the file.
    refused : int
        Runs in which the store refused an edit that it should have taken.
    arrived_unacknowledged : int
        Runs in which the edit under way was whole in the file although nobody was told.
    left_half_way : int
        Runs whose kill left a rollback journal beside the file.
    validated : int
        How often GDAL's validator was asked.
    """

    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    half_done: int = 0
    integrity_failures: int = 0
    undo_failures: int = 0
    refused: int = 0
    arrived_unacknowledged: int = 0
    left_half_way: int = 0
    validated: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, half done or damaged."""
        failures = (self.lost, self.half_done, self.integrity_failures, self.undo_failures, self.refused)
        return not any(failures)


class CrashBench:
    """Kills editing processes on a project and judges what they leave."""

    def __init__(self, folder: Path, seed: int, validate_every: int) -> None:
        self._folder = folder
        self._seed = seed
        self._every = validate_every if _has_validator() else 0
        self._chance = random.Random(seed)  # noqa: S311 - chance, no secret
        self._known: list[str] = []
        self._spoilt = False
        self.tally = CrashTally()

    def run(self, runs: int) -> CrashTally:
        """Kill ``runs`` processes; a fresh project after each forty, and after one that was spoilt."""
        path = self._folder / "project.gpkg"
        for number in range(runs):
            if number % _RUNS_OF_A_PROJECT == 0 or self._spoilt:
                path.unlink(missing_ok=True)
                make_edited_project(path)
                self._known, self._spoilt = [], False
                editor = editor_of(path, self._seed * 100_003 + number)
            self._kill_once(path, editor)
        return self.tally

    def _kill_once(self, path: Path, editor: RandomEditor) -> None:
        tally = self.tally
        killed = edit_until_killed(path, editor, self._chance)
        tally.runs += 1
        tally.acknowledged += len(killed.acknowledged)
        if killed.refused:
            self._trouble("refused", killed.refused)
        tally.left_half_way += path.with_name(path.name + "-journal").exists()
        with Project.open(path) as project:
            project.layers()
        self._judge_edits(path, editor, killed)
        self._judge_file(path)
        if not self._spoilt:
            self._judge_undo(path, editor)

    def _judge_edits(self, path: Path, editor: RandomEditor, killed: Killed) -> None:
        """Hold the file against all states it went through; let the editor go on from the one it is in."""
        states = [dict(editor.features)]
        for _uid in killed.acknowledged:
            editor.take(editor.draw())
            states.append(dict(editor.features))
        under_way = editor.draw()
        with Witness(path) as witness:
            found, uids, told = witness.features(), edit_uids(witness), disagreements(witness)
        wanted = [*self._known, *killed.acknowledged]
        self.tally.lost += len(set(wanted) - set(uids))
        arrived = len(uids) > len(wanted)
        if arrived:
            editor.take(under_way)
            self.tally.arrived_unacknowledged += 1
        # what the journal says decides which of the two states it must be
        whole = found == editor.features and uids[: len(wanted)] == wanted and len(uids) <= len(wanted) + 1
        if not whole:
            self._trouble("half_done", _where(found, states))
        elif told:
            self._trouble("half_done", "; ".join(told))
        self._known = uids

    def _judge_file(self, path: Path) -> None:
        with Witness(path) as witness:
            damages = witness.damages()
        if self._every and self.tally.runs % self._every == 0:
            self.tally.validated += 1
            said = subprocess.run([*_VALIDATOR, path], capture_output=True, text=True, check=False)
            damages += [said.stdout + said.stderr] if said.returncode or said.stderr else []
        if damages:
            self._trouble("integrity_failures", "; ".join(damages))

    def _judge_undo(self, path: Path, editor: RandomEditor) -> None:
        """Take the last edit back on a copy; what it did is known from the editor."""
        if not editor.done:
            return
        copy = path.with_name("copy.gpkg")
        shutil.copy(path, copy)
        wanted = dict(editor.features)
        for key, (before, _after) in editor.done[-1].items():
            if before is None:
                del wanted[key]
            else:
                wanted[key] = before
        with suppress(ZsgisError), Project.open(copy) as project:
            project.undo()
        with Witness(copy) as witness:
            if witness.features() != wanted or witness.damages() or disagreements(witness):
                self._trouble("undo_failures", f"undo: {witness.damages()} {disagreements(witness)}")
        copy.unlink()

    def _trouble(self, what: str, text: str) -> None:
        self._spoilt = True
        setattr(self.tally, what, getattr(self.tally, what) + 1)
        self.tally.troubles.append(f"run {self.tally.runs}: {what}: {text[:500]}")


def _where(found: dict[Key, PlainFeature], states: Sequence[dict[Key, PlainFeature]]) -> str:
    """Return how far the features are from the states they should be in."""
    off = [sum(found.get(key) != state.get(key) for key in {*found, *state}) for state in states]
    return f"features that differ from the states gone through, the earliest first: {off}"


def _has_validator() -> bool:
    if not Path(_VALIDATOR[0]).exists():
        return False
    command = [_VALIDATOR[0], "-c", f"import {_VALIDATOR[2]}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _print_words(told: Mapping[str, Any], indent: str = "") -> None:
    for key, value in told.items():
        if isinstance(value, Mapping):
            print(f"{indent}{key}")
            _print_words(value, indent + "    ")
        else:
            print(f"{indent}{key:24} {value}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where something was lost, half done or damaged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--power-failures", type=int, default=2000, help="with some of the rest arrived")
    parser.add_argument("--power-edits", type=int, default=40, help="of the session that is cut everywhere")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--validate-every", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zsgis-crash-") as folder:
        killed = CrashBench(Path(folder), asked.seed, asked.validate_every).run(asked.runs)
        cut: PowerTally = cut_power(Path(folder), asked.power_failures, asked.seed, asked.power_edits)
    told = {
        **asdict(killed),
        "power_failures": asdict(cut),
        "seconds": round(time.monotonic() - start, 1),
    }
    if asked.json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print_words(told)
    return 0 if killed.clean and cut.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
