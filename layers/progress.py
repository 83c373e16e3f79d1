"""How long work says how far it is and learns that it should stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What long work is given to report to.

    Work calls :meth:`step` often (at least every 0.3 s); the call raises
    :class:`layers.errors.JobCancelled` when the user has asked to stop.
    """

    def step(self, done: float, text: str = "") -> None:
        """Report the share done.

        Parameters
        ----------
        done : float
            Share of the whole work that is done, 0 to 1.
        text : str
            What is being done now, in the user's language; empty keeps the last text.
        """
        ...


class NoProgress:
    """Reports to nobody and is never cancelled."""

    def step(self, done: float, text: str = "") -> None:
        """Do nothing."""


class ProgressPart:
    """A stretch of a larger job: its 0 to 1 is the parent's ``start`` to ``end``."""

    def __init__(self, parent: Progress, start: float, end: float) -> None:
        self._parent = parent
        self._start = start
        self._span = end - start

    def step(self, done: float, text: str = "") -> None:
        """Report to the parent, scaled to this stretch."""
        self._parent.step(self._start + self._span * min(max(done, 0.0), 1.0), text)
