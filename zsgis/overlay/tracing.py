"""What two areas share, and what one has alone, traced along their boundaries from crossing to crossing.

Where two boundaries cross at points that floating point tells apart from every corner, the result is made
of the boundaries' own stretches between these points (Weiler and Atherton 1977): no graph is built, and many
pairs are traced at once. A boundary keeps its area on the left, so a stretch of the one that goes into the
other area ends where it comes out, and there the other boundary goes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.overlay.contacts import CLEAR_M, Crossings
from zsgis.overlay.inputs import gathered
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray
from zsgis.overlay.rings import Rings
from zsgis.overlay.segment_grid import spread


class Wanted(Enum):
    """Which area of a pair is traced."""

    SHARED = "shared"
    FIRST_ALONE = "first alone"


@dataclass(frozen=True)
class Paths:
    """Crossings sorted by pair, and the order in which both boundaries come by them.

    Attributes
    ----------
    crossings : Crossings
        Sorted by pair, then along the first boundary.
    pair : ndarray of int64, shape (n,)
        Number of the pair, from nought.
    next_first, next_second, last_second : ndarray of int64, shape (n,)
        The crossing that follows along the first boundary and along the second, and the one before along
        the second; after the last comes the first.
    """

    crossings: Crossings
    pair: IndexArray
    next_first: IndexArray
    next_second: IndexArray
    last_second: IndexArray

    @staticmethod
    def of(crossings: Crossings) -> Paths:
        """Return the paths of the pairs in ``crossings``."""
        columns = (crossings.first_along, crossings.first_segment, crossings.second, crossings.first)
        crossings = crossings.take(np.lexsort(columns))
        new = np.ones(len(crossings.first), dtype=bool)
        new[1:] = (np.diff(crossings.first) != 0) | (np.diff(crossings.second) != 0)
        pair = np.cumsum(new) - 1
        by_first = np.arange(len(pair))
        by_second = np.lexsort((crossings.second_along, crossings.second_segment, pair))
        next_second = _followers(by_second, pair)
        last_second = np.empty_like(next_second)
        last_second[next_second] = by_first
        return Paths(crossings, pair, _followers(by_first, pair), next_second, last_second)

    def sound(self, rings: Rings, others: Rings) -> NDArray[np.bool_]:
        """Tell for each pair whether it can be traced.

        It can where one ring of each area crosses, both go in and out by turns, and no two crossings that
        follow each other are so near that their order is uncertain.
        """
        table = self.crossings
        good = np.ones(len(self.pair), dtype=bool)
        for follower, segment, boundary in (
            (self.next_first, table.first_segment, rings),
            (self.next_second, table.second_segment, others),
        ):
            good &= table.enters != table.enters[follower]
            good &= np.abs(table.xy - table.xy[follower]).max(axis=1, initial=0.0) > CLEAR_M
            ring = boundary.ring_of(segment)
            good &= ring == ring[follower]
        count = int(self.pair.max(initial=-1)) + 1
        sound: NDArray[np.bool_] = np.bincount(self.pair[~good], minlength=count) == 0
        return sound


def _followers(order: IndexArray, pair: IndexArray) -> IndexArray:
    """Return for each crossing the one that follows in ``order``, which is sorted by pair, in a circle."""
    number = pair[order]
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    ends = np.append(begins, len(order))[1:] - 1
    following = np.roll(order, -1)
    following[ends] = order[begins]
    out = np.empty_like(order)
    out[order] = following
    return out


@dataclass(frozen=True)
class _Loops:
    """Closed ways: ``start`` and ``turn`` are crossings, sorted by loop and along it."""

    start: IndexArray
    turn: IndexArray
    end: IndexArray
    loop: IndexArray


@dataclass(frozen=True)
class _Stretch:
    """Corners of a ring between two crossings: ``base + (first + step * m) % size`` for m < count."""

    base: IndexArray
    size: IndexArray
    first: IndexArray
    step: int
    count: IndexArray

    def corners(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Return (stretch, nth, position in the rings' points) of every corner."""
        which, nth = spread(self.count)
        place = self.base.take(which) + (self.first.take(which) + self.step * nth) % self.size.take(which)
        return which, nth, place


