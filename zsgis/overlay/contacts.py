"""Where the boundaries of two layers cross, and where they come so near that floating point cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from zsgis.overlay.model import FloatArray, IndexArray
from zsgis.overlay.rings import Rings
from zsgis.overlay.segment_grid import SegmentGrid

CLEAR_M = 1e-6
"""An end of a segment farther than this from the other's line lies surely on its one side: coordinates of
some 10^6 m are exact to 10^-9 m."""


@dataclass(frozen=True)
class Crossings:
    """Points where a segment of a ring of one layer crosses a segment of a ring of the other.

    Attributes
    ----------
    first, second : ndarray of int64, shape (n,)
        Area of the one layer and of the other.
    first_segment, second_segment : ndarray of int64, shape (n,)
        Segments in their rings' ``xy``.
    first_along, second_along : ndarray of float64, shape (n,)
        How far along its segment the point is, 0 to 1.
    xy : ndarray of float64, shape (n, 2)
        Metres from the rings' origin.
    enters : ndarray of bool, shape (n,)
        There the first layer's ring goes into the second layer's area.
    """

    first: IndexArray
    second: IndexArray
    first_segment: IndexArray
    second_segment: IndexArray
    first_along: FloatArray
    second_along: FloatArray
    xy: FloatArray
    enters: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.bool_] | IndexArray) -> Crossings:
        """Return the crossings at these positions, or where a mask is true."""
        return Crossings(*(getattr(self, column.name)[chosen] for column in fields(self)))

    @staticmethod
    def join(groups: list[Crossings]) -> Crossings:
        """Return all crossings of ``groups``, in that order."""
        names = [column.name for column in fields(Crossings)]
        return Crossings(*(np.concatenate([getattr(group, name) for group in groups]) for name in names))


@dataclass(frozen=True)
class Contacts:
    """Crossings, and the pairs of areas whose boundaries touch, run along each other or nearly do."""

    crossings: Crossings
    near_first: IndexArray
    near_second: IndexArray


def contacts(rings: Rings, grid: SegmentGrid) -> Contacts:
    """Return where ``rings`` meet the rings of ``grid``."""
    nowhere = np.zeros(0, dtype=np.int64)
    crossing, near = [(nowhere, nowhere)], [(nowhere, nowhere)]
    for mine, held in grid.candidates(rings):
        crosses, is_near = _compared(
            rings.xy.take(mine, axis=0),
            rings.xy.take(mine + 1, axis=0),
            grid.rings.xy.take(held, axis=0),
            grid.rings.xy.take(held + 1, axis=0),
            grid.reach_m,
        )
        crossing.append((mine[crosses], held[crosses]))
        near.append((mine[is_near], held[is_near]))
    near_first, near_second = (np.concatenate(side) for side in zip(*near, strict=True))
    first, second = _distinct(*(np.concatenate(side) for side in zip(*crossing, strict=True)))
    return Contacts(
        _crossings(rings, grid.rings, first, second),
        rings.owner[rings.ring_of(near_first)],
        grid.rings.owner[grid.rings.ring_of(near_second)],
    )


def _compared(
    a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, reach_m: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which segments a-b and c-d surely cross, and which neither surely cross nor surely do not."""
    ab, cd = _sides(c, d, a, b), _sides(a, b, c, d)
    apart = _all_on_one_side(ab, reach_m) | _all_on_one_side(cd, reach_m)
    crosses = _on_both_sides(ab, reach_m) & _on_both_sides(cd, reach_m)
    return crosses, ~(apart | crosses)


def _sides(a: FloatArray, b: FloatArray, *points: FloatArray) -> FloatArray:
    """Return the distance of each point from the line a-b, positive on its left, shape (points, n)."""
    run = b - a
    length = np.maximum(np.hypot(run[:, 0], run[:, 1]), np.finfo(np.float64).tiny)
    out = [(run[:, 0] * (p[:, 1] - a[:, 1]) - run[:, 1] * (p[:, 0] - a[:, 0])) / length for p in points]
    return np.stack(out)


def _all_on_one_side(distance: FloatArray, reach_m: float) -> NDArray[np.bool_]:
    sure = (distance.min(axis=0) > reach_m) | (distance.max(axis=0) < -reach_m)
    return np.asarray(sure, dtype=np.bool_)


def _on_both_sides(distance: FloatArray, reach_m: float) -> NDArray[np.bool_]:
    sure = (distance.min(axis=0) < -reach_m) & (distance.max(axis=0) > reach_m)
    return np.asarray(sure, dtype=np.bool_)


def _distinct(first: IndexArray, second: IndexArray) -> tuple[IndexArray, IndexArray]:
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    new = np.ones(len(first), dtype=bool)
    new[1:] = (np.diff(first) != 0) | (np.diff(second) != 0)
    return first[new], second[new]


def _crossings(rings: Rings, others: Rings, first: IndexArray, second: IndexArray) -> Crossings:
    a, b = rings.xy[first], rings.xy[first + 1]
    c, d = others.xy[second], others.xy[second + 1]
    at_a, at_b = _sides(c, d, a, b)
    at_c, at_d = _sides(a, b, c, d)
    along = at_a / (at_a - at_b)
    return Crossings(
        rings.owner[rings.ring_of(first)],
        others.owner[others.ring_of(second)],
        first,
        second,
        along,
        at_c / (at_c - at_d),
        a + along[:, None] * (b - a),
        at_b > 0,
    )
