"""The floors hold: what may import what, what lies where, and that the rules really bite."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("layers", "zsgis", "ui")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}

BLOCKED_IMPORT = """
import importlib, pkgutil, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PyQt6", "PyQt5", "PySide6", "PySide2", "qtpy", "sip"}:
            raise ImportError(f"{name} is blocked below the screen")
        return None

sys.meta_path.insert(0, Refuse())
count = 0
for floor in sys.argv[1:]:
    package = importlib.import_module(floor)
    for module in pkgutil.walk_packages(package.__path__, floor + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
            count += 1
print(count)
"""


def python_files(*floors: str) -> list[Path]:
    return [path for floor in floors for path in sorted((ROOT / floor).rglob("*.py"))]


def test_layers_and_work_import_with_qt_blocked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED_IMPORT, "layers", "zsgis"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40


def test_the_block_bites(tmp_path: Path) -> None:
    guilty = tmp_path / "guilty"
    guilty.mkdir()
    (guilty / "__init__.py").write_text("import PyQt6.QtCore\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED_IMPORT, "guilty"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "blocked below the screen" in done.stderr


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize(
    "path", python_files("ui/painting", "ui/sheets"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_drawing_needs_no_widgets(path: Path) -> None:
    # sip is what PyQt itself stands on: arrays of its types, no part of Qt
    allowed = {"QtCore", "QtGui", "QtSvg", "sip"}
    used = {name.split(".")[1] for name in imported(path) if name.startswith("PyQt6.")}
    assert used <= allowed


def test_only_formats_and_store_read_or_write_geodata() -> None:
    readers = {"pyogrio", "rasterio", "fiona", "sqlite3", "apsw", "osgeo"}
    rooms = (ROOT / "layers" / "formats", ROOT / "layers" / "store")
    guilty = [
        str(path.relative_to(ROOT))
        for path in python_files(*FLOORS)
        if not any(room in path.parents for room in rooms)
        and {name.split(".")[0] for name in imported(path)} & readers
    ]
    assert guilty == []


def test_rooms_and_files_have_names_that_say_something() -> None:
    guilty = [str(p.relative_to(ROOT)) for p in python_files(*FLOORS) if p.stem.strip("_") in BANNED_NAMES]
    assert guilty == []


@pytest.mark.parametrize("floor", [*FLOORS, "benchmarks", "tests"])
def test_no_file_grows_beyond_its_room(floor: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files(floor)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_nothing_from_files_is_unpickled_or_evaluated() -> None:
    guilty = []
    for path in python_files(*FLOORS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if imported(path) & {"pickle", "marshal", "shelve", "dill", "cloudpickle"}:
            guilty.append(str(path.relative_to(ROOT)))
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in {"eval", "exec"}:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
            if isinstance(called, ast.Attribute) and called.attr in {"read_pickle", "eval"}:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    assert guilty == []


def test_wheels_run_on_the_bureaus_systems() -> None:
    """Every installed wheel is manylinux_2_28 or older: UOS 20 has glibc 2.28."""
    from importlib.metadata import distributions

    newer = {}
    for distribution in distributions():
        for line in (distribution.read_text("WHEEL") or "").splitlines():
            tag = line.removeprefix("Tag: ")
            if line.startswith("Tag: ") and "manylinux_2_" in tag:
                glibc = min(
                    int(part.split("_")[2])
                    for part in tag.split("-")[-1].split(".")
                    if "manylinux_2_" in part
                )
                newer.setdefault(distribution.name, []).append(glibc)
    too_new = {name: min(tags) for name, tags in newer.items() if min(tags) > 28}
    assert too_new == {}


def test_lock_files_are_hashed_and_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)
        assert "://" not in text
        assert "index-url" not in text
