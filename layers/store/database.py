"""The one door to the project file: an ``apsw`` connection behind a lock.

Nothing else in the process may open the file while it is open here, not even for reading: closing any other
handle on it would drop the POSIX locks of the whole process, and a second writer could get in.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from layers.errors import ProjectFileError
from layers.store.functions import register_functions
from layers.words import N_, _

_WAIT_MS = 3000
_SENTENCES: tuple[tuple[tuple[type[apsw.Error], ...], str, str], ...] = (
    (
        (apsw.BusyError, apsw.LockedError),
        N_("The project file is in use by another program."),
        N_("Wait until the other program has finished or close the project there, then try again."),
    ),
    (
        (apsw.NotADBError,),
        N_("The file is not a project: it is no GeoPackage at all."),
        N_("Choose a project file made by this program."),
    ),
    (
        (apsw.FullError,),
        N_("The disk is full; nothing was changed."),
        N_("Free some space, then do it again."),
    ),
    (
        (apsw.CorruptError,),
        N_("The project file is damaged."),
        N_("Go back to a copy, and check the disk it lay on."),
    ),
    (
        (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError),
        N_("The project file cannot be opened or written here."),
        N_("Check that file and folder exist and that you may write to them."),
    ),
    (
        (apsw.ConnectionClosedError,),
        N_("The project is closed."),
        N_("Open it again."),
    ),
)


class Database:
    """A project file that is open: reading and writing, one thread at a time.

    Parameters
    ----------
    path : Path
    read_only : bool
        Open without the right to write; a file or folder that does not allow writing is opened so too.

    Raises
    ------
    ProjectFileError
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        with self._speaking():
            self.read_only = read_only or not _writable(path)
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
        self.read_only = self.read_only or connection.readonly("main")

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
                self._connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Lend the connection for one transaction: all of it is on disk afterwards, or nothing.

        Raises
        ------
        ProjectFileError
            When the file is read-only, in use, full, or damaged.
        """
        with self._lock, self._speaking():
            if self.read_only:
                raise ProjectFileError(
                    _("The project is open for reading only."),
                    where=str(self.path),
                    remedy=_("Ask for the right to write to file and folder, or work on a copy."),
                )
            if self._depth:
                raise RuntimeError("a transaction inside another one")
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # some errors (a full disk) have rolled back already
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn the library's errors into sentences."""
        try:
            yield
        except apsw.Error as error:
            what, remedy = _sentence(error)
            raise ProjectFileError(what, where=str(self.path), remedy=remedy, details=str(error)) from error


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


def _writable(path: Path) -> bool:
    # the rollback journal is made beside the file, so the folder must allow it too
    return not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _sentence(error: apsw.Error) -> tuple[str, str]:
    """Return what happened and what to do about it."""
    for kinds, what, remedy in _SENTENCES:
        if isinstance(error, kinds):
            return _(what), _(remedy)
    return (
        _("The project file could not be read or written; nothing was changed."),
        _("Check the disk or the network drive, then try again."),
    )
