"""What a hand does in the real window, step by step, and how long the window's thread was silent."""

from __future__ import annotations

import faulthandler
import functools
import json
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.store import LayerInfo
    from ui.workbench import Workbench

Move = Callable[[], object]

_BEGIN_MS = 1_000  # the window stands
_BEAT_MS = 1
_HAND_MS = 40  # between two moves of a hand
# A table shows its first rows at once; the figures of a selection are counted after a moment.
_HELD_S = 0.2


@dataclass(frozen=True)
class Step:
    """Moves of a hand that are watched together.

    Attributes
    ----------
    name : str
        What the step is called in the figures.
    moves : sequence of callables
        One each 40 ms.
    without : str
        What the project lacks for it; such a step is left out.
    """

    name: str
    moves: Sequence[Move]
    without: str = ""


def ending_the_program(call: Callable[[], None]) -> Callable[[], None]:
    """Return a slot that ends the whole process where ``call`` fails, dialogs on the screen or not."""

    @functools.wraps(call)
    def run() -> None:
        try:
            call()
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    return run


def limit_waiting(seconds: float) -> None:
    """End the process, saying where it stands, unless this is called again within so many seconds."""
    faulthandler.dump_traceback_later(seconds, exit=True)


def work_steps(bench: Workbench) -> list[Step]:
    """Return what is done with the project that is open, whatever layers it has."""
    layers = bench.session.layers
    drawn = _first(layers, "land_use") or max(layers, key=lambda layer: layer.feature_count, default=None)
    if drawn is None:
        return [Step("everything else", (), "a layer")]
    canvas, tree = bench.window.canvas, bench.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(drawn.uid))
    slider = tree.opacity_row.slider
    drag = [functools.partial(slider.setValue, percent) for percent in range(95, 40, -2)]
    hide = [
        functools.partial(bench.edits.set_visible, layer.uid, seen)
        for layer in layers
        if layer.visible
        for seen in (False, True)
    ]
    pan = [functools.partial(canvas.pan_by, -40, 25)] * 20
    return [
        Step("zoom", [lambda: canvas.zoom_by_steps(8)] * 6),
        Step("pan", pan),
        Step("zoom out", [lambda: canvas.zoom_by_steps(-8)] * 6),
        Step("hide and show layers", hide),
        Step("opacity", drag),
        *_stock_steps(bench, pan),
        *_table_steps(bench, drawn),
        Step("opacity, all selected", drag[::-1]),
        Step("zoom, all selected", [lambda: canvas.zoom_by_steps(8)] * 4),
        Step("unselect", [lambda: bench.session.select({})]),
    ]


def _stock_steps(bench: Workbench, pan: Sequence[Move]) -> Iterator[Step]:
    """Yield the run of the stock, and the selection of all its parcels through the total row."""
    land, zones = (_first(bench.session.layers, kind) for kind in ("land_use", "platforms"))
    lacks = ", ".join(kind for kind, layer in (("land_use", land), ("platforms", zones)) if layer is None)
    if lacks:
        lacks = f"a layer of kind {lacks}"

    def run() -> None:
        from zsgis.analysis.stock.parameters import StockParameters

        if land is not None and zones is not None:
            bench.results.run("stock", StockParameters(zones=zones.uid, land=land.uid))

    def select_total() -> None:
        page = bench.window.results_panel.current_page()
        view = page.current_view() if page is not None else None
        if view is None:
            raise RuntimeError("the stock gave no table")
        view.selectRow(view.result_model.rowCount() - 1)

    yield Step("stock", [run, *pan], lacks)
    yield Step("select all parcels", [select_total], lacks)


