"""The window's own figures: how fast it opens, and how long it ever keeps the officer waiting.

    python -m benchmarks.window [--project PROJECT.gpkg]

Own side only: no other program takes part. Without a project the demonstration is built first, into a
temporary folder. The real program is started with settings and drawing cache of its own and empty: twice
until its first picture, of which the second counts (the first compiles its modules, as an installation does),
once with a script that opens, zooms, pans, hides and shows layers, drags the opacity, runs the stock and
selects all parcels through the total row. A gap is the time between two beats of a 1 ms timer on the window's
thread, whatever the cause, other programs of the machine too; beside it stands the most processor time that
this thread took between two beats. The picture is complete when all that is to be seen is drawn; at rest is
the program when nothing runs in the background any more either. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from typing_extensions import override

from benchmarks.surroundings import own_environment

if TYPE_CHECKING:
    from ui.workbench import Workbench

Step = tuple[str, Sequence[Callable[[], object]]]

_BEAT_MS = 1
_HAND_MS = 40  # between two moves of a hand


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


def time_start() -> None:
    """Run until the window is painted for the first time and print the moment."""
    from PyQt6.QtCore import QEvent, QObject, QTimer

    class FirstPicture(QObject):
        @override
        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
            if event is not None and event.type() is QEvent.Type.Paint and watched is not None:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, self.tell)
            return False

        def tell(self) -> None:
            print(json.dumps({"painted": time.time()}))
            self.parent().close()  # type: ignore[union-attr]

    run_program(lambda bench: bench.window.installEventFilter(FirstPicture(bench.window)))


class Script:
    """Does one step after the other as a hand would, and notes the gaps and when the picture is complete."""

    def __init__(self, bench: Workbench, project: Path) -> None:
        from PyQt6.QtCore import QTimer

        self._bench, self._project = bench, project
        self._steps: deque[Step] = deque([("open", [lambda: bench.projects.open_path(project)])])
        self._moves: deque[Callable[[], object]] = deque()
        self._name, self._began, self._beat, self._used = "", 0.0, 0.0, 0.0
        self._gap_s: dict[str, float] = {}
        self._used_s: dict[str, float] = {}
        self._picture_s: dict[str, float] = {}
        self._rest_s: dict[str, float] = {}
        self._timers = [QTimer(bench.window), QTimer(bench.window)]
        for timer, interval, call in zip(
            self._timers, (_BEAT_MS, _HAND_MS), (self._take_beat, self._move), strict=True
        ):
            timer.setInterval(interval)
            timer.timeout.connect(call)
        QTimer.singleShot(1000, self._begin)

    def _begin(self) -> None:
        self._beat, self._used = time.perf_counter(), time.thread_time()
        for timer in self._timers:
            timer.start()

    def _take_beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self._gap_s[self._name] = max(self._gap_s.get(self._name, 0.0), now - self._beat)
        self._used_s[self._name] = max(self._used_s.get(self._name, 0.0), used - self._used)
        self._beat, self._used = now, used

    def _move(self) -> None:
        if self._moves:
            self._moves.popleft()()
            if not self._moves:
                self._began = time.perf_counter()
            return
        spent = time.perf_counter() - self._began
        if self._name and self._is_drawn():
            self._picture_s.setdefault(self._name, spent)
        if self._name and not self._at_rest():
            return
        if self._name:
            self._rest_s[self._name] = spent
            if self._name == "open":
                self._steps += self._further()
        if not self._steps:
            self._tell()
            return
        self._name, moves = self._steps.popleft()
        self._moves = deque(moves)

    def _is_drawn(self) -> bool:
        bench = self._bench
        shown = sum(layer.visible for layer in bench.session.layers)
        drawn = len(bench.window.canvas.layers) == shown and bench.window.canvas.is_complete
        return bench.session.project is not None and drawn

    def _at_rest(self) -> bool:
        bench = self._bench
        return self._is_drawn() and not bench.jobs.active() and not bench.spare_time.has_work

    def _further(self) -> list[Step]:
        bench, canvas, tree = self._bench, self._bench.window.canvas, self._bench.window.layer_tree
        layers = bench.session.layers
        land = next(layer for layer in layers if layer.kind == "land_use")
        zones = next(layer for layer in layers if layer.kind == "platforms")
        tree.tree.setCurrentItem(tree.item_of(land.uid))
        drag = [lambda p=p: tree.opacity_row.slider.setValue(p) for p in range(95, 40, -2)]
        hide = [
            lambda uid=layer.uid, seen=seen: bench.edits.set_visible(uid, seen)
            for layer in layers
            if layer.visible
            for seen in (False, True)
        ]
        pan = [lambda: canvas.pan_by(-40, 25)] * 20
        return [
            ("zoom", [lambda: canvas.zoom_by_steps(8)] * 6),
            ("pan", pan),
            ("zoom out", [lambda: canvas.zoom_by_steps(-8)] * 6),
            ("hide and show layers", hide),
            ("opacity", drag),
            ("stock", [lambda: bench.results.run("stock", _stock(zones.uid, land.uid)), *pan]),
            ("select all parcels", [self._select_total]),
            ("opacity, all selected", drag[::-1]),
            ("zoom, all selected", [lambda: canvas.zoom_by_steps(8)] * 4),
            ("unselect", [lambda: bench.session.select({})]),
        ]

    def _select_total(self) -> None:
        page = self._bench.window.results_panel.current_page()
        view = page.current_view() if page is not None else None
        if view is None:
            raise RuntimeError("the stock gave no table")
        view.selectRow(view.result_model.rowCount() - 1)

    def _tell(self) -> None:
        for timer in self._timers:
            timer.stop()
        document = {
            "longest_gap_ms": {name: round(1000 * gap, 1) for name, gap in self._gap_s.items() if name},
            "longest_processor_ms": {
                name: round(1000 * used, 1) for name, used in self._used_s.items() if name
            },
            "picture_complete_s": {name: round(spent, 2) for name, spent in self._picture_s.items()},
            "at_rest_s": {name: round(spent, 2) for name, spent in self._rest_s.items()},
        }
        print(json.dumps(document), flush=True)
        self._bench.window.close()


def _stock(zones: str, land: str) -> Any:
    from zsgis.analysis.stock.parameters import StockParameters

    return StockParameters(zones=zones, land=land)


def start_side(side: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run one part in a process of its own whose settings lie in ``folder``."""
    environment = own_environment(folder / side, folder / "compiled")
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "benchmarks.window", "--side", side, *more]
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Measure."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--project", type=Path, help="a copy of it is opened; default: the demonstration")
    ask.add_argument("--side", choices=("start", "session"), help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.side == "start":
        time_start()
        return
    if given.side == "session":
        scripts: list[Script] = []
        run_program(lambda bench: scripts.append(Script(bench, given.project)))
        return
    with tempfile.TemporaryDirectory(prefix="zsgis-benchmark-") as name:
        folder = Path(name)
        project = folder / "project.gpkg"
        if given.project is None:
            from zsgis.demo import build_demo

            build_demo(project).close()
        else:
            project.write_bytes(given.project.read_bytes())
        start_side("start", folder)
        began = time.time()
        first = start_side("start", folder)["painted"] - began
        measured = start_side("session", folder, "--project", str(project))
    gaps = measured["longest_gap_ms"]
    document = {
        "own_side_only": True,
        "start_s": round(first, 2),
        "longest_gap_of_all_ms": max(gaps.values()),
    }
    print(json.dumps(document | measured, indent=1))


if __name__ == "__main__":
    main()
