"""How much memory and silence a reading process is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class ReadingLimits:
    """What a reading process may use; both grow with the file, because a large layer needs its room.

    Attributes
    ----------
    memory_bytes : int
        For a small file, the libraries included.
    memory_per_byte : float
        More for each byte of the file. Shapes stand in memory as bytes and as objects, and packed formats
        hold several times their size.
    silent_s : float
        How long the process may say nothing, for a small file.
    silent_s_per_megabyte : float
        More for each megabyte: some libraries read a whole layer in one call.
    """

    memory_bytes: int = 1000 * _MEGABYTE
    memory_per_byte: float = 16.0
    silent_s: float = 60.0
    silent_s_per_megabyte: float = 2.0

    def memory_for(self, file_bytes: int) -> int:
        """Return how many bytes of memory reading a file of this size may take."""
        return int(self.memory_bytes + self.memory_per_byte * file_bytes)

    def silence_for(self, file_bytes: int) -> float:
        """Return for how many seconds reading a file of this size may say nothing."""
        return self.silent_s + self.silent_s_per_megabyte * file_bytes / _MEGABYTE


def size_of(path: Path) -> int:
    """Return the bytes of a file, of the files of a folder, or of a shapefile with its parts."""
    try:
        if path.is_dir():
            return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
        beside = [part for part in path.parent.glob(f"{_plain(path.stem)}.*") if part.is_file()]
        return max(sum(part.stat().st_size for part in beside), path.stat().st_size)
    except OSError:
        return 0


def _plain(stem: str) -> str:
    """Return a name in which nothing is a pattern."""
    return "".join(f"[{sign}]" if sign in "[]*?" else sign for sign in stem)
