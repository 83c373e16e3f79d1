"""Columns of text as plain arrays, so that they can be memory-mapped and never pickled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# So many names are made into texts in a millisecond or two: other threads get their turn in between.
_NAMES_AT_ONCE = 10_000


@dataclass(frozen=True, eq=False)
class TextColumn:
    """A column of text of any length: UTF-8 bytes and where each text starts.

    Attributes
    ----------
    data : ndarray of uint8, shape (bytes,)
        All texts, one behind the other.
    offsets : ndarray of int64, shape (n + 1,)
        Text ``i`` is ``data[offsets[i]:offsets[i + 1]]``.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """Return a column of the given texts."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        data = self.data.tobytes()
        return (data[start:stop].decode("utf-8") for start, stop in pairwise(self.offsets.tolist()))


@dataclass(frozen=True, eq=False)
class UidColumn:
    """The names of features, with an order in which a name is found without reading them all.

    Attributes
    ----------
    names : ndarray of bytes, shape (n,)
        UTF-8, of one width.
    order : ndarray of int64, shape (n,)
        Rows in the order of their names.
    """

    names: NDArray[np.bytes_]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, uids: Iterable[str]) -> UidColumn:
        """Return a column of the given names."""
        encoded = [uid.encode("utf-8") for uid in uids]
        names = np.array(encoded, dtype=np.bytes_) if encoded else np.empty(0, dtype="S1")
        return cls(names, np.argsort(names, kind="stable").astype(np.int64))

    def reordered(self, rows: NDArray[np.int64]) -> UidColumn:
        """Return the names in a new order, in which each row comes once."""
        place = np.empty_like(rows)
        place[rows] = np.arange(len(rows))
        return UidColumn(self.names[rows], place[self.order])

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, row: int) -> str:
        return bytes(self.names[row]).decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _NAMES_AT_ONCE):
            for name in self.names[start : start + _NAMES_AT_ONCE].tolist():
                yield name.decode("utf-8")

    def chosen(self, rows: NDArray[np.bool_]) -> frozenset[str]:
        """Return the names of the rows that are marked."""
        return frozenset(UidColumn(self.names[rows], self.order[:0]))

    def rows_of(self, uids: Collection[str]) -> NDArray[np.int64]:
        """Return the rows of the named features, ascending; names that are not here are left out."""
        width = self.names.dtype.itemsize
        if len(uids) > max(len(self) // 8, 1000):
            # looking each name of the column up is quicker than searching for so many
            known = frozenset(uids)
            return np.flatnonzero(np.fromiter((name in known for name in self), dtype=bool, count=len(self)))
        wanted = [name for name in (uid.encode("utf-8") for uid in uids) if 0 < len(name) <= width]
        if not wanted or not len(self.names):
            return np.empty(0, dtype=np.int64)
        keys = np.array(wanted, dtype=self.names.dtype)
        places = np.searchsorted(self.names, keys, sorter=self.order)
        rows = self.order[np.minimum(places, len(self.names) - 1)]
        return np.unique(rows[self.names[rows] == keys])
