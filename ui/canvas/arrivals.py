"""Tiles that lack a part of a picture, and when they are drawn again: some parts at a time."""

from __future__ import annotations

from collections.abc import Collection

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from ui.canvas.tile_grid import TileKey

# Tiles of a service arrive one by one; the map is drawn again for some of them at a time.
_ARRIVALS_MS = 120


class Arrivals(QObject):
    """Remembers which tiles of the map wait for parts of which pictures."""

    due = pyqtSignal(object)
    """The tiles that are to be drawn again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[TileKey, frozenset[str]] = {}
        self._arrived: set[str] = set()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(_ARRIVALS_MS)
        self._gathering.timeout.connect(self._tell)

    def note(self, place: TileKey, uids: Collection[str]) -> None:
        """Note which pictures a tile still lacks a part of."""
        self._waiting.pop(place, None)
        if uids:
            self._waiting[place] = frozenset(uids)

    def arrive(self, uid: str) -> None:
        """Note that some of a picture has been fetched."""
        self._arrived.add(uid)
        if not self._gathering.isActive():
            self._gathering.start()

    def clear(self) -> None:
        """Forget all tiles: everything is drawn again."""
        self._waiting.clear()

    def stop(self) -> None:
        """Tell nothing any more."""
        self._gathering.stop()

    def _tell(self) -> None:
        due = [place for place, uids in self._waiting.items() if uids & self._arrived]
        for place in due:
            del self._waiting[place]
        self._arrived.clear()
        self.due.emit(due)
