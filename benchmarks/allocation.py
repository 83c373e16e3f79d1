"""Race of the allocation: instances of the race's generator to a proved gap, all levels together.

    python -m benchmarks.allocation [--seeds 1 2 3] [--large] [--gap SHARE] [--seconds S] [--json]

Own side only. Without ``--large``: 2,000 candidates, 60 projects, 5 years, to 1 % on every level. With it:
10,000 candidates and 200 projects, to 3 %. Each instance runs in a process of its own. Keys of each entry:
``wall_s`` and ``cpu_s`` (from the problem to the checked plan), ``peak_mb``, ``gap`` (widest of all levels),
``values`` and ``bounds`` by level, ``faults`` (of the independent check in whole numbers), ``sites``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.allocation_instances import made
from zsgis.allocation.checking import faults
from zsgis.allocation.search import Effort, allocate


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    ask.add_argument("--large", action="store_true")
    ask.add_argument("--gap", type=float)
    ask.add_argument("--seconds", type=float, default=600.0)
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--one", type=int, help="a seed that is run in this very process")
    asked = ask.parse_args()
    gap = asked.gap if asked.gap is not None else (0.03 if asked.large else 0.01)
    if asked.one is not None:
        print(json.dumps(measure(asked.one, large=asked.large, effort=Effort(gap, asked.seconds))))
        return
    measured = {}
    for seed in asked.seeds:
        measured[str(seed)] = _aside(seed, large=asked.large, gap=gap, seconds=asked.seconds)
        if not asked.json:
            print(line(seed, measured[str(seed)]), flush=True)
    if asked.json:
        print(json.dumps({"large": asked.large, "asked_gap": gap, "instances": measured}))


def _aside(seed: int, *, large: bool, gap: float, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.allocation", "--one", str(seed), "--gap", str(gap)]
    command += ["--seconds", str(seconds), *(["--large"] if large else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    out: dict[str, Any] = json.loads(done.stdout)
    return out


def measure(seed: int, *, large: bool, effort: Effort) -> dict[str, Any]:
    """Make one instance, allocate and check it, and return what was measured."""
    problem = made(seed, candidates=10_000, projects=200) if large else made(seed)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = allocate(problem, effort)
    if plan is None:
        raise SystemExit("no plan was found")
    broken = faults(problem, plan.assignments)
    return {
        "wall_s": round(time.perf_counter() - wall, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "gap": max(level.gap for level in plan.levels),
        "values": [float(level.value) for level in plan.levels],
        "bounds": [level.bound for level in plan.levels],
        "faults": len(broken),
        "sites": len(plan.assignments),
        "stopped": plan.stopped,
    }


def line(seed: int, measured: dict[str, Any]) -> str:
    """Return an entry as printed."""
    return (
        f"seed {seed}: {measured['wall_s']:7.2f} s  processor {measured['cpu_s']:7.2f} s  "
        f"gap {measured['gap']:.3%}  peak {measured['peak_mb']:5d} MB  faults {measured['faults']}"
    )


if __name__ == "__main__":
    main()
