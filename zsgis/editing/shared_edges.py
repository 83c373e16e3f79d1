"""Neighbours kept joined: a vertex or an edge that several features share moves in all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.words import _
from zsgis.editing.segments import Segments, feet
from zsgis.editing.systems import Bounds
from zsgis.editing.vertices import FaultyShapeError, Vertices

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SAME_PLACE_M = 0.0001
"""Vertices of one layer this near to one another are one vertex."""

# so many places are held against the boxes of shapes at once
_AT_ONCE = 4_096
# all pairs of so many are looked at before an index is built
_FEW_PAIRS = 4_096


def joined_move(shapes: Sequence[Any], old: FloatArray, new: FloatArray, tolerance: float) -> list[Any]:
    """Return shapes after places of them have moved, in every shape that has a vertex or an edge there.

    Where a place lies on an edge, a vertex is put in first; where a vertex of another shape lies on an edge
    that turns with the move, the edge gets it too, so that they still meet.

    Parameters
    ----------
    shapes : sequence of shapely geometries
        All of one layer that may be concerned; those that are not come out as the very same objects.
    old, new : ndarray of float64, shape (k, 2)
        From where to where.
    tolerance : float
        What is one place, in the unit of the coordinates: :data:`SAME_PLACE_M`.

    Raises
    ------
    FaultyShapeError
        When a shape is left with too few vertices.
    """
    return JoinedMove.of(shapes, old, tolerance).to(new)


@dataclass(frozen=True, eq=False)
class JoinedMove:
    """Shapes of which places are taken hold of: all that a move needs and that does not depend on where to.

    Attributes
    ----------
    shapes : tuple of shapely geometries
    parts : mapping of int to Vertices
        Of the shapes that the move may concern, by row, with a vertex at every place.
    held : tuple of (row, vertices, places)
        Which vertices of which of them stand at which places.
    """

    shapes: tuple[Any, ...]
    parts: Mapping[int, Vertices]
    held: tuple[tuple[int, IntArray, IntArray], ...]

    @classmethod
    def of(cls, shapes: Sequence[Any], old: FloatArray, tolerance: float) -> JoinedMove:
        """Take hold of places, shape (k, 2); see :func:`joined_move`."""
        concerned = _concerned(shapes, old, tolerance)
        before = [Vertices.of(shapes[row]) for row in concerned]
        parts = _met(before, old, tolerance, _places_of(shapes))
        held = [(concerned[row], numbers, which) for row, numbers, which in _at_places(parts, old, tolerance)]
        changed = {row for row, _numbers, _which in held}
        changed |= {row for row, part, was in zip(concerned, parts, before, strict=True) if part is not was}
        of_rows = dict(zip(concerned, parts, strict=True))
        return cls(tuple(shapes), {row: of_rows[row] for row in sorted(changed)}, tuple(held))

    def to(self, new: FloatArray) -> list[Any]:
        """Return the shapes after the places have moved to ``new``, shape (k, 2); see :func:`joined_move`."""
        parts = dict(self.parts)
        for row, numbers, which in self.held:
            parts[row] = parts[row].moved(numbers, new[which])
        result = list(self.shapes)
        for row, part in parts.items():
            result[row] = part.shape()
        return result


def joined_removal(shapes: Sequence[Any], place: FloatArray, tolerance: float) -> list[Any]:
    """Return shapes without the vertex at a place, in every shape that has it.

    Raises
    ------
    FaultyShapeError
        When boundaries branch off there, so that a gap or an overlap would come about, or when a shape is
        left with too few vertices.
    """
    concerned = _concerned(shapes, place, tolerance)
    parts = [Vertices.of(shapes[row]) for row in concerned]
    met = _met(parts, place, tolerance, _places_of(shapes))
    sides = [
        _sides(met[row], int(number))
        for row, numbers, _which in _at_places(met, place, tolerance)
        for number in numbers
    ]
    x, y = place[0].tolist()
    if not _same_sides(sides, tolerance):
        raise FaultyShapeError(_("Several boundaries meet at this vertex: it cannot be deleted."), (x, y))
    result = list(shapes)
    for row, numbers, _which in _at_places(parts, place, tolerance):
        result[concerned[row]] = parts[row].without(numbers).shape()
    return result


def _concerned(shapes: Sequence[Any], places: FloatArray, tolerance: float) -> list[int]:
    """Return the rows of shapes whose box holds one of the places, and of those that have no box."""
    with np.errstate(invalid="ignore"):
        boxes = shapely.bounds(np.array(shapes, dtype=object))
    found = np.isnan(boxes).any(axis=1)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE, None]
        inside = (some >= boxes[:, :2] - tolerance) & (some <= boxes[:, 2:] + tolerance)
        found |= inside.all(axis=2).any(axis=0)
    return np.flatnonzero(found).tolist()


def _places_of(shapes: Sequence[Any]) -> FloatArray:
    return np.asarray(shapely.get_coordinates(np.array(shapes, dtype=object)), dtype=np.float64)


def _met(
    parts: Sequence[Vertices], places: FloatArray, tolerance: float, corners: FloatArray
) -> list[Vertices]:
    """Return shapes with a vertex at all places and wherever, on an edge that ends there, another has one.

    Parameters
    ----------
    corners : ndarray of float64, shape (n, 2)
        The vertices of all shapes about.
    """
    result = with_places(parts, places, tolerance)
    box = _turning_box(result, places, tolerance)
    if box is None:
        return result
    turning = _edges_at(result, places, tolerance)
    xy = np.concatenate([corners, *(part.xy for part in result)])
    xy = xy[((xy >= box[:2]) & (xy <= box[2:])).all(axis=1)]
    return with_places(result, _once(xy), tolerance, only=turning)


def _once(xy: FloatArray) -> FloatArray:
    """Return places without repeats, from west to east."""
    held = np.ascontiguousarray(xy + 0.0).view(np.complex128).ravel()
    return np.unique(held).view(np.float64).reshape(-1, 2)


def with_places(
    parts: Sequence[Vertices],
    places: FloatArray,
    tolerance: float,
    only: Callable[[int, IntArray], NDArray[np.bool_]] | None = None,
) -> list[Vertices]:
    """Return shapes with a vertex at each place that lies on one of their edges and has none yet.

    Parameters
    ----------
    only : callable, optional
        Given a shape's row and edges (the vertex each begins at), tells which of them count.
    """
    result = list(parts)
    for row, part in enumerate(parts):
        if part.form == "Point" or not len(places):
            continue
        result[row] = _with_places(part, places, tolerance, None if only is None else _bound(only, row))
    return result


def _bound(
    only: Callable[[int, IntArray], NDArray[np.bool_]], row: int
) -> Callable[[IntArray], NDArray[np.bool_]]:
    return lambda edges: only(row, edges)


def _with_places(
    part: Vertices,
    places: FloatArray,
    tolerance: float,
    only: Callable[[IntArray], NDArray[np.bool_]] | None,
) -> Vertices:
    about = _without_vertex(part, places, _about(part, places, tolerance), tolerance)
    if not len(about):
        return part
    segments = _segments(part)
    place, edge = segments.pairs(places[about], tolerance)
    place = about[place]
    has = np.hypot(*(part.xy[edge] - places[place]).T) <= tolerance
    taken = np.zeros(len(places), dtype=np.bool_)
    taken[place[has]] = True
    keep = segments.begins_edge[edge] & ~taken[place]
    place, edge = place[keep], edge[keep]
    if only is not None and len(edge):
        keep = only(edge)
        place, edge = place[keep], edge[keep]
    foot, share = feet(places[place], part.xy[edge], part.xy[edge + 1])
    away = np.hypot(*(foot - places[place]).T)
    # the end of an edge may be a vertex that no run near the place begins with
    inner = np.hypot(*(part.xy[edge + 1] - places[place]).T) > tolerance
    keep = (away <= tolerance) & inner
    place, edge, share = place[keep], edge[keep], share[keep]
    # what stands on one place stands there once on each edge
    _first, once = np.unique(np.column_stack([edge, places[place]]), axis=0, return_index=True)
    return part.inserted(edge[once], places[place[once]], share[once])


def _about(part: Vertices, places: FloatArray, tolerance: float) -> IntArray:
    """Return the places in the box of a shape."""
    low, high = part.xy.min(axis=0) - tolerance, part.xy.max(axis=0) + tolerance
    return np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))


def _without_vertex(part: Vertices, places: FloatArray, about: IntArray, tolerance: float) -> IntArray:
    """Return those of some places at which a shape has no vertex; all where an index must tell."""
    if not len(about) or len(about) * len(part) > _FEW_PAIRS:
        return about
    apart = part.xy[None] - places[about, None]
    free: IntArray = about[np.hypot(apart[..., 0], apart[..., 1]).min(axis=1) > tolerance]
    return free


def _edges_at(
    parts: Sequence[Vertices], old: FloatArray, tolerance: float
) -> Callable[[int, IntArray], NDArray[np.bool_]]:
    """Return what tells whether an edge of a shape ends at a place that moves."""
    ends: dict[int, FloatArray] = {}
    for row, numbers, _which in _at_places(parts, old, tolerance):
        ends[row] = parts[row].xy[numbers]

    def turns(row: int, edges: IntArray) -> NDArray[np.bool_]:
        if row not in ends:
            return np.zeros(len(edges), dtype=np.bool_)
        xy = parts[row].xy
        both = (xy[edges], xy[edges + 1])
        found = np.zeros(len(edges), dtype=np.bool_)
        for side in both:
            found |= (side[:, None] == ends[row][None]).all(axis=2).any(axis=1)
        return found

    return turns


def _at_places(
    parts: Sequence[Vertices], places: FloatArray, tolerance: float
) -> list[tuple[int, IntArray, IntArray]]:
    """Return, for each shape with vertices at the places: its row, the vertices, and the place of each."""
    found = []
    for row, part in enumerate(parts):
        about = _about(part, places, tolerance)
        if not len(about):
            continue
        away = np.full(len(part), np.inf)
        which = np.zeros(len(part), dtype=np.int64)
        for number in about.tolist():
            distance = np.hypot(part.xy[:, 0] - places[number, 0], part.xy[:, 1] - places[number, 1])
            nearer = distance < away
            away[nearer], which[nearer] = distance[nearer], number
        numbers = np.flatnonzero(away <= tolerance)
        firsts = np.unique(part.first_of(numbers))
        if len(firsts):
            found.append((row, firsts, which[firsts]))
    return found


def _sides(part: Vertices, number: int) -> tuple[tuple[float, float], ...]:
    places = [part.xy[side].tolist() for side in part.neighbours(number) if side is not None]
    return tuple(sorted((x, y) for x, y in places))


def _same_sides(sides: Sequence[tuple[tuple[float, float], ...]], tolerance: float) -> bool:
    """Tell whether a vertex stands between the same two in all shapes."""
    first = sides[0]
    for other in sides[1:]:
        if len(other) != len(first):
            return False
        apart = np.abs(np.array(first) - np.array(other)).max(initial=0.0)
        if apart > tolerance:
            return False
    return True


def _segments(part: Vertices) -> Segments:
    return Segments(part.xy, np.zeros(len(part), dtype=np.int64), part.rings)


def turning_box(shapes: Sequence[Any], places: FloatArray, tolerance: float) -> Bounds | None:
    """Return what holds all edges of shapes that end at, or pass, some places; None where there are none.

    Neighbours outside of it are not concerned when the places move.
    """
    concerned = _concerned(shapes, places, tolerance)
    return _turning_box([Vertices.of(shapes[row]) for row in concerned], places, tolerance)


def _turning_box(parts: Sequence[Vertices], places: FloatArray, tolerance: float) -> Bounds | None:
    corners = [places]
    for part in parts:
        if part.form == "Point":
            continue
        segments = _segments(part)
        place, edge = segments.pairs(places, tolerance)
        keep = segments.begins_edge[edge]
        place, edge = place[keep], edge[keep]
        foot, _share = feet(places[place], part.xy[edge], part.xy[edge + 1])
        edge = edge[np.hypot(*(foot - places[place]).T) <= tolerance]
        corners += [part.xy[edge], part.xy[edge + 1]]
    held = np.concatenate(corners)
    if not len(held):
        return None
    (west, south), (east, north) = (
        (held.min(axis=0) - tolerance).tolist(),
        (held.max(axis=0) + tolerance).tolist(),
    )
    return west, south, east, north


def same_shape(one: Any, other: Any) -> bool:
    """Tell whether two shapes have the same vertices in the same order."""
    return one is other or bool(shapely.equals_identical(one, other))
