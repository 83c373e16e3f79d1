"""A layer's boundaries with the weight of each vertex: what every level is taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.levels.simplification import vertex_weights
from layers.levels.topology import Chains, Topology

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_VERTICES_AT_ONCE = 300_000


@dataclass(frozen=True, eq=False)
class Skeleton:
    """All arcs of a layer, and the rings they make.

    Attributes
    ----------
    chains : Chains
    origin : tuple of float
        East and north, from which coordinates count.
    least : float
        The tolerance below which nothing is told apart.
    xy : ndarray of float32, shape (n, 2)
    weights : ndarray of float32, shape (n,)
        The tolerance up to which a vertex is kept; infinite for the ends of arcs.
    offsets : ndarray of int64, shape (arcs + 1,)
        Arc ``i`` is ``xy[offsets[i]:offsets[i + 1]]``.
    """

    chains: Chains
    origin: tuple[float, float]
    least: float
    xy: NDArray[np.float32]
    weights: NDArray[np.float32]
    offsets: IntArray

    @cached_property
    def ring_areas(self) -> FloatArray:
        """Signed areas of the rings themselves."""
        return self.areas_of(self.xy, self.offsets)

    def kept(self, tolerances: FloatArray) -> tuple[NDArray[np.float32], IntArray]:
        """Return the vertices that remain of each arc at a tolerance of its own, and the arcs' offsets."""
        keep = self.weights > np.repeat(tolerances.astype(np.float32), np.diff(self.offsets))
        return self.xy[keep], offsets_of(np.add.reduceat(keep, self.offsets[:-1], dtype=np.int64))

    def part(self, rings: IntArray) -> tuple[Skeleton, IntArray]:
        """Return the skeleton of some whole parts, given by their rings, and their arcs."""
        chains, arcs = self.chains.part(rings)
        offsets = offsets_of(np.diff(self.offsets)[arcs])
        places = runs(self.offsets[:-1][arcs], offsets)
        return replace(
            self, chains=chains, xy=self.xy[places], weights=self.weights[places], offsets=offsets
        ), arcs

    def count(self, tolerance: float) -> int:
        """Return how many vertices the rings have at a tolerance."""
        keep = self.weights > tolerance
        sizes = np.add.reduceat(keep, self.offsets[:-1], dtype=np.int64)
        return int((sizes[self.chains.piece_arcs] - 1).sum()) + len(self.chains)

    def areas_of(self, xy: NDArray[np.float32], offsets: IntArray) -> FloatArray:
        """Return the signed areas of rings put together from arcs that are given so."""
        by_arc = np.concatenate(
            [_cross_sums(xy, offsets[first : last + 1]) for first, last in _stretches(offsets)]
        )[self.chains.piece_arcs]
        by_arc[self.chains.piece_turned] *= -1
        areas: FloatArray = np.add.reduceat(by_arc, self.chains.ring_pieces[:-1]) / 2
        return areas


def _stretches(offsets: IntArray) -> Iterator[tuple[int, int]]:
    """Return runs of arcs that have some hundred thousand vertices together."""
    first, arcs = 0, len(offsets) - 1
    while first < arcs:
        last = int(np.searchsorted(offsets, offsets[first] + _VERTICES_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), arcs)
        yield first, last
        first = last


def _cross_sums(xy: NDArray[np.float32], offsets: IntArray) -> FloatArray:
    """Return for each arc twice the area between it and the origin."""
    east, north = xy[offsets[0] : offsets[-1]].astype(np.float64).T
    cross = np.zeros(len(east))
    cross[:-1] = east[:-1] * north[1:] - east[1:] * north[:-1]
    cross[offsets[1:] - offsets[0] - 1] = 0  # from the end of one arc to the start of the next
    sums: FloatArray = np.add.reduceat(cross, offsets[:-1] - offsets[0])
    return sums


def find_skeleton(
    topology: Topology, origin: tuple[float, float], least: float, step: Callable[[float], None]
) -> Skeleton:
    """Weigh the vertices of all arcs.

    Parameters
    ----------
    least : float
        Vertices that a tolerance of this would drop are left out for good.
    step : callable
        Told the share done, 0 to 1; may raise to stop.
    """
    ends = offsets_of(topology.arc_sizes)
    coords, weights, counts = [], [], []
    for first, last in _stretches(ends):
        step(first / len(topology.arc_sizes))
        xy, offsets = topology.arc_coords(first, last)
        found = vertex_weights(xy, offsets, least)
        keep = found > 0
        coords.append((xy[keep] - origin).astype(np.float32))
        weights.append(found[keep])
        counts.append(np.add.reduceat(keep, offsets[:-1], dtype=np.int64))
    return Skeleton(
        topology.chains,
        origin,
        least,
        np.concatenate(coords),
        np.concatenate(weights),
        offsets_of(np.concatenate(counts)),
    )
