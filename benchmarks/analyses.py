"""How long every registered analysis takes on a project, and how much memory it needs.

    python -m benchmarks.analyses PROJECT [--only contiguity,stock] [-p change.earlier=LAYER …]
                                  [--out DIR] [--json]

Own side only, all in one process, with default parameters but those named. Timed from the open project to
the result: reading, computing, the record of the inputs. With ``--out`` what ``zsgis run … --out`` writes is
written, too, and timed beside it. The project is opened for reading only. An analysis that refuses the
project is told with its reason. Keys of each entry of ``analyses``: ``wall_s``, ``cpu_s``, ``writing_s``,
``peak_mb`` (highest resident memory of the process while it ran; Linux), ``tables``, ``rows`` or ``refused``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.errors import ZsgisError
from layers.store import Project
from zsgis.commands.analysis_commands import write_result
from zsgis.registry import CAPABILITIES
from zsgis.run import run_capability


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("project", type=Path)
    ask.add_argument("--only", default=",".join(CAPABILITIES), help="keys, with commas between")
    ask.add_argument("-p", dest="given", action="append", default=[], metavar="KEY.NAME=VALUE")
    ask.add_argument("--out", type=Path)
    ask.add_argument("--json", action="store_true")
    asked = ask.parse_args()
    given = parameters(asked.given)
    measured = {}
    with Project.open(asked.project, read_only=True) as project:
        for key in asked.only.split(","):
            measured[key] = measure(project, key, given.get(key, {}), asked.out)
            if not asked.json:
                print(line(key, measured[key]), flush=True)
    sums = {
        name: round(sum(each.get(name, 0.0) for each in measured.values()), 2)
        for name in ("wall_s", "cpu_s", "writing_s")
    }
    if asked.json:
        print(json.dumps({"project": asked.project.name, "analyses": measured, "sums": sums}))
    else:
        print(line("together", {**sums, "peak_mb": max(each["peak_mb"] for each in measured.values())}))


def parameters(given: list[str]) -> dict[str, dict[str, str]]:
    """Return the parameters by analysis."""
    out: dict[str, dict[str, str]] = {}
    for text in given:
        name, value = text.split("=", 1)
        key, parameter = name.split(".", 1)
        out.setdefault(key, {})[parameter] = value
    return out


def measure(project: Project, key: str, given: Mapping[str, str], out: Path | None) -> dict[str, Any]:
    """Run one analysis and return what was measured."""
    forget_peak()
    start, cpu = time.perf_counter(), time.process_time()
    try:
        result = run_capability(project, key, given)
    except ZsgisError as error:
        return {"refused": str(error), "peak_mb": peak_mb()}
    measured = {
        "wall_s": round(time.perf_counter() - start, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "tables": len(result.tables),
        "rows": sum(len(table.rows) for table in result.tables),
    }
    if out is not None:
        start = time.perf_counter()
        write_result(result, out / key)
        measured["writing_s"] = round(time.perf_counter() - start, 2)
    return {**measured, "peak_mb": peak_mb()}


def forget_peak() -> None:
    """Begin the highest resident memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> int:
    """Return the highest resident memory since it was begun anew."""
    for text in Path("/proc/self/status").read_text().splitlines():
        if text.startswith("VmHWM:"):
            return int(text.split()[1]) // 1024
    raise OSError("VmHWM")


def line(key: str, measured: Mapping[str, Any]) -> str:
    """Return an entry as printed."""
    if "refused" in measured:
        return f"{key:14} refused: {measured['refused']}"
    writing = f"  writing {measured['writing_s']:6.2f} s" if measured.get("writing_s") else ""
    return (
        f"{key:14} {measured['wall_s']:7.2f} s  processor {measured['cpu_s']:7.2f} s{writing}"
        f"  peak {measured['peak_mb']:5d} MB"
    )


if __name__ == "__main__":
    main()
