"""Edits that are written once, even where the connection breaks while the server confirms them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import psycopg

from layers.errors import ProjectFileError
from layers.store.postgis.connecting import Connection
from layers.store.postgis.connections import Connections, is_in_the_way, pause
from layers.store.postgis.sentences import as_sentence, is_broken
from layers.words import _

Answer = TypeVar("Answer")

_TRIES = 14
_ASKING_S = 20.0
_FIRST_WAIT_S = 0.05


@dataclass(frozen=True)
class _Mark:
    """What tells a transaction apart after its connection is gone."""

    transaction: str
    backend: int
    started: Any


@dataclass
class _Sent(Generic[Answer]):
    """A transaction whose end was asked for; whether it came is not known yet."""

    mark: _Mark
    answer: Answer


class Committer:
    """Writes transactions of which each happens once or not at all.

    Begun anew where others are in the way or the connection breaks before its end was asked for. Where it
    breaks later, the server is asked afterwards whether the transaction was written. Where even that cannot
    be asked in time, the same task is asked for first when it comes again.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._unknown: dict[object, tuple[object, _Sent[Any]]] = {}

    def write(self, task: object, work: Callable[[Connection], Answer]) -> Answer:
        """Do what writes, in one transaction.

        Parameters
        ----------
        task : object
            What is to be done: the same text or the same object when it is tried again later.
        work : callable
            May be called several times; all it did before is taken back then.

        Raises
        ------
        ProjectFileError
            When it could not be written, or when it is not known whether it was.
        InputError
            When nothing may be written to the database.
        """
        self._connections.require_writing()
        held = self._unknown.get(_name(task))
        if held is not None:
            earlier: _Sent[Answer] = held[1]
            if self._resolved(task, earlier):
                return earlier.answer
        for attempt in range(_TRIES):
            sent = self._attempt(task, work, is_last=attempt == _TRIES - 1)
            if sent is not None:
                return sent.answer
            pause(attempt)
        raise AssertionError("unreachable")

    def _attempt(
        self, task: object, work: Callable[[Connection], Answer], *, is_last: bool
    ) -> _Sent[Answer] | None:
        """Return what was written; None where it must be begun anew."""
        connections = self._connections
        sent: _Sent[Answer] | None = None
        with connections.raw() as connection:
            try:
                connection.execute("BEGIN")
                mark = _mark(connection)
                answer = work(connection)
                sent = _Sent(mark, answer)
                connection.execute("COMMIT")
                return sent
            except psycopg.Error as error:
                _roll_back(connection)
                if is_broken(error):
                    connection.close()
                elif is_in_the_way(error):
                    connections.note(error)
                else:
                    raise as_sentence(error, connections.address.server) from error
                if is_last:
                    raise as_sentence(error, connections.address.server) from error
                broken = is_broken(error)
            except BaseException:
                _roll_back(connection)
                raise
        if broken:
            connections.forget_idle()
            if sent is not None and self._resolved(task, sent):
                return sent
        return None

    def _resolved(self, task: object, sent: _Sent[Any]) -> bool:
        """Tell whether a transaction was written, asking the server as long as that makes sense.

        Raises
        ------
        ProjectFileError
            When the server cannot be asked; the task is remembered.
        """
        self._unknown[_name(task)] = (task, sent)
        deadline = time.monotonic() + _ASKING_S
        wait = _FIRST_WAIT_S
        while True:
            with suppress(psycopg.Error, ProjectFileError), self._connections.raw() as connection:
                state = _fate(connection, sent.mark)
                if state is not None:
                    del self._unknown[_name(task)]
                    return state
            if time.monotonic() > deadline:
                raise ProjectFileError(
                    _(
                        "The connection broke while the edit was being written;"
                        " whether it was is not known yet."
                    ),
                    where=self._connections.address.server,
                    remedy=_(
                        "Try again when the network is back: it is found out first,"
                        " and nothing is written twice."
                    ),
                )
            time.sleep(wait)
            wait = min(wait * 2, 1.0)


def _name(task: object) -> object:
    return task if isinstance(task, str) else id(task)


def _mark(connection: Connection) -> _Mark:
    found = connection.execute(
        "SELECT pg_current_xact_id()::text, pg_backend_pid(),"
        " (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())::text"
    ).fetchone()
    if found is None:
        raise psycopg.OperationalError("no transaction")
    return _Mark(*found)


def _fate(connection: Connection, mark: _Mark) -> bool | None:
    """Return whether a transaction was written; None while it is under way."""
    found = connection.execute("SELECT pg_xact_status(%s::xid8)", (mark.transaction,)).fetchone()
    state = found[0] if found else None
    if state == "in progress":
        # the server has not noticed yet that nobody is there any more
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid = %s AND backend_start::text = %s",
            (mark.backend, mark.started),
        )
        return None
    return bool(state == "committed")


def _roll_back(connection: Connection) -> None:
    if not connection.closed:
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
