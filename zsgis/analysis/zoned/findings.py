"""What a user must know about features counted by zones: repairs, overlaps, forced areas, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from layers.shape_words import fault_words
from layers.words import _
from zsgis.analysis.zoned.model import FloatArray, Measured, Shapes, Zones
from zsgis.overlay import REMAINDER, Repair, Side, ZoneOverlap
from zsgis.result import Finding, Severity

NAMED_AT_MOST = 50
IMBALANCE_M2 = 0.01
FORCED_M2, FORCED_SHARE = 1.0, 1e-5


def overlay_findings(land: Shapes, zones: Zones | None, measured: Measured) -> tuple[Finding, ...]:
    """Return what the overlay noticed, the gravest matters of balance first."""
    groups = (
        _imbalance(land, measured),
        _repairs(land, zones, measured),
        _snapped(land, measured),
        _zones_over_each_other(zones, measured),
        _land_over_land(land, measured),
        _forced(land, measured),
        _without_shape(land, measured),
        _too_small(land, measured),
        _outside(land, zones, measured),
        _slivers(measured),
    )
    return tuple(finding for group in groups for finding in at_most(list(group)))


def zone_findings(zones: Zones, measured: Measured) -> tuple[Finding, ...]:
    """Return what the overlay noticed of the zones alone, where what was cut is told elsewhere."""
    broken = [repaired(zones, r.index, r) for r in measured.overlay.repairs if r.side is Side.ZONE]
    return (*at_most(broken), *at_most(list(_zones_over_each_other(zones, measured))))


def at_most(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings of one kind, those beyond the first fifty as one line with all their sources."""
    if len(found) <= NAMED_AT_MOST:
        return list(found)
    rest = found[NAMED_AT_MOST:]
    named: dict[str, dict[str, None]] = {}
    for finding in rest:
        for layer, uids in finding.sources.items():
            named.setdefault(layer, {}).update(dict.fromkeys(uids))
    text = _("And {count} more like the one before.").format(count=len(rest))
    sources = {layer: tuple(uids) for layer, uids in named.items()}
    return [*found[:NAMED_AT_MOST], Finding(rest[0].code, rest[0].severity, text, sources)]


def _imbalance(land: Shapes, measured: Measured) -> Iterator[Finding]:
    imbalance = measured.overlay.imbalance_m2
    for index in np.flatnonzero(np.abs(imbalance) > IMBALANCE_M2).tolist():
        yield Finding(
            "overlay.imbalance",
            Severity.ERROR,
            _("{layer} {name}: pieces and remainder miss the whole by {area:.4f} m².").format(
                layer=land.layer_name, name=land.names[index], area=imbalance[index]
            ),
            {land.layer_uid: (land.uids[index],)},
        )


def _repairs(land: Shapes, zones: Shapes | None, measured: Measured) -> Iterator[Finding]:
    for repair in measured.overlay.repairs:
        shapes = land if repair.side is Side.FEATURE or zones is None else zones
        yield repaired(shapes, repair.index, repair)


def repaired(shapes: Shapes, place: int, repair: Repair) -> Finding:
    """Return the finding that a feature's shape was repaired for the computation."""
    return Finding(
        "overlay.repaired_ring",
        Severity.WARNING,
        _(
            "{layer} {name}: the shape is broken ({reason}) and was repaired for this computation; "
            "area {before:.2f} m² before, {after:.2f} m² after. The data are unchanged."
        ).format(
            layer=shapes.layer_name,
            name=shapes.names[place],
            reason=fault_words(repair.reason),
            before=repair.before_m2,
            after=repair.after_m2,
        ),
        {shapes.layer_uid: (shapes.uids[place],)},
    )


def _snapped(land: Shapes, measured: Measured) -> Iterator[Finding]:
    for pair in measured.overlay.snapped:
        yield snapped(land, pair.feature, pair.grid_m)


def snapped(shapes: Shapes, place: int, grid_m: float) -> Finding:
    """Return the finding that a feature could only be cut on a grid."""
    return Finding(
        "overlay.snapped",
        Severity.WARNING,
        _("{layer} {name}: could only be cut after snapping to a grid of {grid} m.").format(
            layer=shapes.layer_name, name=shapes.names[place], grid=grid_m
        ),
        {shapes.layer_uid: (shapes.uids[place],)},
    )


