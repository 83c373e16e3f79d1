"""Whether the owner that a lock file names is still there.

No clock of another computer is asked what time it is. On the same computer the process tells: it lives, and
began when the lock says it did. Of another computer only the heartbeat is seen: an owner whose beat stands
still for :data:`STALE_AFTER_S` seconds of the observer's own steady clock is gone.

A process of this computer that is stopped or hangs is there: it has the file open, may be within a
transaction, and goes on when it is woken. It is told as it is, and never pushed aside.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from layers.store.owner_lock.model import Owner, read_owner
from layers.store.owner_lock.processes import machine_mark, process_start, sitting_mark

BEAT_EVERY_S = 10.0
STALE_AFTER_S = 45.0


class Standing(StrEnum):
    """What is known of a lock.

    ``HELD`` may still turn out to be stale, as long as its owner sits at another computer.
    """

    FREE = "free"
    HELD = "held"
    STALE = "stale"


def steady_clock() -> float:
    """Return seconds of a clock that nobody sets and that goes on while the computer sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class LockWatch:
    """Looks at a lock file again and again; keeps what it has seen, which is what tells stale from live.

    Parameters
    ----------
    clock : callable
        The observer's own steady clock, in seconds.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = steady_clock) -> None:
        self.path = path
        self.owner: Owner | None = None
        self._clock = clock
        self._seen: tuple[str, int] | None = None
        self._since = 0.0

    def look(self) -> Standing:
        """Look at the lock once."""
        if not self.path.exists():
            self.owner, self._seen = None, None
            return Standing.FREE
        self.owner = read_owner(self.path)
        certain = gone_for_certain(self.owner)
        if certain is not None:
            return Standing.STALE if certain else Standing.HELD
        # also of a file that cannot be understood: someone may be writing it just now
        sign = ("", 0) if self.owner is None else (self.owner.token, self.owner.beat)
        now = self._clock()
        if sign != self._seen:
            self._seen, self._since = sign, now
        return Standing.STALE if now - self._since >= STALE_AFTER_S else Standing.HELD

    @property
    def patience_s(self) -> float:
        """How long the beat must still be missing before the owner counts as gone, in seconds."""
        if self._seen is None:
            return STALE_AFTER_S
        return max(0.0, STALE_AFTER_S - (self._clock() - self._since))


def gone_for_certain(owner: Owner | None) -> bool | None:
    """Tell whether an owner of this computer is gone; None for others, of whom only the beat tells."""
    if owner is None or not owner.machine_mark or owner.machine_mark != machine_mark():
        return None
    if not owner.sitting_mark and not sitting_mark():
        # the system does not tell its starts apart, but no process outlives one with the same beginning
        return process_start(owner.pid) != owner.started
    if owner.sitting_mark != sitting_mark():
        return True
    return process_start(owner.pid) != owner.started
