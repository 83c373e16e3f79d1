"""The bridge between jobs in threads and the window: every answer arrives on the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.progress import Progress
from zsgis.jobs import Job, JobRunner, JobState, JobStatus

# until what a turn of the window changed has been painted
_PAINTED_MS = 10

Work = Callable[[Progress], Any]


@dataclass(frozen=True)
class _Outcome:
    """Who wants to know how a job ended."""

    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], object]
    cancelled: Callable[[], object] | None


class JobBridge(QObject):
    """Starts jobs and hands their outcome to callables on the window's thread.

    Parameters
    ----------
    on_error : callable
        Shown an error that the starter of a job does not handle.
    """

    changed = pyqtSignal(object)  # JobStatus
    _reported = pyqtSignal(object)
    _posted = pyqtSignal(object)

    def __init__(self, on_error: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._runner = JobRunner(self._reported.emit)
        self._jobs: dict[int, Job] = {}
        self._outcomes: dict[int, _Outcome] = {}
        self._derived: set[int] = set()
        self._lasting: set[int] = set()
        self._reported.connect(self._take_report)
        self._posted.connect(self._run_posted)

    def start(
        self,
        title: str,
        work: Work,
        *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        lane: str = "",
        quiet: bool = False,
        derived: bool = False,
        lasting: bool = False,
    ) -> int:
        """Run ``work`` aside; ``done`` gets its result, ``failed`` its error. Return the job's number.

        A job that the user stopped calls neither, but ``cancelled``. What a ``derived`` job makes can be made
        again at any time: nobody is asked before it is stopped. A ``lasting`` job is never abandoned: it puts
        away what an earlier project left.
        """
        job = self._runner.start(title, work, lane=lane, quiet=quiet)
        self._jobs[job.uid] = job
        self._outcomes[job.uid] = _Outcome(done, failed or self._on_error, cancelled)
        if derived:
            self._derived.add(job.uid)
        if lasting:
            self._lasting.add(job.uid)
        return job.uid

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Begin the jobs started inside when the window has come round and painted.

        Threads take turns: jobs begun at once would make a long turn of the window several times as long.
        """
        self._runner.hold()
        try:
            yield
        finally:
            QTimer.singleShot(_PAINTED_MS, self._runner.release)

    def post(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the window's thread soon; safe from any thread."""
        self._posted.emit(call)

    def cancel(self, uid: int) -> None:
        """Ask a job to stop."""
        self._runner.cancel(uid)

    def active(self) -> tuple[JobStatus, ...]:
        """Return the jobs whose outcome has not arrived here: those that run, and the last moment after."""
        return tuple(job.status() for job in self._jobs.values())

    def visible(self) -> tuple[JobStatus, ...]:
        """Return the unfinished jobs that a person was told of and that would be lost."""
        active = self._runner.active()
        return tuple(status for status in active if not status.quiet and status.uid not in self._derived)

    def abandon_all(self) -> Callable[[], None]:
        """Ask every job to stop and drop what it would answer; the returned call waits for the threads.

        What is done already and has not been told yet is dropped as well; lasting jobs go on.
        """
        uids = tuple(uid for uid in self._outcomes if uid not in self._lasting)
        for uid in uids:
            self._runner.cancel(uid)
            del self._outcomes[uid]

        def wait() -> None:
            self._runner.wait(uids)

        return wait

    def close(self) -> None:
        """Stop everything but lasting jobs and wait for the threads."""
        self._runner.release()
        self.abandon_all()
        self._runner.wait(tuple(self._lasting))
        self._outcomes.clear()
        self._runner.close()
        self._jobs.clear()

    def _take_report(self, status: JobStatus) -> None:
        self.changed.emit(status)
        if not status.finished:
            return
        self._derived.discard(status.uid)
        self._lasting.discard(status.uid)
        job = self._jobs.pop(status.uid, None)
        outcome = self._outcomes.pop(status.uid, None)
        if job is None or outcome is None:
            return
        if status.state is JobState.DONE and outcome.done is not None:
            outcome.done(job.result)
        elif status.state is JobState.FAILED and job.error is not None:
            outcome.failed(job.error)
        elif status.state is JobState.CANCELLED and outcome.cancelled is not None:
            outcome.cancelled()

    def _run_posted(self, call: Callable[[], None]) -> None:
        call()
