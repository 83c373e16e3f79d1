"""Race of printing: an A3 sheet of a parcel layer with a legend of the classes present, ours beside QGIS.

    python -m benchmarks.sheets PARCELS.gpkg [--json] [--no-peer] [--peer-script qgis_layout.py]

PARCELS.gpkg has a layer ``dltb`` with a field ``DLBM``. Both sides put the same map (280 x 260 mm) with the
same colours, a title and a legend on an A3 sheet, as PDF, once opaque and once with the layer at half
opacity. Ours is timed from the order to the finished file (composing, drawing, finishing), the project open
and its drawing cache warm, as in the window; QGIS by ``../shared/bench/qgis_layout.py`` beside this checkout
around its own export, the layer loaded before.

Each side runs in a process of its own with settings and caches of its own. Keys of the JSON, each a list
of two figures, opaque and at half opacity:

- ``seconds``, ``peer_seconds``, ``megabytes``, ``peer_megabytes``
- ``ratio_time``: QGIS's seconds over ours; ``ratio_size``: our bytes over QGIS's
- ``images``: pictures inside our PDF; 0 where all of it is vector
- ``peak_megabytes``: memory of our process at the most
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.surroundings import own_environment

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "bench" / "qgis_layout.py"
_QGIS_PYTHON = "/usr/bin/python3"
_OPACITIES = (1.0, 0.5)
_TEMPLATE = """
key = "race_a3"
title = "A3"
width_mm = 420
height_mm = 297
extent = "all"
title_pattern = "中山市工业用地分布图"
name_pattern = "中山市工业用地分布图"
settings = []

[[items]]
kind = "text"
name = "title"
box = { x = 10, y = 5, width = 300, height = 12 }
pattern = "{title}"
size_mm = 8.5

[[items]]
kind = "map"
name = "map"
box = { x = 10, y = 20, width = 280, height = 260 }
kinds = ["land_use"]

[[items]]
kind = "stack"
name = "column"
box = { x = 300, y = 30, width = 100, height = 200 }

[[items.parts]]
kind = "legend"
columns = 1
"""


def make_project(parcels: Path, folder: Path) -> None:
    """Write the parcels as a project, styled as QGIS's script does."""
    from benchmarks.parcels import make_projects

    full, _empty = make_projects(parcels, folder)
    print(json.dumps({"project": str(full)}))


def print_sheet(path: Path, folder: Path, opacity: float) -> None:
    """Write the sheet twice; the second, whose drawing cache is warm, counts."""
    import pikepdf

    from layers.locations import cache_folder
    from layers.progress import NoProgress
    from layers.store import Project
    from layers.store.drawing_cache import DrawingCache
    from layers.words import use_language
    from ui.sheets.export import export_sheet
    from zsgis.sheets.production import SheetMaterial, SheetOrder, make_sheets

    use_language("zh_CN")
    folder.mkdir(parents=True, exist_ok=True)
    template, out = folder / "race.toml", folder / "race.pdf"
    template.write_text(_TEMPLATE, encoding="utf-8")
    order, seconds = SheetOrder(template=str(template)), 0.0
    with Project.open(path) as project:
        (info,) = project.layers()
        project.update_layer(info.uid, opacity=opacity)
        drawable = DrawingCache(cache_folder("drawings")).get(
            project, project.layer(info.uid), project.crs, NoProgress()
        )
        # what a sheet counts by zones is no part of this race
        material = SheetMaterial((drawable,), None)
        for _run in range(2):
            start = time.perf_counter()
            make_sheets(project, out, order, export_sheet, material=material)
            seconds = time.perf_counter() - start
    with pikepdf.open(out) as pdf:
        images = sum(
            1
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        )
    found = {
        "seconds": seconds,
        "megabytes": out.stat().st_size / 1e6,
        "images": images,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    print(json.dumps(found))


def run_part(part: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run one part in a process of its own whose settings and caches lie in ``folder``."""
    environment = own_environment(folder, folder.parent / "compiled")
    environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks.sheets", "--part", part, *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def peer_figures(script: Path, parcels: Path, folder: Path, opacity: float) -> tuple[float, float]:
    """Return QGIS's seconds and megabytes of the PDF."""
    done = subprocess.run(
        [_QGIS_PYTHON, str(script), str(parcels), str(folder / "peer"), str(opacity)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    found = re.search(r"^pdf code 0\s+([\d.]+) s\s+([\d.]+) MB", done.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit(f"QGIS wrote no PDF: {done.stdout}")
    return float(found[1]), float(found[2])


def measure(parcels: Path, peer_script: Path | None) -> dict[str, Any]:
    """Run both sides at both opacities."""
    with tempfile.TemporaryDirectory(prefix="zsgis-benchmark-") as name:
        folder = Path(name)
        project = run_part("project", folder / "make", str(parcels), str(folder))["project"]
        ours = [
            run_part("sheet", folder / "own", project, str(folder / "out"), str(opacity))
            for opacity in _OPACITIES
        ]
        theirs = (
            [peer_figures(peer_script, parcels, folder, opacity) for opacity in _OPACITIES]
            if peer_script is not None
            else []
        )
    return {
        **{key: [one[key] for one in ours] for key in ours[0]},
        "peer_seconds": [seconds for seconds, _size in theirs],
        "peer_megabytes": [size for _seconds, size in theirs],
        "ratio_time": [peer[0] / own["seconds"] for peer, own in zip(theirs, ours, strict=False)],
        "ratio_size": [own["megabytes"] / peer[1] for peer, own in zip(theirs, ours, strict=False)],
    }


def as_text(found: dict[str, Any]) -> str:
    """Return the figures as lines to be read."""
    lines = [f"{'':16} opaque     half opacity"]
    for key, values in found.items():
        if values:
            lines.append(f"{key:16} " + " ".join(f"{value:10.2f}" for value in values))
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("given", metavar="PARCELS", nargs="+")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--no-peer", action="store_true", help="leave QGIS out")
    ask.add_argument("--peer-script", type=Path, default=_SHARED)
    ask.add_argument("--part", choices=("project", "sheet"), help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.part == "project":
        make_project(Path(asked.given[0]), Path(asked.given[1]))
    elif asked.part == "sheet":
        print_sheet(Path(asked.given[0]), Path(asked.given[1]), float(asked.given[2]))
    else:
        found = measure(Path(asked.given[0]), None if asked.no_peer else asked.peer_script)
        print(json.dumps(found) if asked.json else as_text(found))


if __name__ == "__main__":
    main()
