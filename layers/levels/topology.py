"""Boundaries shared by polygons, found by their vertices: rings cut into arcs, each arc once.

As TopoJSON does it: a vertex is a node where rings that pass through it come from or go to different
places. Between two nodes all rings that use a boundary run through the very same vertices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
HashArray = NDArray[np.uint64]
Mask = NDArray[np.bool_]

_FEWEST = 4
# Vertices are compared a bucket at a time: memory for one bucket only.
_BUCKET_BITS = 4
_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class Rings:
    """Closed rings of polygons.

    Attributes
    ----------
    coords : ndarray of float64, shape (n, 2)
    offsets : ndarray of int64, shape (rings + 1,)
        Ring ``r`` is ``coords[offsets[r]:offsets[r + 1]]``; its last vertex is its first.
    features : ndarray of int64, shape (rings,)
        Row of the feature, ascending.
    shells : ndarray of int64, shape (rings,)
        The outer ring of the ring's part, which may be the ring itself.
    """

    coords: FloatArray
    offsets: IntArray
    features: IntArray
    shells: IntArray

    def __len__(self) -> int:
        return len(self.features)

    def proper(self) -> Rings:
        """Return the rings that have at least three corners, and whose outer ring has."""
        enough = np.diff(self.offsets) >= _FEWEST
        enough &= enough[self.shells]
        if enough.all():
            return self
        counts = np.diff(self.offsets)[enough]
        offsets = offsets_of(counts)
        numbers = np.cumsum(enough) - 1
        return Rings(
            self.coords[runs(self.offsets[:-1][enough], offsets)],
            offsets,
            self.features[enough],
            numbers[self.shells[enough]],
        )


@dataclass(frozen=True, eq=False)
class Chains:
    """Rings as chains of arcs; pieces are the arcs of rings in order.

    Attributes
    ----------
    piece_arcs : ndarray of int64, shape (pieces,)
    piece_turned : ndarray of bool, shape (pieces,)
        The ring runs against the arc.
    ring_pieces : ndarray of int64, shape (rings + 1,)
        Ring ``r`` has the pieces from ``ring_pieces[r]`` to ``ring_pieces[r + 1]``.
    features, shells : ndarray of int64, shape (rings,)
        As in :class:`Rings`.
    """

    piece_arcs: IntArray
    piece_turned: Mask
    ring_pieces: IntArray
    features: IntArray
    shells: IntArray

    def __len__(self) -> int:
        return len(self.features)

    def part(self, rings: IntArray) -> tuple[Chains, IntArray]:
        """Return some whole parts, given by their rings, and the arcs they are made of.

        Arcs are numbered anew, by their places in the second result.
        """
        ring_pieces = offsets_of(np.diff(self.ring_pieces)[rings])
        pieces = runs(self.ring_pieces[:-1][rings], ring_pieces)
        arcs, numbers = np.unique(self.piece_arcs[pieces], return_inverse=True)
        shells = np.searchsorted(rings, self.shells[rings])
        return Chains(numbers, self.piece_turned[pieces], ring_pieces, self.features[rings], shells), arcs

    def with_arcs_of(self, rings: Mask) -> Mask:
        """Tell which rings belong to a part that shares an arc with one of the given rings."""
        arcs = np.zeros(int(self.piece_arcs.max(initial=-1)) + 1, dtype=np.bool_)
        arcs[self.arcs_of(rings)] = True
        parts = np.zeros(len(self), dtype=np.bool_)
        parts[self.shells[np.logical_or.reduceat(arcs[self.piece_arcs], self.ring_pieces[:-1])]] = True
        return parts[self.shells]

    def arcs_of(self, rings: Mask) -> IntArray:
        """Return the arcs of some rings; an arc of two of them comes twice."""
        return self.piece_arcs[np.repeat(rings, np.diff(self.ring_pieces))]


@dataclass(frozen=True, eq=False)
class Topology:
    """Rings cut into arcs. An arc runs as in the first ring that has it.

    Attributes
    ----------
    rings : Rings
    chains : Chains
    arc_starts, arc_sizes : ndarray of int64, shape (arcs,)
        Place of the first vertex in ``rings.coords``, and how many vertices there are, at least 2.
    arc_rings : ndarray of int64, shape (arcs,)
        The ring an arc is read from; after its last vertex it goes on at its first.
    """

    rings: Rings
    chains: Chains
    arc_starts: IntArray
    arc_sizes: IntArray
    arc_rings: IntArray

    def arc_coords(self, first: int, last: int) -> tuple[FloatArray, IntArray]:
        """Return the vertices of arcs ``first`` to ``last`` and the offsets of each arc among them."""
        offsets = offsets_of(self.arc_sizes[first:last])
        places = runs(self.arc_starts[first:last], offsets)
        rings = self.arc_rings[first:last]
        ends = self.rings.offsets[rings + 1] - 1
        around = ends - self.rings.offsets[rings]
        over = places > np.repeat(ends, self.arc_sizes[first:last])
        places[over] -= np.repeat(around, self.arc_sizes[first:last])[over]
        return self.rings.coords[places], offsets


def _mixed(values: HashArray) -> HashArray:
    """Return values whose bits depend on all bits of the given ones (the finish of MurmurHash3)."""
    mixed = values ^ (values >> np.uint64(33))
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return mixed


def _on_grain(coords: FloatArray, grain: float) -> FloatArray:
    """Return coordinates in whole grains."""
    with np.errstate(over="ignore"):
        whole = np.rint(coords / grain)
    whole += 0.0  # no -0.0
    return whole


def _hashes(coords: FloatArray, grain: float) -> HashArray:
    """Return a number for each vertex that is equal for equal places.

    Two of ten million places have the same number once in a hundred thousand layers. Both become nodes then,
    which changes no shape: an arc is known by two vertices that follow each other.
    """
    hashes = np.empty(len(coords), dtype=np.uint64)
    for start in range(0, len(coords), _AT_ONCE):
        bits = _on_grain(coords[start : start + _AT_ONCE], grain).view(np.uint64)
        hashes[start : start + _AT_ONCE] = _mixed(_mixed(bits[:, 0]) * np.uint64(3) + bits[:, 1])
    return hashes


def _surroundings(hashes: HashArray, offsets: IntArray, ends: Mask, members: IntArray) -> HashArray:
    """Return a number for some vertices that is equal for equal pairs of neighbours in the ring."""
    before, after = members - 1, members + 1
    at_end = np.flatnonzero(ends[members])
    place = members[at_end]
    ring = np.searchsorted(offsets, place, side="right") - 1
    # the last vertex of a ring is its first: both have the same neighbours
    before[at_end] = offsets[ring + 1] - 2
    after[at_end] = offsets[ring] + 1
    return _mixed(hashes[before]) + _mixed(hashes[after])


def _nodes(rings: Rings, hashes: HashArray, step: Callable[[float], None]) -> Mask:
    """Tell which vertices are nodes."""
    nodes = np.zeros(len(hashes), dtype=np.bool_)
    ends = np.zeros(len(hashes), dtype=np.bool_)
    ends[rings.offsets[:-1]] = ends[rings.offsets[1:] - 1] = True
    bucket_of = np.empty(len(hashes), dtype=np.uint8)
    for start in range(0, len(hashes), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        bucket_of[part] = hashes[part] >> np.uint64(64 - _BUCKET_BITS)
    for bucket in range(1 << _BUCKET_BITS):
        step(bucket / (1 << _BUCKET_BITS))
        members = np.flatnonzero(bucket_of == bucket)
        if not len(members):
            continue
        own = hashes[members]
        order = np.argsort(own)
        members, own = members[order], own[order]
        same = own[1:] == own[:-1]
        around = _surroundings(hashes, rings.offsets, ends, members)
        differ = np.zeros(len(members), dtype=np.bool_)
        differ[1:] = same & (around[1:] != around[:-1])
        place = np.zeros(len(members), dtype=np.int64)
        np.cumsum(~same, out=place[1:])
        parting = np.zeros(place[-1] + 1, dtype=np.bool_)
        parting[place[differ]] = True
        nodes[members] = parting[place]
    return nodes


def _mark_lonely(nodes: Mask, hashes: HashArray, offsets: IntArray) -> None:
    """Give a ring without nodes one, at the same vertex in every ring that equals it."""
    lonely = np.flatnonzero(np.add.reduceat(nodes, offsets[:-1], dtype=np.int64) == 0)
    counts = offsets[lonely + 1] - offsets[lonely]
    places_at = offsets_of(counts)
    places = runs(offsets[lonely], places_at)
    if len(lonely):
        lowest = np.minimum.reduceat(hashes[places], places_at[:-1])
        nodes[places[hashes[places] == np.repeat(lowest, counts)]] = True


def find_topology(rings: Rings, grain: float, step: Callable[[float], None]) -> Topology:
    """Cut rings at their nodes and find the pieces that are the same boundary.

    Parameters
    ----------
    rings : Rings
        Proper ones, see :meth:`Rings.proper`; at least one.
    grain : float
        Coordinates that are the same in whole grains are the same place: neighbours that were written by
        different ways of reckoning differ in the last digits.
    step : callable
        Told the share done, 0 to 1; may raise to stop.
    """
    offsets = rings.offsets
    hashes = _hashes(rings.coords, grain)
    nodes = _nodes(rings, hashes, step)
    _mark_lonely(nodes, hashes, offsets)
    nodes[offsets[1:] - 1] = False  # the last vertex is the first
    starts = np.flatnonzero(nodes)
    ring_pieces = np.searchsorted(starts, offsets)
    of_ring = np.repeat(np.arange(len(rings)), np.diff(ring_pieces))
    ends = np.empty_like(starts)
    ends[:-1] = starts[1:]
    span = np.diff(offsets) - 1
    ends[ring_pieces[1:] - 1] = starts[ring_pieces[:-1]] + span
    sizes = ends - starts + 1

    def hash_at(places: IntArray) -> HashArray:
        over = places > offsets[of_ring + 1] - 1
        return hashes[places - np.where(over, span[of_ring], 0)]

    head, tail = (hashes[starts], hashes[starts + 1]), (hash_at(ends), hash_at(ends - 1))
    onward = (head[0] < tail[0]) | ((head[0] == tail[0]) & (head[1] <= tail[1]))
    near = np.where(onward, head[0], tail[0])
    beside = np.where(onward, head[1], tail[1])
    order = np.lexsort((beside, near))  # stable: pieces of one arc stay in the order of rings
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (near[order][1:] != near[order][:-1]) | (beside[order][1:] != beside[order][:-1])
    firsts = order[new]  # the first piece of each arc
    first_of = np.empty(len(order), dtype=np.int64)
    first_of[order] = firsts[np.cumsum(new) - 1]
    is_first = np.zeros(len(order), dtype=np.bool_)
    is_first[firsts] = True
    number = np.cumsum(is_first) - 1  # arcs in the order of the rings
    return Topology(
        rings=rings,
        arc_starts=starts[is_first],
        arc_sizes=sizes[is_first],
        arc_rings=of_ring[is_first],
        chains=Chains(
            piece_arcs=number[first_of],
            piece_turned=onward != onward[first_of],
            ring_pieces=ring_pieces,
            features=rings.features,
            shells=rings.shells,
        ),
    )
