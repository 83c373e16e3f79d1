"""Memory of a program that consists of several processes."""

from __future__ import annotations

from pathlib import Path


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
