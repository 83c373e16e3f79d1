"""What is typed or pasted, worked out: the new shapes and what is to be said of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from layers.area import planar_area_m2
from layers.coordinates import on_map, places_of
from layers.crs import parse_crs, require_projected_metres
from layers.errors import CrsError, InputError
from layers.guard import TakenAs, describe, parse_taken_as
from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.progress import NoProgress, Progress
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.drawing import Places, drawn_shape
from zsgis.editing.drawing_edits import NewFeature
from zsgis.editing.entry_angles import bearing
from zsgis.editing.entry_coordinates import entered_shape, judged, read_places
from zsgis.editing.entry_text import pasted_plots, system_words
from zsgis.editing.entry_traverse import Leg, Misclosure, Place, Traverse, compute
from zsgis.measuring_words import area_words, length_words

NORTH_FIRST, EAST_FIRST = "north_first", "east_first"
CLOSED, OPEN, TO_POINT = "closed", "open", "to_point"


@dataclass(frozen=True)
class TraverseRequest:
    """A traverse as typed; rows are (bearing, distance), places (X north, Y east)."""

    start: tuple[str, str]
    rows: tuple[tuple[str, ...], ...]
    ends: str = CLOSED
    end: tuple[str, str] = ("", "")
    adjusted: bool = False


@dataclass(frozen=True)
class CoordinateRequest:
    """A list as typed; rows are (name, ring, first, second).

    Attributes
    ----------
    system : str
        What the numbers are taken as (``layers.guard.parse_taken_as``); empty for what the guard finds.
    order : str
        ``north_first`` or ``east_first``; empty for what the guard finds.
    """

    rows: tuple[tuple[str, ...], ...]
    system: str = ""
    order: str = ""


@dataclass(frozen=True)
class TextRequest:
    """Pasted text; ``system`` is empty for what it says itself."""

    text: str
    system: str = ""


EntryRequest = TraverseRequest | CoordinateRequest | TextRequest


@dataclass(frozen=True)
class Entered:
    """What came of a request.

    Attributes
    ----------
    facts : tuple of (str, str)
        Titles and figures.
    corrections : ndarray of float64, shape (n, 2)
        Of each leg east and north, m.
    systems : tuple of (str, str)
        As what else the numbers could be taken: value and title.
    north_first : bool
        The first number was taken as north.
    rows : tuple of (str, str, str, str)
        Plots of a text: name, points, area, what is wrong.
    notes : tuple of str
        What is to be known beside.
    """

    features: tuple[NewFeature, ...]
    facts: tuple[tuple[str, str], ...] = ()
    corrections: Places | None = None
    systems: tuple[tuple[str, str], ...] = ()
    north_first: bool = True
    rows: tuple[tuple[str, str, str, str], ...] = ()
    notes: tuple[str, ...] = ()


def work_out(request: EntryRequest, layer: LayerInfo, progress: Progress | None = None) -> Entered:
    """Return the shapes that were typed, in the layer's own system.

    Raises
    ------
    InputError
        When something cannot be read or makes no shape; the sentence says which row.
    """
    if isinstance(request, TraverseRequest):
        return _traverse(request, layer)
    if isinstance(request, CoordinateRequest):
        return _coordinates(request, layer)
    return _text(request, layer, progress or NoProgress())


def _traverse(request: TraverseRequest, layer: LayerInfo) -> Entered:
    require_projected_metres(layer.crs)
    start = _place(request.start, layer)
    legs = [
        _leg(number, row) for number, row in enumerate(request.rows, start=1) if any(cell for cell in row)
    ]
    end = {CLOSED: start, OPEN: None}.get(request.ends)
    if request.ends == TO_POINT:
        end = _place(request.end, layer)
    traverse = compute(start, legs, end=end, adjusted=request.adjusted)
    corners = _corners(traverse, request, layer.geometry)
    facts = [(_("Length of the traverse"), length_words(math.fsum(leg.length_m for leg in legs)))]
    if traverse.misclosure is not None:
        facts += _misclosure_facts(traverse.misclosure)
    features = _features(layer, corners)
    facts += _size_facts([feature.shape for feature in features], layer)
    return Entered(features, tuple(facts), traverse.corrections if request.adjusted else None)


def _place(texts: tuple[str, str], layer: LayerInfo) -> Place:
    """Return a typed place in the layer's system: its own numbers, or those of another system in the city."""
    typed = " ".join(text.strip() for text in texts)
    found = places_of(typed, layer.crs) if all(text.strip() for text in texts) else ()
    if not found:
        raise InputError(
            _("The place “{text}” cannot be read.").format(text=typed.strip()[:60]),
            remedy=_("Give X (north) and Y (east), for instance 2491514.243 and 436212.615."),
        )
    return on_map(found[0], layer.crs)