def traced(
    paths: Paths, wanted: Wanted, rings: Rings, others: Rings, origin: FloatArray
) -> tuple[GeometryArray, NDArray[np.bool_]]:
    """Return the area of each pair, and whether every ring of it came out the right way round.

    Parameters
    ----------
    paths : Paths
        Of sound pairs.
    wanted : Wanted
        What both share; or what the first has alone, which is the first's ring alone: right only for a
        first area of one ring.
    rings, others : Rings
    origin : ndarray of float64, shape (2,)
        Added to the coordinates.
    """
    count = int(paths.pair.max(initial=-1)) + 1
    if not count:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=bool)
    loops = _loops(paths, wanted)
    along_first = _between(
        rings, paths.crossings.first_segment, paths.crossings.first_along, loops.start, loops.turn
    )
    along_second = _along_second(paths, loops, wanted, others)
    sizes = np.stack([along_first.count + 1, along_second.count + 1], axis=1)
    offset = (np.cumsum(sizes.ravel()) - sizes.ravel()).reshape(sizes.shape) + loops.loop[:, None]
    begins = np.flatnonzero(np.diff(loops.loop, prepend=-1))
    size = np.add.reduceat(sizes.sum(axis=1), begins) + 1
    xy = np.empty((int(size.sum()), 2))
    points = _as_one(xy)
    xy[offset[:, 0]] = paths.crossings.xy[loops.start]
    xy[offset[:, 1]] = paths.crossings.xy[loops.turn]
    for column, stretch, boundary in ((0, along_first, rings), (1, along_second, others)):
        which, nth, place = stretch.corners()
        points[offset[:, column].take(which) + 1 + nth] = _as_one(boundary.xy).take(place)
    xy[np.cumsum(size) - 1] = paths.crossings.xy[loops.start[begins]]
    ring = np.repeat(np.arange(len(size), dtype=np.intp), size)
    shells = shapely.linearrings(xy + origin, indices=ring)
    pair = paths.pair[loops.start[begins]]
    clockwise = np.bincount(pair[~shapely.is_ccw(shells)], minlength=count) > 0
    return gathered(np.asarray(shapely.polygons(shells), dtype=object), pair), ~clockwise


def _as_one(xy: FloatArray) -> NDArray[np.complex128]:
    """Return the same points, each one number: moving these takes a third of the time."""
    return xy.view(np.complex128).ravel()


def _loops(paths: Paths, wanted: Wanted) -> _Loops:
    enters = paths.crossings.enters
    follow = paths.next_second if wanted is Wanted.SHARED else paths.last_second
    start = np.flatnonzero(enters if wanted is Wanted.SHARED else ~enters)
    turn = paths.next_first[start]
    end = follow[turn]
    place = np.empty(len(enters), dtype=np.int64)
    place[start] = np.arange(len(start))
    leader, step = _rounds(place[end])
    order = np.lexsort((step, leader))
    loop = np.cumsum(np.diff(leader[order], prepend=-1) != 0) - 1
    return _Loops(start[order], turn[order], end[order], loop)


def _rounds(following: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the least member of each one's cycle in a permutation, and the steps from there."""
    own = np.arange(len(following))
    leader, ahead = own.copy(), following.copy()
    walking = np.flatnonzero(ahead != own)
    while len(walking):
        leader[walking] = np.minimum(leader[walking], ahead[walking])
        ahead[walking] = following[ahead[walking]]
        walking = walking[ahead[walking] != walking]
    step = np.zeros(len(following), dtype=np.int64)
    here, done = following[np.flatnonzero(leader == own)], 1
    here = here[leader[here] != here]
    while len(here):
        step[here] = done
        here, done = following[here], done + 1
        here = here[leader[here] != here]
    return leader, step


def _along_second(paths: Paths, loops: _Loops, wanted: Wanted, others: Rings) -> _Stretch:
    segment, along = paths.crossings.second_segment, paths.crossings.second_along
    if wanted is Wanted.SHARED:
        return _between(others, segment, along, loops.turn, loops.end)
    forward = _between(others, segment, along, loops.end, loops.turn)
    return _Stretch(forward.base, forward.size, forward.first + forward.count - 1, -1, forward.count)


def _between(
    rings: Rings, segment: IndexArray, along: FloatArray, start: IndexArray, end: IndexArray
) -> _Stretch:
    """Return the corners of the rings on the way from one crossing to another."""
    ring = rings.ring_of(segment[start])
    base, size = rings.start[ring], np.diff(rings.start)[ring] - 1
    gone = segment[end] - segment[start]
    round_ = (gone < 0) | ((gone == 0) & (along[end] <= along[start]))
    return _Stretch(base, size, segment[start] - base + 1, 1, gone + size * round_)
