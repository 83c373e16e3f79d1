"""Shapes that come a page at a time, as one set of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of
from layers.ragged import FloatArray, IntArray, Ragged

# How much more room is taken than the pages so far let expect.
_SPARE = 1.1


class RaggedPages:
    """Puts pages one behind the other.

    Coordinates are written where they stay: kept by page and joined in the end, a large layer's would take
    twice the memory, and as much time again. What is not written yet takes no memory.

    Parameters
    ----------
    features : int
        How many features are expected; there may be more or fewer.
    """

    def __init__(self, features: int) -> None:
        self._expected = features
        self._features = 0
        self._used = 0
        self._coords: FloatArray = np.empty((0, 2))
        self._rings: list[IntArray] = []
        self._parts: list[IntArray] = []
        self._counts: list[IntArray] = []

    def add(self, page: Ragged) -> None:
        """Put the features of a page behind those of the pages before."""
        self._features += len(page)
        end = self._used + len(page.coords)
        if end > len(self._coords):
            self._take_room(end)
        self._coords[self._used : end] = page.coords
        self._used = end
        self._rings.append(np.diff(page.ring_offsets))
        self._parts.append(np.diff(page.part_offsets))
        self._counts.append(np.diff(page.feature_offsets))

    def whole(self) -> Ragged:
        """Return all features; later pages do not change what was returned."""
        return Ragged(
            self._coords[: self._used],
            _offsets(self._rings),
            _offsets(self._parts),
            _offsets(self._counts),
        )

    def _take_room(self, least: int) -> None:
        expected = least * max(self._expected / max(self._features, 1), 1.0)
        room = np.empty((max(least, int(expected * _SPARE)), 2))
        room[: self._used] = self._coords[: self._used]
        self._coords = room


def _offsets(counts: list[NDArray[np.int64]]) -> IntArray:
    return offsets_of(np.concatenate(counts) if counts else np.empty(0, dtype=np.int64))
