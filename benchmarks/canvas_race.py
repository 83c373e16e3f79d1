"""Our side of the canvas race: the real canvas with two drawing processes, its cache warm."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication
from typing_extensions import override

from benchmarks.plain_drawing import difference, plain_drawing
from layers.drawable import DrawableLayer
from layers.progress import NoProgress
from layers.store import Project
from layers.store.drawing_cache import DrawingCache
from ui.app import TURN_S
from ui.canvas import MapCanvas
from ui.painting import MapView, paint_ground
from ui.painting.fonts import load_fonts
from ui.unused_rings import look_only_when_told

SHARES = (1.0, 1 / 4, 1 / 16, 1 / 64)
SIZE = (1920, 1080)
_RUNS = 3
_BREATH_S = 1.5
_LONGEST_SLEEP_MS = 2


class Watchdog:
    """Notes the longest time in which the event loop did not come round."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)

    def watch(self) -> None:
        """Begin."""
        self._last = time.perf_counter()
        self._timer.start()

    def rest(self) -> None:
        """Stop; what comes until the next beginning does not count."""
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last))
        self._last = now


class _Canvas(MapCanvas):
    """Notes when it was painted last."""

    painted_at: float = 0.0

    @override
    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        self.painted_at = time.perf_counter()

    def painted_after(self, moment: float) -> bool:
        """Tell whether it was painted since."""
        return self.painted_at > moment


def _wait(application: QApplication, until: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the event loop run as the program does: asleep while nothing happens, not in the drawing's way."""
    end = time.perf_counter() + seconds
    beat = QTimer()
    beat.start(_LONGEST_SLEEP_MS)
    while not until() and time.perf_counter() < end:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _breathe(application: QApplication) -> None:
    _wait(application, partial(_is_past, time.perf_counter() + _BREATH_S))


def _is_past(moment: float) -> bool:
    return time.perf_counter() > moment


def view_of(layer: DrawableLayer, share: float) -> MapView:
    """Return the view that shows a share of a layer's extent around its middle, as the peer's does."""
    xmin, ymin, xmax, ymax = layer.extent or (0.0, 0.0, 1.0, 1.0)
    units = max((xmax - xmin) * share**0.5 / SIZE[0], (ymax - ymin) * share**0.5 / SIZE[1])
    return MapView((xmin + xmax) / 2, (ymin + ymax) / 2, units, *SIZE)


def load(project_file: Path, cache: Path) -> DrawableLayer:
    """Return the project's layer with its levels, building what is not in the cache."""
    keeper = DrawingCache(cache)
    with Project.open(project_file) as project:
        layer = keeper.get(project, project.layers()[0], project.crs)
        return keeper.with_levels(layer, project.crs, NoProgress())


def race(project_file: Path, cache: Path) -> dict[str, Any]:
    """Time full redraws at each share, then move about and watch the event loop."""
    application = QApplication([])
    load_fonts()
    layer = load(project_file, cache)
    # as the program does
    sys.setswitchinterval(TURN_S)
    look_only_when_told()
    canvas = _Canvas()
    canvas.resize(*SIZE)
    canvas.show()
    canvas.set_layers([layer])
    _wait(application, lambda: len(canvas.process_ids) == 2 and canvas.is_complete)
    dog = Watchdog()
    seconds = [_redraws(application, canvas, view_of(layer, share), dog) for share in SHARES]
    frames = _move_about(application, canvas, layer, dog)
    canvas.shut_down()
    return {
        "seconds": seconds,
        "longest_block_ms": dog.longest_ms,
        "next_frame_ms": max(frames) * 1000,
        "vertices": len(layer.coords),
        "features": len(layer),
    }


def _redraws(application: QApplication, canvas: MapCanvas, view: MapView, dog: Watchdog) -> float:
    canvas.look(replace(view, px_per_mm=canvas.view.px_per_mm))
    _wait(application, lambda: canvas.is_complete)
    taken = []
    for _run in range(_RUNS):
        _breathe(application)  # the surroundings are drawn ahead: not part of a redraw
        dog.watch()
        start = time.perf_counter()
        canvas.redraw()
        _wait(application, lambda: canvas.is_complete)
        taken.append(time.perf_counter() - start)
        dog.rest()
    return median(taken)


def _move_about(
    application: QApplication, canvas: _Canvas, layer: DrawableLayer, dog: Watchdog
) -> list[float]:
    """Pan and zoom while tiles are drawn; return after which time each move was on the screen."""
    canvas.look(replace(view_of(layer, 1 / 16), px_per_mm=canvas.view.px_per_mm))
    _wait(application, lambda: canvas.is_complete)
    pan = partial(canvas.pan_by, -90, 60)
    nearer, farther = partial(canvas.zoom_by_steps, 8), partial(canvas.zoom_by_steps, -8)
    frames = []
    moves: list[Callable[[], object]] = [*[pan] * 12, *[nearer] * 4, *[pan] * 6, *[farther] * 6]
    for move in moves:
        dog.watch()
        start = time.perf_counter()
        move()
        _wait(application, partial(canvas.painted_after, start))
        frames.append(canvas.painted_at - start)
        _wait(application, partial(_is_past, start + 0.1))
        dog.rest()
    return frames


def fidelity(project_file: Path, cache: Path) -> dict[str, Any]:
    """Hold what the canvas draws at each share against plain drawings at full detail."""
    application = QApplication([])
    layer = load(project_file, cache)
    found: dict[str, list[float]] = {"mean": [], "off": [], "mean_one_by_one": [], "off_one_by_one": []}
    for share in SHARES:
        view = view_of(layer, share)
        image = QImage(*SIZE, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        painter = QPainter(image)
        paint_ground(painter, [layer], view, at_once=True)
        painter.end()
        for name, one_by_one in (("", False), ("_one_by_one", True)):
            mean, off = difference(image, plain_drawing(layer, view, one_by_one=one_by_one))
            found[f"mean{name}"].append(mean)
            found[f"off{name}"].append(off)
    application.quit()
    return found
