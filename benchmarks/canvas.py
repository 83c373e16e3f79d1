"""Race of the map: full redraws of a parcel layer, ours beside QGIS, and what else makes an officer wait.

    python -m benchmarks.canvas PARCELS.gpkg [--json] [--no-peer] [--peer-script qgis_render.py]

PARCELS.gpkg has a layer ``dltb`` with a field ``DLBM``. Both sides draw it with the same colours,
antialiased, on 1920x1080, at four shares of its extent. Ours is timed from the request to the complete image
in the window's memory: tiles not drawn before, the geometry cache warm, two drawing processes started, the
window's thread asleep while it has nothing to do, as in the program. QGIS is timed by
``../shared/bench/qgis_render.py`` beside this checkout, which needs Debian's python3-qgis.

Each side and part runs in a process of its own with settings and caches of its own. Keys of the JSON:

- ``ratios``: QGIS's seconds over ours, per share; ``ratio_geomean``
- ``longest_block_ms``: of the event loop, while tiles are drawn and the map is moved
- ``next_frame_ms``: from a pan or zoom to the next picture on the screen
- ``first_picture_ms``: opening without cache, to the full picture at full detail
- ``levels_s``: opening without cache, until the coarser levels are there
- ``open_ms``: opening with cache, to the full picture
- ``memory_per_coordinate_byte``: of all processes, less those with an empty project
- ``mean_difference``, ``pixels_off_share``: against a plain drawing at full detail, worst of the shares
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from benchmarks.surroundings import own_environment

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "bench" / "qgis_render.py"
_QGIS_PYTHON = "/usr/bin/python3"
_BYTES_PER_VERTEX = 16


def peer_seconds(script: Path, parcels: Path) -> list[float]:
    """Return QGIS's time at each share, the middle one of three runs."""
    done = subprocess.run(
        [_QGIS_PYTHON, str(script), str(parcels)], capture_output=True, check=True, text=True
    )
    lines = re.findall(r"^share \S+\s+(.+)$", done.stdout, re.MULTILINE)
    return [median(float(number) for number in line.split()) for line in lines]


def run_part(part: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run one part in a process of its own whose settings and caches lie in ``folder``."""
    environment = own_environment(folder, folder.parent / "compiled")
    environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks.canvas", "--part", part, *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def do_part(part: str, given: list[Path]) -> None:
    """Do one part; what it measures is the last line it prints."""
    if part == "projects":
        from benchmarks.parcels import make_projects

        full, empty = make_projects(*given)
        print(json.dumps({"full": str(full), "empty": str(empty)}))
    elif part == "open":
        from benchmarks.canvas_opening import open_in_program

        open_in_program(*given)
    elif part == "race":
        from benchmarks.canvas_race import race

        print(json.dumps(race(*given)))
    else:
        from benchmarks.canvas_race import fidelity

        print(json.dumps(fidelity(*given)))


def measure(parcels: Path, peer_script: Path | None) -> dict[str, Any]:
    """Run all parts and both sides."""
    with tempfile.TemporaryDirectory(prefix="zsgis-benchmark-") as name:
        folder = Path(name)
        projects = run_part("projects", folder / "make", str(parcels), str(folder))
        program = folder / "program"
        empty = run_part("open", folder / "empty", projects["empty"])
        first = run_part("open", program, projects["full"])
        again = run_part("open", program, projects["full"])
        ours = run_part("race", folder / "race", projects["full"], str(folder / "cache"))
        alike = run_part("fidelity", folder / "race", projects["full"], str(folder / "cache"))
        theirs = peer_seconds(peer_script, parcels) if peer_script is not None else []
    ratios = [peer / own for peer, own in zip(theirs, ours["seconds"], strict=False)]
    return {
        "features": ours["features"],
        "vertices": ours["vertices"],
        "seconds": ours["seconds"],
        "peer_seconds": theirs,
        "ratios": ratios,
        "ratio_geomean": geometric_mean(ratios) if ratios else None,
        "longest_block_ms": ours["longest_block_ms"],
        "next_frame_ms": ours["next_frame_ms"],
        "first_picture_ms": first["first_picture_ms"],
        "levels_s": first["settled_s"],
        "open_ms": again["first_picture_ms"],
        "open_longest_block_ms": again["longest_block_ms"],
        "memory_per_coordinate_byte": (again["pss_bytes"] - empty["pss_bytes"])
        / (ours["vertices"] * _BYTES_PER_VERTEX),
        "memory_first_opening_per_coordinate_byte": (first["pss_bytes"] - empty["pss_bytes"])
        / (ours["vertices"] * _BYTES_PER_VERTEX),
        "mean_difference": max(alike["mean"]),
        "pixels_off_share": max(alike["off"]),
        "differences": alike,
    }


def as_text(found: dict[str, Any]) -> str:
    """Return the figures as lines to be read."""
    lines = [f"{found['features']:,} features, {found['vertices']:,} vertices"]
    shares = ("whole", "quarter", "16th", "64th")
    for place, share in enumerate(shares):
        text = f"{share:8} ours {found['seconds'][place]:.3f} s"
        if found["ratios"]:
            text += f"   QGIS {found['peer_seconds'][place]:.3f} s   ratio {found['ratios'][place]:.2f}"
        lines.append(text)
    rest = {key: value for key, value in found.items() if isinstance(value, float) and key != "ratio_geomean"}
    if found["ratio_geomean"] is not None:
        lines.append(f"ratio, geometric mean {found['ratio_geomean']:.2f}")
    return "\n".join([*lines, *(f"{key} {value:.3f}" for key, value in rest.items())])


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parcels", type=Path, nargs="+")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--no-peer", action="store_true", help="leave QGIS out")
    ask.add_argument("--peer-script", type=Path, default=_SHARED)
    ask.add_argument("--part", choices=("projects", "open", "race", "fidelity"), help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.part:
        do_part(given.part, given.parcels)
        return
    found = measure(given.parcels[0], None if given.no_peer else given.peer_script)
    print(json.dumps(found, indent=1) if given.json else as_text(found))


if __name__ == "__main__":
    main()
