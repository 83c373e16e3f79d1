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
from layers.checking.spread import spread
from layers.checking.subject import Ground
from layers.progress import Progress, ProgressPart

HashArray = NDArray[np.uint64]

# Places that are the same in whole grains are the same vertex: 0.1 mm.
GRAIN_M = 1e-4
_AT_ONCE = 500_000
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
    mixed = values ^ (values >> np.uint64(33))
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
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
    wrong = np.where(ground.outer, ground.ring_areas < 0, ground.ring_areas > 0)
    ring_lasts = shapes.ring_offsets[1:] - 1

    def look(first: int) -> None:
        last = min(first + _AT_ONCE, len(marks))
        at = _vertex_marks(shapes.coords[first : last + 1])
        here, there = at[: last - first], np.append(at[1 : last - first], at[last - first :][:1])
        if len(there) < len(here):
            there = np.append(there, here[-1:])
        pair = _mixed(here + there + (here ^ there) * np.uint64(5))
        rings = np.searchsorted(shapes.ring_offsets, np.arange(first, last), side="right") - 1
        turned = (here > there) ^ wrong[rings]
        found = (pair & ~_DIRECTION) | turned.astype(np.uint64)
        found[here == there] = 0
        ends = ring_lasts[np.searchsorted(ring_lasts, first) : np.searchsorted(ring_lasts, last)]
        found[ends - first] = 0
        marks[first:last] = found

    spread(look, range(0, len(marks), _AT_ONCE), progress)
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
