"""Two people edit a project apart; its merge is held against an oracle that counts cells.

    python -m benchmarks.merge [--parcels 20000] [--edits 2000] [--seed 1] [--json]

Two processes make random edits in two copies: values, boundaries, splits, merges, deletions, new parcels. The
merge is worked out, every question is answered by chance, and the project that took it in is compared feature
by feature with what the oracle says. ``missed`` and ``false`` count what must be decided and was not found,
or was asked without need; ``lost`` counts features that stand otherwise than edits and answers say;
``unsound`` counts cells that two parcels share afterwards; ``undo_differs`` counts features that undo does
not bring back.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.merge_histories import FIELDS, Hand, Parcel, chance_of, shape_of, world
from benchmarks.merge_oracle import Verdict, judge, merged_field
from layers.edits import FeatureState
from layers.progress import NoProgress
from zsgis.merging.model import CHANGED_SIDES, GEOMETRY, Conflict, Decision, Side
from zsgis.merging.sameness import same_shape, same_value
from zsgis.merging.sitting import MergeFiles, Sitting, begin

_FIRST = {Side.MINE: 1_000_000, Side.THEIRS: 2_000_000}
Parcels = Mapping[str, Parcel]
States = Mapping[str, FeatureState]


@dataclass(frozen=True)
class Figures:
    """What came of it; times are of one process, files on disk included."""

    parcels: int
    edits_a_side: int
    features_touched: int
    merged: int
    conflicts: int
    features_in_conflict: int
    kinds: Mapping[str, int]
    missed: int
    false: int
    lost: int
    unsound: int
    undo_differs: int
    plan_s: float
    plan_cpu_s: float
    write_s: float
    write_cpu_s: float
    oracle_s: float

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, missed, asked without need or spoilt."""
        return not (self.missed or self.false or self.lost or self.unsound or self.undo_differs)


class _Clock:
    """Seconds since it was made: on the wall, and of this process's own."""

    def __init__(self) -> None:
        self._start, self._own = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return round(time.perf_counter() - self._start, 2), round(time.process_time() - self._own, 2)


@dataclass(frozen=True)
class _World:
    """The three states as sets of cells, and what was split and merged."""

    base: Parcels
    mine: Parcels
    theirs: Parcels
    families: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]

    def on(self, side: Side) -> Parcels:
        return {Side.BASE: self.base, Side.MINE: self.mine, Side.THEIRS: self.theirs}[side]

    def uids(self) -> set[str]:
        return {*self.base, *self.mine, *self.theirs}


def measure(parcels: int, edits: int, seed: int, folder: Path) -> Figures:
    """Edit, merge and compare."""
    from layers.store import Project

    columns = max(int(parcels**0.5), 2)
    size = (columns, max(parcels // columns, 1))
    files, layer = _make(folder, size)
    known = _edit(files, layer, size, edits, seed)
    with Project.open(files.theirs) as project:
        before = _states(project, layer)
        planning = _Clock()
        sitting = begin(files, project, folder / "kept", NoProgress())
        plan_s, plan_cpu_s = planning.read()
        decisions = _decisions(sitting, seed)
        writing = _Clock()
        sitting.write(decisions, NoProgress())
        write_s, write_cpu_s = writing.read()
        after = _states(project, layer)
        project.undo()
        undone = _states(project, layer)
        sitting.close()
    judging = _Clock()
    verdict = judge(known.base, known.mine, known.theirs, known.families, partition=True)
    oracle_s, _cpu = judging.read()
    conflicts = sitting.plan.conflicts
    missed, false = _compared(verdict, conflicts)
    return Figures(
        parcels=len(known.base),
        edits_a_side=edits,
        features_touched=sum(
            any(known.on(side).get(uid) != known.base.get(uid) for side in CHANGED_SIDES)
            for uid in known.uids()
        ),
        merged=len(sitting.plan.merged),
        conflicts=len(conflicts),
        features_in_conflict=sum(len(conflict.members) for conflict in conflicts),
        kinds=dict(sorted(Counter(str(kind) for one in conflicts for kind in one.kinds).items())),
        missed=missed,
        false=false,
        lost=_lost(known, verdict, decisions, conflicts, after),
        unsound=_unsound(known, after, decisions, conflicts),
        undo_differs=sum(not _alike(before.get(uid), undone.get(uid)) for uid in {*before, *undone}),
        plan_s=plan_s,
        plan_cpu_s=plan_cpu_s,
        write_s=write_s,
        write_cpu_s=write_cpu_s,
        oracle_s=oracle_s,
    )


def _make(folder: Path, size: tuple[int, int]) -> tuple[MergeFiles, str]:
    import geopandas

    from layers.crs import parse_crs
    from layers.store import NewLayer, Project

    parcels, crs = world(*size), parse_crs("4547")
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": list(parcels),
            **{name: [parcel.values[name] for parcel in parcels.values()] for name in FIELDS},
        },
        geometry=[shape_of(parcel.cells) for parcel in parcels.values()],
        crs=crs,
    )
    files = MergeFiles(*(folder / f"{side}.gpkg" for side in Side))
    with Project.create(files.base, crs) as project:
        layer = project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), frame)
    for path in (files.mine, files.theirs):
        shutil.copy(files.base, path)
    return files, layer.uid


