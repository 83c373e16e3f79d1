"""What is still to be said to a drawing process: written by a thread of its own, the newest word only."""

from __future__ import annotations

import threading
from collections import deque
from enum import IntEnum
from multiprocessing.connection import Connection


class Topic(IntEnum):
    """What a message is about, in the order in which messages are sent: a picture is asked for last."""

    LAYERS = 0
    SELECTION = 1
    PICTURE = 2


class Outbox:
    """Sends messages to one process; who posts one never waits for the process to read it.

    Layers and selection that are not yet sent give way to newer ones: while the process draws, ten positions
    of a slider become one message. Pictures asked for are asked for one after the other.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._unsent: dict[Topic, bytes] = {}
        self._pictures: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="zsgis-drawing-outbox", daemon=True)
        self._thread.start()

    def post(self, topic: Topic, message: bytes) -> None:
        """Have a message sent; returns at once."""
        with self._changed:
            if topic is Topic.PICTURE:
                self._pictures.append(message)
            else:
                self._unsent[topic] = message
            self._changed.notify()

    def close(self) -> None:
        """End the thread; what is unsent stays so. The process must have ended, so that no write waits."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _write(self) -> None:
        while (message := self._next()) is not None:
            try:
                self._connection.send_bytes(message)
            except OSError:
                return  # the process is gone; who listens to it notices too

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._unsent or self._pictures)
            if self._closed:
                return None
            return self._unsent.pop(min(self._unsent)) if self._unsent else self._pictures.popleft()
