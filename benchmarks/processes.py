"""Memory of a program that consists of several processes."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

_LOOK_EVERY_S = 0.05


def descendants(process_id: int) -> list[int]:
    """Return a process and all that it has started, as far as they live (Linux)."""
    found = [process_id]
    for number in found:
        for thread in Path(f"/proc/{number}/task").glob("*/children"):
            try:
                found += [int(child) for child in thread.read_text().split()]
            except OSError:
                continue  # it has ended meanwhile
    return found


def pss_bytes(process_id: int) -> int:
    """Return the memory of a process and all that it has started: what several share counts once (Linux)."""
    total = 0
    for number in descendants(process_id):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return total


class PeakMemory:
    """The most memory that any process started by this one held while the block ran, seen every 0.05 s."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory")

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        import psutil

        while not self._over.wait(_LOOK_EVERY_S):
            for number in descendants(os.getpid())[1:]:
                try:
                    self.peak_bytes = max(self.peak_bytes, psutil.Process(number).memory_info().rss)
                except psutil.Error:
                    continue
