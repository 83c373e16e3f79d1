"""Intensity of use by zone: development intensity, industrial share, indicators of development zones.

Zones
    Without zones the land layer counts as a whole. In the table of land what lies in no zone has a row of
    its own, and what zones over each other hold twice is deducted in one. The indicators are of each zone,
    zones over each other each with all their land; their last rows take all zones together, once. An empty
    zone has no value, and says so. Shares speak of the land that the land layer covers; a zone that it does
    not cover is named.
Parcels
    On a zone's border they are cut, and what they record (floor area, taxes) is shared out by area. Features
    that record nothing count neither above nor below the line, and are named. A class that is unknown or too
    coarse, or none, counts to no construction land and stands in a column of its own. Parcels over each
    other count twice, and are named.
Indicators
    After TD/T 1029-2010. Approved red lines stand for land that is ready for supply. Supplied land counts to
    the rate of supply where it lies within them; built land and idle land count where they lie within
    supplied land: so no rate exceeds 100 %. Idle land counts with the number of its official finding only.
Missing layers and fields
    An indicator without them is not derivable, with the reason. A land layer without the field of classes is
    refused, and so is one whose classes are of no standard. A layer has one standard; the limits of a rule
    file name the classes of each.
Coordinates
    Layers in degrees are cut in the project's plane. All areas of a run are on the land layer's basis. NaN in
    coordinates is refused by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from layers.area import measure, to_cents
from layers.classification import land_class3_rules
from layers.crs import transform
from layers.errors import InputError
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.intensity.gathering import Gathering
from zsgis.analysis.intensity.land import ClassedLand, classed_land
from zsgis.analysis.intensity.parameters import IntensityParameters
from zsgis.analysis.intensity.pictures import development_map, share_chart
from zsgis.analysis.intensity.rules import IntensityRule, intensity_rule
from zsgis.analysis.intensity.tables import indicator_table, land_table, values_of
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.zoned import (
    NO_ZONES,
    Measured,
    Measuring,
    UsedLayer,
    Zones,
    at_most,
    basis_words,
    chosen_among,
    find_zones,
    input_findings,
    line_table,
    measure_pieces,
    measuring_of,
    measuring_words,
    overlay_findings,
    read_zones,
    signed,
    without_geometry,
    zones_note,
)
from zsgis.analysis.zoned.parameters import LAND_KINDS
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import Figure, PrintedTable, printed_unit
from zsgis.result import Adjustment, Finding, Result, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Intensity of use")
UNCOVERED_SHARE = 0.001
"""A zone of which the land layer leaves out more than this is named."""
_SIDES: Mapping[str, tuple[str, ...]] = {
    "approved": (),
    "supplied": (),
    "idle": ("finding_number",),
    "industrial_parcels": ("floor_area_m2", "floor_area_ratio"),
    "buildings": ("floor_area_m2", "storeys"),
}


def compute(
    land: ClassedLand,
    zones: Zones | None,
    how: Measuring,
    sides: Mapping[str, Features],
    rule: IntensityRule,
    *,
    parameters: IntensityParameters,
    progress: Progress,
) -> Result:
    """Return the intensity of use: tables, chart, map, findings.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.

    Parameters
    ----------
    sides : mapping of str to Features
        The other layers by their kind, as far as there are any.
    """
    parcels = land.parcels
    measured = measure_pieces(parcels, zones, how, ProgressPart(progress, 0.0, 0.4))
    found = (*input_findings(parcels, zones, how, measured), *overlay_findings(parcels, zones, measured))
    gathering = Gathering(land, zones, how, sides, parameters.tax_field)
    measured = without_geometry(measured)
    gathering.gather(measured, ProgressPart(progress, 0.4, 0.9))
    names = (parcels.layer_name,) if zones is None else zones.names
    progress.step(0.9, _("Writing the tables"))
    values = values_of(gathering, len(names), rule)
    unit = printed_unit(parameters.unit, parameters.digits)
    exact = line_table(parcels, zones, measured, land.column, 4)
    notes = (
        _("Area basis: {basis}.").format(basis=basis_words(how.basis)),
        *(() if zones is None else (zones_note(),)),
    )
    by_zone, printed = land_table(parcels.uids, parcels.layer_uid, exact, unit, notes)
    progress.step(1.0)
    return Result(
        capability="intensity",
        title=_(TITLE),
        tables=(by_zone, indicator_table(gathering, names, values, rule, unit)),
        findings=(*found, *_uncovered(zones, gathering, how), *at_most(gathering.findings)),
        adjustments=_moved(printed, tuple(line.name for line in exact.lines)),
        run=unsigned_record(
            (), _method(land, zones, how), {"intensity": rule.words, "standard": land.standard}
        ),
        facts=_facts(gathering, measured),
        charts=(share_chart(names, values),),
        maps=() if zones is None else (development_map(zones, values, how),),
    )


def _uncovered(zones: Zones | None, gathering: Gathering, how: Measuring) -> Iterator[Finding]:
    if zones is None:
        return
    whole = np.nan_to_num(measure(transform(zones.geometry, zones.crs, how.plane), how.plane, how.basis))
    left = whole - gathering.amounts["land"].values[:-1]
    for place in np.flatnonzero(left > np.maximum(UNCOVERED_SHARE * whole, 1.0)).tolist():
        yield Finding(
            "intensity.zone_not_covered",
            Severity.WARNING,
            _(
                "The land layer leaves out {area:.2f} m² of zone “{zone}” ({share:.2f} %); shares speak of "
                "the land that it covers."
            ).format(area=left[place], zone=zones.names[place], share=100 * left[place] / whole[place]),
            {zones.layer_uid: (zones.uids[place],)},
        )


def _moved(printed: PrintedTable, names: tuple[str, ...]) -> tuple[Adjustment, ...]:
    columns = (_("Other land"), _("Construction land"), _("Industrial land"), _("Class does not tell"))
    unit = printed.unit
    return tuple(
        Adjustment(
            "land",
            f"{names[change.row]} · {columns[change.column]}",
            unit.title,
            unit.value(change.before),
            unit.value(change.after),
        )
        for change in printed.changed()
        if change.figure is Figure.CELL
    )


def _facts(gathering: Gathering, measured: Measured) -> dict[str, object]:
    sums = {f"{key}_total": round(float(each.values[-1]), 2) for key, each in gathering.amounts.items()}
    return {
        **sums,
        "largest_imbalance_m2": float(np.abs(measured.overlay.imbalance_m2).max(initial=0.0)),
        "layer_m2": int(to_cents(measured.control_cents / 100).sum()) / 100,
    }


def _method(land: ClassedLand, zones: Zones | None, how: Measuring) -> tuple[str, ...]:
    return (
        *measuring_words(land.parcels, zones, how),
        _(
            "Development intensity: construction land of all land. Approved red lines stand for land that is "
            "ready for supply; supplied land counts within them, built and idle land within supplied land."
        ),
        _(
            "What features record is shared out over zones by area; features that record nothing count "
            "neither above nor below the line."
        ),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compute the intensity of use of a project's layers."""
    assert isinstance(parameters, IntensityParameters)  # noqa: S101 - the registry pairs the two
    info = _land_layer(project, parameters)
    others = {key: _side(project, getattr(parameters, key), key) for key in _SIDES}
    there = {key: side for key, side in others.items() if side is not None}
    zones_info = find_zones(project, parameters.zones, (info.kind, *_SIDES))
    rule = intensity_rule(parameters.rule)
    standard, field = class_standard(project, info), kind(info.kind).class_field
    parcels = read_features(project, info, required=(field,))
    codes = class_codes(parcels.columns[field], standard)
    land = classed_land(parcels, codes, standard, land_class3_rules(), rule)
    sides = {
        key: read_features(
            project, side, (*_SIDES[key], *((parameters.tax_field,) if key == "industrial_parcels" else ()))
        )
        for key, side in there.items()
    }
    zones = None if zones_info is None else read_zones(project, zones_info)
    how = measuring_of(project, parameters, info, zones_info, *there.values())
    result = compute(
        land, zones, how, sides, rule, parameters=parameters, progress=ProgressPart(progress, 0.05, 0.98)
    )
    used = [UsedLayer("land", info, how.basis)]
    used += [UsedLayer(key, side, how.basis) for key, side in there.items()]
    used += [UsedLayer("zones", zones_info)] if zones_info is not None else []
    done = signed(project, result, used, how.plane)
    chosen = [
        finding
        for asked, side in (
            (parameters.land, info),
            (parameters.zones, zones_info),
            *((getattr(parameters, key), side) for key, side in there.items()),
        )
        for finding in chosen_among(project, side, asked)
    ]
    before = (*chosen, *class_findings(parcels, codes, standard))
    return dataclasses.replace(done, findings=before + done.findings)


