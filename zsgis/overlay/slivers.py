"""Parts of cut pieces under a stated tolerance: kept and counted, or given to their longest neighbour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices
from zsgis.overlay.inputs import gathered
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, Pieces, SliverPolicy, Slivers

_BLOCK = 500


@dataclass(frozen=True)
class SliverRule:
    """When a part of a cut piece is a sliver, and what becomes of it.

    Attributes
    ----------
    area_m2 : float
        A part smaller than this ...
    width_m : float
        ... and thinner than this (twice the area over the perimeter) is a sliver.
    policy : SliverPolicy
    """

    area_m2: float
    width_m: float
    policy: SliverPolicy


@dataclass(frozen=True)
class _Parts:
    """Single polygons of the pieces: the position of their piece, and whether they are slivers."""

    geometry: GeometryArray
    piece: IndexArray
    area_m2: FloatArray
    sliver: NDArray[np.bool_]


def treat_slivers(
    pieces: Pieces,
    rule: SliverRule,
    *,
    untouchable: NDArray[np.bool_],
    grid_m: float,
    progress: Progress,
) -> tuple[Pieces, Slivers]:
    """Return the pieces after the rule, and the count of what it met.

    A sliver goes to the piece (or remainder) of the same feature with which it shares the longest edge.
    One that shares an edge with none stays, and is counted as kept.

    Parameters
    ----------
    pieces : Pieces
        Sorted by feature.
    untouchable : ndarray of bool, shape (pieces,)
        Pieces that are whole features (small, not slivers) or lie in zones over each other, where
        a neighbour cannot be told; never merged.
    grid_m : float
        Edges nearer than this are shared.
    """
    if rule.area_m2 <= 0.0:
        return pieces, Slivers()
    parts = _parts(pieces, rule, untouchable)
    moves = np.full(len(parts.piece), -1, dtype=np.int64)
    if rule.policy is SliverPolicy.MERGE and parts.sliver.any():
        moves = _hosts(pieces, parts, untouchable, grid_m, progress)
    moved = moves >= 0
    kept = parts.sliver & ~moved
    slivers = Slivers(
        int(kept.sum()),
        float(parts.area_m2[kept].sum()),
        int(moved.sum()),
        float(parts.area_m2[moved].sum()),
    )
    return (_merged(pieces, parts, moves), slivers) if moved.any() else (pieces, slivers)


def _parts(pieces: Pieces, rule: SliverRule, untouchable: NDArray[np.bool_]) -> _Parts:
    cut = np.flatnonzero(~untouchable)
    geometry, owner = shapely.get_parts(pieces.geometry[cut], return_index=True)
    area, length = shapely.area(geometry), shapely.length(geometry)
    sliver = (area < rule.area_m2) & (2.0 * area < rule.width_m * length)
    return _Parts(geometry, cut[owner], area, sliver)


def _hosts(
    pieces: Pieces, parts: _Parts, untouchable: NDArray[np.bool_], grid_m: float, progress: Progress
) -> IndexArray:
    """Return for each part the piece that takes it, or -1."""
    slivers = np.flatnonzero(parts.sliver)
    bodies = np.flatnonzero(~untouchable & ~_all_slivers(len(pieces.feature), parts))
    feature = pieces.feature[parts.piece[slivers]]
    start = np.searchsorted(pieces.feature[bodies], feature, side="left")
    count = np.searchsorted(pieces.feature[bodies], feature, side="right") - start
    asked = np.repeat(slivers, count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    host = bodies[np.repeat(start, count) + nth]
    other = host != parts.piece[asked]
    asked, host = asked[other], host[other]

    def shared_m(part: slice) -> FloatArray:
        edges = shapely.boundary(parts.geometry[asked[part]])
        length: FloatArray = shapely.length(
            shapely.intersection(edges, shapely.boundary(pieces.geometry[host[part]]), grid_size=grid_m)
        )
        return length

    lengths = run_chunks(shared_m, slices(len(asked), _BLOCK), progress, _("Merging slivers"))
    length = np.concatenate(lengths) if lengths else np.zeros(0)
    asked, host, length = asked[length > 0], host[length > 0], length[length > 0]
    order = np.lexsort((host, -pieces.area_m2[host], -length, asked))
    asked, host = asked[order], host[order]
    best, first = np.unique(asked, return_index=True)
    out = np.full(len(parts.piece), -1, dtype=np.int64)
    out[best] = host[first]
    return out


def _all_slivers(count: int, parts: _Parts) -> NDArray[np.bool_]:
    has_body = np.zeros(count, dtype=bool)
    has_body[parts.piece[~parts.sliver]] = True
    return ~has_body


def _merged(pieces: Pieces, parts: _Parts, moves: IndexArray) -> Pieces:
    piece = np.where(moves >= 0, moves, parts.piece)
    changed = np.unique(np.concatenate([moves[moves >= 0], parts.piece[moves >= 0]]))
    geometry, area = pieces.geometry.copy(), pieces.area_m2.copy()
    chosen = np.flatnonzero(np.isin(piece, changed))
    chosen = chosen[np.argsort(piece[chosen], kind="stable")]
    left = np.unique(piece[chosen])
    # an overlay union knits the sliver to its new body; parts apart stay parts
    loose = gathered(parts.geometry[chosen], piece[chosen])
    geometry[left] = [shapely.union_all(shapely.get_parts(shape)) for shape in loose]
    area[left] = shapely.area(geometry[left])
    present = np.ones(len(geometry), dtype=bool)
    present[np.setdiff1d(changed, left)] = False
    return Pieces(pieces.feature, pieces.zone, geometry, area).take(present)
