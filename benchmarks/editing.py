"""Edits with the mouse in the real window: from the release of the button to the disk and to the screen.

    python -m benchmarks.editing [--edits 10000] [--cells 2500] [--folder FOLDER] [--rest] [--no-undo]
                                 [--json]

A grid of parcels is opened in the window, without a screen; the vertex tool drags one corner after another,
and with it the corners of the three neighbours: each release of the mouse is one edit of four features. The
clock runs from the release until the tool has worked out the edit and handed it over, until the store has
returned (the edit is in the file and synchronised), and until the map has been painted with it. Between the
edits the device alone is timed with the same writes and synchronisations (``benchmarks/sync_probe.py``) in
the same folder. At the end everything is undone by the window's command, and the layers are held against what
they were. Own side only.

Without ``--rest`` corners are dragged as fast as the window lets go of the last one: the processes that draw
the map anew and the reading of what lies near then run into the next edit. With it each drag waits until the
map is complete, as a person does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PyQt6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from benchmarks.project_witness import Witness
from benchmarks.sync_probe import SyncProbe
from layers.edits import EditRecord
from layers.words import use_language
from tests.ui.editing_hands import write_cells
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import Desk
from tests.zsgis.coverage_samples import CELL, EAST, NORTH
from ui.app import TURN_S
from ui.canvas.tools.vertices import VERTICES
from ui.flows.editing_vertices.extension import VertexCommands

_PATIENCE_S = 60.0
_BEAT_MS = 5
_PROBE_EVERY = 20
_REST_S = 0.2
_PICK_EVERY = 25
_FARTHEST_M = 20.0
_SEEN_CELLS = 5
_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_HAND: Any = QTest  # its stubs take the widget for the object itself


class EditingBench:
    """Drags corners in the window and notes the times."""

    def __init__(self, folder: Path, cells: int, seed: int, *, rest: bool = False) -> None:
        self._side = max(_SEEN_CELLS + 2, round(cells**0.5))
        self.path = folder / "work.gpkg"
        write_cells(self.path, self._side, self._side)
        self.first_size = self.path.stat().st_size
        self._rest = rest
        self._chance = random.Random(seed)  # noqa: S311 - chance, no secret
        self._desk = Desk(folder, PreparedDialogs())
        self._bench = self._desk.bench
        self._canvas = self._desk.window.canvas
        # what is waited for may come without an event
        self._beat = QTimer(self._canvas)
        self._beat.start(_BEAT_MS)
        self._probe = SyncProbe(folder)
        self._written = self._shown = self._submitted = self._on_disk = 0.0
        self._version = -1
        self._undone = False
        self.thought_s: list[float] = []
        self.disk_s: list[float] = []
        self.screen_s: list[float] = []
        self.device_s: list[float] = []
        self.refused = 0
        self.processor_s = 0.0

    def open(self) -> None:
        """Open the project, look at some cells and take the vertex tool."""
        self._bench.projects.open_path(self.path)
        self._wait(lambda: len(self._canvas.layers) == 2 and self._idle())
        layers = self._bench.session.layers
        self._land = next(layer.uid for layer in layers if layer.kind == "land_use")
        self._bench.editing.set_layer(self._land)
        west, south = EAST + CELL, NORTH + CELL
        reach = _SEEN_CELLS * CELL
        self._canvas.zoom_to((west, south, west + reach, south + reach))
        self._bench.editing.waiting_changed.connect(self._take_waiting)
        self._bench.editing.written.connect(self._take_written)
        self._canvas.edit_shown.connect(self._take_shown)
        self._bench.actions[VERTICES].trigger()
        commands = next(part for part in self._bench.extensions if isinstance(part, VertexCommands))
        self._tool = commands.vertices.tool
        self._aimer = commands.vertices._aimer
        self._wait(lambda: self._aimer.index is not None and self._idle())

    def fingerprints(self) -> dict[str, str]:
        """Return the content hash of each layer."""
        project = self._bench.session.project
        if project is None:
            raise RuntimeError("no project is open")
        return {layer.uid: project.content_hash(layer.uid) for layer in project.layers()}

    def drag(self, edits: int) -> None:
        """Drag so many corners."""
        cell = (0, 0)
        for number in range(edits):
            if number % _PICK_EVERY == 0:
                cell = (self._chance.randrange(1, _SEEN_CELLS), self._chance.randrange(1, _SEEN_CELLS))
                self._pick(cell)
            if number % _PROBE_EVERY == 0:
                self._settle()
                self.device_s.append(self._probe.seconds())
            if self._rest:
                self._come_to_rest()
            self._drag_corner(cell)

    def undo_all(self) -> float:
        """Undo until nothing is left to undo; return the seconds."""
        start = time.perf_counter()
        undo = self._bench.actions["undo"]
        while undo.isEnabled():
            self._undone = False
            undo.trigger()
            self._wait(lambda: self._undone)
        self._settle()
        return time.perf_counter() - start

    def close(self) -> None:
        """Close the window."""
        self._settle()
        self._desk.close()

    def _pick(self, cell: tuple[int, int]) -> None:
        column, row = cell[0] + 1.5, cell[1] + 1.5
        place = (EAST + column * CELL, NORTH + row * CELL)
        self._settle()
        _HAND.mouseClick(self._canvas, _LEFT, _NO_KEYS, self._pixel(place))
        self._wait(lambda: self._tool.shape is not None and self._idle())

    def _drag_corner(self, cell: tuple[int, int]) -> None:
        corner = (cell[0] + 1 + self._chance.randrange(2), cell[1] + 1 + self._chance.randrange(2))
        node = np.array([EAST + corner[0] * CELL, NORTH + corner[1] * CELL])
        if self._tool.shape is None:
            raise RuntimeError("no shape is held")
        corners = np.asarray(self._tool.shape.held.shape.exterior.coords)
        start = corners[np.hypot(*(corners - node).T).argmin()]
        target = node + [self._chance.uniform(-_FARTHEST_M, _FARTHEST_M) for _axis in range(2)]
        first, last = self._pixel(start.tolist()), self._pixel(target.tolist())
        if (first - last).manhattanLength() < 2 * QApplication.startDragDistance():
            last = first + QPoint(20, 20)
        _HAND.mousePress(self._canvas, _LEFT, _NO_KEYS, first)
        for share in (0.4, 0.8, 1.0):
            way = QPointF(first) + (QPointF(last) - QPointF(first)) * share
            _HAND.mouseMove(self._canvas, way.toPoint())
            QApplication.processEvents()
        self._written = self._shown = self._submitted = self._on_disk = 0.0
        released, worked = time.perf_counter(), time.process_time()
        _HAND.mouseRelease(self._canvas, _LEFT, _NO_KEYS, last)
        self._wait(lambda: self._shown > 0 or bool(self._desk.dialogs.errors) or self._is_refused())
        if not self._shown:
            self.refused += 1
            return
        self.thought_s.append(self._submitted - released)
        self.disk_s.append(self._on_disk - released)
        self.screen_s.append(self._shown - released)
        self._wait(lambda: not self._tool._waiting)
        self.processor_s += time.process_time() - worked

    def _is_refused(self) -> bool:
        done = self._idle() and self._nothing_waits() and not self._tool._waiting
        return done and not self._written

    def _take_waiting(self, count: int) -> None:
        if count and not self._submitted:
            self._submitted = time.perf_counter()
        elif not count and self._submitted and not self._on_disk:
            # the window's first word of it; forms and tools follow the edit only then
            self._on_disk = time.perf_counter()

    def _take_written(self, record: EditRecord) -> None:
        self._written = time.perf_counter()
        self._undone = True
        self._version = record.layer_versions.get(self._land, -1)

    def _take_shown(self, uid: str, version: int) -> None:
        if uid == self._land and version > self._version and self._on_disk and not self._shown:
            self._shown = time.perf_counter()

    def _pixel(self, place: Sequence[float]) -> QPoint:
        x, y = self._canvas.view.to_pixel(place[0], place[1])
        return QPointF(x, y).toPoint()

    def _nothing_waits(self) -> bool:
        return not self._bench.editing.waiting

    def _idle(self) -> bool:
        return not self._bench.jobs.active()

    def _come_to_rest(self) -> None:
        end = time.perf_counter() + _REST_S
        self._wait(lambda: time.perf_counter() > end and self._canvas.is_complete and self._idle())

    def _settle(self) -> None:
        self._wait(lambda: self._idle() and self._nothing_waits())

    def _wait(self, until: Callable[[], bool]) -> None:
        end = time.perf_counter() + _PATIENCE_S
        while not until():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise TimeoutError("the window has gone silent")


def measure(
    folder: Path, edits: int, cells: int, *, undo: bool, rest: bool = False, seed: int = 1
) -> dict[str, Any]:
    """Run the bench in a folder; return the figures, times in milliseconds."""
    bench = EditingBench(folder, cells, seed, rest=rest)
    bench.open()
    before = bench.fingerprints()
    with Witness(bench.path) as witness:
        features = witness.features()
    start = time.perf_counter()
    bench.drag(edits)
    told: dict[str, Any] = {
        "edits": len(bench.screen_s),
        "refused": bench.refused,
        "cells": cells,
        "rest": rest,
        "features_an_edit": 4,
        "seconds": round(time.perf_counter() - start, 1),
        "to_edit_known_ms": _figures(bench.thought_s),
        "to_disk_ms": _figures(bench.disk_s),
        "to_screen_ms": _figures(bench.screen_s),
        "device_ms": _figures(bench.device_s),
        "processor_ms_an_edit": round(1000 * bench.processor_s / max(len(bench.screen_s), 1), 1),
        "above_device_ms": round(1000 * (median(bench.screen_s) - median(bench.device_s)), 1),
        "first_bytes": bench.first_size,
        "bytes": bench.path.stat().st_size,
    }
    told["bytes_an_edit"] = round((told["bytes"] - told["first_bytes"]) / max(told["edits"], 1))
    if undo:
        told["undo_seconds"] = round(bench.undo_all(), 1)
        told["bytes_after_undo"] = bench.path.stat().st_size
        told["same_content_after_undo"] = bench.fingerprints() == before
    bench.close()
    if undo:
        with Witness(bench.path) as witness:
            told["same_bytes_of_shapes_after_undo"] = witness.features() == features
            told["damages"] = witness.damages()
    return told


def _figures(seconds: Sequence[float]) -> dict[str, float]:
    shares = np.percentile(np.array(seconds) * 1000, [50, 90, 99, 100])
    return {name: round(float(value), 1) for name, value in zip(_NAMES, shares, strict=True)}


_NAMES = ("median", "p90", "p99", "longest")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where undoing did not lead back."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--cells", type=int, default=2_500)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk that is to be timed")
    parser.add_argument("--rest", action="store_true", help="let the map be drawn before each drag")
    parser.add_argument("--no-undo", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    use_language("en")
    sys.setswitchinterval(TURN_S)  # as the program does
    application = QApplication([])
    with tempfile.TemporaryDirectory(prefix="zsgis-editing-", dir=asked.folder) as folder:
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(folder) / name.lower())
        told = measure(Path(folder), asked.edits, asked.cells, undo=not asked.no_undo, rest=asked.rest)
    del application
    if asked.json:
        print(json.dumps(told, indent=2))
    else:
        for key, value in told.items():
            print(f"{key:34} {value}")
    same = told.get("same_content_after_undo", True) and told.get("same_bytes_of_shapes_after_undo", True)
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
