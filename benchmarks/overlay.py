"""Race of the balanced overlay: parcels against zones, ours beside geopandas.

    python -m benchmarks.overlay PARCELS ZONES [--peers geopandas] [--json]

Timed from arrays in memory to pieces, remainder and planar balance on our side, to the intersection on the
peer's, which computes neither remainder nor balance. Each side runs in a process of its own, so that its
memory is its own too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PEERS = ("geopandas",)


def read(path: Path) -> Any:
    """Return the polygons of a file as a frame."""
    import geopandas as gpd

    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


def memory_bytes() -> int:
    """Return the highest memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def ours(parcels: Any, zones: Any) -> dict[str, float]:
    """Run the balanced overlay."""
    import numpy as np

    from zsgis.overlay import balanced_overlay

    features, areas = np.asarray(parcels.geometry.array), np.asarray(zones.geometry.array)
    start = time.perf_counter()
    overlay = balanced_overlay(features, areas)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "pieces": len(overlay.area_m2),
        "balance_m2": float(np.abs(overlay.imbalance_m2).max(initial=0.0)),
    }


def geopandas(parcels: Any, zones: Any) -> dict[str, float]:
    """Run geopandas' overlay."""
    import geopandas as gpd

    start = time.perf_counter()
    pieces = gpd.overlay(parcels[["geometry"]], zones[["geometry"]], how="intersection")
    return {"seconds": time.perf_counter() - start, "pieces": len(pieces)}


SIDES = {"ours": ours, "geopandas": geopandas}


def run_side(side: str, parcels: Path, zones: Path) -> None:
    """Run one side in this process and print what was measured."""
    empty = memory_bytes()
    frames = read(parcels), read(zones)
    loaded = memory_bytes()
    measured = SIDES[side](*frames)
    print(json.dumps({**measured, "loaded_bytes": loaded - empty, "added_bytes": memory_bytes() - loaded}))


def start_side(side: str, parcels: Path, zones: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.overlay", str(parcels), str(zones), "--side", side]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Race."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parcels", type=Path)
    ask.add_argument("zones", type=Path)
    ask.add_argument("--peers", default=",".join(PEERS), help="whom to race against")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.side:
        run_side(given.side, given.parcels, given.zones)
        return
    sides = ["ours", *(peer for peer in given.peers.split(",") if peer)]
    measured = {side: start_side(side, given.parcels, given.zones) for side in sides}
    own = measured["ours"]
    document = {
        "seconds": {side: round(values["seconds"], 3) for side, values in measured.items()},
        "ratios": {side: round(measured[side]["seconds"] / own["seconds"], 2) for side in sides[1:]},
        "balance_m2": own["balance_m2"],
        "peak_memory_ratio": round(own["added_bytes"] / own["loaded_bytes"], 2),
    }
    print(json.dumps(document, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
