"""From a layer's arrays to rings in pixels: gathered, moved to the view, thinned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layers.drawable import DrawableLayer
from ui.painting.clip import FloatArray, Rect
from ui.painting.view import MapView

IntArray = NDArray[np.int64]

# Beyond so many pixels outside the view a shape is cut. Large enough for the widest pen and halo.
REACH_PX = 4096.0
# Vertices are drawn on a grid of this pitch, the same in every tile. A neighbour's vertex is the same
# point and so lands on the same place: no gap opens. An eighth of a pixel is the largest shift.
GRID_PX = 0.25
# Small paths are filled and stroked much faster than large ones (the rasteriser sorts cells per path).
FEATURES_PER_PATH = 8
# What is made of so many vertices at a time stays in the processor's cache.
_VERTICES_AT_ONCE = 65_536


@dataclass(frozen=True, eq=False)
class Rings:
    """Rings (or lines) in pixels.

    Attributes
    ----------
    xy : ndarray of float64, shape (n, 2)
        Pixels, x to the right and y down.
    offsets : ndarray of int64, shape (rings + 1,)
        Ring ``r`` is ``xy[offsets[r]:offsets[r + 1]]``.
    groups : ndarray of int64, shape (rings,)
        Ascending; rings of one group go into one path. Where outlines of two shapes meet it shows whether
        they are drawn as one, so the groups must be the same in every tile.
    """

    xy: FloatArray
    offsets: IntArray
    groups: IntArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def between(self, first_group: int, end_group: int) -> tuple[FloatArray, IntArray]:
        """Return the points of the rings of some groups that follow each other, and the rings' offsets."""
        first, end = np.searchsorted(self.groups, [first_group, end_group]).tolist()
        start = self.offsets[first]
        return self.xy[start : self.offsets[end]], self.offsets[first : end + 1] - start

    def stretches(self, first_group: int, end_group: int, rings: int) -> Iterator[tuple[int, int]]:
        """Return runs of whole groups, as first and end, that have about so many rings (never none)."""
        first, end = np.searchsorted(self.groups, [first_group, end_group]).tolist()
        while first < end:
            last = int(self.groups[min(first + rings, end) - 1])
            yield int(self.groups[first]), last + 1
            first = int(np.searchsorted(self.groups, last, side="right"))

    def __iter__(self) -> Iterator[FloatArray]:
        return (self.xy[a:b] for a, b in zip(self.offsets[:-1], self.offsets[1:], strict=True))

    @classmethod
    def joined(cls, parts: Sequence[Rings]) -> Rings:
        """Return rings one behind the other; there is at least one part, and groups go on ascending."""
        if len(parts) == 1:
            return parts[0]
        offsets = np.zeros(sum(map(len, parts)) + 1, dtype=np.int64)
        np.cumsum(np.concatenate([np.diff(part.offsets) for part in parts]), out=offsets[1:])
        xy = np.concatenate([part.xy for part in parts])
        return cls(xy, offsets, np.concatenate([part.groups for part in parts]))

    @classmethod
    def of(cls, rings: list[FloatArray]) -> Rings:
        """Return rings that are given one by one."""
        offsets = np.zeros(len(rings) + 1, dtype=np.int64)
        np.cumsum([len(ring) for ring in rings], out=offsets[1:])
        xy = np.concatenate(rings) if rings else np.empty((0, 2))
        return cls(xy, offsets, np.zeros(len(rings), dtype=np.int64))


