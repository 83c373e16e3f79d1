"""The map of a sheet: its scale, its layers in their order, its kilometre lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from layers.drawable import Bounds, DrawableLayer
from layers.errors import InputError
from layers.kind import GeometryType
from layers.progress import Progress
from layers.words import _
from zsgis.sheets.enlarging import enlarged
from zsgis.sheets.layout import GridTick, MapItem
from zsgis.sheets.map_layers import (
    DETAIL_MM,
    chosen,
    cut,
    drawn_shape,
    inside,
    ordered,
    outlined,
    restyled,
    veil_outside,
)
from zsgis.sheets.place import Place
from zsgis.sheets.public_use import PublicLimits
from zsgis.sheets.scale import choose_scale, grid_interval_m, grid_values, kilometres
from zsgis.sheets.template import MapSpec

ZONE_UID = "sheet-zone"
_BEYOND_MM = 0.3
"""Layers are cut this far outside the neat line, so that no cut edge shows."""


@dataclass(frozen=True)
class MapSource:
    """What a map is made from.

    Attributes
    ----------
    drawables : sequence of DrawableLayer
        Drawing order, top first, in the map's coordinate system.
    kind_of : mapping
        A layer's uid to its kind.
    crs : pyproj.CRS
    crs_text : str
        What the sheet says of it.
    place : Place or None
        The feature the sheet is about.
    place_title : str
        What the legend calls it.
    extent : tuple of float
        What must be on the map.
    above : sequence of DrawableLayer
        Layers that exist on the sheet only, top first; they lie over all others.
    limits : PublicLimits, optional
        What a use for the public allows; None allows everything.
    """

    drawables: Sequence[DrawableLayer]
    kind_of: Mapping[str, str]
    crs: object
    crs_text: str
    place: Place | None
    place_title: str
    extent: Bounds
    above: Sequence[DrawableLayer] = ()
    limits: PublicLimits | None = None


def extent_of(drawables: Sequence[DrawableLayer]) -> Bounds:
    """Return the bounds of all layers.

    Raises
    ------
    InputError
        When nothing can be drawn.
    """
    known = [layer.extent for layer in drawables if layer.extent is not None]
    if not known:
        raise InputError(
            _("There is nothing to draw on the sheet."),
            remedy=_("Make a layer visible that has features, or import one."),
        )
    return (
        min(one[0] for one in known),
        min(one[1] for one in known),
        max(one[2] for one in known),
        max(one[3] for one in known),
    )


def map_item(spec: MapSpec, source: MapSource, progress: Progress, *, enlarge: float = 1.0) -> MapItem:
    """Return the map as it comes onto paper, its layers cut and its scale and kilometre lines chosen.

    Parameters
    ----------
    enlarge : float
        How much larger than the template says it is, looks of layers included.
    """
    limits = source.limits or PublicLimits()
    spec = limits.scaled(enlarged(spec, enlarge))
    neat = spec.box.inset(spec.gap_mm)
    fitting = choose_scale(source.extent, neat.width, neat.height, margin=spec.margin, among=spec.scales)
    denominator = limits.floor_scale(fitting)
    xmin, ymin, xmax, ymax = source.extent
    item = MapItem(
        name=spec.name,
        box=spec.box,
        neat=neat,
        frame_mm=spec.frame_mm,
        neat_mm=spec.neat_mm,
        tick_mm=spec.tick_mm,
        tick_text_mm=spec.tick_text_mm,
        center_x=(xmin + xmax) / 2.0,
        center_y=(ymin + ymax) / 2.0,
        scale_denominator=denominator,
        crs=source.crs_text,
        system=source.crs if limits.coordinates else None,
    )
    interval = grid_interval_m(denominator, least_mm=30.0 * enlarge)
    # the template's own looks are enlarged with it already
    known = {layer.uid for layer in source.drawables if source.kind_of.get(layer.uid) not in spec.styles}
    known |= {layer.uid for layer in source.above}
    return item.model_copy(
        update={
            "grid_interval_m": interval if limits.coordinates else 0.0,
            "ticks": tuple(grid_ticks(item, interval)) if limits.coordinates else (),
            "layers": tuple(
                replace(layer, style=enlarged(layer.style, enlarge) if layer.uid in known else layer.style)
                for layer in map(limits.rounded, _layers(spec, source, item, progress))
            ),
        }
    )


def grid_ticks(item: MapItem, interval_m: float) -> list[GridTick]:
    """Return the kilometre lines' ticks on all four sides; corners are kept free of labels."""
    xmin, ymin, xmax, ymax = item.bounds
    mm_per_m = 1000.0 / item.scale_denominator
    free_mm = 4.0
    ticks = []
    for value in grid_values(xmin, xmax, interval_m):
        at = item.neat.x + (value - xmin) * mm_per_m
        if free_mm <= at - item.neat.x <= item.neat.width - free_mm:
            text = kilometres(value, interval_m)
            ticks += [
                GridTick(side="top", at_mm=at, label=text),
                GridTick(side="bottom", at_mm=at, label=text),
            ]
    for value in grid_values(ymin, ymax, interval_m):
        at = item.neat.bottom - (value - ymin) * mm_per_m
        if free_mm <= at - item.neat.y <= item.neat.height - free_mm:
            text = kilometres(value, interval_m)
            ticks += [
                GridTick(side="left", at_mm=at, label=text),
                GridTick(side="right", at_mm=at, label=text),
            ]
    return ticks


def _layers(spec: MapSpec, source: MapSource, item: MapItem, progress: Progress) -> tuple[DrawableLayer, ...]:
    metres_per_mm = item.scale_denominator / 1000.0
    xmin, ymin, xmax, ymax = item.bounds
    beyond = _BEYOND_MM * metres_per_mm
    bounds = (xmin - beyond, ymin - beyond, xmax + beyond, ymax + beyond)
    wanted = ordered(source.drawables, source.kind_of, spec.kinds)
    layers: list[DrawableLayer] = []
    for number, layer in enumerate(wanted):
        progress.step(number / len(wanted), _("Fitting “{layer}” to the sheet").format(layer=layer.title))
        kind = source.kind_of[layer.uid]
        styled = outlined(restyled(layer, spec.styles.get(kind)), spec.outline_mm.get(kind))
        layers.append(cut(styled, bounds, DETAIL_MM / 2.0 * metres_per_mm))
    if source.place is None:
        placed = [layer for layer in layers if len(layer)]
    else:
        placed = _zone_apart(spec, source, source.place, layers, bounds)
    return (*source.above, *reversed(placed))


def _zone_apart(
    spec: MapSpec, source: MapSource, place: Place, layers: Sequence[DrawableLayer], bounds: Bounds
) -> list[DrawableLayer]:
    """Lay the veil over everything outside the zone; the zone's boundary and its points stand above it."""
    below, above = [], []
    for layer in layers:
        if layer.geometry is not GeometryType.POINT:
            below.append(layer)
            continue
        within = inside(layer, place.shape)
        outside = chosen(layer, ~within)
        below.append(replace(outside, opacity=outside.opacity * (1.0 - spec.veil), labels=None))
        above.append(chosen(layer, within))
    result = [layer for layer in below if len(layer)]
    if spec.veil > 0.0:
        result.append(veil_outside(place.shape, bounds, spec.veil, source.crs))
    if spec.zone is not None:
        result.append(drawn_shape(ZONE_UID, source.place_title, place.shape, spec.zone, source.crs))
    return result + [layer for layer in above if len(layer)]
