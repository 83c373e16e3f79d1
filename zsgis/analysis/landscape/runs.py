"""Cells of one class beside each other in a row, taken as one: patches are found on far fewer items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.analysis.landscape.grid import OUTSIDE, IntArray


@dataclass(frozen=True)
class Runs:
    """The runs of equal cells of all rows, from the top left; together they cover the grid.

    Attributes
    ----------
    row, start, stop : ndarray of int64, shape (n,)
        Cells ``start`` to ``stop - 1`` of ``row``.
    value : ndarray of int64, shape (n,)
        What the cells hold.
    width : int
        Columns of the grid.
    """

    row: IntArray
    start: IntArray
    stop: IntArray
    value: IntArray
    width: int

    @property
    def length(self) -> IntArray:
        """Cells of each run."""
        return self.stop - self.start


@dataclass(frozen=True)
class Meetings:
    """Pairs of runs of neighbouring rows that share a side or a corner; neither lies outside.

    Attributes
    ----------
    above, below : ndarray of int64, shape (n,)
        Places in the runs.
    """

    above: IntArray
    below: IntArray


def runs_of(cells: NDArray[np.int32]) -> Runs:
    """Return the runs of a grid of any whole numbers, shape (rows, columns)."""
    rows, width = cells.shape
    starts_here = np.ones(cells.shape, dtype=bool)
    np.not_equal(cells[:, 1:], cells[:, :-1], out=starts_here[:, 1:])
    first = np.flatnonzero(starts_here)
    last = np.append(first[1:], rows * width)
    row = first // width
    start = first - row * width
    return Runs(row, start, start + (last - first), cells.ravel()[first].astype(np.int64), width)


def meetings_of(runs: Runs) -> Meetings:
    """Return the pairs of runs, one above the other, that share a side or a corner."""
    stride = runs.width + 2  # a run and its corners never reach into the row after next
    begin = runs.row * stride + runs.start
    end = runs.row * stride + runs.stop
    low = np.searchsorted(end, begin + stride, side="left")
    high = np.searchsorted(begin, end + stride, side="right")
    count = np.where(runs.value == OUTSIDE, 0, np.maximum(high - low, 0))
    above = np.repeat(np.arange(len(begin)), count)
    within = np.arange(len(above)) - np.repeat(np.cumsum(count) - count, count)
    below = np.repeat(low, count) + within
    inside = runs.value[below] != OUTSIDE
    return Meetings(above[inside], below[inside])


def shared_cells(runs: Runs, meetings: Meetings, shift: int = 0) -> IntArray:
    """Return how many cells of the upper run lie over the lower run moved left by ``shift`` cells."""
    stop = np.minimum(runs.stop[meetings.above] + shift, runs.stop[meetings.below])
    start = np.maximum(runs.start[meetings.above] + shift, runs.start[meetings.below])
    return np.asarray(np.maximum(stop - start, 0), dtype=np.int64)


def joined_runs(runs: Runs, meetings: Meetings, *, corners: bool) -> IntArray:
    """Return the patch of each run, numbered by the first cell from the top left; outside stays outside.

    Parameters
    ----------
    corners : bool
        Whether cells that share only a corner belong together (8 neighbours, else 4).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    same = runs.value[meetings.above] == runs.value[meetings.below]
    if not corners:
        same &= shared_cells(runs, meetings) > 0
    above, below = meetings.above[same], meetings.below[same]
    links = coo_array((np.ones(len(above), dtype=bool), (above, below)), shape=(len(runs.row),) * 2)
    patch = connected_components(links, directed=False)[1].astype(np.int64)
    inside = runs.value != OUTSIDE
    _names, first, place = np.unique(patch[inside], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered = np.full(len(patch), OUTSIDE, dtype=np.int64)
    numbered[inside] = rank[place]
    return numbered


def filled(runs: Runs, numbers: IntArray, rows: int) -> NDArray[np.int32]:
    """Return a grid in which the cells of each run hold the run's number."""
    return np.repeat(numbers.astype(np.int32), runs.length).reshape(rows, runs.width)
