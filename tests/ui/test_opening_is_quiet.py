"""While a project opens, the window's thread loads no module: whatever is needed is loaded by jobs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.ui.window_samples import make_project

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, os, sys, threading
from pathlib import Path
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from layers.formats.isolated import IsolatedReader
from ui.app import make_workbench
from zsgis.preferences import PreferenceStore

loaded, window_thread = [], threading.get_ident()

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.get_ident() == window_thread:
            loaded.append(name)

def is_filled():
    window = bench.window
    shown = bench.session.project is not None and len(window.canvas.layers) == 2
    filled = window.analysis_panel.chooser.count() and window.sheets_panel.template.count()
    return shown and filled and window.canvas.is_complete and not bench.jobs.active()

def look():
    if is_filled() and not bench.spare_time.has_work:
        turns.stop()
        form = bench.window.analysis_panel.form
        print(json.dumps({"loaded": loaded, "form": form is not None}))
        bench.window.close()

if __name__ == "__main__":
    application = QApplication([])
    with IsolatedReader() as reader:
        bench = make_workbench(application, PreferenceStore(), reader)
        bench.window.show()
        application.processEvents()
        sys.meta_path.insert(0, Watch())
        bench.projects.open_path(Path(sys.argv[1]))
        turns = QTimer()
        turns.timeout.connect(look)
        turns.start(20)
        application.exec()
"""


def test_the_window_loads_nothing_while_a_project_opens(tmp_path: Path) -> None:
    make_project(tmp_path / "p.gpkg").close()
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "p.gpkg")],
        cwd=ROOT,
        env={
            **os.environ,
            **{name: str(tmp_path / "own") for name in folders},
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"loaded": [], "form": True}
