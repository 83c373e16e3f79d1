"""The one door to the project file: an ``apsw`` connection behind a lock.

Nothing else in the process may open the file while it is open here, not even for reading: closing any other
handle on it would drop the POSIX locks of the whole process, and a second writer could get in.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw

from layers.errors import ProjectFileError
from layers.store.failures import spoken, unsettled, why_unwritable
from layers.store.functions import register_functions
from layers.words import _

_WAIT_MS = 3000
# where SQLite's header counts the changes of a file (Database File Format, 1.3.7)
_COUNTER_AT, _COUNTER_BYTES = 24, 4

Landed = Callable[[apsw.Connection], bool]
"""Tells, with the connection lent for reading, whether a transaction is in the file."""


class Database:
    """A project file that is open: reading and writing, one thread at a time.

    Parameters
    ----------
    path : Path
    read_only : bool
        Open without the right to write; a file or folder that does not allow writing is opened so too.
    permit : callable, optional
        Asked before each transaction that writes; raises where somebody else has the right to write now.

    Attributes
    ----------
    why_read_only : str
        Why it cannot be written, as a sentence; empty where it can, or where reading alone was asked for.

    Raises
    ------
    ProjectFileError
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, permit: Callable[[], None] | None = None
    ) -> None:
        self.path = path
        self._permit = permit
        self._detached = False
        self._lock = threading.RLock()
        self._depth = 0
        with self._speaking():
            self.why_read_only = "" if read_only else why_unwritable(path)
            self.read_only = read_only or bool(self.why_read_only)
            if read_only and not why_unwritable(path):
                _set_right(path)
            flags = apsw.SQLITE_OPEN_READONLY if self.read_only else apsw.SQLITE_OPEN_READWRITE
            self._connection = apsw.Connection(str(path), flags=flags)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        connection = self._connection
        connection.set_busy_timeout(_WAIT_MS)
        # the file may come from anywhere: what its triggers and views call must be harmless
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        register_functions(connection)
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = EXTRA")
        # reads the header: whatever is no database is found here
        mode = connection.execute("PRAGMA journal_mode").fetchone()
        if mode == ("wal",) and not self.read_only:
            # another program left it so; a write-ahead log is lost when a file is copied or lies on a share
            connection.execute("PRAGMA journal_mode = DELETE")
        if not self.read_only and connection.readonly("main"):
            self.read_only, self.why_read_only = True, _("The disk or network drive cannot be written to.")

    def seal(self) -> None:
        """Let nothing be written any more."""
        with self._lock, self._speaking():
            self._connection.execute("PRAGMA query_only = ON")
            self.read_only = True

    def detach(self) -> None:
        """Go on with a copy of the file that is gone when it is closed; the file itself is let go of."""
        with self._lock, self._speaking():
            copy = apsw.Connection("")
            try:
                with copy.backup("main", self._connection, "main") as backup:
                    backup.step()
            except BaseException:
                copy.close()
                raise
            self._connection.close()
            self._connection = copy
            self.read_only, self._permit, self._detached = False, None, True
            self._prepare()

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """Lend the connection for reading, with a view of the file that does not change meanwhile."""
        with self._lock, self._speaking():
            if self._depth:
                yield self._connection
                return
            self._connection.execute("BEGIN")
            self._depth = 1
            try:
                yield self._connection
            finally:
                self._depth = 0
                self._give_up()

    @contextmanager
    def writing(
        self, landed: Landed | None = None, foretell: Callable[[], object] | None = None
    ) -> Iterator[apsw.Connection]:
        """Lend the connection for one transaction: all of it is on disk afterwards, or nothing.

        Parameters
        ----------
        landed : callable, optional
            Asked where the disk fails while the transaction is confirmed: it may have arrived all the same,
            and then it counts as done. Without it the file's own count of changes decides.
        foretell : callable, optional
            Called when all is done and only the disk is still waited for. What it wakes has Python's lock for
            as long as that takes.

        Raises
        ------
        UnsettledError
            When the disk failed so that nobody can tell whether the transaction arrived.
        ProjectFileError
            When the file is read-only, in use, full, or damaged.
        """
        with self._lock, self._speaking():
            self._require_writable()
            if self._depth:
                raise RuntimeError("a transaction inside another one")
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                self._commit(landed, foretell or (lambda: None))
            finally:
                self._depth = 0
                self._give_up()

    @contextmanager
    def replacing(self) -> Iterator[apsw.Connection]:
        """Lend the connection to what puts another content in the place of the whole file, all or nothing."""
        with self._lock, self._speaking():
            self._require_writable()
            if self._depth:
                raise RuntimeError("a transaction inside another one")
            self._depth = 1
            try:
                yield self._connection
            finally:
                self._depth = 0

    def confirm(self) -> None:
        """Let what was written be safe: for a transaction that is in the file, its confirmation missing.

        Raises
        ------
        UnsettledError
            When the disk does not confirm it.
        """
        try:
            _sync_folder(self.path)
        except OSError as error:
            raise unsettled(error, self.path) from error

    def _require_writable(self) -> None:
        if self._permit is not None:
            self._permit()
        if self.read_only:
            raise ProjectFileError(
                _("The project is open for reading only."),
                where=str(self.path),
                remedy=_("Ask for the right to write to file and folder, or work on a copy."),
                details=self.why_read_only,
            )

    def _give_up(self) -> None:
        """End what is still open; some errors (a full disk) have ended it already, others forbid it now."""
        with suppress(apsw.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _commit(self, landed: Landed | None, foretell: Callable[[], object]) -> None:
        count = self._change_count()
        foretell()
        try:
            self._confirm()
        except apsw.Error as error:
            self._give_up()
            if not self._arrived(landed or (lambda _lent: self._change_count() != count), error):
                raise

    def _confirm(self) -> None:
        self._connection.execute("COMMIT")

    def _arrived(self, landed: Landed, error: apsw.Error) -> bool:
        """Tell whether a transaction is safely in the file although its end was reported to have failed."""
        if isinstance(error, apsw.BusyError):
            return False
        try:
            self._connection.execute("BEGIN")
            try:
                # the first look at the file takes a transaction back that was left half way
                one(self._connection, "SELECT 1 FROM sqlite_schema")
                found = landed(self._connection)
            finally:
                self._give_up()
            if found:
                _sync_folder(self.path)
        except (apsw.Error, OSError) as trouble:
            raise unsettled(trouble, self.path) from error
        return found

    def _change_count(self) -> int:
        if self._detached:
            return 0
        _whole, count = self._connection.read("main", 0, _COUNTER_AT, _COUNTER_BYTES)
        return int.from_bytes(count)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn the library's errors into sentences."""
        try:
            yield
        except (apsw.Error, UnicodeDecodeError) as error:
            raise spoken(error, self.path) from error


def rows(
    connection: apsw.Connection, sql: str, values: Sequence[Any] | dict[str, Any] = ()
) -> list[tuple[Any, ...]]:
    """Return all rows of a query."""
    return [tuple(row) for row in connection.execute(sql, values)]


def one(
    connection: apsw.Connection, sql: str, values: Sequence[Any] | dict[str, Any] = ()
) -> tuple[Any, ...] | None:
    """Return the first row of a query, or None."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else tuple(row)


def state(connection: apsw.Connection) -> tuple[int, int]:
    """Return a mark that changes whenever this or another program has changed the file."""
    version = one(connection, "PRAGMA data_version") or (0,)
    return int(version[0]), connection.total_changes()


def _set_right(path: Path) -> None:
    """Take back what a program that died left half way, which a connection for reading cannot."""
    if not path.with_name(f"{path.name}-journal").exists():
        return
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.set_busy_timeout(_WAIT_MS)
        one(connection, "SELECT 1 FROM sqlite_schema")
    finally:
        connection.close()


def _sync_folder(path: Path) -> None:
    """Let the deletion of a rollback journal be safe; systems that have no such call do it by themselves."""
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
