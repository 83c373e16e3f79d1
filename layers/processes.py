"""How processes that are started for one piece of work begin and end."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess


def context_with(module: str) -> ForkServerContext | SpawnContext:
    """Return how processes are started that all need one module.

    Where the system can, they are forked from a process that has imported the module and does nothing else:
    the second one and every replacement is there at once and shares the memory of what was imported.
    Elsewhere (Windows) each one starts anew.

    Notes
    -----
    A forked process has the environment of the time when that first process was started; who
    depends on it hands it over.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


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
