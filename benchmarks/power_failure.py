"""What a disk may hold after a power failure, told from the calls that were made of it until then.

A synchronised file is safe, and so is a name in a folder that was synchronised. Of everything later any part
may have arrived: none of it, all of it, some writes and not others, single sectors of a write. Bytes beside a
write are never harmed (SQLite's ``SQLITE_IOCAP_POWERSAFE_OVERWRITE``, which it takes for granted too).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.watched_disk import CallKind, DiskCall

_SECTORS = (512, 4096)


class Arrival(StrEnum):
    """How much of what was not synchronised arrives."""

    NOTHING = "nothing"
    SOME = "some"
    EVERYTHING = "everything"


@dataclass
class _Content:
    """A file's bytes as they are safe, and the writes and truncations since."""

    safe: bytes = b""
    waiting: list[DiskCall] = field(default_factory=list)


@dataclass(frozen=True)
class _Naming:
    """A name that was given to a file, or taken away (None)."""

    path: str
    content: _Content | None


@dataclass
class CachingDisk:
    """A disk that keeps what is not synchronised in a cache, which a power failure empties.

    Attributes
    ----------
    names : dict
        Path to content, as a program sees it.
    safe_names : dict
        Path to content, as the folder stands on the disk.
    """

    names: dict[str, _Content]
    safe_names: dict[str, _Content]
    namings: list[_Naming] = field(default_factory=list)

    @classmethod
    def holding(cls, files: Mapping[str, bytes]) -> CachingDisk:
        """Return a disk on which these files are safe."""
        names = {path: _Content(data) for path, data in files.items()}
        return cls(names, dict(names))

    def take(self, call: DiskCall) -> None:
        """Do what a call asks; files without a name are SQLite's own and gone with it."""
        if not call.path:
            return
        if call.kind is CallKind.OPEN and call.names and call.path not in self.names:
            self._name(call.path, _Content())
        elif call.kind in (CallKind.WRITE, CallKind.TRUNCATE):
            self.names[call.path].waiting.append(call)
        elif call.kind is CallKind.SYNC:
            content = self.names.get(call.path)
            if content is not None:
                content.safe = _written(content.safe, content.waiting)
                content.waiting.clear()
        elif call.kind is CallKind.DELETE:
            self._name(call.path, None)
        if call.names and call.kind in (CallKind.SYNC, CallKind.DELETE):
            self.safe_names = dict(self.names)
            self.namings.clear()

    def _name(self, path: str, content: _Content | None) -> None:
        self.namings.append(_Naming(path, content))
        _rename(self.names, path, content)

    def after_power_failure(self, arrival: Arrival, chance: random.Random) -> dict[str, bytes]:
        """Return the files that are there when the power is back."""
        names = dict(self.safe_names)
        for naming in self.namings:
            if _arrives(arrival, chance):
                _rename(names, naming.path, naming.content)
        return {path: _remains(content, arrival, chance) for path, content in names.items()}


def _rename(names: dict[str, _Content], path: str, content: _Content | None) -> None:
    if content is None:
        names.pop(path, None)
    else:
        names[path] = content


def _arrives(arrival: Arrival, chance: random.Random) -> bool:
    return arrival is Arrival.EVERYTHING or (arrival is Arrival.SOME and chance.random() < 0.5)


def _remains(content: _Content, arrival: Arrival, chance: random.Random) -> bytes:
    if arrival is Arrival.NOTHING:
        return content.safe
    if arrival is Arrival.EVERYTHING:
        return _written(content.safe, content.waiting)
    sector = chance.choice(_SECTORS)
    # where a later write arrived and an earlier one did not, the disk holds what lay there before
    stale = chance.choice((0, chance.randrange(1, 256)))
    pieces = [piece for call in content.waiting for piece in _sectors(call, sector) if chance.random() < 0.5]
    return _written(content.safe, pieces, stale)


def _sectors(call: DiskCall, size: int) -> Iterator[DiskCall]:
    """Divide a write at the borders of sectors; a truncation is one piece."""
    if call.kind is CallKind.TRUNCATE:
        yield call
        return
    end = call.offset + len(call.data)
    start = call.offset
    while start < end:
        stop = min(end, (start // size + 1) * size)
        piece = call.data[start - call.offset : stop - call.offset]
        yield DiskCall(CallKind.WRITE, call.path, start, piece)
        start = stop


def _written(before: bytes, calls: Sequence[DiskCall], stale: int = 0) -> bytes:
    """Return a file's bytes after writes and truncations."""
    if not calls:
        return before
    data = bytearray(before)
    for call in calls:
        length = call.offset if call.kind is CallKind.TRUNCATE else call.offset + len(call.data)
        if length > len(data):
            data.extend(bytes([stale]) * (length - len(data)))
        if call.kind is CallKind.TRUNCATE:
            del data[call.offset :]
        else:
            data[call.offset : length] = call.data
    return bytes(data)
