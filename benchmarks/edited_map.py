"""The map after an edit: until a frame shows it, and until the tiles it touches are drawn anew.

    python -m benchmarks.edited_map PROJECT [--edits 20] [--json]

The project is copied; its largest layer is looked at from several scales, with its coarser levels once they
are made. Each edit moves one feature in view. Times run from handing the edit in, the disk is timed
too; what the window's thread does itself is counted in processor time, so that other programs do not matter.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import shapely.affinity
from PyQt6.QtCore import QEventLoop
from PyQt6.QtWidgets import QApplication

from layers.drawable import DrawableLayer
from layers.drawable_edits import parts_of
from layers.edits import ChangeFeature, Edit
from tests.ui.conftest import PreparedDialogs
from tests.ui.window_desk import Desk
from ui.canvas.map_canvas import MapCanvas
from ui.canvas.picture import MapPicture
from ui.map_layers import MapLayers

_PATIENCE_S = 900.0
_UNITS_PER_PX = (0.5, 3.0, 12.0, 60.0)
# What the window's thread does for an edit.
_WATCHED = (
    (MapLayers, "_take_change"),
    (MapLayers, "_take_edited"),
    (MapPicture, "_ask"),
    (MapPicture, "take_drawn"),
    (MapCanvas, "paintEvent"),
)


@contextmanager
def watched(spent: dict[str, list[float]]) -> Iterator[None]:
    """Note the milliseconds of processor time that calls in the window's thread take, by name."""
    real = [(owner, name, getattr(owner, name)) for owner, name in _WATCHED]

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            start = time.thread_time()
            try:
                return call(*given)
            finally:
                spent.setdefault(name, []).append((time.thread_time() - start) * 1000)

        return run

    for owner, name, call in real:
        setattr(owner, name, timed(name, call))
    try:
        yield
    finally:
        for owner, name, call in real:
            setattr(owner, name, call)


class EditedMapBench:
    """A window with a copy of the project, without a screen.

    Parameters
    ----------
    spent : dict
        What :func:`watched` notes; it must watch already, for calls are connected when the window is made.
    """

    def __init__(self, project: Path, folder: Path, spent: dict[str, list[float]]) -> None:
        self._spent = spent
        shutil.copy(project, folder / "work.gpkg")
        self._desk = Desk(folder, PreparedDialogs())
        self._desk.window.resize(1920, 1080)
        self._canvas = self._desk.window.canvas
        self._desk.bench.projects.open_path(folder / "work.gpkg")
        self._wait(lambda: bool(self._canvas.layers) and self._desk.idle() and self._canvas.is_complete)
        info = max(self._desk.session.layers, key=lambda layer: layer.feature_count)
        self._uid: str = info.uid
        self.features: int = info.feature_count

    def close(self) -> None:
        """Close the window."""
        self._desk.close()
        QApplication.processEvents()

    def run(self, units_per_px: float, edits: int) -> dict[str, Any]:
        """Return the figures of one scale, in milliseconds."""
        base = self._base()
        west, south, _east, _north = base.bounds[len(base) // 2].tolist()
        canvas = self._canvas
        canvas.look(replace(canvas.view, center_x=west, center_y=south, units_per_px=units_per_px))
        self._wait(self._rests)
        reach = 200 * units_per_px
        rows = base.rows_in((west - reach, south - reach, west + reach, south + reach))
        shown: list[float] = []
        canvas.edit_shown.connect(lambda _uid, _version: shown.append(time.perf_counter()))
        found: dict[str, list[float]] = {"disk": [], "shown": [], "right": []}
        self._spent.clear()
        for number in range(edits):
            uid = base.uids[int(rows[number * 7 % len(rows)])]
            written: list[float] = []
            shown.clear()
            start = time.perf_counter()
            self._move(uid, 3 * units_per_px, written)
            self._wait(lambda: bool(shown))
            self._wait(lambda: canvas.is_complete)
            found["right"].append(time.perf_counter() - start)
            found["disk"].append(written[0] - start)
            found["shown"].append(shown[0] - start)
            self._wait(self._rests)
        canvas.edit_shown.disconnect()
        times = {name: _figures([1000 * value for value in values]) for name, values in found.items()}
        return times | {"window_cpu": {name: _figures(values) for name, values in self._spent.items()}}

    def _move(self, uid: str, distance: float, written: list[float]) -> None:
        project = self._desk.session.project
        (state,) = project.states(self._uid, [uid])
        moved = shapely.affinity.translate(state.geometry, distance, distance)
        change = ChangeFeature(self._uid, uid, moved)
        self._desk.bench.editing.submit(
            Edit("move", (change,)), lambda _record: written.append(time.perf_counter())
        )

    def _base(self) -> DrawableLayer:
        layers = {layer.uid: layer for layer in self._canvas.layers}
        found: Any = layers[self._uid]
        return parts_of(found)[0]

    def _rests(self) -> bool:
        return self._desk.idle() and self._canvas.is_complete

    def _wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE_S
        while not until():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if time.monotonic() > end:
                raise TimeoutError


def _figures(values: list[float]) -> dict[str, float]:
    return {"median": round(median(values), 1), "worst": round(max(values), 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    spent: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="zsgis-edited-map-") as folder, watched(spent):
        bench = EditedMapBench(given.project, Path(folder), spent)
        figures = {f"{units:g} m/px": bench.run(units, given.edits) for units in _UNITS_PER_PX}
        bench.close()
    found = {"features": bench.features, "edits": given.edits, "scales": figures}
    del application
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{bench.features:,} features, {given.edits} edits at each scale, ms (median / worst)")
    for scale, row in figures.items():
        times = "  ".join(
            f"{n} {row[n]['median']:.0f}/{row[n]['worst']:.0f}" for n in ("disk", "shown", "right")
        )
        own = "  ".join(f"{n} {v['median']:.1f}/{v['worst']:.1f}" for n, v in row["window_cpu"].items())
        print(f"{scale:>9}  {times}  | window: {own}")


if __name__ == "__main__":
    main()
