"""What `make test` relies on: a test that was skipped is noticed, in one process as in several."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "first": "def test_ran():\n    pass\n",
    "second": "import pytest\ndef test_skipped():\n    pytest.skip('peer missing: none')\n",
    "third": "import pytest\npytest.skip('peer missing: none', allow_module_level=True)\n",
}


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of the three files with the rules of this folder's ``conftest``."""
    for name, text in FILES.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *options, "."],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("processes", ["0", "2"])
def test_what_was_skipped_fails_the_run_that_allows_none(tmp_path: Path, processes: str) -> None:
    ended = run(tmp_path, "--no-skips", "-n", processes)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout
    assert "2 tests did not run: counted as failures" in ended.stdout


def test_any_other_run_only_says_so(tmp_path: Path) -> None:
    ended = run(tmp_path, "-n", "0")
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout
    assert "2 tests did not run: make peers installs what they need" in ended.stdout
