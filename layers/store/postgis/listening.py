"""News of what others did, as the database tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from layers.errors import ZsgisError
from layers.store.postgis.connecting import Connection
from layers.store.postgis.connections import Connections
from layers.store.postgis.founding import channel_of

_LOOK_S = 0.5
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 15.0


@dataclass(frozen=True)
class News:
    """What happened in a project.

    Attributes
    ----------
    edit_uid : str
        The edit; empty where layers came, went or are described otherwise.
    layer_uids : tuple of str
        What it touched; empty where that cannot be told and everything may be another.
    """

    edit_uid: str = ""
    layer_uids: tuple[str, ...] = ()


class Listener:
    """Listens to a project in a thread of its own, over a connection of its own, until it is closed.

    Parameters
    ----------
    heard : callable
        Told each piece of news, in the listening thread. After a break it is told once that everything may
        be another: what was said meanwhile was said to nobody.
    """

    def __init__(self, connections: Connections, schema: str, heard: Callable[[News], object]) -> None:
        self._connections = connections
        self._channel = channel_of(schema)
        self._heard = heard
        self._stop = threading.Event()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zsgis-database-news", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; returns when nothing will be told any more."""
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        wait, was_there = _FIRST_WAIT_S, False
        while not self._stop.is_set():
            try:
                with self._connections.fresh() as connection:
                    wait = _FIRST_WAIT_S
                    self._listen(connection, missed=was_there)
            except (psycopg.Error, ZsgisError):
                was_there = was_there or self.ready.is_set()
                self._stop.wait(wait)
                wait = min(wait * 2, _LONGEST_WAIT_S)

    def _listen(self, connection: Connection, *, missed: bool) -> None:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
        self.ready.set()
        if missed:
            self._heard(News())
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=_LOOK_S):
                self._heard(read_news(notice.payload))
                if self._stop.is_set():
                    return
            # a connection that died without a word is noticed only when something is sent
            connection.execute("SELECT 1")


def read_news(payload: str) -> News:
    """Read what the database's functions tell; anything else on the channel means that all may be another."""
    try:
        told = json.loads(payload)
        return News(str(told["edit"]), tuple(str(uid) for uid in told["layers"] or ()))
    except (ValueError, KeyError, TypeError):
        return News()
