"""A light start: what reads, checks and measures files is not loaded before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# each of them takes a tenth of a second and more; the first two are needed for projects and loaded aside
FOR_PROJECTS = ("pandas", "layers.formats.registry")
HEAVY = (
    *FOR_PROJECTS,
    "geopandas",
    "pyarrow",
    "pyogrio",
    "rasterio",
    "scipy",
    "ezdxf",
    "openpyxl",
    "matplotlib",
)

IMPORTED = "import ui.app, ui.workbench, ui.extensions, ui.dialogs.screen"

WINDOW = """
import os
from PyQt6.QtWidgets import QApplication
from layers.formats.isolated import IsolatedReader
from ui.app import make_workbench
from zsgis.preferences import PreferenceStore

application = QApplication([])
with IsolatedReader() as reader:
    workbench = make_workbench(application, PreferenceStore(), reader)
    workbench.window.show()
    application.processEvents()
    assert workbench.window.isVisible()
    workbench.window.close()
"""

ASIDE = "from ui import app; app.load_for_projects(); app.load_for_panels(); app.load_for_files()"

HELP = """
import sys
from zsgis.__main__ import main

sys.argv = ["zsgis", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code
"""


def loaded(program: str, folder: Path) -> set[str]:
    """Return which heavy modules a fresh interpreter has loaded after a program."""
    said = f"\nimport json, sys; print(); print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", program + said],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("program", [IMPORTED, WINDOW, HELP], ids=["imported", "window", "help"])
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str, tmp_path: Path) -> None:
    assert loaded(program, tmp_path) == set()


def test_what_projects_need_is_what_is_loaded_aside(tmp_path: Path) -> None:
    assert loaded(ASIDE, tmp_path) >= set(FOR_PROJECTS)


def test_every_heavy_module_is_called_by_its_name() -> None:
    assert [name for name in HEAVY if find_spec(name) is None] == []


def test_the_help_needs_no_screen(tmp_path: Path) -> None:
    said = (
        HELP + "\nassert not [name for name in sys.modules if name.startswith(('PyQt6', 'ui.', 'shapely'))]"
    )
    assert loaded(said, tmp_path) == set()
