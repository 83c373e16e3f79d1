"""Work of minutes in a process of its own that nobody waits for: told of its progress, ended with its job."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from layers.processes import end_process
from layers.progress import Progress

# Nobody waits for it: everything else goes first.
_NICE = 15
_TELL_EVERY_S = 0.1


class ProcessFailedError(Exception):
    """A process could not be started, broke off, or says what went wrong."""


class ToldProcess:
    """Runs one function in a process.

    Parameters
    ----------
    target : callable
        The process's main function, of a module that can be imported: given the arguments and a connection
        for :func:`tell`.
    """

    def __init__(self, target: Callable[..., None], arguments: tuple[Any, ...], name: str) -> None:
        self._target = target
        self._arguments = arguments
        self._name = name
        self.process_id: int | None = None

    def run(self, progress: Progress) -> None:
        """Work until the function has ended.

        Parameters
        ----------
        progress : Progress
            Told the share done at least every 0.1 s; where it stops the work, the process is ended.

        Raises
        ------
        ProcessFailedError
            When it could not be started, broke off or failed.
        JobCancelled
            When the user stopped.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        arguments = (*self._arguments, theirs)
        process = context.Process(target=self._target, args=arguments, name=self._name, daemon=True)
        try:
            process.start()
            self.process_id = process.pid
            theirs.close()
            _listen(ours, progress)
        except (OSError, EOFError) as error:
            raise ProcessFailedError(f"{type(error).__name__}: {error}") from error
        finally:
            ours.close()
            if self.process_id is not None:
                end_process(process)


def _listen(connection: Connection, progress: Progress) -> None:
    share = 0.0
    while True:
        progress.step(share)
        if not connection.poll(_TELL_EVERY_S):
            continue
        message: dict[str, Any] = json.loads(connection.recv_bytes())
        if "error" in message:
            raise ProcessFailedError(str(message["error"]))
        share = float(message["done"])
        if message.get("finished"):
            return


class _Teller:
    """Progress that goes to the other process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told = 0.0

    def step(self, done: float, text: str = "") -> None:
        """Tell the share done; when nobody listens any more the work ends with :class:`OSError`."""
        now = time.monotonic()
        if text or now - self._told >= _TELL_EVERY_S:
            self._told = now
            self._connection.send_bytes(json.dumps({"done": done}).encode())


def tell(connection: Connection, work: Callable[[Progress], None]) -> None:
    """Do the work of a :class:`ToldProcess`, in that process, and tell how it goes and ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's to answer
    if sys.platform != "win32":
        os.nice(_NICE)
    try:
        work(_Teller(connection))
        answer: dict[str, Any] = {"done": 1.0, "finished": True}
    except Exception as error:  # whatever it is, the window says it and goes on
        answer = {"error": f"{type(error).__name__}: {error}"}
    try:
        connection.send_bytes(json.dumps(answer).encode())
    except OSError:
        return  # the window is gone
