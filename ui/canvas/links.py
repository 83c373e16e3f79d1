"""The window's end of a drawing process: starts it, listens to it, starts it again when it dies."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from layers.processes import context_with, end_process
from ui.canvas.outbox import Outbox, Topic
from ui.painting.tile_worker import serve

# A process that dies so often without one answer will not do better the next time.
_MOST_DEATHS = 4
_PATIENCE_S = 2.0


@dataclass(frozen=True)
class Answer:
    """That a picture is drawn (or why not), as a drawing process says it.

    ``missing`` names what of each picture from a service is still to be fetched, by the picture's uid;
    ``troubles`` says in sentences why rasters or services show nothing.
    """

    number: int
    error: str = ""
    unreadable: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, head: Mapping[str, Any]) -> Answer:
        """Return what a drawing process said."""
        return cls(
            int(head["number"]),
            error=str(head.get("error", "")),
            unreadable=tuple(head.get("unreadable", ())),
            troubles=tuple(head.get("troubles", ())),
            missing={uid: tuple(keys) for uid, keys in head.get("missing", {}).items()},
        )


class WorkerLink(QObject):
    """One drawing process.

    One thread waits for answers and another one sends, so that the window's thread never waits for a pipe.
    """

    ready = pyqtSignal(object)
    """A fresh process has begun: it knows no layers yet. Carries this link."""
    answered = pyqtSignal(object, object)
    """This link and an :class:`Answer`."""
    died = pyqtSignal(object)
    """The process ended without being told to; another one is being started. Carries this link."""
    given_up = pyqtSignal(object)
    """No process can be kept alive. Carries this link."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outbox: Outbox | None = None
        self._process: BaseProcess | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._answers = 0
        self._thread = threading.Thread(target=self._live, name="zsgis-drawing-link", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    @property
    def process_id(self) -> int | None:
        """The process, while there is one."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def send(self, topic: Topic, message: bytes) -> bool:
        """Have a message sent, not the unsent one of its topic; False when nobody is there to take it."""
        with self._lock:
            outbox = self._outbox
        if outbox is None:
            return False
        outbox.post(topic, message)
        return True

    def tell_to_stop(self) -> None:
        """End the process; :meth:`wait` waits for it. It holds nothing that could be lost."""
        self._stopping.set()
        self._end_process()

    def wait(self) -> None:
        """Wait until process and threads are gone."""
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _live(self) -> None:
        deaths = 0
        while not self._stopping.is_set():
            before = self._answers
            self._one_process()
            if self._stopping.is_set():
                return
            deaths = 0 if self._answers > before else deaths + 1
            if deaths >= _MOST_DEATHS:
                self.given_up.emit(self)
                return
            self.died.emit(self)

    def _one_process(self) -> None:
        """Run one process from its start to its end."""
        context = context_with(serve.__module__)
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve, args=(theirs, dict(os.environ)), name="zsgis-drawing", daemon=True
        )
        try:
            process.start()
        except OSError:
            ours.close()
            return
        finally:
            theirs.close()
        outbox = Outbox(ours)
        with self._lock:
            self._outbox, self._process = outbox, process
        if self._stopping.is_set():
            self._end_process()
        else:
            self.ready.emit(self)
        self._listen(ours)
        with self._lock:
            self._outbox, self._process = None, None
        end_process(process)  # who does not answer any more has nothing to lose
        outbox.close()
        ours.close()

    def _end_process(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def _listen(self, connection: Connection) -> None:
        try:
            while True:
                answer = Answer.from_json(json.loads(connection.recv_bytes()))
                self._answers += 1
                if not self._stopping.is_set():
                    self.answered.emit(self, answer)
        except (EOFError, OSError, ValueError):
            return
