"""Snapping: the vertex, crossing or edge that a place on the map is meant for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zsgis.editing.segments import FloatArray, IntArray, Segments, feet
from zsgis.editing.settings import SnapLayers, SnapSettings, SnapUnit

__all__ = [
    "FeatureName",
    "Snap",
    "SnapIndex",
    "SnapKind",
    "SnapLayers",
    "SnapSettings",
    "SnapUnit",
    "edges_near",
    "snap",
]

# edges nearest to the pointer whose crossings are looked for
_MOST_EDGES = 48

FeatureName = tuple[str, str]
"""The layer's uid and the feature's ``zs_uid``."""


class SnapKind(StrEnum):
    """What was snapped to."""

    VERTEX = "vertex"
    INTERSECTION = "intersection"
    EDGE = "edge"


@dataclass(frozen=True)
class Snap:
    """What a place is meant for.

    Attributes
    ----------
    x, y : float
        In the system of the index; of a vertex to the last bit its own.
    feature : tuple of str
        The layer's uid and the ``zs_uid``; of a crossing one of the two.
    distance_m : float
        From the pointer.
    """

    kind: SnapKind
    x: float
    y: float
    feature: FeatureName
    distance_m: float

    @property
    def point(self) -> tuple[float, float]:
        """East and north."""
        return self.x, self.y


@dataclass(frozen=True, eq=False)
class SnapIndex:
    """Features near the view, ready to be snapped to.

    Attributes
    ----------
    segments : Segments
        In one coordinate system, that of the layer being edited.
    names : sequence of tuple of str
        Layer and feature of each row.
    metres : tuple of float
        How many metres a unit to the east and a unit to the north are there.
    """

    segments: Segments
    names: Sequence[FeatureName]
    metres: tuple[float, float] = (1.0, 1.0)


def snap(
    index: SnapIndex,
    point: tuple[float, float],
    settings: SnapSettings,
    reach_m: float,
    leave_out: FloatArray | None = None,
) -> Snap | None:
    """Return what a place is meant for; None where nothing is near.

    A vertex goes before a crossing and a crossing before an edge, however near they are; of one kind the
    nearest counts.

    Parameters
    ----------
    point : tuple of float
        In the system of the index.
    leave_out : ndarray of float64, shape (k, 2), optional
        Places that move with the pointer: vertices there, and the edges that end there, do not count.
    """
    if not settings.on or not len(index.segments):
        return None
    near = _Near.of(index, point, reach_m, leave_out)
    if settings.vertex:
        found = near.vertex()
        if found is not None:
            return found
    if settings.intersection:
        found = near.crossing()
        if found is not None:
            return found
    return near.edge() if settings.edge else None


def edges_near(
    index: SnapIndex,
    low: FloatArray,
    high: FloatArray,
    reach: float,
    wanted: Callable[[FeatureName], bool],
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of edges of some features that may pass near a box, each of shape (n, 2).

    Parameters
    ----------
    low, high : ndarray of float64, shape (2,)
        Its corners, in the system of the index; ``reach`` is in the unit of that.
    wanted : callable
        Tells by a feature's name whether its edges count.
    """
    segments = index.segments
    (x, y), (dx, dy) = ((low + high) / 2).tolist(), ((high - low) / 2 + reach).tolist()
    near = segments.near((x, y), (dx, dy))
    near = near[segments.begins_edge[near]]
    kept = [wanted(index.names[row]) for row in segments.owners[near].tolist()]
    near = near[np.array(kept, dtype=np.bool_)]
    return segments.coords[near], segments.coords[near + 1]


