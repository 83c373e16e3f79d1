"""A disk whose every call is seen: SQLite's files go through a watcher that may note, fail or hold a call.

While :func:`watched_disk` is open, every project that this process opens lies on such a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

import apsw
from typing_extensions import override

_NAME = "zsgis-watched"
_JOURNAL = "-journal"

T = TypeVar("T")


class CallKind(StrEnum):
    """What SQLite asks of the disk."""

    OPEN = "open"
    CLOSE = "close"
    READ = "read"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    DELETE = "delete"
    SIZE = "size"
    ACCESS = "access"
    LOCK = "lock"
    UNLOCK = "unlock"


@dataclass(frozen=True)
class DiskCall:
    """One call.

    Attributes
    ----------
    offset : int
        Where a write or a read begins; the new length of a truncation.
    data : bytes
        What is written.
    names : bool
        The call makes creation and deletion of files durable too: the first sync of a new rollback journal,
        and a deletion that synchronises the folder (SQLite's ``os_unix.c``: ``UNIXFILE_DIRSYNC``,
        ``unixDelete``).
    """

    kind: CallKind
    path: str
    offset: int = 0
    data: bytes = b""
    names: bool = False

    @property
    def of_journal(self) -> bool:
        """Whether it concerns a rollback journal."""
        return self.path.endswith(_JOURNAL)


class DiskWatcher(Protocol):
    """What is told of every call and lets it happen, or not."""

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        """Return what ``happen`` returns, or raise an ``apsw`` error in its place."""
        ...


class _WatchedFile(apsw.VFSFile):
    """A file below SQLite; its calls are told to the watcher."""

    def __init__(
        self, watcher: DiskWatcher, base: str, name: str | apsw.URIFilename | None, flags: list[int]
    ):
        self._watcher = watcher
        self._path = _path(name)
        created = bool(flags[0] & apsw.SQLITE_OPEN_CREATE)
        self._names = created and bool(flags[0] & apsw.SQLITE_OPEN_MAIN_JOURNAL)
        super().__init__(base, name, flags)

    def _call(self, kind: CallKind, offset: int = 0, data: bytes = b"", *, names: bool = False) -> DiskCall:
        return DiskCall(kind, self._path, offset, data, names)

    @override
    def xRead(self, amount: int, offset: int) -> bytes:
        return self._watcher.around(
            self._call(CallKind.READ, offset), lambda: super(_WatchedFile, self).xRead(amount, offset)
        )

    @override
    def xWrite(self, data: bytes, offset: int) -> None:
        self._watcher.around(
            self._call(CallKind.WRITE, offset, bytes(data)),
            lambda: super(_WatchedFile, self).xWrite(data, offset),
        )

    @override
    def xTruncate(self, newsize: int) -> None:
        self._watcher.around(
            self._call(CallKind.TRUNCATE, newsize), lambda: super(_WatchedFile, self).xTruncate(newsize)
        )

    @override
    def xSync(self, flags: int) -> None:
        self._watcher.around(
            self._call(CallKind.SYNC, names=self._names), lambda: super(_WatchedFile, self).xSync(flags)
        )
        self._names = False

    @override
    def xFileSize(self) -> int:
        return self._watcher.around(self._call(CallKind.SIZE), super().xFileSize)

    @override
    def xLock(self, level: int) -> None:
        self._watcher.around(self._call(CallKind.LOCK), lambda: super(_WatchedFile, self).xLock(level))

    @override
    def xUnlock(self, level: int) -> None:
        self._watcher.around(self._call(CallKind.UNLOCK), lambda: super(_WatchedFile, self).xUnlock(level))

    @override
    def xClose(self) -> None:
        self._watcher.around(self._call(CallKind.CLOSE), super().xClose)


class _WatchedVfs(apsw.VFS):
    """The system's own way to files, watched."""

    def __init__(self, watcher: DiskWatcher) -> None:
        self._watcher = watcher
        self._base = apsw.vfs_names()[0]
        super().__init__(_NAME, self._base, makedefault=True)

    @override
    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        call = DiskCall(CallKind.OPEN, _path(name), names=bool(flags[0] & apsw.SQLITE_OPEN_CREATE))
        return self._watcher.around(call, lambda: _WatchedFile(self._watcher, self._base, name, flags))

    @override
    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._watcher.around(
            DiskCall(CallKind.DELETE, filename, names=bool(syncdir)),
            lambda: super(_WatchedVfs, self).xDelete(filename, syncdir),
        )

    @override
    def xAccess(self, pathname: str, flags: int) -> bool:
        return self._watcher.around(
            DiskCall(CallKind.ACCESS, pathname), lambda: super(_WatchedVfs, self).xAccess(pathname, flags)
        )


@contextmanager
def watched_disk(watcher: DiskWatcher) -> Iterator[None]:
    """Put every database that is opened meanwhile on a watched disk; all must be closed at the end."""
    vfs = _WatchedVfs(watcher)
    try:
        yield
    finally:
        vfs.unregister()


def _path(name: str | apsw.URIFilename | None) -> str:
    if isinstance(name, apsw.URIFilename):
        return name.filename()
    return name or ""
