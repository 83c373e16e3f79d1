"""Work spread over threads, told of often and stopped at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

from layers.progress import Progress

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_THREADS = 2
_TELL_EVERY_S = 0.1


def spread(
    work: Callable[[Task], Answer], tasks: Sequence[Task], progress: Progress, text: str = ""
) -> list[Answer]:
    """Return what ``work`` gives for each task, in their order.

    Parameters
    ----------
    work : callable
        Must not hold Python's lock for long: a task should be some tenths of a second's work.
    progress : Progress
        Told the share done at least ten times a second; when it stops the work, tasks not begun are left.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(work, task) for task in tasks]
        waiting = set(futures)
        try:
            progress.step(0.0, text)
            while waiting:
                _done, waiting = wait(waiting, timeout=_TELL_EVERY_S, return_when=FIRST_COMPLETED)
                progress.step(1.0 - len(waiting) / len(futures))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        return [future.result() for future in futures]


def aside(work: Callable[[], Answer], progress: Progress) -> Answer:
    """Return what one piece of work gives; it is told of meanwhile, and a stop waits for its end."""
    return spread(lambda _nothing: work(), (None,), progress)[0]


def stretches(offsets: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return runs of items that hold about ``most`` elements together; ``offsets`` says where items start."""
    found: list[tuple[int, int]] = []
    first = 0
    for item in range(1, len(offsets)):
        if offsets[item] - offsets[first] >= most:
            found.append((first, item))
            first = item
    if first < len(offsets) - 1:
        found.append((first, len(offsets) - 1))
    return found
