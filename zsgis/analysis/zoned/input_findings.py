"""What a user must know about what went in: layers chosen, names, the plane, recorded areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.area import areal_scale
from layers.crs import coordinate_change, describe_crs, transform_points
from layers.kind import AreaBasis
from layers.words import _
from zsgis.analysis.zoned.model import FloatArray, Measured, Measuring, Shapes, Zones
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

DISTORTION_SHARE = 6e-4
"""The edge of a 3-degree zone at Zhongshan; more is a projection that was not made for this place."""
BENT_M = 0.05
"""How far a straight edge may lie beside itself in the other system; what surveyors call the same point."""
RECORDED_SHARE = 0.05
RECORDED_M2 = 1.0
_NAMED = 5


def input_findings(
    features: Shapes,
    zones: Zones | None,
    how: Measuring,
    measured: Measured,
    recorded_m2: FloatArray | None = None,
) -> tuple[Finding, ...]:
    """Return what is odd about the data before anything was cut.

    Parameters
    ----------
    recorded_m2 : ndarray of float64, shape (features,), optional
        Recorded areas to hold against the measured ones; NaN where none is written down.
    """
    moved = [layer for layer in (features, zones) if layer is not None]
    return (
        *zone_name_findings(zones),
        *_distortion(features, how),
        *(finding for layer in moved for finding in _bent_edges(layer, how)),
        *_recorded(features, measured, recorded_m2),
    )


def chosen_among(project: Project, info: LayerInfo | None, asked: str) -> Iterator[Finding]:
    """Yield the finding that a layer nobody named was taken where others of its kind could serve as well."""
    if info is None or asked:
        return
    rivals = [other for other in project.layers_of(info.kind) if other.uid != info.uid]
    if rivals:
        yield Finding(
            "input.layer_chosen",
            Severity.WARNING,
            _(
                "No layer was named, so the topmost, “{layer}”, was taken; these could serve as well: {names}"
            ).format(layer=info.name, names="、".join(other.name for other in rivals)),
            {info.uid: ()},
        )


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")


def zone_name_findings(zones: Zones | None) -> Iterator[Finding]:
    """Yield the finding that zones have no name of their own, and what they are called."""
    if zones is None:
        return
    pairs = list(zip(zones.own_names, zones.names, strict=True))
    changed = [i for i, (own, name) in enumerate(pairs) if own != name]
    if changed:
        yield Finding(
            "input.zone_names",
            Severity.WARNING,
            _(
                "{count} zones of {layer} have no name, or one that another zone or a line of the table "
                "bears; here they are called: {names}"
            ).format(
                count=len(changed), layer=zones.layer_name, names=_some([zones.names[i] for i in changed])
            ),
            _of(zones, changed),
        )


def _distortion(land: Shapes, how: Measuring) -> Iterator[Finding]:
    if how.basis is not AreaBasis.PLANAR or not len(land.geometry):
        return
    west, south, east, north = shapely.total_bounds(land.geometry)
    if not np.isfinite([west, south, east, north]).all():
        return
    x, y = transform_points((west + east) / 2, (south + north) / 2, land.crs, how.plane)
    excess = areal_scale(how.plane, float(x[0]), float(y[0])) - 1.0
    if abs(excess) > DISTORTION_SHARE:
        yield Finding(
            "input.plane_distorts",
            Severity.WARNING,
            _(
                "Planar areas in {crs} differ here by {percent:+.3f} % from the ground: the projection was "
                "not made for this place. Count ellipsoidal areas, or bring the layer into a zone with a "
                "central meridian near by."
            ).format(crs=describe_crs(how.plane), percent=100 * excess),
            {land.layer_uid: ()},
        )


def _bent_edges(layer: Shapes, how: Measuring) -> Iterator[Finding]:
    """Yield the finding that long edges, straight in the layer's own system, are not where they are cut.

    Vertices are changed and edges drawn straight between them. What is measured is how far the middle of an
    edge in the layer's system lies from its middle in the plane.
    """
    if coordinate_change(layer.crs, how.plane).is_identity:
        return
    parts, owner = shapely.get_parts(layer.geometry, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = ring[1:] == ring[:-1]
    if not edge.any() or not np.isfinite(xy).all():
        return
    east, north = transform_points(xy[:, 0], xy[:, 1], layer.crs, how.plane)
    middle = (xy[1:] + xy[:-1])[edge] / 2
    x, y = transform_points(middle[:, 0], middle[:, 1], layer.crs, how.plane)
    off_m = np.hypot(x - (east[1:] + east[:-1])[edge] / 2, y - (north[1:] + north[:-1])[edge] / 2)
    worst = np.zeros(len(layer.geometry))
    np.maximum.at(worst, owner[part[ring[1:][edge]]], off_m)
    bent = np.flatnonzero(worst > BENT_M).tolist()
    if bent:
        yield Finding(
            "input.bent_edges",
            Severity.WARNING,
            _(
                "{count} shapes of {layer} have long edges that are straight in {crs} and up to {metres:.2f} "
                "m away from there where they were cut: {names}. Add vertices to these edges, or draw them "
                "in the plane of the land."
            ).format(
                count=len(bent),
                layer=layer.layer_name,
                crs=describe_crs(layer.crs),
                metres=worst.max(),
                names=_some([layer.names[i] for i in bent]),
            ),
            _of(layer, bent),
        )


def _recorded(land: Shapes, measured: Measured, recorded_m2: FloatArray | None) -> Iterator[Finding]:
    if recorded_m2 is None:
        return
    control_m2 = measured.control_cents / 100
    known = np.isfinite(recorded_m2) & (control_m2 > 0)
    if not known.any():
        return
    off_m2 = np.abs(np.where(known, recorded_m2 - control_m2, 0.0))
    odd = np.flatnonzero(off_m2 > np.maximum(RECORDED_M2, RECORDED_SHARE * control_m2)).tolist()
    ratio = float(np.median(recorded_m2[known] / control_m2[known]))
    if not odd:
        return
    text = _(
        "{count} parcels of {layer} have a recorded area over {percent:g} % off the measured one: {names}"
    ).format(
        count=len(odd),
        layer=land.layer_name,
        percent=100 * RECORDED_SHARE,
        names=_some([land.names[i] for i in odd]),
    )
    if not 0.5 <= ratio <= 2.0:
        text += _(
            ". The median recorded area is {ratio:.3g} times the measured one: look whether the column is in "
            "another unit (m², ha, mu)."
        ).format(ratio=ratio)
    yield Finding("input.recorded_differs", Severity.WARNING, text, _of(land, odd))


def _of(layer: Shapes, places: Iterable[int]) -> dict[str, tuple[str, ...]]:
    return {layer.layer_uid: tuple(layer.uids[i] for i in places)}
