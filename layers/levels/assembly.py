"""One level out of a skeleton: arcs at a tolerance, put together to rings, and each boundary once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.levels.model import LINES_PER_BLOCK, NO_FEATURE, Level
from layers.levels.skeleton import Skeleton
from layers.levels.topology import Topology

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
SmallFloats = NDArray[np.float32]

_FEWEST = 4
# A level is drawn where a pixel is 3 tolerances or more. A ring of a pixel, and every ring of a feature of
# four, must keep half its area; otherwise its boundary is taken from a finer tolerance.
_RING_AREA = 9.0
_FEATURE_AREA = 36.0
_AREA_KEPT = 0.5
_FINER = 4.0


def _to_be_kept(skeleton: Skeleton, tolerance: float, features: int) -> NDArray[np.bool_]:
    """Tell which rings are large enough to be seen where a level is drawn."""
    own = np.abs(skeleton.ring_areas)
    rows = skeleton.topology.rings.features
    whole = np.bincount(rows, weights=skeleton.ring_areas, minlength=features)
    return (own > _RING_AREA * tolerance**2) | (np.abs(whole)[rows] > _FEATURE_AREA * tolerance**2)


def arc_tolerances(skeleton: Skeleton, tolerance: float, features: int) -> FloatArray:
    """Return the tolerance of each arc: finer where a narrow shape would be lost."""
    topology = skeleton.topology
    tolerances = np.full(len(topology.arc_sizes), tolerance)
    wanted = _to_be_kept(skeleton, tolerance, features) & (skeleton.ring_areas != 0)
    finer = tolerance
    while True:
        areas = skeleton.areas_of(*skeleton.kept(tolerances))
        lost = np.zeros(len(wanted), dtype=np.bool_)
        lost[wanted] = areas[wanted] / skeleton.ring_areas[wanted] < _AREA_KEPT
        if not lost.any() or finer == 0:
            return tolerances
        finer = finer / _FINER if finer > skeleton.least else 0.0
        tolerances[topology.piece_arcs[np.repeat(lost, np.diff(topology.ring_pieces))]] = finer


def _whole_rings(topology: Topology, xy: SmallFloats, arcs: IntArray) -> tuple[SmallFloats, IntArray]:
    """Return all rings put together from arcs, closed, and their offsets."""
    sizes = np.diff(arcs)
    used = topology.piece_arcs
    counts = sizes[used] - 1  # the last vertex of a piece is the first of the next
    turned = topology.piece_turned
    starts = np.where(turned, arcs[used + 1] - 1, arcs[used])
    steps = np.where(turned, -1, 1)
    # one more piece behind each ring: the vertex that closes it
    closing = topology.ring_pieces[1:]
    first = topology.ring_pieces[:-1]
    starts = np.insert(starts, closing, starts[first])
    counts = np.insert(counts, closing, 1)
    steps = np.insert(steps, closing, 1)
    ends = offsets_of(counts)
    offsets = ends[topology.ring_pieces + np.arange(len(topology.ring_pieces))]
    return xy[runs(starts, ends, steps)], offsets


def _lines(
    topology: Topology, xy: SmallFloats, arcs: IntArray
) -> tuple[SmallFloats, IntArray, NDArray[np.int32]]:
    """Return each boundary once with the features on both sides.

    Where more than two rings share a boundary (features lie upon each other) it is there once for every two.
    """
    rows = np.repeat(topology.rings.features, np.diff(topology.ring_pieces))
    order = np.argsort(topology.piece_arcs, kind="stable")
    used = topology.piece_arcs[order]
    place = np.arange(len(used)) - np.searchsorted(used, used)  # which user of the arc
    sides = np.full((len(used), 2), NO_FEATURE, dtype=np.int32)
    sides[:, 0] = rows[order]
    second = np.flatnonzero(place % 2)
    sides[second - 1, 1] = rows[order[second]]
    odd = place % 2 == 0
    used, sides = used[odd], sides[odd]
    low = np.minimum.reduceat(xy, arcs[:-1], axis=0)
    high = np.maximum.reduceat(xy, arcs[:-1], axis=0)
    seen = (low != high).any(axis=1)[used]
    used, sides = used[seen], sides[seen]
    offsets = offsets_of(np.diff(arcs)[used])
    return xy[runs(arcs[used], offsets)], offsets, sides


def _block_bounds(xy: SmallFloats, offsets: IntArray, origin: tuple[float, float]) -> FloatArray:
    starts = offsets[:-1:LINES_PER_BLOCK]
    if not len(starts):
        return np.empty((0, 4))
    low = np.minimum.reduceat(xy, starts, axis=0).astype(np.float64)
    high = np.maximum.reduceat(xy, starts, axis=0).astype(np.float64)
    return np.hstack([low + origin, high + origin])


def make_level(skeleton: Skeleton, tolerance: float, features: int) -> Level:
    """Return the level of a tolerance.

    Parameters
    ----------
    features : int
        How many features the layer has.
    """
    topology = skeleton.topology
    xy, arcs = skeleton.kept(arc_tolerances(skeleton, tolerance, features))
    coords, offsets = _whole_rings(topology, xy, arcs)
    # a ring that turned inside out is no smaller form of itself
    upright = skeleton.areas_of(xy, arcs) * skeleton.ring_areas > 0
    stays = (np.diff(offsets) >= _FEWEST) & upright
    stays &= stays[topology.rings.shells]
    counts = np.diff(offsets)
    line_coords, line_offsets, line_sides = _lines(topology, xy, arcs)
    return Level(
        tolerance=tolerance,
        origin=skeleton.origin,
        coords=coords[np.repeat(stays, counts)],
        ring_offsets=offsets_of(counts[stays]),
        ring_starts=offsets_of(np.bincount(topology.rings.features[stays], minlength=features)),
        line_coords=line_coords,
        line_offsets=line_offsets,
        line_sides=line_sides,
        block_bounds=_block_bounds(line_coords, line_offsets, skeleton.origin),
    )