def _zones_over_each_other(zones: Zones | None, measured: Measured) -> Iterator[Finding]:
    if zones is None:
        return
    for pair in measured.overlay.zone_overlaps:
        yield Finding(
            "overlay.zones_overlap",
            Severity.WARNING,
            _(
                "Zones “{first}” and “{second}” lie over each other on {area:.2f} m². Land there counts in "
                "both; the total counts it once and lists the deduction."
            ).format(first=zones.names[pair.first], second=zones.names[pair.second], area=pair.area_m2),
            {zones.layer_uid: (zones.uids[pair.first], zones.uids[pair.second])},
        )


def _land_over_land(land: Shapes, measured: Measured) -> Iterator[Finding]:
    for pair in measured.overlay.feature_overlaps:
        yield counted_twice(land, pair)


def counted_twice(shapes: Shapes, pair: ZoneOverlap) -> Finding:
    """Return the finding that two features of the layer that is counted lie over each other."""
    return Finding(
        "overlay.features_overlap",
        Severity.WARNING,
        _(
            "{layer}: {first} and {second} lie over each other on {area:.2f} m²; this land counts "
            "twice in every total. Correct the layer."
        ).format(
            layer=shapes.layer_name,
            first=shapes.names[pair.first],
            second=shapes.names[pair.second],
            area=pair.area_m2,
        ),
        {shapes.layer_uid: (shapes.uids[pair.first], shapes.uids[pair.second])},
    )


def _forced(land: Shapes, measured: Measured) -> Iterator[Finding]:
    limit = np.maximum(FORCED_M2, FORCED_SHARE * measured.control_cents / 100)
    for index in np.flatnonzero(np.abs(measured.correction_m2) > limit).tolist():
        yield Finding(
            "overlay.forced_correction",
            Severity.WARNING,
            _(
                "{layer} {name}: the pieces' ellipsoidal areas miss the parcel's by {area:.2f} m² and were "
                "forced to it. Long edges that are cut cause this; check the parcel."
            ).format(layer=land.layer_name, name=land.names[index], area=measured.correction_m2[index]),
            {land.layer_uid: (land.uids[index],)},
        )


def _without_shape(land: Shapes, measured: Measured) -> Iterator[Finding]:
    yield from without_shape(land, measured.overlay.input_m2)


def without_shape(land: Shapes, whole_m2: FloatArray) -> Iterator[Finding]:
    """Yield the finding that features have no shape, or one without area.

    Parameters
    ----------
    whole_m2 : ndarray of float64, shape (features,)
        Planar area of each.
    """
    empty = np.flatnonzero(whole_m2 == 0).tolist()
    if empty:
        yield Finding(
            "overlay.no_shape",
            Severity.WARNING,
            _("{count} parcels of {layer} have no shape or no area and count nowhere.").format(
                count=len(empty), layer=land.layer_name
            ),
            {land.layer_uid: tuple(land.uids[i] for i in empty)},
        )


def _too_small(land: Shapes, measured: Measured) -> Iterator[Finding]:
    small = np.flatnonzero((measured.overlay.input_m2 > 0) & (measured.control_cents == 0)).tolist()
    if small:
        yield Finding(
            "overlay.too_small",
            Severity.WARNING,
            _(
                "{count} parcels of {layer} are smaller than 0.005 m² and count as 0.00; together they have "
                "{area:.4f} m²."
            ).format(count=len(small), layer=land.layer_name, area=measured.overlay.input_m2[small].sum()),
            {land.layer_uid: tuple(land.uids[i] for i in small)},
        )


def _outside(land: Shapes, zones: Zones | None, measured: Measured) -> Iterator[Finding]:
    outside = measured.zone == REMAINDER
    if zones is None or not outside.any():
        return
    parcels = np.unique(measured.overlay.feature[outside]).tolist()
    yield Finding(
        "overlay.outside_zones",
        Severity.NOTE,
        _("{area:.2f} m² of {count} parcels lie in no zone and stand in a row of their own.").format(
            area=measured.cents[outside].sum() / 100, count=len(parcels)
        ),
        {land.layer_uid: tuple(land.uids[i] for i in parcels)},
    )


def _slivers(measured: Measured) -> Iterator[Finding]:
    slivers = measured.overlay.slivers
    if slivers.kept or slivers.merged:
        yield Finding(
            "overlay.slivers",
            Severity.NOTE,
            _("Slivers: {kept} kept ({kept_m2:.2f} m²), {merged} merged ({merged_m2:.2f} m²).").format(
                kept=slivers.kept,
                kept_m2=slivers.kept_m2,
                merged=slivers.merged,
                merged_m2=slivers.merged_m2,
            ),
        )
