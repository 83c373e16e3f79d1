"""Features cut by zones, and the pieces' areas forced to the feature's."""

from __future__ import annotations

import dataclasses

import numpy as np

from layers.area import ellipsoidal_area_m2, share_out_groups, to_cents
from layers.crs import require_projected_metres, transform
from layers.errors import GeometryError
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from zsgis.analysis.zoned.model import (
    FloatArray,
    GeometryArray,
    IntArray,
    Measured,
    Measuring,
    Shapes,
    Zones,
)
from zsgis.analysis.zoned.zone_sums import settle_zone_sums
from zsgis.overlay import Overlay, ShapeError, Side, balanced_overlay


def measure_pieces(land: Shapes, zones: Zones | None, how: Measuring, progress: Progress) -> Measured:
    """Cut features by zones and measure every piece on the chosen basis.

    Balance is proved on the plane. Each whole feature is then measured on the chosen basis, from its own
    coordinates, and its pieces are forced to that area in whole 0.01 m2. Without zones, all features lie
    in zone 0.

    Raises
    ------
    GeometryError
        Names the feature or zone that cannot be used.
    CrsError
        When the plane is none, or the zones cannot be brought into it.
    """
    require_projected_metres(how.plane)
    parcels = transform(land.geometry, land.crs, how.plane)
    areas = np.zeros(0, dtype=object) if zones is None else transform(zones.geometry, zones.crs, how.plane)
    try:
        overlay = balanced_overlay(
            parcels,
            areas,
            sliver_m2=how.sliver_m2,
            sliver_width_m=how.sliver_width_m,
            sliver_policy=how.sliver_policy,
            check_features=True,
            progress=ProgressPart(progress, 0.0, 0.8),
        )
    except ShapeError as error:
        raise _named(error, land, zones) from error
    progress.step(0.8)
    pieces_m2, whole_m2 = _measured(land, overlay, how)
    progress.step(0.95)
    cents, control, overlap, correction = _forced(overlay, pieces_m2, whole_m2)
    zone = overlay.zone if zones is not None else np.zeros_like(overlay.zone)
    return Measured(overlay, zone, cents, control, overlap, correction)


def _named(error: ShapeError, land: Shapes, zones: Zones | None) -> GeometryError:
    if error.side is Side.ZONE and zones is not None:
        layer, name = zones.layer_name, zones.names[error.index]
    else:
        layer, name = land.layer_name, land.names[error.index]
    return GeometryError(error.what, where=f"{layer}: {name}", remedy=error.remedy, details=error.details)


def _measured(land: Shapes, overlay: Overlay, how: Measuring) -> tuple[FloatArray, FloatArray]:
    """Return the area of each piece and of each whole parcel, in m2 on the basis."""
    if how.basis is AreaBasis.PLANAR:
        return overlay.area_m2, overlay.input_m2
    whole_m2 = np.nan_to_num(ellipsoidal_area_m2(_valid(land.geometry, overlay), land.crs))
    repaired = [r for r in overlay.repairs if r.side is Side.FEATURE]
    fixed = np.empty(len(repaired), dtype=object)
    fixed[:] = [r.geometry for r in repaired]
    whole_m2[[r.index for r in repaired]] = ellipsoidal_area_m2(fixed, how.plane)
    pieces_m2 = whole_m2[overlay.feature]
    cut = ~overlay.whole
    pieces_m2[cut] = ellipsoidal_area_m2(overlay.geometry[cut], how.plane)
    return pieces_m2, whole_m2


def _valid(geometry: GeometryArray, overlay: Overlay) -> GeometryArray:
    """Return the shapes without those that had to be repaired."""
    valid = np.array(geometry, dtype=object)
    for repair in overlay.repairs:
        if repair.side is Side.FEATURE:
            valid[repair.index] = None
    return valid


def _forced(
    overlay: Overlay, pieces_m2: FloatArray, whole_m2: FloatArray
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Return the pieces' cents, each whole's cents, its doubly covered cents, and what was forced in m2.

    What zones over each other cover twice is measured on the plane and brought to the basis by the
    parcel's own ratio of the two areas.
    """
    control = to_cents(whole_m2)
    ratio = np.divide(whole_m2, overlay.input_m2, out=np.ones_like(whole_m2), where=overlay.input_m2 > 0)
    overlap_m2 = overlay.overlap_m2 * ratio
    overlap = to_cents(overlap_m2)
    # of nothing at all numpy counts whole numbers
    summed_m2 = np.bincount(overlay.feature, weights=pieces_m2, minlength=len(whole_m2)).astype(np.float64)
    present = np.zeros(len(whole_m2), dtype=bool)
    present[overlay.feature] = True
    correction = np.where(present, whole_m2 + overlap_m2 - summed_m2, 0.0)
    # no limit here: balance was proved on the plane, and what is forced beyond rounding becomes a finding
    cents = share_out_groups(pieces_m2, overlay.feature, control + overlap, limit_share=None)
    scale = np.divide(whole_m2 + overlap_m2, summed_m2, out=np.zeros_like(summed_m2), where=summed_m2 > 0)
    exact_cents = 100 * pieces_m2 * scale[overlay.feature]
    cents = settle_zone_sums(cents, exact_cents, overlay.feature, overlay.zone)
    return cents, control, overlap, correction


def without_geometry(measured: Measured) -> Measured:
    """Return the figures alone; the shapes of half a million pieces need not outlive the tables."""
    bare = np.zeros(0, dtype=object)
    return dataclasses.replace(measured, overlay=dataclasses.replace(measured.overlay, geometry=bare))
