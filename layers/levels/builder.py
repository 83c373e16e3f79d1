"""Levels of detail made in a process of their own, while the layer is drawn and used already."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from layers.drawable_files import load_drawable
from layers.errors import InputError
from layers.levels.build import build_levels
from layers.levels.files import remove_unfinished, save_levels
from layers.processes import end_process
from layers.progress import Progress
from layers.style import Style
from layers.words import _

# Nobody waits for it: everything else goes first.
_NICE = 15
_TELL_EVERY_S = 0.1


class LevelsBuilder:
    """Makes the levels of one layer.

    Parameters
    ----------
    folder : Path
        Where the layer's arrays lie; the levels are written beside them, whole or not at all.
    metres_per_unit : float
        Of the map's coordinate system: 1 for metres, about 111 000 for degrees.
    """

    def __init__(self, folder: Path, metres_per_unit: float) -> None:
        self._folder = folder
        self._metres_per_unit = metres_per_unit
        self.process_id: int | None = None

    def run(self, progress: Progress) -> None:
        """Work until the levels are written.

        Parameters
        ----------
        progress : Progress
            Told the share done at least every 0.1 s; where it stops the work, the process is ended.

        Raises
        ------
        InputError
            When the process could not be started, broke off or could not write.
        JobCancelled
            When the user stopped; nothing is left behind.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        arguments = (str(self._folder), self._metres_per_unit, theirs)
        process = context.Process(target=serve, args=arguments, name="zsgis-levels", daemon=True)
        try:
            process.start()
            self.process_id = process.pid
            theirs.close()
            self._listen(ours, progress)
        except (OSError, EOFError) as error:
            raise _not_made(f"{type(error).__name__}: {error}") from error
        finally:
            ours.close()
            if self.process_id is not None:
                end_process(process)
                remove_unfinished(self._folder, self.process_id)

    def _listen(self, connection: Connection, progress: Progress) -> None:
        share = 0.0
        while True:
            progress.step(share)
            if not connection.poll(_TELL_EVERY_S):
                continue
            message: dict[str, Any] = json.loads(connection.recv_bytes())
            if "error" in message:
                raise _not_made(str(message["error"]))
            share = float(message["done"])
            if message.get("finished"):
                return


def _not_made(details: str) -> InputError:
    return InputError(
        _("The coarser levels of a layer could not be prepared."),
        remedy=_(
            "The map is right all the same, only slower at small scales. Open the project again to retry."
        ),
        details=details,
    )


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


def serve(folder: str, metres_per_unit: float, connection: Connection) -> None:
    """Make the levels of a layer: the main function of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the window's to answer
    if sys.platform != "win32":
        os.nice(_NICE)
    try:
        layer = load_drawable(Path(folder), style=Style(), opacity=1.0)
        save_levels(build_levels(layer, metres_per_unit, _Teller(connection)), Path(folder))
        answer: dict[str, Any] = {"done": 1.0, "finished": True}
    except Exception as error:  # whatever it is, the window says it and goes on
        answer = {"error": f"{type(error).__name__}: {error}"}
    try:
        connection.send_bytes(json.dumps(answer).encode())
    except OSError:
        return  # the window is gone
