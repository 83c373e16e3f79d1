"""The window is closed while both drawing processes draw, on a busy machine: nothing is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import geopandas as gpd
import pytest

from layers.crs import parse_crs
from layers.store import NewLayer, Project
from tests.layers.level_samples import wavy_parcels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and /dev/shm")

# Says when it has drawn, and waits for the machine to be busy. Then draws anew and closes as soon as both
# processes have a picture to draw; says which memory it shared and who drew.
_PROGRAM = """
import json, sys
from pathlib import Path
from PyQt6.QtCore import QTimer
import ui.app
from zsgis.__main__ import main

make = ui.app.make_workbench
kept = []

def shared():
    lines = Path("/proc/self/maps").read_text().splitlines()
    return sorted({line.split("/dev/shm/")[1] for line in lines if "/dev/shm/" in line})

def watched(*given):
    bench = make(*given)
    window, canvas = bench.window, bench.window.canvas
    timer = QTimer(window)
    drawn = []

    def look():
        if len(canvas.process_ids) < 2 or not canvas.layers:
            return
        if not drawn and canvas.is_complete:
            drawn.append(True)
            print("drawn", flush=True)
            sys.stdin.readline()
            canvas.redraw()
        elif drawn and len(shared()) >= 2 and not canvas.is_complete:
            timer.stop()
            print(json.dumps({"processes": canvas.process_ids, "shared": shared()}), flush=True)
            window.close()

    timer.timeout.connect(look)
    timer.start(1)
    kept.append(look)
    return bench

if __name__ == "__main__":
    ui.app.make_workbench = watched
    sys.argv = ["zsgis", "open", sys.argv[1]]
    sys.exit(main())
"""
ROOT = Path(__file__).resolve().parents[2]
_SHARED = Path("/dev") / "shm"
_BUSY = "while True: pass"


@contextmanager
def busy_machine() -> Iterator[None]:
    with ExitStack() as stack:
        for _number in range(2):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    crs = parse_crs("4547")
    cells = wavy_parcels(90, 90)
    frame = gpd.GeoDataFrame({"name": [""] * len(cells)}, geometry=cells, crs=crs)
    frame.geometry = frame.geometry.translate(440_000, 2_490_000)
    path = tmp_path / "large.gpkg"
    with Project.create(path, crs) as made:
        made.add_layer(NewLayer(name="分区", kind="zones", crs=crs), frame)
    return path


def test_closing_while_both_draw_leaves_nothing_behind(tmp_path: Path, project: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    for _turn in range(2):
        with subprocess.Popen(
            [sys.executable, str(program), str(project)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        ) as running:
            assert running.stdout is not None
            first = running.stdout.readline()
            try:
                with busy_machine():
                    out, err = running.communicate("go on\n", timeout=120)
            finally:
                running.kill()
        assert first == "drawn\n", err
        said = json.loads(out.splitlines()[-1])
        assert len(said["processes"]) == 2
        assert len(said["shared"]) >= 2
        assert (running.returncode, err) == (0, "")
        assert [name for name in said["shared"] if (_SHARED / name).exists()] == []
        assert [number for number in said["processes"] if Path(f"/proc/{number}").exists()] == []