@dataclass(frozen=True, eq=False)
class _Near:
    """What lies about a place: everything in metres from it."""

    index: SnapIndex
    point: FloatArray
    reach: float
    vertices: IntArray
    places: FloatArray
    edges: IntArray
    starts: FloatArray
    ends: FloatArray

    @classmethod
    def of(
        cls, index: SnapIndex, point: tuple[float, float], reach_m: float, leave_out: FloatArray | None
    ) -> _Near:
        metres, here = np.array(index.metres), np.array(point)
        segments = index.segments
        reach = reach_m / metres
        found = segments.near(point, (float(reach[0]), float(reach[1])))
        edges = found[segments.begins_edge[found]]
        if leave_out is not None and len(leave_out):
            found = found[~_at(segments.coords[found], leave_out)]
            moved = _at(segments.coords[edges], leave_out) | _at(segments.coords[edges + 1], leave_out)
            edges = edges[~moved]
        starts = (segments.coords[edges] - here) * metres
        ends = (segments.coords[edges + 1] - here) * metres
        places = (segments.coords[found] - here) * metres
        foot, _share = feet(np.zeros_like(starts), starts, ends)
        close = np.hypot(foot[:, 0], foot[:, 1]) <= reach_m
        return cls(index, here, reach_m, found, places, edges[close], starts[close], ends[close])

    def vertex(self) -> Snap | None:
        """Return the nearest vertex within reach."""
        away = np.hypot(self.places[:, 0], self.places[:, 1])
        if not len(away) or away.min() > self.reach:
            return None
        best = int(away.argmin())
        number = int(self.vertices[best])
        x, y = self.index.segments.coords[number].tolist()
        return Snap(SnapKind.VERTEX, x, y, self._name(number), float(away[best]))

    def crossing(self) -> Snap | None:
        """Return the nearest place within reach where two edges cross."""
        foot, _share = feet(np.zeros_like(self.starts), self.starts, self.ends)
        order = np.argsort(np.hypot(foot[:, 0], foot[:, 1]), kind="stable")[:_MOST_EDGES]
        one, other = np.triu_indices(len(order), 1)
        one, other = order[one], order[other]
        places = crossings(self.starts[one], self.ends[one], self.starts[other], self.ends[other])
        away = np.hypot(places[:, 0], places[:, 1])
        if not len(away) or not (away <= self.reach).any():
            return None
        best = int(np.nanargmin(away))
        x, y = self._back(places[best])
        return Snap(SnapKind.INTERSECTION, x, y, self._name(int(self.edges[one[best]])), float(away[best]))

    def edge(self) -> Snap | None:
        """Return the nearest place on an edge within reach."""
        foot, _share = feet(np.zeros_like(self.starts), self.starts, self.ends)
        away = np.hypot(foot[:, 0], foot[:, 1])
        if not len(away):
            return None
        best = int(away.argmin())
        x, y = self._back(foot[best])
        return Snap(SnapKind.EDGE, x, y, self._name(int(self.edges[best])), float(away[best]))

    def _back(self, place: FloatArray) -> tuple[float, float]:
        x, y = (place / np.array(self.index.metres) + self.point).tolist()
        return x, y

    def _name(self, vertex: int) -> FeatureName:
        return self.index.names[int(self.index.segments.owners[vertex])]


def crossings(
    starts: FloatArray, ends: FloatArray, other_starts: FloatArray, other_ends: FloatArray
) -> FloatArray:
    """Return where pairs of edges cross, shape (n, 2); NaN where they do not, or run the same way."""
    first, second, apart = ends - starts, other_ends - other_starts, other_starts - starts
    turn = _cross(first, second)
    with np.errstate(invalid="ignore", divide="ignore"):
        share, other_share = _cross(apart, second) / turn, _cross(apart, first) / turn
    # edges that hardly turn from one another have no one place where they cross
    lengths = np.hypot(first[:, 0], first[:, 1]) * np.hypot(second[:, 0], second[:, 1])
    meets = (np.abs(turn) > 1e-9 * lengths) & (share >= 0) & (share <= 1)
    meets &= (other_share >= 0) & (other_share <= 1)
    places = np.full((len(starts), 2), np.nan)
    places[meets] = starts[meets] + first[meets] * share[meets][:, None]
    return places


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    found: FloatArray = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return found


def _at(coords: FloatArray, places: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which vertices stand exactly on one of a few places."""
    found = (coords[:, None, :] == places[None, :, :]).all(axis=2).any(axis=1)
    return np.asarray(found, dtype=np.bool_)
