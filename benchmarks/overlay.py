"""Race of the balanced overlay: parcels against zones, ours beside others'.

    python -m benchmarks.overlay PARCELS ZONES [--peers geopandas,qgis,sedona] [--json] [--runs N]

Timed from arrays (layers, tables) in memory; no side reads a file while the clock runs. Ours goes to pieces,
remainder and planar balance; the peers go to the intersection, and compute neither remainder nor balance.
Each side runs in a process of its own, so that its memory is its own too; a peer that is not installed is
named and left out. ``peak_memory_ratio`` is what our overlay held at its peak over what the two layers take.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.overlay_sides import PEERS, command_of, installed, run_side


def race(parcels: Path, zones: Path, peers: list[str], runs: int) -> dict[str, Any]:
    """Return what was measured, each side by turns."""
    there = [peer for peer in peers if installed(peer)]
    measured: dict[str, list[dict[str, float]]] = {side: [] for side in ["ours", *there]}
    for __ in range(runs):
        for side, found in measured.items():
            found.append(_start(side, parcels, zones))
    seconds = {side: median(run["seconds"] for run in found) for side, found in measured.items()}
    own = measured["ours"]
    return {
        "ratios": {side: round(seconds[side] / seconds["ours"], 2) for side in there},
        "seconds": {side: round(value, 3) for side, value in seconds.items()},
        "balance_m2": max(run["balance_m2"] for run in own),
        "peak_memory_ratio": round(max(run["added_bytes"] / run["loaded_bytes"] for run in own), 2),
        "pieces": {side: int(found[0]["pieces"]) for side, found in measured.items()},
        "area_m2": {side: round(found[0]["area_m2"], 2) for side, found in measured.items()},
        "not_there": [peer for peer in peers if peer not in there],
    }


def _start(side: str, parcels: Path, zones: Path) -> dict[str, float]:
    done = subprocess.run(command_of(side, parcels, zones), stdout=subprocess.PIPE, check=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Race."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parcels", type=Path)
    ask.add_argument("zones", type=Path)
    ask.add_argument("--peers", default="geopandas", help="whom to race against: " + ",".join(PEERS))
    ask.add_argument("--runs", type=int, default=1, help="how often each side runs; the median counts")
    ask.add_argument("--json", action="store_true", help="one line")
    ask.add_argument("--side", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.side:
        print(json.dumps(run_side(given.side, given.parcels, given.zones)))
        return
    peers = [peer for peer in given.peers.split(",") if peer]
    unknown = [peer for peer in peers if peer not in PEERS]
    if unknown:
        sys.exit(f"not known: {', '.join(unknown)}; there are {', '.join(PEERS)}")
    found = race(given.parcels, given.zones, peers, given.runs)
    print(json.dumps(found, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
