"""The end of processes that were started for one piece of work."""

from __future__ import annotations

from contextlib import suppress
from multiprocessing.process import BaseProcess


def end_process(process: BaseProcess) -> None:
    """End a started process that has nothing to lose, wait for it and let go what is held of it.

    Notes
    -----
    Whoever starts a process has :mod:`multiprocessing` ask after all others first, in his own thread. If that
    hears of this one's end just now, ``close`` is not told yet and takes the process for running.
    """
    process.kill()
    process.join()
    with suppress(ValueError):
        process.close()
