"""Rings of objects that nothing uses any more are looked for on the window's thread, while nobody waits.

Left to itself, Python looks for them whenever many objects have been made, in the thread that made them. All
threads stop meanwhile, the window's for 0.1 to 0.2 s, and Qt's objects may end in a thread not theirs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 2_000
# So many objects made and not yet gone: 10 to 20 ms to look through.
_MANY = 20_000
# Far more than work holds at a time: what is left over would fill the memory.
_TOO_MANY = 5_000_000


def look_only_when_told() -> None:
    """Have Python look for unused rings when it is told to, and not by itself."""
    gc.disable()


def keep_what_is_there() -> None:
    """Pass over all that exists now from now on: modules, and whatever lives as long as the window."""
    gc.freeze()


class UnusedRings(QObject):
    """Looks for unused rings of objects now and then.

    Parameters
    ----------
    is_free : callable
        Tells whether nothing is being done that anybody waits for.
    """

    def __init__(self, is_free: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_free = is_free
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        made = gc.get_count()[0]
        if made > _TOO_MANY or (made > _MANY and self._is_free()):
            gc.collect()
