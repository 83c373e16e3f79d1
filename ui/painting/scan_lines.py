"""Areas found from their boundaries, line of samples by line of samples: who begins where.

Going along a line of samples from outside, at each boundary one feature is left and another entered. A number
for each feature, taken away where it is left and added where it is entered, sums up to the one that covers
what comes next, in whatever order boundaries are counted that are met at the same sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.levels import NO_FEATURE
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray

# A sum holds how many features cover a sample above these bits, and below them their rows, counted from 1.
_ROW_BITS = 40
_ROW_MASK = (1 << _ROW_BITS) - 1
# Crossings are put in order by their sample, carried along with their segment's number.
_SEGMENT_BITS = 32
_SEGMENT_MASK = (1 << _SEGMENT_BITS) - 1


@dataclass(frozen=True, eq=False)
class Runs:
    """Samples line by line, as runs that one feature covers.

    Each line has one sample more than the picture is wide: what lies right of it ends there.

    Attributes
    ----------
    starts : ndarray of int64, shape (runs,)
        The first sample of each run, ascending.
    rows : ndarray of int64, shape (runs,)
        The feature, ``NO_FEATURE`` for none; before the first run there is none either.
    width, height : int
        Samples of the picture.
    """

    starts: IntArray
    rows: IntArray
    width: int
    height: int

    def samples(self, values: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the value of each sample, given that of each run; shape (height, width + 1)."""
        counts = np.diff(self.starts, prepend=0, append=self.height * (self.width + 1))
        before = np.zeros(1, dtype=values.dtype)
        return np.repeat(np.concatenate([before, values]), counts).reshape(self.height, self.width + 1)


@dataclass(frozen=True, eq=False)
class _Crossings:
    """Where segments cross the middles of lines of samples, in the order of the samples.

    Attributes
    ----------
    samples : ndarray of int64, shape (crossings,)
        The first sample that is not before the crossing.
    of : ndarray of int64, shape (crossings,)
        The segment.
    entered, left : ndarray of int64, shape (segments,)
        The row that begins and the row that ends at a segment, ``NO_FEATURE`` for none.
    """

    samples: IntArray
    of: IntArray
    entered: IntArray
    left: IntArray

    def sums(self) -> IntArray:
        """Return which features cover what comes behind each crossing, as their sum."""
        covers = (self.entered != NO_FEATURE).astype(np.int64) - (self.left != NO_FEATURE)
        steps = (covers << _ROW_BITS) + self.entered - self.left
        return np.cumsum(steps[self.of])

    def last_met(self, places: IntArray) -> IntArray:
        """Return a row that covers what comes behind some crossings."""
        entered = self.entered[self.of[places]]
        # where only an end was met something else goes on: mostly what ends next
        following = np.minimum(places + 1, len(self.of) - 1)
        ends = self.left[self.of[following]]
        ends = np.where(ends == NO_FEATURE, self.left[self.of[places]], ends)
        return np.where(entered == NO_FEATURE, ends, entered)


def runs_between(
    segments: FloatArray,
    left: NDArray[np.integer],
    right: NDArray[np.integer],
    width: int,
    height: int,
) -> Runs | None:
    """Return which feature covers each sample.

    Parameters
    ----------
    segments : ndarray of float64, shape (n, 4)
        x and y of both ends of all boundaries of the features, in samples, y down. Those above and below
        the picture may be left out, those beside it not.
    left, right : ndarray of int, shape (n,)
        The feature on each side of a segment as one goes along it (with north up), ``NO_FEATURE`` for none.
    width, height : int
        Samples of the picture.

    Returns
    -------
    Runs or None
        Where features overlap, one of them. None where boundaries do not close: they bound nothing then.
    """
    crossings = _crossings(segments, left, right, width, height)
    samples, sums = crossings.samples, crossings.sums()
    # of the crossings at one sample only the sum behind the last counts
    last = np.ones(len(samples), dtype=bool)
    np.not_equal(samples[1:], samples[:-1], out=last[:-1])
    samples, sums = samples[last], sums[last]
    if _is_open(samples, sums, width, height):
        return None
    rows = (sums & _ROW_MASK) - 1
    odd = (sums >> _ROW_BITS != 1) & (sums != 0)
    odd |= rows > max(left.max(initial=0), right.max(initial=0))
    if odd.any():
        rows[odd] = crossings.last_met(np.flatnonzero(last)[odd])
    return Runs(samples, rows, width, height)


def _is_open(samples: IntArray, sums: IntArray, width: int, height: int) -> bool:
    """Tell whether something is entered in a line of samples and not left."""
    ends = np.searchsorted(samples, np.arange(1, height + 1) * (width + 1)) - 1
    return bool(sums[ends[ends >= 0]].any())


def _crossings(
    segments: FloatArray, left: NDArray[np.integer], right: NDArray[np.integer], width: int, height: int
) -> _Crossings:
    y0, y1 = segments[:, 1], segments[:, 3]
    # the first line of samples whose middle is not above an end
    first, second = (np.clip(np.ceil(y - 0.5), 0, height) for y in (y0, y1))
    crosses = np.flatnonzero(first != second)
    first, second = first[crosses].astype(np.int64), second[crosses].astype(np.int64)
    x0, y0, x1, y1 = segments[crosses].T
    top = np.minimum(first, second)
    counts = np.abs(second - first)
    slope = (x1 - x0) / (y1 - y0)
    start = x0 + (top + 0.5 - y0) * slope - 0.5
    of = np.repeat(np.arange(len(crosses)), counts)
    line = np.arange(len(of)) - (np.cumsum(counts) - counts)[of]
    across = start[of] + line * slope[of]
    np.ceil(across, out=across)
    np.clip(across, 0, width, out=across)
    keys = (line + top[of]) * (width + 1) + across.astype(np.int64)
    keys <<= _SEGMENT_BITS
    keys |= of
    keys.sort()
    # downwards, which is to the south, the left side is the eastern one
    down = second > first
    sides = left[crosses].astype(np.int64), right[crosses].astype(np.int64)
    return _Crossings(
        samples=keys >> _SEGMENT_BITS,
        of=keys & _SEGMENT_MASK,
        entered=np.where(down, *sides),
        left=np.where(down, *sides[::-1]),
    )
