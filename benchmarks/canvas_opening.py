"""The real program opens a project: how long until the first full picture, and what memory it then holds."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import pss_bytes
from benchmarks.window import run_program

if TYPE_CHECKING:
    from ui.workbench import Workbench

_SIZE = (1920, 1080)
# The window stands and its drawing processes wait when the project is opened.
_BEGIN_MS = 3000
_SETTLED_S = 2.0


class Opening:
    """Opens a project in a window of a given size and notes what happens when."""

    def __init__(self, bench: Workbench, project: Path) -> None:
        from PyQt6.QtCore import QTimer

        self._bench, self._project = bench, project
        self._began = self._beat = self._quiet = 0.0
        self._first_s = self._done_s = 0.0
        self._longest = 0.0
        self._timer = QTimer(bench.window)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._look)
        QTimer.singleShot(_BEGIN_MS, self._begin)

    def _begin(self) -> None:
        self._bench.window.showNormal()
        self._bench.window.resize(*_SIZE)
        self._began = self._beat = self._quiet = time.perf_counter()
        self._timer.start()
        self._bench.projects.open_path(self._project)

    def _look(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._beat)
        self._beat = now
        session, canvas = self._bench.session, self._bench.window.canvas
        if session.project is None:
            return
        empty = not session.layers
        if not self._first_s and (empty or (canvas.layers and canvas.is_complete)):
            self._first_s = now - self._began
        if not self._first_s or self._bench.jobs.active() or not (empty or canvas.is_complete):
            self._quiet = now
        elif now - self._quiet > _SETTLED_S:
            self._done_s = self._quiet - self._began
            self._tell()

    def _tell(self) -> None:
        self._timer.stop()
        found = {
            "first_picture_ms": 1000 * self._first_s,
            "settled_s": self._done_s,
            "longest_block_ms": 1000 * self._longest,
            "pss_bytes": pss_bytes(os.getpid()),
        }
        print(json.dumps(found), flush=True)
        self._bench.window.close()


def open_in_program(project: Path) -> None:
    """Run the program until it has opened a project and come to rest; print what was noted."""
    kept: list[Opening] = []
    run_program(lambda bench: kept.append(Opening(bench, project)))
