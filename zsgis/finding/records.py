"""Many short texts in one piece of memory, searched without touching each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 96
"""So many bytes of a text are kept; what is longer is no name."""


@dataclass(frozen=True, eq=False)
class Records:
    """Texts of equal room, ended by at least one zero byte.

    Attributes
    ----------
    data : bytes
        All records, one after the other.
    room : int
        Bytes of one.
    """

    data: bytes
    room: int

    @classmethod
    def of(cls, texts: NDArray[np.bytes_]) -> Records:
        """Return records of encoded texts, shape (n,)."""
        room = texts.dtype.itemsize + 1
        return cls(texts.astype(f"S{room}").tobytes(), room)

    def __len__(self) -> int:
        return len(self.data) // self.room

    @cached_property
    def array(self) -> NDArray[np.bytes_]:
        """The records as an array, shape (n,)."""
        return np.frombuffer(self.data, dtype=f"S{self.room}")

    def text(self, row: int) -> str:
        """Return one text."""
        return bytes(self.array[row]).decode("utf-8", errors="ignore")

    def holding(self, part: bytes) -> Iterator[tuple[int, int]]:
        """Yield the records that hold ``part``, each once, with the place of its first byte in them."""
        if not part or b"\0" in part:
            return
        at = self.data.find(part)
        while at >= 0:
            row, place = divmod(at, self.room)
            yield row, place
            at = self.data.find(part, (row + 1) * self.room)

    def beginning_with(self, part: bytes) -> tuple[int, int]:
        """Return first and end of the records that begin with ``part``; they must be sorted."""
        if not part or len(part) >= self.room:
            return 0, 0
        low = np.searchsorted(self.array, np.array(part, dtype=self.array.dtype))
        high = np.searchsorted(self.array, np.array(part + b"\xff", dtype=self.array.dtype))
        return int(low), int(high)


def encoded(texts: Sequence[Any]) -> NDArray[np.bytes_]:
    """Return values as encoded texts, cut at :data:`LONGEST` bytes; no value is an empty text."""
    cut = [b"" if text is None else str(text).strip().encode()[:LONGEST] for text in texts]
    return np.array(cut or [b""], dtype=np.bytes_)[: len(cut)]
