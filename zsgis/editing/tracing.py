"""Ways along the boundaries of neighbouring features: over their own corners, never beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# an edge of the way that was taken is this much longer when the other way is looked for
_AVOIDED = 1e6


@dataclass(frozen=True, eq=False)
class BoundaryNetwork:
    """The edges of outlines and lines; a corner that several share is one node.

    Attributes
    ----------
    corners : ndarray of float64, shape (n, 2)
        East and north of the nodes, each place once, bit for bit as the features have them.
    edges : ndarray of int64, shape (m, 2)
        The nodes at both ends; each edge once.
    """

    corners: FloatArray
    edges: IntArray
    _tree: cKDTree

    @classmethod
    def of(cls, shapes: NDArray[Any]) -> BoundaryNetwork:
        """Return the network of polygons' outlines and of lines; points and missing shapes give none."""
        present = shapes[~shapely.is_missing(shapes)]
        polygonal = shapely.get_dimensions(present) == 2
        lines = np.concatenate(
            (shapely.get_rings(present[polygonal]), shapely.get_parts(present[~polygonal]))
        )
        lines = lines[shapely.get_dimensions(lines) == 1] if len(lines) else lines
        places, owner = shapely.get_coordinates(lines, return_index=True)
        return cls.of_segments(places, np.append(owner[1:] == owner[:-1], False)[: len(places)])

    @classmethod
    def of_segments(cls, places: FloatArray, begins_edge: NDArray[np.bool_]) -> BoundaryNetwork:
        """Return the network of corners of which some begin an edge to the next one.

        Parameters
        ----------
        places : ndarray of float64, shape (n, 2)
        begins_edge : ndarray of bool, shape (n,)
        """
        from scipy.spatial import cKDTree

        if not len(places):
            return cls(np.empty((0, 2)), np.empty((0, 2), dtype=np.int64), cKDTree(np.empty((0, 2))))
        corners, node = _nodes(places)
        starts = np.flatnonzero(begins_edge)
        ends = np.sort(np.stack([node[starts], node[starts + 1]], axis=1), axis=1)
        # as single numbers: rows are sorted without letting other threads run
        numbers = np.unique(_numbers(ends[ends[:, 0] != ends[:, 1]], len(corners)))
        edges = np.stack(np.divmod(numbers, len(corners)), axis=1)
        return cls(corners, edges, cKDTree(corners))

    def __len__(self) -> int:
        return len(self.corners)

    def nearest(self, x: float, y: float, within: float) -> int | None:
        """Return the node nearest to a place, at most ``within`` away; None where there is none."""
        if not len(self.corners):
            return None
        away, node = self._tree.query((x, y))
        return int(node) if away <= within else None

    def lengths(self) -> FloatArray:
        """Return the length of every edge in the plane."""
        start, end = self.corners[self.edges[:, 0]], self.corners[self.edges[:, 1]]
        return np.asarray(np.hypot(*(end - start).T), dtype=np.float64)

    def ways_from(self, node: int) -> Ways:
        """Return the shortest ways from a node to all others."""
        return Ways(self, node, _came_from(self, self.lengths(), node))


@dataclass(frozen=True, eq=False)
class Ways:
    """The shortest ways from one node.

    Attributes
    ----------
    came_from : ndarray of int64, shape (n,)
        The node before each on its way; negative where no way leads to it, and at the start.
    """

    network: BoundaryNetwork
    start: int
    came_from: IntArray

    def shortest(self, end: int, most: int | None = None) -> IntArray:
        """Return the nodes on the shortest way, both ends among them; empty where none leads there.

        Parameters
        ----------
        most : int, optional
            A way of more nodes is none.
        """
        return _walk(self.came_from, self.start, end, most)

    def other(self, end: int) -> IntArray:
        """Return the nodes on the shortest way that shares least with the shortest of all.

        Around one outline it is the other way round. Empty where there is but one way.
        """
        first = self.shortest(end)
        if len(first) < 2:
            return first
        used = np.isin(
            _numbers(self.network.edges, len(self.network)), _numbers(_pairs(first), len(self.network))
        )
        lengths = self.network.lengths()
        penalty = max(float(lengths.sum()), 1.0) * _AVOIDED
        second = _walk(
            _came_from(self.network, np.where(used, lengths + penalty, lengths), self.start), self.start, end
        )
        shared = np.isin(
            _numbers(_pairs(second), len(self.network)), _numbers(_pairs(first), len(self.network))
        )
        return second if not shared.all() else np.empty(0, dtype=np.int64)


def _nodes(places: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return each place once and, for all, which it is; told apart by bits but for a sign of 0."""
    plain = np.ascontiguousarray(places) + 0.0
    names = plain.view(np.complex128).ravel()
    _values, first, node = np.unique(names, return_index=True, return_inverse=True)
    return plain[first], node.astype(np.int64)


def _came_from(network: BoundaryNetwork, lengths: FloatArray, node: int) -> IntArray:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    count = len(network)
    graph = csr_array((np.maximum(lengths, np.finfo(float).tiny), network.edges.T), shape=(count, count))
    _length, before = dijkstra(graph, directed=False, indices=node, return_predecessors=True)
    return np.asarray(before, dtype=np.int64)


def _walk(came_from: IntArray, start: int, end: int, most: int | None = None) -> IntArray:
    way = [end]
    while way[-1] != start:
        before = int(came_from[way[-1]])
        if before < 0 or (most is not None and len(way) >= most):
            return np.empty(0, dtype=np.int64)
        way.append(before)
    return np.array(way[::-1], dtype=np.int64)


def _pairs(way: IntArray) -> IntArray:
    return np.sort(np.stack([way[:-1], way[1:]], axis=1), axis=1)


def _numbers(edges: IntArray, nodes: int) -> IntArray:
    """Return one number for each edge."""
    return edges[:, 0] * nodes + edges[:, 1]