def ranges(starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return all whole numbers of the ranges one behind the other, and the offsets of each range."""
    counts = ends - starts
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    numbers = np.repeat(starts - offsets[:-1], counts)
    numbers += np.arange(offsets[-1], dtype=np.int64)
    return numbers, offsets


def _thinned(xy: FloatArray, offsets: IntArray, groups: IntArray, fewest: int, grid_px: float) -> Rings:
    """Put vertices on the drawing grid, drop repeated ones and rings with too few left."""
    # one coordinate after the other: comparing pairs takes numpy three times as long
    x, y = np.rint(xy[:, 0] / grid_px), np.rint(xy[:, 1] / grid_px)
    keep = np.ones(len(xy), dtype=bool)
    np.not_equal(x[1:], x[:-1], out=keep[1:])
    keep[1:] |= y[1:] != y[:-1]
    starts = offsets[:-1]
    keep[starts[starts < len(xy)]] = True
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    counts = kept_before[offsets[1:]] - kept_before[offsets[:-1]]
    enough = counts >= fewest
    if not enough.all():
        keep &= np.repeat(enough, np.diff(offsets))
    new_offsets = np.zeros(int(enough.sum()) + 1, dtype=np.int64)
    np.cumsum(counts[enough], out=new_offsets[1:])
    thinned = np.empty((int(new_offsets[-1]), 2))
    np.multiply(x[keep], grid_px, out=thinned[:, 0])
    np.multiply(y[keep], grid_px, out=thinned[:, 1])
    return Rings(thinned, new_offsets, groups[enough])


def near_rings(
    layer: DrawableLayer,
    rows: IntArray,
    view: MapView,
    *,
    fewest: int,
    groups: IntArray | None = None,
    grid_px: float = GRID_PX,
) -> Rings:
    """Return the rings of features that do not reach far beyond the view.

    Parameters
    ----------
    fewest : int
        Rings left with fewer vertices on the drawing grid are dropped: 4 for areas (closed), 2 for lines.
    groups : ndarray of int64, optional
        The group of each row, ascending; by default some features of a class each, the same in every tile.
    grid_px : float
        Pitch of the grid that vertices are put on, in the view's pixels.
    """
    starts = layer.ring_starts
    of_row = layer.rank_in_class[rows] // FEATURES_PER_PATH if groups is None else groups
    rings, _ = ranges(starts[rows], starts[rows + 1])
    of_ring = np.repeat(of_row, starts[rows + 1] - starts[rows])
    firsts, ends = layer.ring_offsets[rings], layer.ring_offsets[rings + 1]
    # numpy gathers a complex number faster than a row of two
    pairs = np.ascontiguousarray(layer.coords).view(np.complex128)[:, 0]
    thinned = []
    for part in _stretches(ends - firsts):
        places, offsets = ranges(firsts[part], ends[part])
        coords = pairs[places].view(np.float64).reshape(-1, 2)
        thinned.append(_thinned(view.pixels(coords), offsets, of_ring[part], fewest, grid_px))
    return Rings.joined(thinned)


def _stretches(counts: IntArray) -> list[slice]:
    """Return runs of rings with about :data:`_VERTICES_AT_ONCE` vertices each; at least one run."""
    before = np.cumsum(counts)
    total = int(before[-1]) if len(before) else 0
    cuts = np.searchsorted(before, np.arange(_VERTICES_AT_ONCE, total, _VERTICES_AT_ONCE))
    edges = np.unique([0, *cuts.tolist(), len(counts)]).tolist()
    return [slice(first, end) for first, end in pairwise(edges)] or [slice(0, 0)]


def far_rings(layer: DrawableLayer, row: int, view: MapView) -> list[FloatArray]:
    """Return the rings of one feature in pixels, as they are."""
    first, last = layer.ring_starts[row], layer.ring_starts[row + 1]
    offsets = layer.ring_offsets[first : last + 1]
    return [view.pixels(layer.coords[a:b]) for a, b in pairwise(offsets)]


def reach(view: MapView) -> Rect:
    """Return the rectangle, in pixels, beyond which shapes are cut."""
    return -REACH_PX, -REACH_PX, view.width_px + REACH_PX, view.height_px + REACH_PX


def near_view(layer: DrawableLayer, rows: IntArray, view: MapView) -> NDArray[np.bool_]:
    """Tell which features stay near the view; the others reach far beyond it."""
    xmin, ymin, xmax, ymax = view.bounds_with(REACH_PX)
    own = layer.bounds[rows]
    return np.asarray((own[:, 0] >= xmin) & (own[:, 1] >= ymin) & (own[:, 2] <= xmax) & (own[:, 3] <= ymax))


def split_far(layer: DrawableLayer, rows: IntArray, view: MapView) -> tuple[IntArray, IntArray]:
    """Divide features into those that stay near the view and those that reach far beyond it."""
    near = near_view(layer, rows, view)
    return rows[near], rows[~near]
