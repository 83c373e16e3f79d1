"""Where edits lie that are drawn over a layer's arrays: files for the drawing processes."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections import deque
from pathlib import Path
from tempfile import mkdtemp

from layers.drawable_edit_files import save_edits
from layers.drawable_edits import EditedLayer, FeatureLayer

# A process that is busy learns of an edit when the next ones are made already.
_FEWEST_KEPT = 12
# removing folders takes longer than writing one: many go at once, and few edits wait for it
_MOST_KEPT = 36


class EditFiles:
    """Writes edits into folders of their own and removes those that nobody reads any more.

    Safe to call from any thread.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._removal: weakref.finalize[[Path], EditFiles] | None = None
        self._kept: dict[str, deque[Path]] = {}
        self._number = 0
        self._lock = threading.Lock()

    def saved(self, layer: FeatureLayer) -> FeatureLayer:
        """Return a layer whose edits lie in files; in memory where they cannot be written."""
        if not isinstance(layer, EditedLayer) or layer.base.folder is None:
            return layer
        try:
            folder = self._new(layer.uid)
            return save_edits(layer, folder)
        except OSError:
            return layer

    def close(self) -> None:
        """Remove everything."""
        with self._lock:
            self._folder = None
            self._kept.clear()
            removal, self._removal = self._removal, None
        if removal is not None:
            removal()

    def _new(self, uid: str) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix="zsgis-edits-"))
                # with the window, or at the program's end
                self._removal = weakref.finalize(self, _remove, self._folder)
            self._number += 1
            folder = self._folder / str(self._number)
            folder.mkdir()
            kept = self._kept.setdefault(uid, deque())
            kept.append(folder)
            many = len(kept) > _MOST_KEPT
            old = [kept.popleft() for _each in range(len(kept) - _FEWEST_KEPT)] if many else []
        for each in old:
            shutil.rmtree(each, ignore_errors=True)
        return folder


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
