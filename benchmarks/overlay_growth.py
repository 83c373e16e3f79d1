"""How the time of the balanced overlay grows with its output, zones scaled along with the parcels.

    python -m benchmarks.overlay_growth PARCELS ZONES [--parcels 10000,30000,100000] [--json]

Takes ever larger windows of both layers, so that density and shape stay the same, and fits the exponent of
seconds over output vertices. The largest window is everything. Small windows run several times, and the
least counts.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from typing_extensions import override

from benchmarks.overlay_sides import read
from layers.progress import NoProgress
from zsgis.overlay import balanced_overlay

_RUNS = 3
_FEW = 100_000


class Silence(NoProgress):
    """Notes the longest time in which the work told nothing, and the most computed in such a time."""

    def __init__(self) -> None:
        self.longest_s = self.longest_cpu_s = 0.0
        self._last, self._last_cpu = time.perf_counter(), time.process_time()

    @override
    def step(self, done: float, text: str = "") -> None:
        """Note the step."""
        now, cpu = time.perf_counter(), time.process_time()
        self.longest_s, self._last = max(self.longest_s, now - self._last), now
        self.longest_cpu_s, self._last_cpu = max(self.longest_cpu_s, cpu - self._last_cpu), cpu


def window(shapes: Any, frame: Any) -> Any:
    """Return the shapes whose middle lies in a frame (west, south, east, north)."""
    box = shapely.bounds(shapes)
    middle = (box[:, :2] + box[:, 2:]) / 2
    return shapes[((middle >= frame[:2]) & (middle <= frame[2:])).all(axis=1)]


def measure(parcels: Any, zones: Any) -> dict[str, float]:
    """Return seconds, output vertices and the longest silence of one overlay, by the clock and computed."""
    least, longest, longest_cpu = np.inf, 0.0, 0.0
    for __ in range(_RUNS if len(parcels) < _FEW else 1):
        silence = Silence()
        start = time.perf_counter()
        overlay = balanced_overlay(parcels, zones, progress=silence)
        least, longest = min(least, time.perf_counter() - start), max(longest, silence.longest_s)
        longest_cpu = max(longest_cpu, silence.longest_cpu_s)
    vertices = int(shapely.get_num_coordinates(overlay.geometry).sum())
    return {
        "parcels": len(parcels),
        "zones": len(zones),
        "output_vertices": vertices,
        "seconds": round(least, 3),
        "longest_silence_s": round(longest, 3),
        "longest_silence_cpu_s": round(longest_cpu, 3),
    }


def main() -> None:
    """Measure."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parcels_file", metavar="PARCELS", type=Path)
    ask.add_argument("zones_file", metavar="ZONES", type=Path)
    ask.add_argument("--parcels", default="10000,30000,100000", help="about how many, besides all")
    ask.add_argument("--json", action="store_true", help="one line")
    given = ask.parse_args()
    parcels, zones = (
        np.asarray(read(path).geometry.array) for path in (given.parcels_file, given.zones_file)
    )
    frame = shapely.total_bounds(parcels)
    sizes = [int(size) for size in given.parcels.split(",")]
    steps = []
    for share in (*(min(size / len(parcels), 1.0) for size in sizes), 1.0):
        part = np.concatenate([frame[:2], frame[:2] + (frame[2:] - frame[:2]) * np.sqrt(share)])
        steps.append(measure(window(parcels, part), window(zones, part)))
    logs = np.log([(step["output_vertices"], step["seconds"]) for step in steps]).T
    found = {"exponent": round(float(np.polyfit(logs[0], logs[1], 1)[0]), 3), "steps": steps}
    print(json.dumps(found, indent=None if given.json else 1))


if __name__ == "__main__":
    main()
