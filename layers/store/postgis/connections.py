"""A few connections lent out one at a time, and transactions begun anew where others stood in the way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from psycopg import errors

from layers.errors import InputError, ProjectFileError
from layers.store.postgis.address import DatabaseAddress
from layers.store.postgis.connecting import Connection, connect
from layers.store.postgis.sentences import as_sentence, is_broken
from layers.words import _

Answer = TypeVar("Answer")

_MOST = 6
_TRIES = 12
_FIRST_WAIT_S = 0.02
_LONGEST_WAIT_S = 1.0
# after so long a connection that lay idle is asked whether it still answers
_STALE_S = 20.0
_IN_THE_WAY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


@dataclass
class Retries:
    """How often a transaction was begun anew, and why."""

    deadlocks: int = 0
    waits: int = 0
    reconnections: int = 0


class Connections:
    """Connections to one database; safe from any thread.

    Parameters
    ----------
    password : str
        Kept in memory only, for connections that are made later.

    Attributes
    ----------
    why_read_only : str
        In the user's language why this program writes nothing to the database; empty where it may.
    """

    def __init__(self, address: DatabaseAddress, password: str = "") -> None:
        self.address = address
        self.retries = Retries()
        self.why_read_only = ""
        self._password = password
        self._idle: list[tuple[float, Connection]] = []
        self._lock = threading.Lock()
        self._free = threading.Semaphore(_MOST)
        self._closed = False

    def fresh(self) -> Connection:
        """Return a connection of the caller's own, which the caller closes."""
        return connect(self.address, self._password)

    def close(self) -> None:
        """Close all that lie idle; those that are lent are closed when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _since, connection in idle:
            connection.close()

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """Lend a connection that answers; errors of the database leave as sentences."""
        with self.raw() as connection:
            try:
                yield connection
            except psycopg.Error as error:
                raise as_sentence(error, self.address.server) from error

    @contextmanager
    def raw(self) -> Iterator[Connection]:
        """Lend a connection that answers; errors of the database leave as they are."""
        with self._free:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def reading(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do what only reads; once more where the connection broke meanwhile."""
        try:
            with self.raw() as connection:
                return work(connection)
        except psycopg.Error as error:
            if not is_broken(error):
                raise as_sentence(error, self.address.server) from error
        self.forget_idle()
        with self.lent() as connection:
            return work(connection)

    def in_transaction(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do what writes, all of it or nothing; begun anew, not for ever, where others are in the way.

        Raises
        ------
        ProjectFileError
            When others were in the way all the while, or the connection broke; nothing was changed then but
            for a break while it was being confirmed, which only callers with a mark of their own can tell.
        """
        self.require_writing()
        return self.in_any_format(work)

    def in_any_format(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do what writes as :meth:`in_transaction`, also where the project's format allows only reading."""
        for attempt in range(_TRIES):
            with self.raw() as connection:
                try:
                    with connection.transaction():
                        return work(connection)
                except _IN_THE_WAY as error:
                    self.note(error)
                    if attempt == _TRIES - 1:
                        raise as_sentence(error, self.address.server) from error
                except psycopg.Error as error:
                    raise as_sentence(error, self.address.server) from error
            pause(attempt)
        raise AssertionError("unreachable")

    def require_writing(self) -> None:
        """Refuse where nothing may be written.

        Raises
        ------
        InputError
        """
        if self.why_read_only:
            raise InputError(self.why_read_only, where=self.address.server)

    def note(self, error: psycopg.Error) -> None:
        """Count why a transaction is begun anew."""
        with self._lock:
            if isinstance(error, errors.DeadlockDetected):
                self.retries.deadlocks += 1
            else:
                self.retries.waits += 1

    def forget_idle(self) -> None:
        """Close what lies idle: where one connection broke, the others did mostly too."""
        with self._lock:
            self.retries.reconnections += 1
            idle, self._idle = self._idle, []
        for _since, connection in idle:
            with suppress(psycopg.Error):
                connection.close()

    def _take(self) -> Connection:
        while True:
            with self._lock:
                if self._closed:
                    raise ProjectFileError(
                        _("The project is closed."), where=self.address.server, remedy=_("Open it again.")
                    )
                since, connection = self._idle.pop() if self._idle else (0.0, None)
            if connection is None:
                return self.fresh()
            if time.monotonic() - since < _STALE_S or _answers(connection):
                return connection
            connection.close()

    def _give_back(self, connection: Connection) -> None:
        usable = not connection.closed and (
            connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        )
        with self._lock:
            if usable and not self._closed:
                self._idle.append((time.monotonic(), connection))
                return
        with suppress(psycopg.Error):
            connection.close()


def is_in_the_way(error: psycopg.Error) -> bool:
    """Tell whether others were in the way, so that the same may work when it is done again."""
    return isinstance(error, _IN_THE_WAY)


def pause(attempt: int) -> None:
    """Wait before the next try: longer each time, and not as long as others wait."""
    longest = min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S)
    time.sleep(longest * (0.5 + random.random() / 2))  # noqa: S311 - not a secret


def _answers(connection: Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
