"""A disk or share that neither takes an edit nor refuses it: said, the edits kept on this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QTimer

from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench

PATIENCE_MS = 4_000


class SilentDisk:
    """Watches how long edits have been on their way to the file."""

    specs: Sequence[ActionSpec] = ()

    def __init__(self, bench: Bench) -> None:
        self._editing = bench.editing
        self._bar = bench.window.unsaved_bar
        self._last = 0
        self._silent = False
        self.timer = QTimer(bench.window)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PATIENCE_MS)
        self.timer.timeout.connect(self._lose_patience)
        self._editing.waiting_changed.connect(self._take_count)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing: it has no commands of its own."""
        return {}

    def _take_count(self, count: int) -> None:
        answered = count < self._last
        self._last = count
        if answered or not count:
            self._silent = False
            self.timer.stop()
        if count and self._silent:
            self._lose_patience()
        elif count and not self.timer.isActive():
            self.timer.start()

    def _lose_patience(self) -> None:
        if not self._editing.waiting or self._editing.trouble is not None:
            return
        self._silent = True
        self._editing.keep_aside()
        text = _(
            "The disk or network drive does not answer; {count} edits wait and are kept on this computer."
        )
        self._bar.say(text.format(count=len(self._editing.waiting)))
