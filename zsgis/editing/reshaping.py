"""A boundary replaced by a line drawn across it, and neighbours that follow."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from layers.words import _
from zsgis.editing.guarding import areas, meet
from zsgis.editing.shared_edges import with_places
from zsgis.editing.vertices import FaultyShapeError, FloatArray, Vertices, sound


def reshape(shape: Any, line: FloatArray, same: float) -> Any:
    """Return a shape whose boundary follows a line between the places where the line crosses it.

    Each stretch of the line between two crossings takes the place of the part of the boundary that it cuts
    off, the one that changes the shape less.

    Parameters
    ----------
    shape : shapely Polygon, LineString or multi-part of them
        In the layer's own system.
    line : ndarray of float64, shape (n, 2)
    same : float
        Places this near are one, in the unit of the coordinates.

    Raises
    ------
    FaultyShapeError
        When the line does not cross one part of the boundary twice, or the outcome would be no sound shape.
    """
    if shapely.has_z(shape):
        raise FaultyShapeError(_("The shape has heights, which a line drawn across it does not know."))
    drawn = LineString(line)
    parts = list(shapely.get_parts(shape))
    changed = False
    for number, part in enumerate(parts):
        reshaped = _reshaped_part(part, drawn, same)
        if reshaped is not None:
            parts[number], changed = reshaped, True
    if not changed:
        x, y = line[0].tolist()
        raise FaultyShapeError(_("The line must cross the boundary twice."), (x, y))
    if shape.geom_type in ("Polygon", "LineString"):
        return sound(parts[0])
    return sound(type(shape)(parts))


def follow(before: Any, after: Any, neighbours: Mapping[str, Any], same: float) -> tuple[Any, dict[str, Any]]:
    """Return a reshaped feature and those neighbours that give ground to it, or take what it left.

    What it left goes to the neighbour that has the longest edge along it; what touches no neighbour lies
    open.

    Parameters
    ----------
    neighbours : mapping
        The other areas near, by ``zs_uid``; before the change none of them overlaps ``before``.

    Raises
    ------
    FaultyShapeError
        When nothing would be left of a neighbour, or it would fall into more parts than it has.
    """
    if not neighbours:
        return after, {}
    # with each other's vertices first: what is cut off then has exactly the edges of what cuts it
    after, met = meet(after, neighbours, same)
    shapes = {**neighbours, **met}
    before = with_places([Vertices.of(before)], Vertices.of(after).xy, same)[0].shape()
    for uid, other in shapes.items():
        if shapely.relate_pattern(after, other, "T********"):
            shapes[uid] = _without(other, after, same)
    left = shapely.difference(before, after)
    for piece in shapely.get_parts(left):
        if piece.geom_type == "Polygon" and areas(piece, same) is not None:
            taker = longest_shared(piece, shapes)
            if taker:
                shapes[taker] = _joined(shapes[taker], piece, same)
    own, met = meet(after, shapes, same)
    changed = {uid: shape for uid, shape in shapes.items() if shape is not neighbours[uid]}
    changed |= met
    return own, {uid: sound(shape) for uid, shape in changed.items()}


def longest_shared(shape: Any, neighbours: Mapping[str, Any]) -> str:
    """Return the neighbour with the longest edge along a shape; empty where none has any."""
    edge = shapely.boundary(shape)
    lengths = {
        uid: float(shapely.length(shapely.intersection(edge, shapely.boundary(other))))
        for uid, other in neighbours.items()
        if shapely.intersects(shape, other)
    }
    best = max(lengths, key=lambda uid: lengths[uid], default="")
    return best if best and lengths[best] > 0 else ""


def _without(other: Any, after: Any, same: float) -> Any:
    rest = areas(shapely.difference(other, after), same)
    x, y = shapely.get_coordinates(shapely.point_on_surface(other))[0].tolist()
    if rest is None:
        raise FaultyShapeError(_("Nothing would be left of a neighbour."), (x, y))
    if shapely.get_num_geometries(rest) > shapely.get_num_geometries(other):
        raise FaultyShapeError(_("A neighbour would fall into pieces."), (x, y))
    return rest


def _joined(shape: Any, piece: Any, same: float) -> Any:
    """Return a shape with a piece that lies along it; they get each other's vertices first."""
    piece, met = meet(piece, {"": shape}, same)
    return shapely.union(met.get("", shape), piece)


