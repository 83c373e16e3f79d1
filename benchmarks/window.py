"""The window's own figures: how fast it opens, and how long it ever keeps the officer waiting.

    python -m benchmarks.window [--project PROJECT.gpkg] [--limit SECONDS]

Own side only: no other program takes part. Without a project the demonstration is built first, into a
temporary folder. The real program is started with settings and drawing cache of its own and empty: twice
until its first picture, of which the second counts (the first compiles its modules, as an installation does),
once with a script that opens, zooms, pans, hides and shows layers, drags the opacity, runs the stock,
selects all parcels through the total row, opens the table and selects all its rows. Steps for which the
project lacks a layer are left out and named. A gap is the time between two beats of a 1 ms timer on the
window's thread, whatever the cause, other programs of the machine too; beside it stands the most processor
time that this thread took between two beats. The picture is complete when all that is to be seen is drawn; at
rest is the program when nothing runs in the background any more either. Prints JSON.

The step that is being done is named on the error stream. A step that fails ends the benchmark with its error,
and so does one that is not done within the limit, with where every thread stands.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from typing_extensions import override

from benchmarks.surroundings import own_environment
from benchmarks.window_script import Script, ending_the_program, limit_waiting

if TYPE_CHECKING:
    from ui.workbench import Workbench

_LIMIT_S = 600.0
_COPIED_AT_ONCE = 1 << 20


def run_program(on_made: Callable[[Workbench], None]) -> None:
    """Run the real program; ``on_made`` gets its workbench before the window is shown."""
    import ui.app
    from zsgis.__main__ import main as program

    make = ui.app.make_workbench

    def make_and_tell(*given: Any) -> Workbench:
        made = make(*given)
        on_made(made)
        return made

    sys.argv = ["zsgis"]
    with patch.object(ui.app, "make_workbench", make_and_tell):
        program()


def time_start(limit_s: float) -> None:
    """Run until the window is painted for the first time and print the moment."""
    from PyQt6.QtCore import QEvent, QObject, QTimer
    from PyQt6.QtWidgets import QWidget

    class FirstPicture(QObject):
        def __init__(self, window: QWidget) -> None:
            super().__init__(window)
            self._window = window

        @override
        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
            if event is not None and event.type() is QEvent.Type.Paint and watched is not None:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, ending_the_program(self.tell))
            return False

        def tell(self) -> None:
            print(json.dumps({"painted": time.time()}))
            self._window.close()

    limit_waiting(limit_s)
    run_program(lambda bench: bench.window.installEventFilter(FirstPicture(bench.window)))


def start_side(side: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run one part in a process of its own whose settings lie in ``folder``."""
    environment = own_environment(folder / side, folder / "compiled")
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "benchmarks.window", "--side", side, *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True, env=environment)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise SystemExit(f"the measured program ended with {done.returncode}; its own words stand above")
    measured: dict[str, Any] = json.loads(lines[-1])
    return measured


def copy_to_disk(source: Path, target: Path) -> None:
    """Copy a file; it lies on the disk when this returns, and is not written while others are measured."""
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written, _COPIED_AT_ONCE)
        written.flush()
        os.fsync(written.fileno())


def bring_up_to_date(project: Path) -> None:
    """Open and close a project: one of an earlier version is copied and converted by that, once."""
    from layers.store import Project

    Project.open(project).close()


def main() -> None:
    """Measure."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--project", type=Path, help="a copy of it is opened; default: the demonstration")
    ask.add_argument("--limit", type=float, default=_LIMIT_S, help="for each step, in seconds")
    ask.add_argument("--side", choices=("start", "session"), help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.side == "start":
        time_start(given.limit)
        return
    if given.side == "session":
        scripts: list[Script] = []
        run_program(lambda bench: scripts.append(Script(bench, given.project, given.limit)))
        return
    with tempfile.TemporaryDirectory(prefix="zsgis-benchmark-") as name:
        folder = Path(name)
        project = folder / "project.gpkg"
        if given.project is None:
            from zsgis.demo import build_demo

            build_demo(project).close()
        else:
            copy_to_disk(given.project, project)
            bring_up_to_date(project)
        limit = ("--limit", str(given.limit))
        start_side("start", folder, *limit)
        began = time.time()
        first = start_side("start", folder, *limit)["painted"] - began
        measured = start_side("session", folder, *limit, "--project", str(project))
    gaps = measured["longest_gap_ms"]
    document = {
        "own_side_only": True,
        "start_s": round(first, 2),
        "longest_gap_of_all_ms": max(gaps.values()),
    }
    print(json.dumps(document | measured, indent=1))


if __name__ == "__main__":
    main()
