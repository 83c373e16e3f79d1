"""The guard: a new shape against its neighbours, so that no overlap and no narrow gap comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.editing.fitting import Reach, among, fits
from zsgis.editing.segments import Segments, feet
from zsgis.editing.shared_edges import same_shape, with_places
from zsgis.editing.vertices import FloatArray, IntArray, Vertices

__all__ = ["Guarded", "Overlap", "Reach", "areas", "guard", "meet"]


@dataclass(frozen=True)
class Overlap:
    """Ground that a shape has in common with a neighbour; ``area`` in the square of the layer's unit."""

    uid: str
    shape: Any
    area: float


@dataclass(frozen=True)
class Guarded:
    """What the guard found.

    Attributes
    ----------
    free : shapely geometry or None
        The shape clipped and closed: its boundary has its neighbours' vertices, bit for bit, wherever it runs
        along them. None where nothing is left of it.
    overlaps : tuple of Overlap
        What it had in common with others.
    gaps : tuple of shapely geometries
        Narrow gaps that ``free`` closes.
    neighbours : mapping
        Neighbours that got a vertex where the new boundary meets one of their edges, by ``zs_uid``. They are
        written together with ``free``, else the two do not meet to the last bit.
    """

    free: Any | None
    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Any, ...] = ()
    neighbours: Mapping[str, Any] = field(default_factory=dict)


def guard(shape: Any, neighbours: Mapping[str, Any], reach: Reach, before: Any | None = None) -> Guarded:
    """Return a new shape as its neighbours leave room for it.

    Parameters
    ----------
    shape : shapely Polygon or MultiPolygon
        Valid; in the layer's own system.
    neighbours : mapping
        The other features of the layer that lie near, by ``zs_uid``; None and what is no area is passed over.
    before : shapely geometry, optional
        The shape as it was: what of its boundary is still the same is not moved to close a gap, and ground
        that it had in common with others already stays with it.
    """
    near = {
        uid: other
        for uid, other in neighbours.items()
        if _is_area(other) and shapely.dwithin(shape, other, max(reach.gap, reach.same))
    }
    if not near or fits(shape, tuple(near.values()), reach, before):
        return Guarded(shape)
    closed = _closed(shape, near, reach, before) if reach.gap > 0 else shape
    overlaps = _overlaps(shape, near, reach, before)
    union = shapely.union_all(np.array([_valid(other) for other in near.values()], dtype=object))
    if before is not None and areas(shapely.intersection(union, before), reach.same) is not None:
        union = shapely.difference(union, before)
    gaps: tuple[Any, ...] = ()
    if closed is not shape:
        gaps = _pieces(shapely.difference(_gained(closed, shape), union), reach.same)
    free = areas(shapely.difference(closed, union), reach.same) if _meets(closed, union, reach) else closed
    if free is None:
        return Guarded(None, overlaps, gaps)
    free, met = meet(free, near, reach.same)
    if not shapely.is_valid(free):
        return Guarded(None, overlaps, gaps)
    return Guarded(free, overlaps, gaps, met)


def meet(shape: Any, neighbours: Mapping[str, Any], same: float) -> tuple[Any, dict[str, Any]]:
    """Return a shape and those neighbours that change, with each other's vertices where they touch.

    Parameters
    ----------
    same : float
        A vertex of the shape this near to a neighbour's takes the neighbour's place.
    """
    parts = {uid: Vertices.of(other) for uid, other in neighbours.items()}
    places = np.concatenate([part.xy for part in parts.values()])
    own = _onto_vertices(Vertices.of(shape), places, same)
    own = with_places([own], places, same)[0]
    changed: dict[str, Any] = {}
    for uid, part in parts.items():
        met = with_places([part], own.xy, same)[0]
        if met is not part:
            found = met.shape()
            if not same_shape(found, neighbours[uid]):
                changed[uid] = found
    return own.shape(), changed


def areas(shape: Any, narrowest: float) -> Any | None:
    """Return the areas of a shape without those narrower than a width on average; None where none is left."""
    kept = _pieces(shape, narrowest)
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else shapely.multipolygons(list(kept))


def _pieces(shape: Any, narrowest: float) -> tuple[Any, ...]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    lengths = shapely.length(parts)
    wide = 2 * shapely.area(parts) > narrowest * np.where(lengths > 0, lengths, 1)
    return tuple(parts[wide].tolist())


def _overlaps(shape: Any, near: Mapping[str, Any], reach: Reach, before: Any | None) -> tuple[Overlap, ...]:
    found = []
    for uid, other in near.items():
        # first what lies on the neighbour: against the shape as it was the whole of a large one would be cut
        shared = shapely.intersection(shape, _valid(other))
        common = areas(shared if before is None else shapely.difference(shared, before), reach.same)
        if common is not None:
            found.append(Overlap(uid, common, float(common.area)))
    return tuple(found)


