"""Race of contiguity: groups of parcels within a plain gap, ours beside libpysal.

    python -m benchmarks.contiguity PARCELS [--gap METRES] [--codes 0601,0602,0701] [--json]
                                    [--peer-python PATH]

Timed from the loaded frame to the groups and their areas, on both sides; no file is read in that time. Ours
measures the true distance of the shapes; libpysal joins shapes grown by half the gap. Each side runs in a
process of its own, the peer's with the interpreter named, or this one. Where libpysal is not there, that
is said, and ours runs alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

CODES = "0601,0602,0701"
ABSENT = 3


def read(path: Path, codes: str) -> Any:
    """Return the parcels of some land classes as a frame."""
    import geopandas

    frame = geopandas.read_file(path)
    field = "DLBM" if "DLBM" in frame else "dlbm"
    return frame[frame[field].isin(codes.split(","))].reset_index(drop=True)


def ours(parcels: Any, gap_m: float) -> tuple[int, float]:
    """Return how many groups there are by true distance, and the largest in m2."""
    import numpy as np
    import shapely

    from layers.progress import NoProgress
    from zsgis.analysis.contiguity.near import components, near_pairs

    shapes = np.asarray(parcels.geometry.array, dtype=object)
    label = components(len(shapes), *near_pairs(shapes, gap_m, NoProgress()))
    areas = np.bincount(label, weights=shapely.area(shapes))
    return len(areas), float(areas.max(initial=0.0))


def libpysal(parcels: Any, gap_m: float) -> tuple[int, float]:
    """Return the same by libpysal's fuzzy contiguity on grown shapes."""
    import pandas
    from libpysal.graph import Graph

    graph = Graph.build_fuzzy_contiguity(parcels, buffer=gap_m / 2, predicate="intersects")
    label = graph.component_labels
    areas = parcels.area.groupby(pandas.Series(label.to_numpy(), index=parcels.index)).sum()
    return int(areas.size), float(areas.max())


SIDES: dict[str, Callable[[Any, float], tuple[int, float]]] = {"ours": ours, "libpysal": libpysal}
NEEDED = {"ours": "zsgis.analysis.contiguity.near", "libpysal": "libpysal.graph"}


def run_side(side: str, given: argparse.Namespace) -> None:
    """Run one side in this process and print what was measured."""
    warnings.filterwarnings("ignore")
    try:
        importlib.import_module(NEEDED[side])  # outside the time
    except ImportError:
        raise SystemExit(ABSENT) from None
    parcels = read(given.parcels, given.codes)
    start = time.perf_counter()
    groups, largest_m2 = SIDES[side](parcels, given.gap)
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "parcels": len(parcels),
                "groups": groups,
                "largest_m2": round(largest_m2, 2),
                "seconds": seconds,
            }
        )
    )


def start_side(side: str, given: argparse.Namespace) -> dict[str, float] | None:
    """Run one side in a process of its own; None where it is not there."""
    python = given.peer_python if side == "libpysal" else sys.executable
    command = [python, "-m", "benchmarks.contiguity", str(given.parcels), "--side", side]
    command += ["--gap", str(given.gap), "--codes", given.codes]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode == ABSENT:
        return None
    done.check_returncode()
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Race."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parcels", type=Path)
    ask.add_argument("--gap", type=float, default=1.0)
    ask.add_argument("--codes", default=CODES)
    ask.add_argument("--peer-python", default=sys.executable)
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.side:
        run_side(given.side, given)
        return
    measured = {side: start_side(side, given) for side in SIDES}
    own, peer = measured["ours"], measured["libpysal"]
    if own is None:
        raise SystemExit("zsgis is not there")
    document: dict[str, Any] = {
        "parcels": own["parcels"],
        "gap_m": given.gap,
        "seconds": {side: round(m["seconds"], 3) for side, m in measured.items() if m},
        "groups": {side: m["groups"] for side, m in measured.items() if m},
        "largest_m2": {side: m["largest_m2"] for side, m in measured.items() if m},
        "ratios": {"libpysal": round(peer["seconds"] / own["seconds"], 2)} if peer else {},
    }
    if peer is None:
        document["note"] = "peer not there: no libpysal"
    print(json.dumps(document, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
