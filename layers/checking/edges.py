"""Sides of polygons matched: what two neighbours share cancels, what is left bounds gaps and overlaps.

Every ring is run through with its polygon on the left. A side that one polygon runs forwards and its
neighbour backwards is where they meet, and counts nothing; the sum over all polygons is the boundary of "how
many polygons lie here". In a clean coverage only the outline of the whole is left, so that all dear work is
about few features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.checking.model import FloatArray, IntArray
from layers.checking.spread import spread, stretches
from layers.checking.subject import Ground
from layers.progress import Progress, ProgressPart

HashArray = NDArray[np.uint64]

# Places that are the same in whole grains are the same vertex: 0.1 mm.
GRAIN_M = 1e-4
_AT_ONCE = 250_000
_BUCKET_BITS = 5
_DIRECTION = np.uint64(1)


@dataclass(frozen=True, eq=False)
class Sides:
    """Sides that no neighbour cancels, and what tells equal rings.

    Attributes
    ----------
    starts : ndarray of int64, shape (m,)
        Place of the first vertex of each side in the ground's coordinates; the second one follows it.
    rows : ndarray of int64, shape (m,)
        Row of the feature.
    ring_marks : ndarray of uint64, shape (rings,)
        Equal for rings through the same vertices, wherever they start and whichever way they run.
    """

    starts: IntArray
    rows: IntArray
    ring_marks: HashArray


def _mixed(values: HashArray) -> HashArray:
    """Return values whose bits depend on all bits of the given ones (the finish of MurmurHash3)."""
    mixed = values >> np.uint64(33)
    shifted = np.empty_like(mixed)
    mixed ^= values
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed *= np.uint64(factor)
        np.right_shift(mixed, np.uint64(33), out=shifted)
        mixed ^= shifted
    return mixed


def _vertex_marks(coords: FloatArray) -> HashArray:
    """Return a number for each vertex that is equal for equal places in whole grains."""
    grains = np.rint(coords / GRAIN_M) + 0.0  # no -0.0
    bits = np.ascontiguousarray(grains).view(np.uint64)
    return _mixed(_mixed(bits[:, 0]) * np.uint64(3) + bits[:, 1])


def _side_marks(ground: Ground, progress: Progress) -> HashArray:
    """Return a mark for each side, by its first vertex: equal but for the last bit when run the other way.

    0 where there is no side: at the last vertex of a ring, and where both ends are one place.
    """
    shapes = ground.shapes
    marks = np.zeros(len(shapes.coords), dtype=np.uint64)
    turned = ground.turned_rings()

    def look(stretch: tuple[int, int]) -> None:
        first, last = stretch
        ends = shapes.ring_offsets[first : last + 1]
        part = slice(ends[0], ends[-1])
        here = _vertex_marks(shapes.coords[part])
        there = np.roll(here, -1)
        pair = here + there
        pair += (here ^ there) * np.uint64(5)
        found = _mixed(pair)
        found &= ~_DIRECTION
        backwards = here > there
        if turned[first:last].any():
            backwards ^= np.repeat(turned[first:last], np.diff(ends))
        found |= backwards.view(np.uint8)
        found[here == there] = 0
        found[ends[1:] - 1 - ends[0]] = 0
        marks[part] = found

    spread(look, stretches(shapes.ring_offsets.tolist(), _AT_ONCE), progress)
    return marks


def _left_over(marks: HashArray, progress: Progress) -> HashArray:
    """Return the marks (without direction, ascending) of sides that are not run as often either way."""
    chunks = [marks[start : start + _AT_ONCE] for start in range(0, len(marks), _AT_ONCE)]
    shift = np.uint64(64 - _BUCKET_BITS)

    def look(bucket: int) -> HashArray:
        own = [chunk[(chunk >> shift) == bucket] for chunk in chunks]
        members = np.sort(np.concatenate(own)) if own else np.empty(0, dtype=np.uint64)
        members = members[members > _DIRECTION]
        plain = members & ~_DIRECTION
        new = np.ones(len(plain), dtype=np.bool_)
        new[1:] = plain[1:] != plain[:-1]
        firsts = np.flatnonzero(new)
        if not len(firsts):
            return plain
        net = np.add.reduceat(np.where(members & _DIRECTION, -1, 1), firsts)
        left: HashArray = plain[firsts][net != 0]
        return left

    return np.concatenate(spread(look, range(1 << _BUCKET_BITS), progress))


def match_sides(ground: Ground, progress: Progress) -> Sides:
    """Match the sides of all polygons."""
    shapes = ground.shapes
    marks = _side_marks(ground, ProgressPart(progress, 0.0, 0.4))
    plain = marks & ~_DIRECTION
    if len(shapes.ring_offsets) > 1:
        rings = np.add.reduceat(plain, np.minimum(shapes.ring_offsets[:-1], max(len(plain) - 1, 0)))
    else:
        rings = np.empty(0, dtype=np.uint64)
    left = _left_over(marks, ProgressPart(progress, 0.4, 0.8))

    def find(first: int) -> IntArray:
        part = plain[first : first + _AT_ONCE]
        if not len(left):
            return np.empty(0, dtype=np.int64)
        spots = np.minimum(np.searchsorted(left, part), len(left) - 1)
        return first + np.flatnonzero((left[spots] == part) & (part != 0))

    found = spread(find, range(0, len(plain), _AT_ONCE), ProgressPart(progress, 0.8, 1.0))
    starts = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    return Sides(starts, ground.rows_of_coords(starts), rings)