def _meets(shape: Any, union: Any, reach: Reach) -> bool:
    """Tell whether a shape has ground in common with others."""
    return bool(shapely.dwithin(shape, union, reach.same)) and bool(
        shapely.relate_pattern(shape, union, "T********")
    )


def _closed(shape: Any, near: Mapping[str, Any], reach: Reach, before: Any | None) -> Any:
    """Return a shape pulled over narrow gaps to its neighbours' boundaries; unchanged where that fails."""
    parts = [Vertices.of(other) for other in near.values()]
    places = np.concatenate([part.xy for part in parts])
    kept = _places_of(before) if before is not None else np.empty((0, 2))
    pulled = Vertices.of(shape)
    free = np.flatnonzero(~among(pulled.xy, kept))
    pulled = _onto_vertices(pulled, places, reach.gap, free)
    free = np.flatnonzero(~among(pulled.xy, kept) & ~among(pulled.xy, places))
    pulled = _onto_edges(pulled, parts, reach.gap, free)

    def moved(_row: int, edges: IntArray) -> Any:
        return ~(among(pulled.xy[edges], kept) & among(pulled.xy[edges + 1], kept))

    pulled = with_places([pulled], places, reach.gap, only=moved)[0]
    if min(np.diff(pulled.rings)) < 4:
        return shape
    if same_shape(found := pulled.shape(), shape):
        return shape
    return found if shapely.is_valid(found) else shape


def _onto_vertices(
    part: Vertices, places: FloatArray, reach: float, numbers: IntArray | None = None
) -> Vertices:
    """Let vertices take the place of the nearest of ``places`` within reach."""
    chosen = np.arange(len(part)) if numbers is None else numbers
    places = places[_within(places, part.xy[chosen], reach)]
    chosen = chosen[_within(part.xy[chosen], places, reach)]
    index = Segments(places, np.zeros(len(places), dtype=np.int64), np.arange(len(places) + 1))
    which, other = index.pairs(part.xy[chosen], reach)
    numbers_of = chosen[which]
    away = np.hypot(*(places[other] - part.xy[numbers_of]).T)
    order = np.lexsort((away, numbers_of))
    order = order[away[order] <= reach]
    moving, first = np.unique(numbers_of[order], return_index=True)
    targets = places[other[order[first]]]
    elsewhere = (part.xy[moving] != targets).any(axis=1)
    return part.moved(moving[elsewhere], targets[elsewhere]) if elsewhere.any() else part


def _within(places: FloatArray, xy: FloatArray, reach: float) -> NDArray[np.bool_]:
    """Tell which places lie in the box of others or within reach of it: of a large shape few do."""
    if not len(xy):
        return np.zeros(len(places), dtype=np.bool_)
    low, high = xy.min(axis=0) - reach, xy.max(axis=0) + reach
    within: NDArray[np.bool_] = ((places >= low) & (places <= high)).all(axis=1)
    return within


def _gained(after: Any, before: Any) -> Any:
    """Return the ground a shape gained, looked for only where its boundary is another one."""
    boxes = []
    for one, other in ((after, before), (before, after)):
        xy = _places_of(one)
        new = ~among(xy, _places_of(other))
        # the edges that end there begin or end at the vertices beside
        turned = xy[new | np.roll(new, 1) | np.roll(new, -1)]
        if len(turned):
            boxes.append(shapely.box(*turned.min(axis=0), *turned.max(axis=0)))
    box = shapely.box(*shapely.total_bounds(np.array(boxes, dtype=object)))
    return shapely.difference(shapely.intersection(after, box), shapely.intersection(before, box))


def _onto_edges(part: Vertices, others: list[Vertices], reach: float, numbers: IntArray) -> Vertices:
    """Let vertices take the nearest place on an edge of others within reach."""
    best = np.full(len(part), reach)
    targets = part.xy.copy()
    for other in others:
        index = Segments(other.xy, np.zeros(len(other), dtype=np.int64), other.rings)
        about = numbers[_within(part.xy[numbers], other.xy, reach)]
        which, edge = index.pairs(part.xy[about], reach)
        keep = index.begins_edge[edge]
        number, edge = about[which[keep]], edge[keep]
        foot, _share = feet(part.xy[number], other.xy[edge], other.xy[edge + 1])
        away = np.hypot(*(foot - part.xy[number]).T)
        for place in np.flatnonzero(away <= best[number]).tolist():
            if away[place] <= best[number[place]]:
                best[number[place]] = away[place]
                targets[number[place]] = foot[place]
    moving = np.flatnonzero((targets != part.xy).any(axis=1))
    return part.moved(moving, targets[moving]) if len(moving) else part


def _places_of(shape: Any) -> FloatArray:
    return np.asarray(shapely.get_coordinates(shape), dtype=np.float64)


def _is_area(shape: Any) -> bool:
    return shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty


def _valid(shape: Any) -> Any:
    if shapely.is_valid(shape):
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)
