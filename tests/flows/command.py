"""Runs the program as a person would: its own process, its own exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        document: dict[str, Any] = json.loads(self.out)
        return document


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command: the checkout's code, no display."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return kept | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"} | more


def zsgis(*arguments: str | Path, **more: str) -> Ended:
    """Run ``zsgis`` with arguments and return how it ended."""
    done = subprocess.run(
        [sys.executable, "-m", "zsgis", *map(str, arguments)],
        env=environment(**more),
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
