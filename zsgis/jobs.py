"""Work that takes time: run aside, with its share done, time left and a way to stop it. Knows no screen."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from layers.errors import JobCancelled
from layers.progress import Progress

_REPORT_EVERY_S = 0.05
_SHARE_FOR_ESTIMATE = 0.02


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class JobStatus:
    """What is known of a job at one moment.

    Attributes
    ----------
    done : float
        Share of the work that is done, 0 to 1.
    seconds_left : float or None
        None while too little is done to tell.
    quiet : bool
        Not worth a line in the status bar.
    """

    uid: int
    title: str
    state: JobState
    done: float
    text: str
    seconds_left: float | None
    quiet: bool

    @property
    def finished(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job:
    """One piece of work in its thread; it is the :class:`~layers.progress.Progress` the work reports to."""

    def __init__(self, uid: int, title: str, notify: Callable[[JobStatus], None], *, quiet: bool) -> None:
        self.uid = uid
        self.title = title
        self.quiet = quiet
        self.result: Any = None
        self.error: BaseException | None = None
        self._notify = notify
        self._state = JobState.WAITING
        self._done = 0.0
        self._text = ""
        self._started = 0.0
        self._reported = 0.0
        self._stop = threading.Event()

    def step(self, done: float, text: str = "") -> None:
        """Take note of the share done; raise when the user has asked to stop."""
        if self._stop.is_set():
            raise JobCancelled
        self._done = max(self._done, min(done, 1.0))
        changed = bool(text) and text != self._text
        self._text = text or self._text
        now = time.monotonic()
        if changed or now - self._reported >= _REPORT_EVERY_S:
            self._reported = now
            self._notify(self.status())

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def status(self) -> JobStatus:
        """Return what is known now."""
        left: float | None = None
        if self._state is JobState.RUNNING and self._done >= _SHARE_FOR_ESTIMATE:
            spent = time.monotonic() - self._started
            left = spent * (1.0 - self._done) / self._done
        return JobStatus(self.uid, self.title, self._state, self._done, self._text, left, self.quiet)

    def run(self, work: Callable[[Progress], Any]) -> None:
        """Do the work; every outcome ends in a state, none in an exception."""
        self._started = time.monotonic()
        self._state = JobState.RUNNING
        self._notify(self.status())
        state = JobState.DONE
        try:
            if self._stop.is_set():
                raise JobCancelled
            self.result = work(self)
            self._done = 1.0
        except JobCancelled:
            state = JobState.CANCELLED
        except Exception as error:
            self.error = error
            state = JobState.FAILED
        self._state = state
        self._notify(self.status())


class JobRunner:
    """Runs jobs in threads, several at once.

    Parameters
    ----------
    notify : callable
        Told of every change, in the job's thread.
    workers : int
        How many jobs of no lane may run at the same time.
    """

    def __init__(self, notify: Callable[[JobStatus], None], *, workers: int = 4) -> None:
        self._notify = notify
        self._workers = workers
        self._numbers = itertools.count(1)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._jobs: dict[int, tuple[Job, Future[None]]] = {}
        self._holding = False
        self._held: list[Callable[[], None]] = []

    def hold(self) -> None:
        """Have jobs wait that are started from now on, until :meth:`release`."""
        self._holding = True

    def release(self) -> None:
        """Begin the jobs that were held, in the order in which they were started."""
        self._holding = False
        held, self._held = self._held, []
        for begin in held:
            begin()

    def start(
        self, title: str, work: Callable[[Progress], Any], *, lane: str = "", quiet: bool = False
    ) -> Job:
        """Queue a piece of work and return its job.

        Jobs of one named ``lane`` run one after another in the order they were started.
        """
        self._forget_finished()
        job = Job(next(self._numbers), title, self._notify, quiet=quiet)
        if self._holding:
            ended: Future[None] = Future()
            self._held.append(partial(self._begin_held, job, work, lane, ended))
        else:
            ended = self._submit(job, work, lane)
        self._jobs[job.uid] = (job, ended)
        return job

    def _submit(self, job: Job, work: Callable[[Progress], Any], lane: str) -> Future[None]:
        pool = self._pools.get(lane)
        if pool is None:
            pool = ThreadPoolExecutor(
                1 if lane else self._workers, thread_name_prefix=f"zsgis-{lane or 'job'}"
            )
            self._pools[lane] = pool
        return pool.submit(job.run, work)

    def _begin_held(self, job: Job, work: Callable[[Progress], Any], lane: str, ended: Future[None]) -> None:
        self._submit(job, work, lane).add_done_callback(lambda _future: ended.set_result(None))

    def active(self) -> tuple[JobStatus, ...]:
        """Return the jobs that have not finished, quiet ones too."""
        statuses = (job.status() for job, _future in tuple(self._jobs.values()))
        return tuple(status for status in statuses if not status.finished)

    def cancel(self, uid: int) -> None:
        """Ask one job to stop; an unknown or finished one is left alone."""
        if uid in self._jobs:
            self._jobs[uid][0].cancel()

    def cancel_all(self) -> tuple[int, ...]:
        """Ask every unfinished job to stop and return their numbers."""
        numbers = tuple(status.uid for status in self.active())
        for uid in numbers:
            self.cancel(uid)
        return numbers

    def wait(self, uids: Iterable[int], *, timeout_s: float | None = None) -> bool:
        """Wait until these jobs have finished; False when the time was not enough."""
        futures = [self._jobs[uid][1] for uid in uids if uid in self._jobs]
        return not wait(futures, timeout=timeout_s).not_done

    def close(self) -> None:
        """Stop every job and wait for the threads to end."""
        self.cancel_all()
        self.release()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        self._pools.clear()
        self._jobs.clear()

    def _forget_finished(self) -> None:
        for uid in [uid for uid, (_job, future) in self._jobs.items() if future.done()]:
            del self._jobs[uid]
