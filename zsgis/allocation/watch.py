"""Progress, time and the wish to stop, seen from long solving."""

from __future__ import annotations

import time

from layers.errors import JobCancelled
from layers.progress import NoProgress, Progress


class Watch:
    """Tells how far the search is, and when to end it; a stop is remembered and raises nothing.

    Parameters
    ----------
    progress : Progress or None
    seconds : float
        How long the search may take in all.
    """

    def __init__(self, progress: Progress | None = None, *, seconds: float = float("inf")) -> None:
        self._progress = progress or NoProgress()
        self._until = time.monotonic() + seconds
        self._from, self._span = 0.0, 1.0
        self._text = ""
        self.cancelled = False

    @property
    def seconds_left(self) -> float:
        """Return the time that is left; never negative."""
        return max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        """Tell whether the search has to end."""
        return self.cancelled or self.seconds_left <= 0.0

    def stretch(self, start: float, end: float, text: str) -> None:
        """Begin a stretch of the work: shares told from now on lie between these two."""
        self._from, self._span, self._text = start, end - start, text
        self.tell(0.0)

    def look(self) -> None:
        """Raise when the user has asked to stop: for work before there is anything worth keeping."""
        self.tell(0.0)
        if self.cancelled:
            raise JobCancelled

    def tell(self, share: float, gap: float | None = None) -> None:
        """Report the share of the stretch that is done, and the gap that is proved so far."""
        if self.cancelled:
            return
        text = self._text if gap is None else f"{self._text} {gap:.1%}"
        try:
            self._progress.step(self._from + self._span * min(max(share, 0.0), 1.0), text)
        except JobCancelled:
            self.cancelled = True
