"""What can wait is done while nobody waits for anything else, one piece at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

Piece = Callable[[], bool | None]
"""Does a little; True means that there is more of it, and it is called again."""

_TURN_MS = 25
# so many turns are waited for a free one, longer than a large layer's first picture takes: half a minute
_MOST_WAITED = 1_200


class SpareTime(QObject):
    """A queue of pieces of work for the window's thread.

    Between two pieces the window comes round: it paints and takes what mouse and keys did.

    Parameters
    ----------
    is_free : callable
        Tells whether nobody waits for anything: the map is complete, nothing is being prepared for it.
    """

    def __init__(self, is_free: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_free = is_free
        self._pieces: deque[Piece] = deque()
        self._waited = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._take_turn)

    @property
    def is_free(self) -> bool:
        """Whether nobody waits for anything, and nothing is left to be done."""
        return not self._pieces and self._is_free()

    @property
    def has_work(self) -> bool:
        """Whether something is still to be done."""
        return bool(self._pieces)

    def add(self, piece: Piece) -> None:
        """Do this after all that was added before; what waits already is not added twice."""
        if piece not in self._pieces:
            self._pieces.append(piece)
        if not self._timer.isActive():
            self._waited = 0
            self._timer.start()

    def drop(self) -> None:
        """Forget what was not done yet."""
        self._pieces.clear()
        self._timer.stop()

    def _take_turn(self) -> None:
        if self._pieces and (self._is_free() or self._waited >= _MOST_WAITED):
            self._waited = 0
            piece = self._pieces.popleft()
            if piece():
                self._pieces.append(piece)
        else:
            self._waited += 1
        if not self._pieces:
            self._timer.stop()