def _edit(files: MergeFiles, layer: str, size: tuple[int, int], edits: int, seed: int) -> _World:
    """Let two processes edit; return what their hands did, found by the same chance."""
    started, hands = [], []
    for side, path in ((Side.MINE, files.mine), (Side.THEIRS, files.theirs)):
        numbers = (*size, _FIRST[side], seed + _FIRST[side], edits)
        command = [sys.executable, "-m", "benchmarks.merge_histories", str(path), layer, *map(str, numbers)]
        started.append(subprocess.Popen(command))
        hand = Hand(world(*size), chance_of(seed + _FIRST[side]), layer, _FIRST[side])
        for _edit in hand.edits(edits):
            pass
        hands.append(hand)
    for process in started:
        if process.wait():
            raise RuntimeError("a hand failed")
    mine, theirs = hands
    return _World(world(*size), mine.parcels, theirs.parcels, (mine.families, theirs.families))


def _states(project: Any, layer: str) -> dict[str, FeatureState]:
    return {state.zs_uid: state for state in project.states(layer)}


def _decisions(sitting: Sitting, seed: int) -> dict[str, Decision]:
    chance = chance_of(seed)
    return {
        question.key: Decision(chance.choice(question.sides))
        for conflict in sitting.plan.conflicts
        for question in conflict.questions
    }


def _compared(verdict: Verdict, conflicts: Sequence[Conflict]) -> tuple[int, int]:
    """Return how much of what must be decided was missed, and how much was asked without need."""
    wanted = {("group", group) for group in verdict.groups} | {("value", one) for one in verdict.values}
    found = {
        ("group", frozenset(member.sides.zs_uid for member in conflict.members)) for conflict in conflicts
    } | {
        ("value", (question.uids[0], question.name))
        for conflict in conflicts
        for question in conflict.questions
        if question.name != GEOMETRY
    }
    return len(wanted - found), len(found - wanted)


def _lost(
    known: _World,
    verdict: Verdict,
    decisions: Mapping[str, Decision],
    conflicts: Sequence[Conflict],
    after: States,
) -> int:
    """Count features that stand otherwise than edits and answers say."""
    chosen = _chosen(decisions, conflicts)
    answers = {
        (question.uids[0], question.name): decisions[question.key].side
        for conflict in conflicts
        for question in conflict.questions
        if question.name != GEOMETRY
    }
    return sum(
        not _alike(after.get(uid), _expected(known, verdict, chosen, answers, uid)) for uid in known.uids()
    ) + len(after.keys() - known.uids())


def _chosen(decisions: Mapping[str, Decision], conflicts: Sequence[Conflict]) -> dict[str, Side]:
    found = {}
    for conflict in conflicts:
        for question in conflict.questions:
            side = decisions[question.key].side
            if question.name == GEOMETRY and side is not None:
                found.update(dict.fromkeys(question.uids, side))
    return found


def _expected(
    known: _World,
    verdict: Verdict,
    chosen: Mapping[str, Side],
    answers: Mapping[tuple[str, str], Side | None],
    uid: str,
) -> FeatureState | None:
    stands = [uid in side for side in (known.mine, known.theirs)]
    if uid in chosen:
        parcel = known.on(chosen[uid]).get(uid)
        if parcel is None or uid in verdict.wholes or not all(stands):
            return None if parcel is None else parcel.state(uid)
        cells = parcel.cells
    elif not all(stands):
        parcel = None if uid in known.base else known.mine.get(uid) or known.theirs.get(uid)
        return None if parcel is None else parcel.state(uid)
    else:
        cells = merged_field(known.base, known.mine, known.theirs, uid, "cells")
    values = {}
    for name in FIELDS:
        side = answers.get((uid, name))
        own = known.on(side).get(uid) if side is not None else None
        if side is None:
            values[name] = merged_field(known.base, known.mine, known.theirs, uid, name)
        else:
            values[name] = None if own is None else own.values[name]
    return Parcel(cells, values).state(uid)


def _alike(one: FeatureState | None, other: FeatureState | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_shape(one.geometry, other.geometry) and all(
        same_value(one.values.get(name), other.values.get(name)) for name in FIELDS
    )


def _unsound(
    known: _World, after: States, decisions: Mapping[str, Decision], conflicts: Sequence[Conflict]
) -> int:
    """Count cells that two parcels hold, from the cells that the answers give each parcel."""
    chosen = _chosen(decisions, conflicts)
    holders: Counter[tuple[int, int]] = Counter()
    for uid in after:
        side = chosen.get(uid)
        if side is not None:
            parcel = known.on(side).get(uid)
            cells = frozenset() if parcel is None else parcel.cells
        else:
            cells = merged_field(known.base, known.mine, known.theirs, uid, "cells") or frozenset()
        holders.update(cells)
    return sum(count > 1 for count in holders.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where anything was lost, missed, asked without need or spoilt."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parcels", type=int, default=20_000)
    parser.add_argument("--edits", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="zsgis-merge-") as folder:
        figures = measure(asked.parcels, asked.edits, asked.seed, Path(folder))
    if asked.json:
        print(json.dumps(asdict(figures), indent=2))
    else:
        for name, value in asdict(figures).items():
            print(f"{name:22} {value}")
    return 0 if figures.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
