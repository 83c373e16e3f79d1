"""The vertices of one shape as an array: moved, put in, taken out, and what is wrong with the outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import GeometryError
from layers.measures import without_measures
from layers.shape_words import fault, fault_words
from layers.words import _

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FORMS = {
    "Point": shapely.GeometryType.MULTIPOINT,
    "LineString": shapely.GeometryType.MULTILINESTRING,
    "Polygon": shapely.GeometryType.MULTIPOLYGON,
}
# a ring is closed: its first vertex stands at its end again
_LEAST = {"Point": 1, "LineString": 2, "Polygon": 4}
_PLACE = re.compile(r"\[(\S+) ([^\s\]]+)")


class FaultyShapeError(GeometryError):
    """A shape that cannot stand so.

    Attributes
    ----------
    place : tuple of float or None
        Where the fault is, in the layer's own system.
    """

    def __init__(self, what: str, place: tuple[float, float] | None = None) -> None:
        super().__init__(what, remedy=_("Nothing was changed; do it another way."))
        self.place = place


@dataclass(frozen=True, eq=False)
class Vertices:
    """A shape taken apart.

    Attributes
    ----------
    form : str
        ``Point``, ``LineString`` or ``Polygon``.
    single : bool
        The shape is no multi-part one.
    coords : ndarray of float64, shape (n, 2) or (n, 3)
        East, north and height in the layer's own system; rings of polygons are closed.
    offsets : tuple of ndarray of int64
        As shapely's ragged arrays have them, the innermost first; the innermost part of points is a point.
    """

    form: str
    single: bool
    coords: FloatArray
    offsets: tuple[IntArray, ...]

    @classmethod
    def of(cls, shape: Any) -> Vertices:
        """Take a shape apart.

        Raises
        ------
        GeometryError
            When it has no vertices that could be edited: none at all, or a mixed collection.
        """
        form = "" if shape is None else shape.geom_type.removeprefix("Multi")
        if form not in _FORMS or shape.is_empty:
            raise GeometryError(_("The feature has no shape whose vertices could be edited."))
        shape = without_measures(shape)
        whole = shape
        single = shape.geom_type == form
        if shape.geom_type == "Polygon":
            return cls._of_polygon(shape)
        if single:
            makers: dict[str, Callable[[Any], Any]] = {
                "Point": shapely.multipoints,
                "LineString": shapely.multilinestrings,
            }
            whole = makers[form]([shape])
        _type, coords, offsets = shapely.to_ragged_array(
            np.array([whole], dtype=object), include_z=bool(shapely.has_z(shape))
        )
        held = tuple(np.asarray(each, dtype=np.int64) for each in offsets)
        if form == "Point":
            held = (np.arange(len(coords) + 1), *held)
        return cls(form, single, np.asarray(coords, dtype=np.float64), held)

    @classmethod
    def _of_polygon(cls, shape: Any) -> Vertices:
        """Take a polygon apart; the way by which all shapes can go takes ten times as long."""
        rings = shapely.get_rings(shape)
        coords, ring = shapely.get_coordinates(rings, include_z=bool(shapely.has_z(shape)), return_index=True)
        starts = np.searchsorted(ring, np.arange(len(rings) + 1))
        return cls(
            "Polygon",
            True,
            np.asarray(coords, dtype=np.float64),
            (np.asarray(starts, dtype=np.int64), np.array([0, len(rings)]), np.array([0, 1])),
        )

    @property
    def rings(self) -> IntArray:
        """Where each ring (line, point) begins, and where the last ends."""
        return self.offsets[0]

    @property
    def closed(self) -> bool:
        """Whether the first vertex of a ring is its last too."""
        return self.form == "Polygon"

    @property
    def xy(self) -> FloatArray:
        """East and north of all vertices, shape (n, 2)."""
        return self.coords[:, :2]

    def __len__(self) -> int:
        return len(self.coords)

    def shape(self) -> Any:
        """Return the shape.

        Raises
        ------
        FaultyShapeError
            When a ring or line has too few vertices left.
        """
        counts = np.diff(self.rings)
        short = np.flatnonzero(counts < _LEAST[self.form])
        if len(short):
            x, y = self.xy[self.rings[short[0]]].tolist() if counts[short[0]] else (np.nan, np.nan)
            few = _("A line needs two vertices at least.")
            raise FaultyShapeError(_("A ring needs three vertices at least.") if self.closed else few, (x, y))
        if not len(self):
            raise FaultyShapeError(_("Nothing would be left of the shape."))
        offsets = self.offsets[1:] if self.form == "Point" else self.offsets
        whole = shapely.from_ragged_array(_FORMS[self.form], np.ascontiguousarray(self.coords), offsets)[0]
        return shapely.get_geometry(whole, 0) if self.single else whole

    def first_of(self, numbers: IntArray) -> IntArray:
        """Return for each vertex itself, for the last of a closed ring the first of it: they are one."""
        if not self.closed:
            return np.asarray(numbers)
        ring = np.searchsorted(self.rings, numbers, side="right") - 1
        return np.where(numbers == self.rings[ring + 1] - 1, self.rings[ring], numbers)

    def neighbours(self, number: int) -> tuple[int | None, int | None]:
        """Return the vertices before and after one along its ring or line; None beyond the ends of a line."""
        number = int(self.first_of(np.array([number]))[0])
        ring = int(np.searchsorted(self.rings, number, side="right")) - 1
        start, end = int(self.rings[ring]), int(self.rings[ring + 1])
        if self.form == "Point":
            return None, None
        if self.closed:
            return (number - 1 if number > start else end - 2), number + 1
        return (number - 1 if number > start else None), (number + 1 if number + 1 < end else None)

    def moved(self, numbers: IntArray, places: FloatArray) -> Vertices:
        """Return the vertices with some of them elsewhere; what then stands twice in a row stands once.

        Parameters
        ----------
        places : ndarray of float64, shape (k, 2)
            East and north; heights stay.
        """
        coords = self.coords.copy()
        numbers = self.first_of(numbers)
        coords[numbers, :2] = places
        if self.closed:
            coords[self.rings[1:] - 1] = coords[self.rings[:-1]]
        return replace(self, coords=coords).without_repeats(numbers)

    def inserted(self, edges: IntArray, places: FloatArray, shares: FloatArray) -> Vertices:
        """Return the vertices with new ones on edges.

        Parameters
        ----------
        edges : ndarray of int64, shape (k,)
            The vertex each edge begins at.
        places : ndarray of float64, shape (k, 2)
        shares : ndarray of float64, shape (k,)
            How far along the edge each stands, 0 to 1; heights go evenly along an edge.
        """
        if not len(edges):
            return self
        order = np.lexsort((shares, edges))
        edges, places, shares = edges[order], places[order], shares[order]
        new = np.empty((len(edges), self.coords.shape[1]))
        new[:, :2] = places
        low, high = self.coords[edges, 2:], self.coords[edges + 1, 2:]
        new[:, 2:] = low + (high - low) * shares[:, None]
        coords = np.insert(self.coords, edges + 1, new, axis=0)
        rings = self.rings + np.searchsorted(edges, self.rings - 1, side="left")
        return replace(self, coords=coords, offsets=(rings, *self.offsets[1:]))

    def without(self, numbers: IntArray) -> Vertices:
        """Return the vertices without some of them; an emptied ring or part is told by :meth:`shape`."""
        gone = np.zeros(len(self), dtype=np.bool_)
        gone[self.first_of(numbers)] = True
        if self.form == "Point":
            return self._without_points(gone)
        coords = self.coords
        if self.closed:
            coords, gone = self._closed_anew(gone)
        before = np.concatenate([[0], np.cumsum(~gone)])
        return replace(self, coords=coords[~gone], offsets=(before[self.rings], *self.offsets[1:]))

    def _without_points(self, gone: NDArray[np.bool_]) -> Vertices:
        left = self.coords[~gone]
        ends = np.array([0, len(left)], dtype=np.int64)
        return replace(self, coords=left, offsets=(np.arange(len(left) + 1), ends))

    def _closed_anew(self, gone: NDArray[np.bool_]) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Let rings that lose their first vertex begin, and end, at the first that stays."""
        coords, gone = self.coords, gone.copy()
        for ring in np.flatnonzero(gone[self.rings[:-1]]).tolist():
            start, end = int(self.rings[ring]), int(self.rings[ring + 1])
            kept = np.flatnonzero(~gone[start : end - 1])
            if not len(kept):
                gone[end - 1] = True
                continue
            if coords is self.coords:
                coords = coords.copy()
            coords[end - 1] = coords[start + kept[0]]
        return coords, gone

    def without_repeats(self, near: IntArray | None = None) -> Vertices:
        """Return the vertices without those that stand where the one before them stands.

        Parameters
        ----------
        near : ndarray of int64, optional
            Only about these vertices; everywhere by default.
        """
        if self.form == "Point":
            return self
        repeats = np.zeros(len(self), dtype=np.bool_)
        repeats[1:] = (self.xy[1:] == self.xy[:-1]).all(axis=1)
        repeats[self.rings[:-1]] = False
        if near is not None:
            about = np.zeros(len(self), dtype=np.bool_)
            for step in (0, 1):
                about[np.minimum(near + step, len(self) - 1)] = True
            if self.closed:
                ring = np.searchsorted(self.rings, near, side="right") - 1
                about[self.rings[ring + 1] - 1] = True
            repeats &= about
        if not repeats.any():
            return self
        before = np.concatenate([[0], np.cumsum(~repeats)])
        return replace(self, coords=self.coords[~repeats], offsets=(before[self.rings], *self.offsets[1:]))


def sound(shape: Any) -> Any:
    """Return a shape that can stand so.

    Raises
    ------
    FaultyShapeError
        When it crosses itself, or is otherwise none that a layer of areas can hold, with the place.
    """
    if shapely.is_valid(shape):
        return shape
    reason = str(shapely.is_valid_reason(shape))
    found = _PLACE.search(reason)
    place = (float(found[1]), float(found[2])) if found is not None else None
    raise FaultyShapeError(_("The shape would have {fault}.").format(fault=fault_words(fault(reason))), place)
