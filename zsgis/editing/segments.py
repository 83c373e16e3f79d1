"""Vertices and edges of many shapes in an index: which of them lie near a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.kind import GeometryType
from layers.ragged import Ragged, joined, ragged_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# A box is kept for so many vertices that follow one another: few boxes, few vertices behind each.
_RUN = 32
# so many places are looked up within a frame
_AT_ONCE = 4_096
_FEW_PAIRS = 4_096


@dataclass(frozen=True, eq=False)
class Segments:
    """The vertices of shapes, ring after ring; an edge is known by the vertex it begins at.

    Attributes
    ----------
    coords : ndarray of float64, shape (n, 2)
        East and north; rings of polygons are closed.
    owners : ndarray of int64, shape (n,)
        Row of the shape each vertex belongs to.
    ring_offsets : ndarray of int64
        Ring ``r`` is ``coords[ring_offsets[r]:ring_offsets[r + 1]]``.
    """

    coords: FloatArray
    owners: IntArray
    ring_offsets: IntArray

    @classmethod
    def of(cls, groups: Sequence[tuple[NDArray[Any], GeometryType]]) -> Segments:
        """Return the segments of shapes, group after group; rows count through all of them.

        Parameters
        ----------
        groups : sequence of (ndarray of shapely geometries, GeometryType)
            None, empty shapes and shapes with a place that is not finite have no vertices.
        """
        pieces = []
        for shapes, geometry in groups:
            held = np.array(shapes, dtype=object, copy=True)
            with np.errstate(invalid="ignore"):
                held[~np.isfinite(shapely.bounds(held)).all(axis=1)] = None
            pieces.append(ragged_of(held, geometry))
        return cls.of_ragged(joined(pieces))

    @classmethod
    def of_ragged(cls, ragged: Ragged) -> Segments:
        """Return the segments of shapes that are arrays already."""
        owners = np.repeat(np.arange(len(ragged)), np.diff(ragged.coord_offsets))
        return cls(ragged.coords, owners, ragged.ring_offsets)

    def __len__(self) -> int:
        return len(self.coords)

    @cached_property
    def begins_edge(self) -> BoolArray:
        """Whether an edge begins at each vertex: not at the last of a ring or line."""
        begins = np.ones(len(self.coords), dtype=np.bool_)
        begins[self.ring_offsets[1:][np.diff(self.ring_offsets) > 0] - 1] = False
        return begins

    @cached_property
    def _run_starts(self) -> IntArray:
        counts = np.diff(self.ring_offsets)
        offsets = offsets_of(-(-counts // _RUN))
        place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], np.diff(offsets))
        starts = np.repeat(self.ring_offsets[:-1], np.diff(offsets)) + place * _RUN
        return np.append(starts, len(self.coords)).astype(np.int64)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        starts = self._run_starts[:-1]
        if not len(starts):
            return shapely.STRtree(np.empty(0, dtype=object))
        low = np.minimum.reduceat(self.coords, starts, axis=0)
        high = np.maximum.reduceat(self.coords, starts, axis=0)
        # an edge reaches over into the next run of its ring
        last = self._run_starts[1:] - 1
        beyond = np.where(self.begins_edge[last], last + 1, last)
        low, high = np.minimum(low, self.coords[beyond]), np.maximum(high, self.coords[beyond])
        return shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))

    def prepare(self) -> Segments:
        """Build the index now, aside, and not at the first question."""
        self.near((0.0, 0.0), (0.0, 0.0))
        return self

    def near(self, point: tuple[float, float], reach: tuple[float, float]) -> IntArray:
        """Return vertices in rising order: all that lie near a place or begin an edge near it, and some more.

        Parameters
        ----------
        reach : tuple of float
            To the east and west, and to the north and south; in the unit of the coordinates.
        """
        (x, y), (dx, dy) = point, reach
        found = np.sort(self._tree.query(shapely.box(x - dx, y - dy, x + dx, y + dy)))
        return self._vertices(found)

    def pairs(self, points: FloatArray, reach: float) -> tuple[IntArray, IntArray]:
        """Return, as :meth:`near` for many places, the place's number and the vertex of each pair."""
        if len(points) * len(self) <= _FEW_PAIRS:
            # an index takes longer to build than all pairs to look at
            place, vertex = np.divmod(np.arange(len(points) * len(self)), max(len(self), 1))
            return place, vertex
        found = []
        # the tree does not let other threads run while it looks
        for start in range(0, len(points), _AT_ONCE):
            x, y = points[start : start + _AT_ONCE].T
            boxes = shapely.box(x - reach, y - reach, x + reach, y + reach)
            found.append(self._tree.query(boxes) + np.array([[start], [0]]))
        place, run = np.concatenate(found, axis=1)
        counts = np.diff(self._run_starts)[run]
        return np.repeat(place, counts), self._vertices(run)

    def _vertices(self, run: NDArray[np.integer]) -> IntArray:
        starts = self._run_starts[run]
        return runs(starts, offsets_of(self._run_starts[run + 1] - starts))


def feet(points: FloatArray, starts: FloatArray, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the nearest place on each edge to a point, and how far along the edge it is (0 to 1).

    Parameters
    ----------
    points, starts, ends : ndarray of float64, shape (n, 2)
    """
    along = ends - starts
    length = (along**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = ((points - starts) * along).sum(axis=1) / length
    share = np.clip(np.where(length > 0, share, 0.0), 0.0, 1.0)
    return starts + along * share[:, None], share
