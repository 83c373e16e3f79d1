"""What is still to be said to a drawing process: written by a thread of its own, the newest word only."""

from __future__ import annotations

import threading
from enum import IntEnum
from multiprocessing.connection import Connection


class Topic(IntEnum):
    """What a message is about, in the order in which messages are sent: a picture is asked for last."""

    LAYERS = 0
    SELECTION = 1
    PICTURE = 2


class Outbox:
    """Sends messages to one process; who posts one never waits for the process to read it.

    A message that is not yet sent gives way to a newer one of the same topic: while the process draws, ten
    positions of a slider become one message.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._unsent: dict[Topic, bytes] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="zsgis-drawing-outbox", daemon=True)
        self._thread.start()

    def post(self, topic: Topic, message: bytes) -> None:
        """Have a message sent; returns at once."""
        with self._changed:
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
            self._changed.wait_for(lambda: self._closed or self._unsent)
            return None if self._closed else self._unsent.pop(min(self._unsent))
