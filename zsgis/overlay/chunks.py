"""Vectorised work spread over threads in chunks: shapely lets go of the interpreter while GEOS computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from layers.errors import JobCancelled
from layers.progress import Progress

_WAIT_S = 0.05

Whole = TypeVar("Whole")

Chunk = TypeVar("Chunk")
Outcome = TypeVar("Outcome")


class _Passed:
    """Takes a step from the thread that works, for another thread to pass on."""

    def __init__(self) -> None:
        self.done = 0.0
        self.text = ""
        self.stopped = False

    def step(self, done: float, text: str = "") -> None:
        """Note the step, or stop the work."""
        if self.stopped:
            raise JobCancelled
        self.done = done
        self.text = text or self.text


def run_heard(work: Callable[[Progress], Whole], progress: Progress) -> Whole:
    """Return ``work``'s result, computed in another thread, while this one tells ``progress``.

    ``progress`` hears twenty times a second, whatever the work is at. When it stops the job, the call
    returns at once; the work ends unheard at its next step.
    """
    passed = _Passed()
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="overlay")
    try:
        future = pool.submit(work, passed)
        while not wait([future], timeout=_WAIT_S).done:
            progress.step(passed.done, passed.text)
        result = future.result()
        progress.step(1.0)
        return result
    finally:
        passed.stopped = True
        pool.shutdown(wait=False, cancel_futures=True)


def run_chunks(
    work: Callable[[Chunk], Outcome], chunks: Sequence[Chunk], progress: Progress, text: str = ""
) -> list[Outcome]:
    """Return ``work(chunk)`` for every chunk, in order, computed on all cores.

    ``progress`` hears twenty times a second, whatever the chunks' size. When it stops the job, waiting
    chunks are given up and the call returns at once; chunks under way end unheard.
    """
    progress.step(0.0, text)
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="overlay")
    try:
        futures = [pool.submit(work, chunk) for chunk in chunks]
        pending = set(futures)
        while pending:
            done, pending = wait(pending, timeout=_WAIT_S, return_when=FIRST_EXCEPTION)
            for future in done:
                if future.exception() is not None:
                    future.result()
            progress.step(1.0 - len(pending) / len(futures))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def run_both(
    one: Callable[[], Outcome], other: Callable[[], Whole], progress: Progress, text: str = ""
) -> tuple[Outcome, Whole]:
    """Return the results of two works that do not need each other, computed at the same time."""
    done = run_chunks(lambda work: work(), [one, other], progress, text)
    return cast(tuple[Outcome, Whole], tuple(done))


def slices(count: int, size: int) -> list[slice]:
    """Return consecutive slices of at most ``size`` that cover ``range(count)``."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def slices_by_weight(weight: NDArray[np.float64], limit: float, size: int) -> list[slice]:
    """Return consecutive slices with at most about ``limit`` weight and at most ``size`` items each."""
    if not len(weight):
        return []
    heavy = (np.cumsum(weight) // limit).astype(np.int64)
    bounds = np.unique(np.concatenate([[0], np.flatnonzero(np.diff(heavy)) + 1, [len(weight)]]))
    return [
        slice(start + part.start, start + part.stop)
        for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        for part in slices(stop - start, size)
    ]
