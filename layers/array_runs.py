"""Runs of whole numbers, one behind the other: how pieces of arrays are gathered at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def offsets_of(counts: NDArray[np.integer]) -> IntArray:
    """Return where runs of these lengths start, one behind the other, and where the last ends."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def is_whole(rows: IntArray, count: int) -> bool:
    """Tell whether rows are all of so many, each in its place."""
    return len(rows) == count and bool((rows == np.arange(count)).all())


def runs(starts: IntArray, offsets: IntArray, steps: NDArray[np.integer] | None = None) -> IntArray:
    """Return the numbers of all runs.

    Parameters
    ----------
    starts : ndarray of int64, shape (n,)
        First number of each run.
    offsets : ndarray of int64, shape (n + 1,)
        Run ``i`` fills the result from ``offsets[i]`` to ``offsets[i + 1]``.
    steps : ndarray of int, shape (n,), optional
        From one number to the next, 1 or -1; 1 where not given.
    """
    counts = np.diff(offsets)
    numbers = np.arange(offsets[-1], dtype=np.int64)
    if steps is None:
        numbers += np.repeat(starts - offsets[:-1], counts)
        return numbers
    numbers -= np.repeat(offsets[:-1], counts)
    numbers *= np.repeat(steps, counts)
    numbers += np.repeat(starts, counts)
    return numbers