def _reshaped_part(part: Any, drawn: LineString, same: float) -> Any | None:
    if part.geom_type == "LineString":
        return _reshaped_line(part, drawn, same)
    for ring in shapely.get_rings(part):
        if len(_stretches(ring, drawn, same)) > 0:
            return _reshaped_polygon(part, ring, drawn, same)
    return None


def _stretches(boundary: Any, drawn: LineString, same: float) -> list[FloatArray]:
    """Return the parts of a line between the places where it crosses a boundary, one after the other."""
    met = shapely.intersection(drawn, LineString(shapely.get_coordinates(boundary)))
    ends = np.unique(shapely.get_coordinates(met), axis=0)
    if len(ends) < 2:
        return []
    along = np.atleast_1d(shapely.line_locate_point(drawn, shapely.points(ends)))
    order = np.argsort(along, kind="stable")
    ends, along = ends[order], along[order]
    corners = shapely.get_coordinates(drawn)
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    found = []
    for one, other in pairwise(range(len(ends))):
        start, stop = along[one], along[other]
        if stop - start > same:
            inner = corners[(at > start + same) & (at < stop - same)]
            found.append(np.concatenate([ends[one : one + 1], inner, ends[other : other + 1]]))
    return found


def _reshaped_polygon(part: Any, ring: Any, drawn: LineString, same: float) -> Any:
    rings = [shapely.get_coordinates(each) for each in shapely.get_rings(part)]
    which = next(number for number, each in enumerate(shapely.get_rings(part)) if each.equals(ring))
    current = rings[which]
    for stretch in _stretches(ring, drawn, same):
        chains = _chains(current, stretch, same)
        if chains is None or _runs_along(current, stretch, same):
            continue
        forth, back = chains
        inner = stretch[1:-1]
        whole = Polygon(current)
        candidates = [
            np.concatenate([forth, inner[::-1], forth[:1]]),
            np.concatenate([back, inner, back[:1]]),
        ]
        usable = [each for each in candidates if len(each) > 3 and Polygon(each).is_valid]
        if not usable:
            x, y = stretch[0].tolist()
            raise FaultyShapeError(_("The line crosses itself or the boundary."), (x, y))
        current = min(usable, key=lambda each: shapely.symmetric_difference(Polygon(each), whole).area)
    rings[which] = current
    return sound(Polygon(rings[0], rings[1:]))


def _reshaped_line(part: Any, drawn: LineString, same: float) -> Any | None:
    current, changed = shapely.get_coordinates(part), False
    for stretch in _stretches(part, drawn, same):
        met = with_places([Vertices.of(LineString(current))], stretch[[0, -1]], same)[0].xy
        first, last = _nearest(met, stretch[0]), _nearest(met, stretch[-1])
        if first == last:
            continue
        inner = stretch[1:-1] if first < last else stretch[-2:0:-1]
        low, high = min(first, last), max(first, last)
        current = np.concatenate([met[: low + 1], inner, met[high:]])
        changed = True
    return LineString(current) if changed else None


def _chains(ring: FloatArray, stretch: FloatArray, same: float) -> tuple[FloatArray, FloatArray] | None:
    """Return a ring's two parts between the ends of a stretch: from its start to its end, and back."""
    met = with_places([Vertices.of(Polygon(ring))], stretch[[0, -1]], same)[0].xy[:-1]
    first, last = _nearest(met, stretch[0]), _nearest(met, stretch[-1])
    if first == last or max(_away(met[first], stretch[0]), _away(met[last], stretch[-1])) > same:
        return None
    turned = np.roll(met, -first, axis=0)
    split = (last - first) % len(met)
    forth, back = turned[: split + 1], np.concatenate([turned[split:], turned[:1]])
    return forth, back


def _runs_along(ring: FloatArray, stretch: FloatArray, same: float) -> bool:
    """Tell whether a stretch is part of the boundary already."""
    middle = shapely.line_interpolate_point(LineString(stretch), 0.5, normalized=True)
    return bool(shapely.dwithin(LineString(ring), middle, same))


def _nearest(places: FloatArray, place: FloatArray) -> int:
    return int(np.hypot(*(places - place).T).argmin())


def _away(one: FloatArray, other: FloatArray) -> float:
    return float(Point(one).distance(Point(other)))