def _side(project: Project, asked: str, kind_key: str) -> LayerInfo | None:
    return None if asked == NO_ZONES else find_layer(project, asked, (kind_key,))


def _land_layer(project: Project, parameters: IntensityParameters) -> LayerInfo:
    info = find_layer(project, parameters.land, LAND_KINDS)
    if info is None:
        raise InputError(
            _("The project has no layer with land classes."),
            where=str(project.path),
            remedy=_("Import a land-use layer (zsgis import ... --as land_use)."),
        )
    return info


CAPABILITY = Capability(
    key="intensity",
    title=TITLE,
    summary=N_(
        "How much of the land is built, how much of that is industry, and how intensively it is used, "
        "by zone."
    ),
    stage="analysis",
    parameters=IntensityParameters,
    run=run,
    notes=(
        N_(
            "Development intensity is construction land of all land. Which classes are construction land, "
            "and what counts where sources disagree, the rule of the three great classes says."
        ),
        N_(
            "Rates of supply, of built and of idle land: approved red lines stand for land that is ready for "
            "supply; supplied land counts within them, built and idle land within supplied land. So no rate "
            "exceeds 100 %."
        ),
        N_(
            "Idle land counts only with the number of its official finding; without one it is suspected and "
            "only named."
        ),
        N_(
            "Limits of the rule that are in force decide; drafts, and facts to be checked, only hint. Give a "
            "rule file of your own to change them."
        ),
    ),
)