def _table_steps(bench: Workbench, layer: LayerInfo) -> Iterator[Step]:
    """Yield the opening of a layer's table, and the selection of all its rows."""
    from ui.flows.tables import TableFlows

    (flows,) = (part for part in bench.extensions if isinstance(part, TableFlows))

    def select() -> None:
        table = flows.open(layer.uid)
        if table is None:
            raise RuntimeError(f"{layer.name} gave no table")
        table.page.view.choose_all()

    yield Step("open the table", [lambda: flows.open(layer.uid)])
    yield Step("select all rows", [select])


def _first(layers: Iterable[LayerInfo], kind: str) -> LayerInfo | None:
    return next((layer for layer in layers if layer.kind == kind), None)


class Script:
    """Does one step after the other as a hand would, and notes the gaps and when the picture is complete.

    Parameters
    ----------
    limit_s : float
        A step that is not done after so long ends the program, which says where its threads stand.
    """

    def __init__(self, bench: Workbench, project: Path, limit_s: float) -> None:
        from PyQt6.QtCore import QTimer

        self._bench, self._limit_s = bench, limit_s
        self._steps: deque[Step] = deque([Step("open", [lambda: bench.projects.open_path(project)])])
        self._moves: deque[Move] = deque()
        self._name, self._began, self._beat, self._used = "", 0.0, 0.0, 0.0
        self._rested = 0.0
        self._gap_s: dict[str, float] = {}
        self._used_s: dict[str, float] = {}
        self._picture_s: dict[str, float] = {}
        self._rest_s: dict[str, float] = {}
        self._left_out: dict[str, str] = {}
        self._timers = [QTimer(bench.window), QTimer(bench.window)]
        calls = (self._take_beat, ending_the_program(self._move))
        for timer, interval, call in zip(self._timers, (_BEAT_MS, _HAND_MS), calls, strict=True):
            timer.setInterval(interval)
            timer.timeout.connect(call)
        limit_waiting(limit_s)
        QTimer.singleShot(_BEGIN_MS, self._begin)

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
            self._began = self._rested = time.perf_counter()
        elif not self._name or self._is_over():
            self._go_on()

    def _is_over(self) -> bool:
        """Note when the picture was complete; tell whether the program has come to rest since."""
        now = time.perf_counter()
        if self._is_drawn():
            self._picture_s.setdefault(self._name, now - self._began)
        if not self._at_rest():
            self._rested = now
        if now - self._rested < _HELD_S:
            return False
        self._rest_s[self._name] = self._rested - self._began
        return True

    def _go_on(self) -> None:
        if self._name == "open":
            self._steps += work_steps(self._bench)
        for step in takewhile(lambda step: step.without, tuple(self._steps)):
            self._left_out[step.name] = f"the project lacks {step.without}"
            self._steps.popleft()
        if not self._steps:
            self._tell()
            return
        step = self._steps.popleft()
        limit_waiting(self._limit_s)
        print(step.name, file=sys.stderr, flush=True)
        self._name, self._moves = step.name, deque(step.moves)
        self._began = self._rested = time.perf_counter()

    def _is_drawn(self) -> bool:
        bench = self._bench
        shown = sum(layer.visible for layer in bench.session.layers)
        drawn = not shown or (len(bench.window.canvas.layers) == shown and bench.window.canvas.is_complete)
        return bench.session.project is not None and drawn

    def _at_rest(self) -> bool:
        bench = self._bench
        return self._is_drawn() and not bench.jobs.active() and not bench.spare_time.has_work

    def _tell(self) -> None:
        for timer in self._timers:
            timer.stop()
        document = {
            "left_out": self._left_out,
            "longest_gap_ms": {name: round(1000 * gap, 1) for name, gap in self._gap_s.items() if name},
            "longest_processor_ms": {
                name: round(1000 * used, 1) for name, used in self._used_s.items() if name
            },
            "picture_complete_s": {name: round(spent, 2) for name, spent in self._picture_s.items()},
            "at_rest_s": {name: round(spent, 2) for name, spent in self._rest_s.items()},
        }
        print(json.dumps(document), flush=True)
        self._bench.window.close()
