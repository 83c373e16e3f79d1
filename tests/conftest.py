"""What every test may rely on: no screen, the real files beside the checkout, other makers' programs."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from layers.words import DEFAULT_LANGUAGE, use_language

if TYPE_CHECKING:
    from benchmarks.postgis_server import PrivateServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent

# how long an example takes says more of the machine than of the program
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test counts as a failure")


def pytest_collection_finish() -> None:
    # modules and tests stay until the end: a collection need not look at them time and again
    gc.collect()
    gc.freeze()


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", ())) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--no-skips") and _skipped(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = len(_skipped(config))
    if skipped:
        failing = config.getoption("--no-skips")
        verdict = "counted as failures" if failing else "make peers installs what they need"
        terminalreporter.write_line(f"{skipped} tests did not run: {verdict}")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep caches and settings of a test out of the user's folders."""
    home = tmp_path_factory.mktemp("home")
    for name in (
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "LOCALAPPDATA",
        "APPDATA",
    ):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that other users may enter: those of pytest are shut anew by every run that begins."""
    folder = Path(tempfile.mkdtemp(prefix="zs-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def english() -> Iterator[None]:
    """Let the program speak English for one test."""
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files that lies beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real files are not beside the checkout ({folder.parent.name}/{folder.name})")
    return folder


@pytest.fixture(scope="session")
def plan_text() -> str:
    """Return the text of the five-year plan that lies beside the checkout."""
    file = ROOT.parent / "shared" / "plan" / "plan.txt"
    if not file.is_file():
        pytest.skip("the plan's text is not beside the checkout (shared/plan/plan.txt)")
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration project, made once for all processes of a run; copy it to write to it."""
    from zsgis.demo import build_demo

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    file = shared / "demonstration" / "演示工程.gpkg"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            making = shared / "demonstration in the making"
            making.mkdir()
            build_demo(making / file.name).close()
            making.rename(file.parent)
    return file


def _peer_python(module: str) -> Path:
    """Return Debian's Python where ``module`` can be imported, or skip."""
    import subprocess

    python = Path("/usr/bin/python3")
    if python.exists():
        check = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
        if check.returncode == 0:
            return python
    pytest.skip(f"peer missing: Debian's python3 with {module} (make peers)")


@pytest.fixture(scope="session")
def qgis_python() -> Path:
    """Return the interpreter that can import QGIS."""
    return _peer_python("qgis.core")


@pytest.fixture(scope="session")
def gdal_python() -> Path:
    """Return the interpreter that carries GDAL's ``validate_gpkg``."""
    return _peer_python("osgeo_utils.samples.validate_gpkg")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the path of a real Chromium."""
    found = shutil.which("chromium")
    if not found:
        pytest.skip("peer missing: chromium (make peers)")
    return Path(found)


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """Return the path of a real LibreOffice."""
    found = shutil.which("soffice")
    if not found:
        pytest.skip("peer missing: LibreOffice (make peers)")
    return Path(found)


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[PrivateServer]:
    """A PostGIS of the tests' own, on a socket in a folder."""
    from benchmarks.postgis_server import PrivateServer, program

    if program("initdb") is None:
        pytest.skip("peer missing: PostgreSQL with PostGIS (make peers)")
    server = PrivateServer()
    yield server
    server.throw_away()
