"""How long an attribute table keeps the officer waiting.

    python -m benchmarks.table PROJECT.gpkg [--json] [--with-map]

Own side only: no other program takes part. The real window opens a copy of the project, with settings and
caches of its own, and the table of its largest layer; what a hand would do is done through the widgets. Each
figure runs from the act until the window has painted the answer. The map is left empty, so that the table is
measured and not the drawing, unless ``--with-map`` is given. A gap is the time between two beats of a 1 ms
timer on the window's thread, whatever the cause, other programs of the machine too; beside it stands the most
processor time that this thread took between two beats.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.window import run_program

if TYPE_CHECKING:
    from ui.flows.open_table import OpenTable
    from ui.workbench import Workbench

_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA")
_BEAT_MS = 1
# what the benchmark itself does in between
_CHOOSING = "choosing columns"


@dataclass(frozen=True)
class Act:
    """Something a hand does, and how one sees that it is answered.

    One that ``follows`` is timed from where the one before began, without waiting for anything in between.
    """

    name: str
    do: Callable[[], object]
    answered: Callable[[], bool]
    follows: bool = False


class Watch:
    """Does one act after the other and notes how long each took, and the longest gap meanwhile."""

    def __init__(self, bench: Workbench, project: Path, *, as_json: bool) -> None:
        from PyQt6.QtCore import QTimer

        self._bench = bench
        self._as_json = as_json
        self._table: OpenTable | None = None
        self._acts = deque(self._opening(project))
        self._act: Act | None = None
        self._began = self._beat = self._used = 0.0
        self.spent_ms: dict[str, float] = {}
        self.gap_ms: dict[str, float] = {}
        self.used_ms: dict[str, float] = {}
        self._memory_before = 0.0
        self._timer = QTimer(bench.window)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._take_beat)
        QTimer.singleShot(1000, self._begin)

    def _begin(self) -> None:
        self._beat = time.perf_counter()
        self._timer.start()

    def _take_beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        if self._act is not None:
            name = self._act.name
            self.used_ms[name] = max(self.used_ms.get(name, 0.0), 1000 * (used - self._used))
            self.gap_ms[name] = max(self.gap_ms.get(name, 0.0), 1000 * (now - self._beat))
            if self._act.answered():
                # what was answered is in the window's memory once it is painted
                self._bench.window.repaint()
                self.spent_ms[name] = 1000 * (time.perf_counter() - self._began)
                self._act = self._acts.popleft() if self._acts and self._acts[0].follows else None
        elif self._acts:
            if not self._bench.jobs.active():
                self._act = self._acts.popleft()
                self._began = time.perf_counter()
                self._act.do()
        else:
            self._timer.stop()
            self._tell()
        self._beat, self._used = now, used

    def _opening(self, project: Path) -> list[Act]:
        bench = self._bench
        return [
            Act(
                "project",
                lambda: bench.projects.open_path(project),
                lambda: bench.session.project is not None and not bench.jobs.active(),
            ),
            Act("table", self._open_table, lambda: self.table.page.model.rowCount() > 0),
            Act("first rows", lambda: None, self._first_rows_known, follows=True),
            Act("all columns", lambda: None, self._rest, follows=True),
        ]

    def _open_table(self) -> None:
        from ui.flows.tables import TableFlows

        bench = self._bench
        largest = max(bench.session.layers, key=lambda layer: layer.feature_count)
        (flows,) = (part for part in bench.extensions if isinstance(part, TableFlows))
        self._memory_before = _memory_mb()
        self._table = flows.open(largest.uid)
        self._acts += self._further()

    @property
    def table(self) -> OpenTable:
        """The table that is measured."""
        if self._table is None:
            raise RuntimeError("no table is open")
        return self._table

    def _first_rows_known(self) -> bool:
        return self.table.page.model.is_known(0, 0)

    def _further(self) -> list[Act]:
        page = self.table.page
        fields = page.model.fields
        number = [field.name for field in fields if field.is_figure]
        text = [field.name for field in fields if not field.is_figure]
        widest: dict[str, str] = {}

        def choose() -> None:
            widest.update(number=_widest(page, number), text=_widest(page, text))

        rest = self._rest
        bar, viewport = page.view.verticalScrollBar(), page.view.viewport()
        if bar is None or viewport is None:
            raise RuntimeError("a table without a scroll bar")
        steps = [partial(bar.setValue, bar.maximum() * part // 20) for part in range(20)]

        def scrolled() -> bool:
            """Go to the next place, one a beat, as a hand would."""
            if steps:
                steps.pop(0)()
                viewport.repaint()
            return not steps

        return [
            Act(_CHOOSING, choose, lambda: True),
            Act("sort number", lambda: page.view.headings.sort_asked.emit(widest["number"], True), rest),
            Act("sort text", lambda: page.view.headings.sort_asked.emit(widest["text"], False), rest),
            Act("scroll, 20 places", lambda: None, scrolled),
            Act("filter, first letter", lambda: page.search.setText("2"), rest),
            Act("filter, second letter", lambda: page.search.setText("20"), rest),
            Act("filter, comparison", lambda: page.search.setText(">1000"), rest),
            Act("filter, none", page.search.clear, rest),
            Act(
                "select all", page.view.choose_all, lambda: page.model.selected_count == page.model.row_count
            ),
            Act("selection shared", lambda: None, lambda: bool(self._bench.session.selection), follows=True),
            Act("selection measured", lambda: None, rest, follows=True),
            Act("unselect", lambda: self._bench.session.select({}), lambda: not page.model.selected_count),
        ]

    def _rest(self) -> bool:
        return not self.table.is_busy

    def _tell(self) -> None:
        document = _document(self, _memory_mb() - self._memory_before)
        if self._as_json:
            print(json.dumps(document), flush=True)
        else:
            print("\n".join(f"{name:24}{value}" for name, value in document.items()), flush=True)
        self._bench.window.close()


def _widest(page: Any, names: list[str]) -> str:
    """Return which of some columns, all of them read, holds most different values."""
    import numpy as np

    columns = {number: name for name in names if (number := page.model.number_of(name)) >= 0}
    rows = np.linspace(0, page.model.row_count - 1, 2000).astype(int).tolist()
    return max(columns.items(), key=lambda item: len({page.model.value(row, item[0]) for row in rows}))[1]


def _memory_mb() -> float:
    """Return what the window's process holds now, MB."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _document(watch: Watch, memory_mb: float) -> dict[str, Any]:
    spent, gap = watch.spent_ms, watch.gap_ms
    own = {name: value for name, value in gap.items() if name not in ("project", _CHOOSING)}
    return {
        "own_side_only": True,
        "rows": watch.table.page.model.row_count,
        "open_ms": round(spent["table"], 1),
        "first_rows_ms": round(spent["first rows"], 1),
        "all_columns_ms": round(spent["all columns"], 1),
        "sort_number_ms": round(spent["sort number"], 1),
        "sort_text_ms": round(spent["sort text"], 1),
        "filter_ms": round(max(value for name, value in spent.items() if name.startswith("filter")), 1),
        "scroll_ms": round(spent["scroll, 20 places"] / 20, 1),
        "select_all_ms": round(spent["select all"], 1),
        "selection_shared_ms": round(spent["selection shared"], 1),
        "selection_measured_ms": round(spent["selection measured"], 1),
        "longest_block_ms": round(max(own.values()), 1),
        "processor_ms": {name: round(value, 1) for name, value in watch.used_ms.items() if name in own},
        "blocks_ms": {name: round(value, 1) for name, value in own.items()},
        "memory_mb": round(memory_mb, 1),
    }


def _hide_layers(project: Path) -> None:
    from layers.store import Project

    with Project.open(project) as opened:
        for layer in opened.layers():
            opened.update_layer(layer.uid, visible=False)


def main() -> None:
    """Measure."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("project", type=Path, help="a copy of it is opened")
    ask.add_argument("--json", action="store_true", help="print JSON instead of lines")
    ask.add_argument("--with-map", action="store_true", help="draw the map too")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="zsgis-benchmark-") as name:
        folder = Path(name)
        os.environ.update({entry: str(folder / entry) for entry in _FOLDERS})
        if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        project = folder / "project.gpkg"
        shutil.copyfile(given.project, project)
        if not given.with_map:
            _hide_layers(project)
        watches: list[Watch] = []
        run_program(lambda bench: watches.append(Watch(bench, project, as_json=given.json)))


if __name__ == "__main__":
    main()
