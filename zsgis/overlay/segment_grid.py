"""Segments sorted into the cells of a grid, so that those near others are found at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.overlay.chunks import slices_by_weight
from zsgis.overlay.model import FloatArray, IndexArray
from zsgis.overlay.rings import Rings

_MOST_CELLS = 4_000_000
_FEWEST_CELLS = 1_024
_CANDIDATES_AT_ONCE = 1_000_000.0


@dataclass(frozen=True)
class SegmentGrid:
    """The segments of ``rings`` inside a frame, by the cells that their boxes meet.

    Attributes
    ----------
    rings : Rings
    reach_m : float
        Segments within this of each other meet in a cell.
    low : ndarray of float64, shape (2,)
        South-west corner of the frame.
    cell_m : float
    shape : tuple of int
        Columns and rows.
    first : ndarray of int64, shape (cells + 1,)
        Where each cell begins in ``segment``.
    segment : ndarray of int64
    taken : ndarray of int32, shape (columns + 1, rows + 1)
        How many cells west and south of each corner hold a segment.
    """

    rings: Rings
    reach_m: float
    low: FloatArray
    cell_m: float
    shape: tuple[int, int]
    first: IndexArray
    segment: NDArray[np.int32]
    taken: NDArray[np.int32]

    @staticmethod
    def of(rings: Rings, frame: FloatArray, typical_m: float, segments: int, reach_m: float) -> SegmentGrid:
        """Return the grid.

        Parameters
        ----------
        rings : Rings
        frame : ndarray of float64, shape (4,)
            West, south, east, north of what matters.
        typical_m : float
            Length of a usual segment: cells of this size hold few, and few cells hold one segment.
        segments : int
            How many segments there are on both sides; there are not many more cells.
        reach_m : float
        """
        size = np.maximum(frame[2:] - frame[:2], 1.0)
        most = float(np.clip(2 * segments, _FEWEST_CELLS, _MOST_CELLS))
        cell_m = max(typical_m, float(np.sqrt(size.prod() / most)), float(size.max()) / most)
        columns, rows = (np.floor(size / cell_m) + 1).astype(np.int64).tolist()
        empty = SegmentGrid(
            rings,
            reach_m,
            frame[:2],
            cell_m,
            (columns, rows),
            np.zeros(1, dtype=np.int64),
            np.zeros(0, dtype=np.int32),
            np.zeros((1, 1), dtype=np.int32),
        )
        segment, cell = empty._cells(rings, *empty._reached(rings))
        # numbers packed into one are sorted much faster than their order is found
        packed = np.sort((cell << 32) | segment)
        count = np.bincount(cell, minlength=columns * rows)
        taken = np.zeros((columns + 1, rows + 1), dtype=np.int32)
        taken[1:, 1:] = (count > 0).reshape(columns, rows).cumsum(axis=0).cumsum(axis=1)
        first = np.concatenate([[0], np.cumsum(count)])
        return SegmentGrid(
            rings,
            reach_m,
            frame[:2],
            cell_m,
            (columns, rows),
            first,
            packed.astype(np.int32),
            taken,
        )

    def near(self, boxes: FloatArray) -> NDArray[np.bool_]:
        """Tell for each box (west, south, east, north) whether a segment may be in it."""
        inside, first, last = self._span(boxes[:, :2], boxes[:, 2:])
        (west, south), (east, north) = first.T, last.T + 1
        return np.asarray(inside & (self._held(west, south, east, north) > 0), dtype=np.bool_)

    def candidates(self, rings: Rings) -> Iterator[tuple[IndexArray, IndexArray]]:
        """Yield (segment of ``rings``, segment of the grid) with boxes within reach, some more than once."""
        segment, cell = self._cells(rings, *self._near_segments(rings))
        begins = self.first.take(cell)
        count = self.first.take(cell + 1) - begins
        some = np.flatnonzero(count)
        segment, begins, count = segment.take(some), begins.take(some), count.take(some)
        for part in slices_by_weight(count.astype(np.float64), _CANDIDATES_AT_ONCE, len(count)):
            owner, nth = spread(count[part])
            mine = segment[part].take(owner)
            held = self.segment.take(begins[part].take(owner) + nth).astype(np.int64)
            meets = np.flatnonzero(self._boxes_meet(rings.xy, mine, held))
            yield mine.take(meets), held.take(meets)

    def _reached(self, rings: Rings) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Return the segments within reach of the frame, and their first and last cell, shape (n, 2)."""
        place, reach = (rings.xy - self.low) / self.cell_m, self.reach_m / self.cell_m
        first, last = np.floor(place - reach), np.floor(place + reach)
        first, last = np.minimum(first[:-1], first[1:]), np.maximum(last[:-1], last[1:])
        most = np.array(self.shape) - 1.0
        inside = np.asarray(((last >= 0) & (first <= most)).all(axis=1), dtype=np.bool_)
        inside[rings.start[1:-1] - 1] = False
        segment = np.flatnonzero(inside)
        first, last = (
            np.clip(first.take(segment, axis=0), 0, most),
            np.clip(last.take(segment, axis=0), 0, most),
        )
        return segment, first.astype(np.int64), last.astype(np.int64)

    def _near_segments(self, rings: Rings) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Return the segments in whose cells there is a segment of the grid, and first and last cell.

        The segments of the grid stand in all cells within their reach, so a cell is no wider than it is
        here; and one beyond the frame counts as the one at its edge.
        """
        most = np.array(self.shape) - 1.0
        cell = np.clip((rings.xy - self.low) / self.cell_m, 0, most).astype(np.int64)
        first, last = np.minimum(cell[:-1], cell[1:]), np.maximum(cell[:-1], cell[1:])
        near = self._held(*first.T, *(last.T + 1)) > 0
        near[rings.start[1:-1] - 1] = False
        segment = np.flatnonzero(near)
        return segment, first.take(segment, axis=0), last.take(segment, axis=0)

    def _cells(
        self, rings: Rings, segment: IndexArray, first: IndexArray, last: IndexArray
    ) -> tuple[IndexArray, IndexArray]:
        """Return (segment, cell) for the cells that each segment meets, and a few more."""
        # a long segment has a box of many cells and meets few of them: it is taken in pieces
        long = ((last - first) > 2).any(axis=1)
        if long.any():
            pieces = self._in_pieces(rings, segment[long])
            whole = segment[~long], first[~long], last[~long]
            segment, first, last = (np.concatenate(both) for both in zip(whole, pieces, strict=True))
        cell = first[:, 0] * self.shape[1] + first[:, 1]
        tall = last[:, 1] - first[:, 1] + 1
        count = (last[:, 0] - first[:, 0] + 1) * tall
        one, more = np.flatnonzero(count == 1), np.flatnonzero(count > 1)
        owner, nth = spread(count.take(more))
        owner = more.take(owner)
        column, row = np.divmod(nth, tall.take(owner))
        beyond = cell.take(owner) + column * self.shape[1] + row
        return (
            np.concatenate([segment.take(one), segment.take(owner)]),
            np.concatenate([cell.take(one), beyond]),
        )

    def _in_pieces(self, rings: Rings, segment: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Return (segment, first cell, last cell) of pieces no longer than a cell is wide."""
        start, end = rings.xy[segment], rings.xy[segment + 1]
        length = np.abs(end - start).max(axis=1, initial=0.0)
        pieces = np.maximum(np.ceil(length / self.cell_m), 1.0).astype(np.int64)
        which, nth = spread(pieces)
        along, step = (nth / pieces[which])[:, None], (1.0 / pieces[which])[:, None]
        run = end[which] - start[which]
        start, end = start[which] + along * run, start[which] + (along + step) * run
        inside, first, last = self._span(np.minimum(start, end), np.maximum(start, end))
        return segment[which[inside]], first[inside], last[inside]

    def _boxes_meet(self, xy: FloatArray, mine: IndexArray, held: IndexArray) -> NDArray[np.bool_]:
        a, b = xy.take(mine, axis=0), xy.take(mine + 1, axis=0)
        c, d = self.rings.xy.take(held, axis=0), self.rings.xy.take(held + 1, axis=0)
        meets = np.minimum(a, b) <= np.maximum(c, d) + self.reach_m
        meets &= np.minimum(c, d) <= np.maximum(a, b) + self.reach_m
        return np.asarray(meets[:, 0] & meets[:, 1], dtype=np.bool_)

    def _held(
        self, west: IndexArray, south: IndexArray, east: IndexArray, north: IndexArray
    ) -> NDArray[np.int32]:
        """Return how many cells from column west to before east, row south to before north, hold one."""
        table, rows = self.taken.ravel(), self.taken.shape[1]
        left, right = west * rows, east * rows
        held = table.take(right + north) - table.take(left + north)
        held += table.take(left + south) - table.take(right + south)
        return np.asarray(held, dtype=np.int32)

    def _span(self, low: FloatArray, high: FloatArray) -> tuple[NDArray[np.bool_], IndexArray, IndexArray]:
        """Return whether boxes meet the frame, and their first and last cell in it, (n, 2)."""
        first = np.floor((low - self.reach_m - self.low) / self.cell_m)
        last = np.floor((high + self.reach_m - self.low) / self.cell_m)
        most = np.array(self.shape) - 1.0
        inside = ((last >= 0) & (first <= most)).all(axis=1)
        return (
            np.asarray(inside, dtype=np.bool_),
            np.clip(first, 0, most).astype(np.int64),
            np.clip(last, 0, most).astype(np.int64),
        )


def spread(count: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return (owner, nth) of ``count[i]`` items for every owner i, nth counted from nought."""
    owner = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return owner, nth


def distinct(numbers: IndexArray) -> IndexArray:
    """Return the numbers sorted, each once."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]
