"""An evidence folder of a small project, and folders somebody has laid hands on."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from layers.progress import Progress
from zsgis.evidence import EvidenceOrder
from zsgis.plan import load_plan

MOMENT = dt.datetime(2026, 11, 23, 9, 14, 6, tzinfo=dt.UTC)


def order(out: Path, **changes: Any) -> EvidenceOrder:
    """Return an order of which everything is stated."""
    stated: dict[str, Any] = {
        "out": out,
        "plan": load_plan(),
        "on": dt.date(2026, 11, 23),
        "moment": MOMENT,
        "again": False,
    }
    return EvidenceOrder(**{**stated, **changes})


def entries(path: Path) -> dict[str, bytes]:
    """Return what a folder holds, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def document(path: Path, name: str) -> Any:
    """Return a JSON entry."""
    return json.loads(entries(path)[name])


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Write a folder once more with other entries, as somebody with a ZIP program would."""
    held = entries(path)
    change(held)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return path


class StopAt(Progress):
    """Progress that is stopped when it says something of a kind."""

    def __init__(self, stop: Callable[[float, str], None]) -> None:
        self._stop = stop

    def step(self, done: float, text: str = "") -> None:
        """Let the test look at it."""
        self._stop(done, text)
