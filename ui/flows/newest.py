"""Work that is asked for again before it is done: of one sort only the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layers.progress import Progress
from ui.jobs import JobBridge


class NewestJobs:
    """Starts jobs of several sorts; a new one stops the earlier one of its sort."""

    def __init__(self, jobs: JobBridge) -> None:
        self._jobs = jobs
        self._running: dict[str, int] = {}
        self._closed = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._running)

    def start(
        self,
        sort: str,
        title: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        *,
        lane: str,
        quiet: bool = True,
        failed: Callable[[BaseException], object],
        cancelled: Callable[[], object] | None = None,
    ) -> None:
        """Do something aside; see :meth:`ui.jobs.JobBridge.start`.

        None of the calls is made for a job that a newer one of its sort has replaced; after :meth:`close`
        nothing is started, though what is on its way out may still ask.
        """
        if self._closed:
            return
        self.stop(sort)

        def only_newest(call: Callable[..., object]) -> Callable[..., None]:
            def take(*answer: Any) -> None:
                if self._running.get(sort) == uid:
                    del self._running[sort]
                    call(*answer)

            return take

        uid = self._jobs.start(
            title,
            work,
            done=only_newest(done),
            failed=only_newest(failed),
            cancelled=only_newest(cancelled or (lambda: None)),
            lane=lane,
            quiet=quiet,
        )
        self._running[sort] = uid

    def stop(self, sort: str) -> None:
        """Stop what is done of a sort; its answer does not come any more."""
        uid = self._running.pop(sort, None)
        if uid is not None:
            self._jobs.cancel(uid)

    def close(self) -> None:
        """Stop everything, for good."""
        self._closed = True
        for sort in tuple(self._running):
            self.stop(sort)
