"""One level out of a skeleton: arcs at a tolerance, put together to rings, and each boundary once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.levels.model import LINES_PER_BLOCK, NO_FEATURE, Level
from layers.levels.skeleton import Skeleton
from layers.levels.topology import Chains

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
SmallFloats = NDArray[np.float32]

# Vertices of a closed ring that has an area.
FEWEST = 4
_RINGS_AT_ONCE = 50_000


@dataclass(frozen=True, eq=False)
class AllRings:
    """The rings of a skeleton at some tolerance.

    Attributes
    ----------
    coords : ndarray of float32, shape (n, 2)
    counts : ndarray of int64, shape (rings,)
        How many vertices each ring has.
    areas : ndarray of float64, shape (rings,)
        Signed.
    stays : ndarray of bool, shape (rings,)
        Neither this ring nor the outer one of its part has shrunk to nothing.
    """

    coords: SmallFloats
    counts: IntArray
    areas: FloatArray
    stays: NDArray[np.bool_]

    def staying(self) -> tuple[SmallFloats, IntArray]:
        """Return the rings that stay, and their offsets."""
        if self.stays.all():
            return self.coords, offsets_of(self.counts)
        return self.coords[np.repeat(self.stays, self.counts)], offsets_of(self.counts[self.stays])


def _closed_rings(chains: Chains, xy: SmallFloats, arcs: IntArray) -> tuple[SmallFloats, IntArray]:
    """Return rings put together from arcs, closed, and their offsets."""
    used = chains.piece_arcs
    counts = np.diff(arcs)[used] - 1  # the last vertex of a piece is the first of the next
    starts = np.where(chains.piece_turned, arcs[used + 1] - 1, arcs[used])
    steps = np.where(chains.piece_turned, -1, 1)
    # one more piece behind each ring: the vertex that closes it
    closing = chains.ring_pieces[1:]
    starts = np.insert(starts, closing, starts[chains.ring_pieces[:-1]])
    counts = np.insert(counts, closing, 1)
    steps = np.insert(steps, closing, 1)
    ends = offsets_of(counts)
    return xy[runs(starts, ends, steps)], ends[chains.ring_pieces + np.arange(len(chains.ring_pieces))]


def _stretch(chains: Chains, first: int) -> Chains:
    """Return some rings from the given one on; without what does not matter for putting them together."""
    own = chains.ring_pieces[first : first + _RINGS_AT_ONCE + 1]
    pieces = slice(own[0], own[-1])
    rings = slice(first, first + _RINGS_AT_ONCE)
    return Chains(
        chains.piece_arcs[pieces],
        chains.piece_turned[pieces],
        own - own[0],
        chains.features[rings],
        chains.shells[rings],
    )


def put_together(skeleton: Skeleton, xy: SmallFloats, arcs: IntArray) -> AllRings:
    """Put rings together from arcs at some tolerance.

    Parameters
    ----------
    xy, arcs
        What :meth:`Skeleton.kept` returns.
    """
    chains = skeleton.chains
    stretches = [
        _closed_rings(_stretch(chains, first), xy, arcs) for first in range(0, len(chains), _RINGS_AT_ONCE)
    ]
    counts = np.concatenate([np.diff(offsets) for _coords, offsets in stretches])
    areas = skeleton.areas_of(xy, arcs)
    # a ring that turned inside out is no smaller form of itself
    stays = (counts >= FEWEST) & (areas * skeleton.ring_areas > 0)
    stays &= stays[chains.shells]
    coords = np.concatenate([coords for coords, _offsets in stretches])
    return AllRings(coords, counts, areas, stays)


def _lines(
    chains: Chains, xy: SmallFloats, arcs: IntArray
) -> tuple[SmallFloats, IntArray, NDArray[np.int32]]:
    """Return each boundary once with the features left and right of it.

    Where several have it on the same side (features lie upon each other) it is there once for each of those.
    """
    rows = np.repeat(chains.features, np.diff(chains.ring_pieces))
    # a ring has its inside left of it: on which side of an arc depends on which way it runs through the arc
    users = [np.flatnonzero(chains.piece_turned == turned) for turned in (False, True)]
    users = [own[np.argsort(chains.piece_arcs[own], kind="stable")] for own in users]
    names = [_named(chains.piece_arcs[own], len(rows)) for own in users]
    lines = np.unique(np.concatenate(names))
    sides = np.full((len(lines), 2), NO_FEATURE, dtype=np.int32)
    for side, (own, name) in enumerate(zip(users, names, strict=True)):
        sides[np.searchsorted(lines, name), side] = rows[own]
    used = lines // len(rows)
    low = np.minimum.reduceat(xy, arcs[:-1], axis=0)
    high = np.maximum.reduceat(xy, arcs[:-1], axis=0)
    seen = (low != high).any(axis=1)[used]
    used, sides = used[seen], sides[seen]
    offsets = offsets_of(np.diff(arcs)[used])
    return xy[runs(arcs[used], offsets)], offsets, sides


def _named(arcs: IntArray, most: int) -> IntArray:
    """Return a number for each use of ascending arcs: the arc, and how often it was used before."""
    return arcs * most + np.arange(len(arcs)) - np.searchsorted(arcs, arcs)


def _block_bounds(xy: SmallFloats, offsets: IntArray, origin: tuple[float, float]) -> FloatArray:
    starts = offsets[:-1:LINES_PER_BLOCK]
    if not len(starts):
        return np.empty((0, 4))
    low = np.minimum.reduceat(xy, starts, axis=0).astype(np.float64)
    high = np.maximum.reduceat(xy, starts, axis=0).astype(np.float64)
    return np.hstack([low + origin, high + origin])


def make_level(skeleton: Skeleton, tolerance: float, arc_tolerances: FloatArray, features: int) -> Level:
    """Return a level.

    Parameters
    ----------
    tolerance : float
        What the level is called by.
    arc_tolerances : ndarray of float64, shape (arcs,)
        What each arc is simplified to.
    features : int
        How many features the layer has.
    """
    xy, arcs = skeleton.kept(arc_tolerances)
    rings = put_together(skeleton, xy, arcs)
    coords, offsets = rings.staying()
    line_coords, line_offsets, line_sides = _lines(skeleton.chains, xy, arcs)
    return Level(
        tolerance=tolerance,
        origin=skeleton.origin,
        coords=coords,
        ring_offsets=offsets,
        ring_starts=offsets_of(np.bincount(skeleton.chains.features[rings.stays], minlength=features)),
        line_coords=line_coords,
        line_offsets=line_offsets,
        line_sides=line_sides,
        block_bounds=_block_bounds(line_coords, line_offsets, skeleton.origin),
    )
