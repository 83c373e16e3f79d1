"""Approved and not supplied (批而未供): 批地红线 less 供地红线, by batch, year and zone.

Odd input: zones over each other count land to the one that came in first, and say so; approvals on a zone's
border are cut; approvals over each other count twice, supplied parcels over each other once, both named;
without dates or numbers, see the findings; without zones the layer counts as a whole. An approval without a
shape counts nowhere. Layers in degrees are cut in the project's plane. A missing recorded area is no zero. An
empty zone has a row of zeros, what lies in none a row of its own. NaN in coordinates is refused by layer and
feature. A number that no approval has, or that stands in several batches, is named and joins nothing.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from layers.area import measure, to_cents
from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layered import NOBODY, cut_by_layers
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.supply_gap.batches import batches_of, matches_of
from zsgis.analysis.supply_gap.findings import gap_findings, record_findings
from zsgis.analysis.supply_gap.parameters import SupplyGapParameters
from zsgis.analysis.supply_gap.tables import (
    Gap,
    batch_table,
    parcel_table,
    year_table,
    year_words,
    zone_table,
)
from zsgis.analysis.zoned import (
    Measuring,
    Shapes,
    UsedLayer,
    Zones,
    at_most,
    basis_words,
    chosen_among,
    find_zones,
    measuring_of,
    measuring_words,
    read_zones,
    signed,
)
from zsgis.capability import Capability, Parameters
from zsgis.charts import BarChart, MapClass, ResultMap, Series
from zsgis.printed_balance import Figure, PrintedTable, printed_unit
from zsgis.result import Adjustment, Finding, Result, Table

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Approved and unsupplied land")
SUPPLIED_COLOR, UNSUPPLIED_COLOR = "#8FA9C4", "#C0562B"
_APPROVED_FIELDS = (
    "approval_number",
    "approved_on",
    "supervision_number",
    "approved_area_ha",
    "supplied_area_ha",
    "unsupplied_area_ha",
)
_SUPPLIED_FIELDS = ("approval_number", "supervision_number", "contract_area_m2")


def compute(
    approved: Features,
    supplied: Features,
    zones: Zones | None,
    how: Measuring,
    *,
    parameters: SupplyGapParameters,
    progress: Progress,
) -> Result:
    """Return approved land less supplied land, with the batches, years, zones and parcels behind it.

    Parameters
    ----------
    approved, supplied : Features
        Columns as their kinds declare them; those that are missing are empty.
    zones : Zones or None
    """
    cutters: list[Shapes] = [supplied] if zones is None else [supplied, zones]
    pieces = cut_by_layers(approved, cutters, how, ProgressPart(progress, 0.0, 0.8))
    batches = batches_of(approved)
    matches = matches_of(approved, supplied, batches, pieces)
    whole_cents = to_cents(np.nan_to_num(measure(supplied.geometry, supplied.crs, how.basis)))
    gap = Gap(
        approved, supplied, zones, batches, matches, pieces, printed_unit(parameters.unit, parameters.digits)
    )
    notes = (_("Area basis: {basis}.").format(basis=basis_words(how.basis)),)
    by_batch, printed = batch_table(gap, notes)
    by_zone = zone_table(gap, notes)
    tables: list[Table] = [by_batch, year_table(gap, printed, notes)]
    if by_zone is not None:
        tables.append(by_zone[0])
    tables.append(parcel_table(gap, whole_cents, supplied.areas_m2("contract_area_m2")))
    found = (
        *pieces.findings,
        *gap_findings(approved, supplied, batches, matches, whole_cents),
        *_record_findings(gap, parameters),
    )
    progress.step(1.0)
    return Result(
        capability="supply_gap",
        title=_(TITLE),
        tables=tuple(tables),
        findings=found,
        adjustments=(
            *_moved("batches", printed, batches.names),
            *(_moved("zones", by_zone[1], gap.zones.names) if by_zone and gap.zones else ()),
        ),
        run=unsigned_record((), _method(approved, supplied, zones, how), {}),
        facts=_facts(gap),
        charts=(_chart(gap),),
        maps=(_map(gap, how),),
    )


def _record_findings(gap: Gap, parameters: SupplyGapParameters) -> tuple[Finding, ...]:
    cents = gap.cents(gap.batch, len(gap.batches.numbers))
    told = {
        "approved": (_("approved"), cents.sum(axis=1)),
        "supplied": (_("supplied"), cents[:, 0]),
        "unsupplied": (_("unsupplied"), cents[:, 1]),
    }
    found: list[Finding] = []
    for name, (words, measured) in told.items():
        recorded = gap.batches.summed(gap.approved.areas_m2(f"{name}_area_ha"))
        found += at_most(
            list(record_findings(gap.approved, gap.batches, measured / 100, recorded, words, parameters))
        )
    return tuple(found)


def _moved(key: str, table: PrintedTable, names: tuple[str, ...]) -> list[Adjustment]:
    sides = (_("Supplied"), _("Unsupplied"))
    out = []
    for change in table.changed():
        if change.figure is Figure.CELL:
            line = names[change.row] if change.row < len(names) else _("Outside the zones")
            item = f"{line} · {sides[change.column]}"
            unit = table.unit
            out.append(Adjustment(key, item, unit.title, unit.value(change.before), unit.value(change.after)))
    return out


def _facts(gap: Gap) -> dict[str, object]:
    cents = gap.cents(gap.batch, len(gap.batches.numbers)).sum(axis=0)
    return {
        "approved_m2": int(cents.sum()) / 100,
        "supplied_m2": int(cents[0]) / 100,
        "unsupplied_m2": int(cents[1]) / 100,
        "largest_imbalance_m2": gap.pieces.imbalance_m2,
        "batches": len(gap.batches.numbers),
        "approvals": len(gap.approved),
        "supplied_parcels": len(gap.supplied),
        "matched_by_number": int((gap.matches.by_number >= 0).sum()),
        "matched_by_place": int((gap.matches.by_place >= 0).sum()),
    }


def _method(approved: Features, supplied: Features, zones: Zones | None, how: Measuring) -> tuple[str, ...]:
    return (
        _(
            "Approved red lines of “{approved}” are cut by supplied ones of “{supplied}”; what none of them "
            "covers is approved and not supplied."
        ).format(approved=approved.layer_name, supplied=supplied.layer_name),
        *measuring_words(approved, zones, how),
        _(
            "Approvals with one number are one batch, of the year of its earliest approval. Supplied parcels "
            "are counted where they lie; their numbers are held against that."
        ),
        _("Zones that lie over each other: land there counts to the one that came in first."),
    )


def _chart(gap: Gap) -> BarChart:
    years = sorted(set(gap.batches.year.tolist()), key=lambda year: year or 9999)
    cents = gap.cents(gap.batch, len(gap.batches.numbers))
    sums = np.array([cents[gap.batches.year == year].sum(axis=0) for year in years]).reshape(-1, 2)
    in_unit = sums * float(gap.unit.steps_per_cent) / 10**gap.unit.digits
    return BarChart(
        "years",
        _("Approved land by year"),
        tuple(year_words(year) for year in years),
        (
            Series(_("Supplied"), tuple(in_unit[:, 0].tolist()), SUPPLIED_COLOR),
            Series(_("Unsupplied"), tuple(in_unit[:, 1].tolist()), UNSUPPLIED_COLOR),
        ),
        unit=gap.unit.title,
        digits=gap.unit.digits,
        stacked=True,
    )


def _map(gap: Gap, how: Measuring) -> ResultMap:
    sides = gap.side.tolist()
    return ResultMap(
        key="pieces",
        title=_("Supplied and unsupplied land"),
        crs=how.plane,
        geometry=gap.pieces.geometry,
        columns={
            "state": tuple("supplied" if side == 0 else "unsupplied" for side in sides),
            "batch": tuple(gap.batches.names[place] for place in gap.batch.tolist()),
            "approval_number": tuple(gap.batches.numbers[place] for place in gap.batch.tolist()),
            "parcel": tuple(
                "" if place == NOBODY else gap.supplied.names[place]
                for place in gap.pieces.member[:, 0].tolist()
            ),
            "area_m2": tuple((gap.pieces.cents / 100).tolist()),
        },
        color_by="state",
        classes=(
            MapClass("supplied", _("Supplied"), SUPPLIED_COLOR),
            MapClass("unsupplied", _("Unsupplied"), UNSUPPLIED_COLOR),
        ),
        layer_uid=gap.approved.layer_uid,
        sources=tuple((gap.approved.uids[place],) for place in gap.pieces.feature.tolist()),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compute approved and unsupplied land of a project's layers."""
    assert isinstance(parameters, SupplyGapParameters)  # noqa: S101 - the registry pairs the two
    approved_info = _layer(project, parameters.approved, "approved")
    supplied_info = _layer(project, parameters.supplied, "supplied")
    zones_info = find_zones(project, parameters.zones, ("approved", "supplied"))
    approved = read_features(project, approved_info, _APPROVED_FIELDS)
    supplied = read_features(project, supplied_info, _SUPPLIED_FIELDS)
    zones = None if zones_info is None else read_zones(project, zones_info)
    how = measuring_of(project, parameters, approved_info, supplied_info, zones_info)
    result = compute(
        approved, supplied, zones, how, parameters=parameters, progress=ProgressPart(progress, 0.05, 1.0)
    )
    used = [
        UsedLayer("approved", approved_info, how.basis),
        UsedLayer("supplied", supplied_info, how.basis),
        *([UsedLayer("zones", zones_info)] if zones_info is not None else []),
    ]
    done = signed(project, result, used, how.plane)
    chosen = (
        *chosen_among(project, approved_info, parameters.approved),
        *chosen_among(project, supplied_info, parameters.supplied),
        *chosen_among(project, zones_info, parameters.zones),
    )
    return dataclasses.replace(done, findings=chosen + done.findings)


def _layer(project: Project, asked: str, kind_key: str) -> LayerInfo:
    info = find_layer(project, asked, (kind_key,))
    if info is not None:
        return info
    words = {
        "approved": _("The project has no layer of approved red lines."),
        "supplied": _("The project has no layer of supplied red lines."),
    }
    raise InputError(
        words[kind_key],
        where=str(project.path),
        remedy=_("Import one (zsgis import … --as {kind}).").format(kind=kind_key),
    )


CAPABILITY = Capability(
    key="supply_gap",
    title=TITLE,
    summary=N_(
        "What was approved and is not supplied yet, by batch, year and zone, held against the records."
    ),
    stage="analysis",
    parameters=SupplyGapParameters,
    run=run,
    notes=(
        N_(
            "Approved red lines are cut by supplied ones. Approvals with one number are one batch, of the "
            "year of its earliest approval."
        ),
        N_(
            "Supplied parcels count where they lie. Their supervision and approval numbers are held against "
            "that; where the two differ, the parcel is named."
        ),
        N_(
            "Recorded areas stand beside the measured ones and are never mixed with them; a missing record "
            "is no zero."
        ),
    ),
)
