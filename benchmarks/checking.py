"""How long all checks of a layer take, how that grows, and how much memory it needs.

    python -m benchmarks.checking PARCELS.gpkg [--sizes 10000 100000] [--planted 1000] [--json]

Own side only. Timed from arrays and columns in memory to the report, every check included; reading the file
is timed beside it. Each size runs in a process of its own, so that its memory is its own too. The longest
time in which nothing was heard of the work is told as well. With ``--planted`` so many features are moved by
a metre, so that there is something to find.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.checking.subject import Subject

_COLUMNS = {"feature_code": "BSM", "class_code": "DLBM", "survey_area_m2": "TBMJ", "owner": "QSDWMC"}


class Watch:
    """Progress that notes the longest silence, and when each step began."""

    def __init__(self) -> None:
        self.began = self._heard = time.perf_counter()
        self.silence_s = 0.0

    def step(self, _done: float, _text: str = "") -> None:
        """Take note that the work is heard of."""
        now = time.perf_counter()
        self.silence_s = max(self.silence_s, now - self._heard)
        self._heard = now


def read_subject(path: Path, size: int, planted: int) -> Subject:
    """Return the first ``size`` polygons of a file as a layer of the land survey; 0 for all."""
    import numpy as np
    import pandas as pd
    import pyogrio.raw
    import pyproj
    import shapely

    from layers.checking.columns import columns_of
    from layers.checking.model import FeatureNames
    from layers.checking.subject import Subject
    from layers.kind import GeometryType
    from layers.kinds import kind
    from layers.ragged import ragged_of

    meta, _fids, wkb, values = pyogrio.raw.read(path, max_features=size or None)
    shapes = shapely.from_wkb(wkb)
    del wkb
    chosen = np.random.default_rng(0).permutation(len(shapes))[:planted]
    shapes[chosen] = shapely.transform(shapes[chosen], lambda coords: coords + 1.0)
    by_name = dict(zip(meta["fields"], values, strict=True))
    declared = kind("land_use")
    series = {field: pd.Series(by_name[name]) for field, name in _COLUMNS.items() if name in by_name}
    return Subject(
        name=path.name,
        kind=declared,
        shapes=ragged_of(shapes, GeometryType.POLYGON),
        columns=columns_of(declared, series),
        called=FeatureNames(),
        crs=pyproj.CRS(meta["crs"]),
        standard="sandiao",
    )


def memory_mb() -> float:
    """Return the highest memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path, size: int, planted: int) -> dict[str, Any]:
    """Check in this process and return what was measured."""
    from layers.checking.rules import checking_rules
    from layers.checking.run import check_layer

    start = time.perf_counter()
    subject = read_subject(path, size, planted)
    read_s, loaded_mb = time.perf_counter() - start, memory_mb()
    watch = Watch()
    cpu = time.process_time()
    report = check_layer(subject, checking_rules(), watch)
    return {
        "features": report.features,
        "vertices": len(subject.shapes.coords),
        "read_s": round(read_s, 2),
        "check_s": round(time.perf_counter() - watch.began, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "silence_s": round(watch.silence_s, 3),
        "loaded_mb": round(loaded_mb),
        "most_mb": round(memory_mb()),
        "findings": {one.rule.key: one.findings for one in report.counts()},
    }


def in_own_process(path: Path, size: int, planted: int) -> dict[str, Any]:
    """Measure one size in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.checking", str(path), "--only", str(size)]
    done = subprocess.run([*command, "--planted", str(planted)], check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parcels", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 50_000, 0], help="0 stands for all")
    parser.add_argument("--planted", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", type=int, default=None, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only is not None:
        print(json.dumps(measure(given.parcels, given.only, given.planted)))
        return
    measured = [in_own_process(given.parcels, size, given.planted) for size in given.sizes]
    if given.json:
        print(json.dumps({"runs": measured}, indent=2))
        return
    for one in measured:
        per = 1e6 * one["check_s"] / max(one["vertices"], 1)
        print(
            f"{one['features']:>9,} polygons {one['vertices']:>12,} vertices: read {one['read_s']:.1f} s,"
            f" checked {one['check_s']:.1f} s ({one['cpu_s']:.1f} s cpu, {per:.2f} µs a vertex),"
            f" longest silence {one['silence_s']:.2f} s, {one['most_mb']:,} MB at most"
        )
        print("          ", one["findings"])


if __name__ == "__main__":
    main()
