"""Tiles that have been fetched, as files in the user's cache folder: shared, bounded, without any key.

Each tile is a file that is put in place whole, so several processes may read while one writes. What was
downloaded for work without a network lies apart (``kept``) and is only removed by hand.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from layers.services.grids import Tile

FOLDER = "services"
_FETCHED, _KEPT = "fetched", "kept"
_SUFFIX = ".tile"
# after a day a place where the server had nothing is asked again
_EMPTY_LASTS_S = 86_400.0


@dataclass(frozen=True)
class Stored:
    """What lies in the cache of a tile; no bytes: the server has nothing there."""

    data: bytes


class TileFiles:
    """The tiles of all services in one cache folder.

    Parameters
    ----------
    folder : Path
        The cache folder of the program or of a project; a folder ``services`` in it is used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def read(self, service: str, tile: Tile) -> Stored | None:
        """Return what is known of a tile; None where it has to be fetched."""
        for part in (_KEPT, _FETCHED):
            path = self._path(part, service, tile)
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if data or not self._is_stale(path):
                return Stored(data)
        return None

    def write(self, service: str, tile: Tile, data: bytes, *, keep: bool = False) -> None:
        """Put a tile in place; empty ``data`` remembers that the server has nothing there.

        A full disk costs the memory, not the map: nothing is raised.
        """
        path = self._path(_KEPT if keep else _FETCHED, service, tile)
        draft = path.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def has(self, service: str, tile: Tile, *, kept: bool = False) -> bool:
        """Tell whether a tile need not be fetched (``kept``: not even after tidying)."""
        if kept:
            return self._path(_KEPT, service, tile).exists()
        return self.read(service, tile) is not None

    def forget(self, service: str) -> None:
        """Remove every tile of a service."""
        for part in (_FETCHED, _KEPT):
            shutil.rmtree(self._folder / part / service, ignore_errors=True)

    def size(self, service: str) -> int:
        """Return how many bytes a service's tiles take."""
        return sum(
            size for part in (_FETCHED, _KEPT) for _path, size, _time in _files(self._folder / part / service)
        )

    def mean_size(self, service: str, unknown: int) -> int:
        """Return the mean bytes of a service's tiles; ``unknown`` where none was fetched."""
        sizes = [size for _path, size, _time in _files(self._folder / _FETCHED / service) if size]
        return round(sum(sizes) / len(sizes)) if sizes else unknown

    def tidy(self, limit: int) -> int:
        """Remove the tiles that were fetched longest ago until at most ``limit`` bytes are left.

        Returns
        -------
        int
            How many files were removed; what was downloaded to be kept is not counted and stays.
        """
        files = sorted(_files(self._folder / _FETCHED), key=lambda found: found[2])
        total = sum(size for _path, size, _time in files)
        removed = 0
        for path, size, _time in files:
            if total <= limit:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
                removed += 1
        return removed

    def _path(self, part: str, service: str, tile: Tile) -> Path:
        name = f"{tile.row}{_SUFFIX}"
        return self._folder / part / service / str(tile.level) / str(tile.column) / name

    def _is_stale(self, path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime > _EMPTY_LASTS_S
        except OSError:
            return True


def _files(folder: Path) -> list[tuple[Path, int, float]]:
    """Return every tile under a folder with its size and time."""
    found = []
    for root, _folders, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            with contextlib.suppress(OSError):
                facts = path.stat()
                found.append((path, facts.st_size, facts.st_mtime))
    return found
