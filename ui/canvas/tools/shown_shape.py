"""The shape under the vertex tool: which of its vertices are seen, and which lies under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ui.painting.view import MapView
from zsgis.editing.segments import Segments, feet
from zsgis.editing.shape_edits import Held
from zsgis.editing.systems import Systems, unit_metres
from zsgis.editing.vertices import FloatArray, Vertices

IntArray = NDArray[np.int64]

# more vertices than this are drawn one for each cell of the screen
_MOST_MARKS = 1_500
_CELL_PX = 8.0
# between vertices further apart than this a place is offered where one can be put in
_ROOM_FOR_MIDDLE_PX = 44.0
_MOST_MIDDLES = 300


class Part(Enum):
    """What of a shape lies under the pointer."""

    VERTEX = "vertex"
    MIDDLE = "middle"
    EDGE = "edge"


@dataclass(frozen=True)
class Grip:
    """What can be taken hold of.

    Attributes
    ----------
    number : int
        The vertex, or the vertex the edge begins at.
    place : tuple of float
        Of the vertex, of the middle of the edge, or of the nearest place on it; in the layer's own system.
    """

    part: Part
    number: int
    place: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Marks:
    """What is drawn of a shape in a view, in pixels: vertices, and middles of long edges; shape (n, 2)."""

    vertices: FloatArray
    middles: FloatArray


class ShownShape:
    """A feature whose vertices are shown; its coordinates are looked at once and never copied.

    Parameters
    ----------
    held : Held
    systems : Systems
        The layer's and the map's.
    """

    def __init__(self, held: Held, systems: Systems) -> None:
        self.held = held
        self.part = Vertices.of(held.shape)
        self._systems = systems
        self._segments = Segments(self.part.xy, np.zeros(len(self.part), dtype=np.int64), self.part.rings)
        self._segments.prepare()
        self._on_map = systems.to_map(self.part.xy)
        self._metres = np.array(unit_metres(systems.layer, float(self.part.xy[0, 1])))
        self._marks: tuple[MapView, Marks] | None = None

    def place(self, number: int) -> tuple[float, float]:
        """Return where a vertex stands, in the layer's own system."""
        x, y = self.part.xy[number].tolist()
        return x, y

    def ends(self, edge: int) -> FloatArray:
        """Return both ends of an edge, shape (2, 2)."""
        return self.part.xy[edge : edge + 2]

    def edges_near(self, low: FloatArray, high: FloatArray) -> IntArray:
        """Return the edges that may pass a box of the layer, by the vertex each begins at."""
        (x, y), (dx, dy) = ((low + high) / 2).tolist(), ((high - low) / 2).tolist()
        near = self._segments.near((x, y), (dx, dy))
        return near[self._segments.begins_edge[near]]

    def number_at(self, place: tuple[float, float]) -> int | None:
        """Return the vertex that stands exactly at a place."""
        found = np.flatnonzero((self.part.xy == np.array(place)).all(axis=1))
        return int(found[0]) if len(found) else None

    def grip(self, place: tuple[float, float], reach_m: float, metres_per_px: float) -> Grip | None:
        """Return what can be taken hold of at a place of the layer: a vertex first, a middle, an edge."""
        reach = reach_m / self._metres
        near = self._segments.near(place, (float(reach[0]), float(reach[1])))
        if not len(near):
            return None
        here = np.array(place)
        apart = (self.part.xy[near] - here) * self._metres
        away = np.hypot(apart[:, 0], apart[:, 1])
        if away.min() <= reach_m:
            number = int(self.part.first_of(near[[int(away.argmin())]])[0])
            return Grip(Part.VERTEX, number, self.place(number))
        return self._edge_grip(here, near[self._segments.begins_edge[near]], reach_m, metres_per_px)

    def _edge_grip(
        self, here: FloatArray, edges: IntArray, reach_m: float, metres_per_px: float
    ) -> Grip | None:
        if not len(edges):
            return None
        starts = (self.part.xy[edges] - here) * self._metres
        ends = (self.part.xy[edges + 1] - here) * self._metres
        foot, share = feet(np.zeros_like(starts), starts, ends)
        away = np.hypot(foot[:, 0], foot[:, 1])
        best = int(away.argmin())
        if away[best] > reach_m:
            return None
        edge = int(edges[best])
        one, other = self.ends(edge)
        middle = (starts[best] + ends[best]) / 2
        long = np.hypot(*(ends[best] - starts[best])) >= _ROOM_FOR_MIDDLE_PX * metres_per_px
        if long and np.hypot(*middle) <= reach_m:
            x, y = ((one + other) / 2).tolist()
            return Grip(Part.MIDDLE, edge, (x, y))
        x, y = (one + (other - one) * share[best]).tolist()
        return Grip(Part.EDGE, edge, (x, y))

    def marks(self, view: MapView) -> Marks:
        """Return what is drawn in a view; counted once for each."""
        if self._marks is None or self._marks[0] is not view:
            self._marks = (view, self._marks_in(view))
        return self._marks[1]

    def _marks_in(self, view: MapView) -> Marks:
        xmin, ymin, xmax, ymax = view.bounds_with(_CELL_PX)
        x, y = self._on_map[:, 0], self._on_map[:, 1]
        seen = np.flatnonzero((x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax))
        pixels = view.pixels(self._on_map[seen])
        if len(seen) > _MOST_MARKS:
            cells = np.floor(pixels / _CELL_PX).astype(np.int64)
            _cells, first = np.unique(cells[:, 0] * 1_000_003 + cells[:, 1], return_index=True)
            return Marks(pixels[first], np.empty((0, 2)))
        edges = seen[self._segments.begins_edge[seen]]
        if len(edges) > _MOST_MIDDLES:
            return Marks(pixels, np.empty((0, 2)))
        one, other = view.pixels(self._on_map[edges]), view.pixels(self._on_map[edges + 1])
        long = np.hypot(*(other - one).T) >= _ROOM_FOR_MIDDLE_PX
        return Marks(pixels, (one[long] + other[long]) / 2)
