"""Edges that two shapes of one layer share, and edges that no other shape has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray
from zsgis.overlay.rings import Rings, extent
from zsgis.overlay.segment_grid import distinct

_RUN = 16
_ODD = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)


@dataclass(frozen=True)
class SharedEdges:
    """How the shapes of a layer hang together.

    Two shapes share an edge that runs from corner to corner in both, in opposite directions: one lies on its
    left, the other on its right. Every other edge is bare.

    Attributes
    ----------
    first, second : ndarray of int64, shape (pairs,)
        Shapes that share an edge, each pair both ways, sorted by ``first``.
    bare : ndarray of int64, shape (edges,)
        The bare edges, as segments of ``rings``, ascending.
    begins : ndarray of int64, shape (lines + 1,)
        Where in ``bare`` each line of a few edges that follow each other begins.
    rings : Rings
    origin : ndarray of float64, shape (2,)
        Of the rings.
    """

    first: IndexArray
    second: IndexArray
    bare: IndexArray
    begins: IndexArray
    rings: Rings
    origin: FloatArray

    @staticmethod
    def of(shapes: GeometryArray) -> SharedEdges:
        """Return the edges of these shapes."""
        origin = np.floor(np.nan_to_num(extent(shapes)[:2]))
        rings = Rings.of(shapes, origin)
        segment = rings.segments()
        one, other = _twins(rings.xy, segment)
        is_bare = np.ones(len(rings.xy), dtype=bool)
        is_bare[one] = is_bare[other] = False
        bare = segment[is_bare[segment]]
        left, right = rings.owner[rings.ring_of(one)], rings.owner[rings.ring_of(other)]
        keys = np.concatenate([left * len(shapes) + right, right * len(shapes) + left])
        first, second = np.divmod(distinct(keys), len(shapes))
        return SharedEdges(first, second, bare, _lines(rings, bare), rings, origin)

    def lines(self, part: slice) -> tuple[GeometryArray, IndexArray]:
        """Return some of the lines of bare edges, and the shape of each."""
        begins = self.begins[part.start : part.stop + 1]
        segment = self.bare[begins[0] : begins[-1]]
        last = np.cumsum(np.diff(begins) + 1) - 1
        line = np.repeat(np.arange(len(last)), np.diff(begins) + 1)
        place = np.arange(len(line)) - line
        place[last] -= 1
        point = segment[place]
        point[last] += 1
        lines = shapely.linestrings(self.rings.xy[point] + self.origin, indices=line)
        return lines, self.rings.owner[self.rings.ring_of(self.bare[begins[:-1]])]

    def neighbours(self, shape: IndexArray) -> tuple[IndexArray, IndexArray]:
        """Return where the neighbours of each shape begin and end in ``second``."""
        return (
            np.searchsorted(self.first, shape, side="left").astype(np.int64),
            np.searchsorted(self.first, shape, side="right").astype(np.int64),
        )


def _twins(xy: FloatArray, segment: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return the segments that are one edge in both directions, the one before the other in ``xy``."""
    point = _mixed(xy)
    # the key's upper bits and the segment's place in one number: sorted at once, and much faster
    low = np.uint64((1 << len(segment).bit_length()) - 1)
    packed = ((point.take(segment) + point.take(segment + 1)) & ~low) | np.arange(
        len(segment), dtype=np.uint64
    )
    packed.sort()
    same = np.zeros(len(segment) + 1, dtype=bool)
    same[1:-1] = packed[1:] & ~low == packed[:-1] & ~low
    # an edge that three or more have is bare: somewhere two of them lie on one side
    pair = np.flatnonzero(same[1:-1] & ~same[:-2] & ~same[2:])
    place = (packed & low).astype(np.int64)
    partner = np.zeros(len(xy), dtype=np.int64)
    partner[segment[place[pair]]] = segment[place[pair + 1]]
    one = np.flatnonzero(partner)
    other = partner[one]
    points = xy.view(np.complex128).ravel()
    opposite = (points[one] == points[other + 1]) & (points[one + 1] == points[other])
    return one[opposite], other[opposite]


def _mixed(xy: FloatArray) -> NDArray[np.uint64]:
    """Return a number for each point that only equal points have in common, but for rare chance."""
    bits = (xy + 0.0).view(np.uint64)  # minus nought becomes nought
    mixed = bits[:, 0] * _ODD[0] ^ ((bits[:, 1] ^ (bits[:, 1] >> np.uint64(29))) * _ODD[1])
    mixed ^= mixed >> np.uint64(32)
    mixed *= _ODD[2]
    mixed ^= mixed >> np.uint64(29)
    return np.asarray(mixed, dtype=np.uint64)


def _lines(rings: Rings, segment: IndexArray) -> IndexArray:
    """Return where each run of segments that follow each other begins, and the end."""
    breaks = (np.diff(segment, prepend=-2) != 1) | (np.diff(rings.ring_of(segment), prepend=-1) != 0)
    within = np.arange(len(segment)) - np.flatnonzero(breaks)[np.cumsum(breaks) - 1]
    breaks |= within % _RUN == 0
    return np.append(np.flatnonzero(breaks), len(segment)).astype(np.int64)