def _leg(number: int, row: Sequence[str]) -> Leg:
    direction, length = (*row, "", "")[:2]
    try:
        metres = float(length.replace(",", "").strip())
        if not math.isfinite(metres):
            raise ValueError
    except ValueError as error:
        raise InputError(
            _("“{text}” is no distance.").format(text=length[:30]),
            where=_("leg {number}").format(number=number),
            remedy=_("Give metres, for instance 25.60."),
        ) from error
    try:
        return Leg(bearing(direction), metres)
    except InputError as error:
        raise InputError(
            error.what, where=_("leg {number}").format(number=number), remedy=error.remedy
        ) from error


def _corners(traverse: Traverse, request: TraverseRequest, geometry: GeometryType) -> Places:
    """Return the corners without the last one where it stands for the first; a line has both."""
    if request.ends == CLOSED and geometry is not GeometryType.LINE and len(traverse.corners) > 2:
        return traverse.corners[:-1]
    return traverse.corners


def _misclosure_facts(found: Misclosure) -> list[tuple[str, str]]:
    ratio = f"1 : {found.ratio:,.0f}" if math.isfinite(found.ratio) else "1 : ∞"
    return [
        (_("Misclosure north, east"), f"{found.north_m:+.4f} m, {found.east_m:+.4f} m"),
        (_("Misclosure, ratio"), f"{found.length_m:.4f} m, {ratio}"),
    ]


def _features(layer: LayerInfo, corners: Places, names: Sequence[str] = ()) -> tuple[NewFeature, ...]:
    if layer.geometry is GeometryType.POINT:
        return _points(layer, shapely.points(corners), names)
    return (NewFeature(drawn_shape(corners, layer.geometry)),)


def _points(layer: LayerInfo, points: Any, names: Sequence[str]) -> tuple[NewFeature, ...]:
    """Return a feature for each point, named where it has a name."""
    kind = KINDS.get(layer.kind)
    known = {field.name for field in layer.fields}
    field = kind.name_field if kind is not None and kind.name_field in known else ""
    given = list(names) or [""] * len(points)
    return tuple(
        NewFeature(point, {field: name} if field and name else {})
        for point, name in zip(points, given, strict=True)
    )


def _coordinates(request: CoordinateRequest, layer: LayerInfo) -> Entered:
    places = read_places(request.rows)
    verdict = judged(places, layer.crs, layer.bounds)
    best = verdict.likeliest
    value = request.system or (best.value if best is not None else "")
    taken_as = parse_taken_as(value) if value else TakenAs(layer.crs)
    if request.order:
        taken_as = replace(taken_as, swapped=request.order == EAST_FIRST)
    shape = entered_shape(places, taken_as, layer.crs, layer.geometry)
    if layer.geometry is GeometryType.POINT:
        named = [row[0] for row in request.rows if any(row)]
        features = _points(layer, shapely.get_parts(shape), named)
    else:
        features = (NewFeature(shape),)
    facts = ((_("Taken as"), describe(taken_as)), *_size_facts([shape], layer))
    systems = tuple((each.value, each.title) for each in verdict.candidates)
    placed = request.system or (best is not None and best.in_box)
    doubt = () if placed else (_("Check the place on the map: it is not sure."),)
    return Entered(
        features, facts, systems=systems, north_first=not taken_as.swapped, notes=(*verdict.warnings, *doubt)
    )


def _text(request: TextRequest, layer: LayerInfo, progress: Progress) -> Entered:
    crs = parse_crs(request.system) if request.system else None
    pasted = pasted_plots(request.text, layer, progress, crs=crs)
    rows = tuple(
        (
            plot.name,
            str(plot.points),
            _size(plot.geometry, layer) if plot.geometry is not None else "",
            plot.trouble,
        )
        for plot in pasted.plots
    )
    features = tuple(
        NewFeature(plot.geometry, plot.values) for plot in pasted.plots if plot.geometry is not None
    )
    facts = ((_("Taken as"), system_words(pasted)),)
    return Entered(features, facts, rows=rows, notes=pasted.notes)


def _size_facts(shapes: Sequence[Any], layer: LayerInfo) -> list[tuple[str, str]]:
    if layer.geometry is GeometryType.POINT:
        return []
    title = _("Planar area") if layer.geometry is GeometryType.POLYGON else _("Planar length")
    return [(title, _size(shape, layer)) for shape in shapes]


def _size(shape: Any, layer: LayerInfo) -> str:
    """Return an area or a length in the plane; nothing where the layer's system has none."""
    try:
        require_projected_metres(layer.crs)
    except CrsError:
        return ""
    if layer.geometry is GeometryType.POLYGON:
        return area_words(float(planar_area_m2(np.array([shape], dtype=object), layer.crs)[0]))
    return length_words(float(shape.length)) if layer.geometry is GeometryType.LINE else ""
