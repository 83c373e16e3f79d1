"""The stock of land: zones by land class, read from a project.

Zones
    Zones over each other each count their land; the total counts it once, a row deducts it, and they are
    named. An empty zone, and one without a shape, has a row of zeros. What lies in no zone has a row of its
    own. Zones of one name are told apart by a number, and named.
Parcels
    On a border they are cut, and the parts add up to the parcel. Without a shape they count nowhere; broken
    rings are repaired for the computation; parcels over each other count twice: all are named. NaN in
    coordinates is refused by layer and parcel. A layer without features is a table of zeros.
Classes
    Read in the layer's standard. None (NaN included), an unknown code and a code of another standard are kept
    as they stand, counted and named. A layer without the field of classes is refused by name.
Coordinates
    Layers in degrees are cut in the project's plane.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from layers.classification import Standard, land_class3_rules
from layers.errors import InputError, UsageError
from layers.kinds import kind
from layers.ownership import ownership_of
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.features import read_features
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.stock.figures import figures, purposes
from zsgis.analysis.stock.great_classes import great_class_table, great_classes
from zsgis.analysis.stock.hierarchy import Forced, force_down
from zsgis.analysis.stock.method import (
    adjustments,
    facts,
    great_class_adjustments,
    method,
    rule_versions,
)
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.stock.parameters import StockParameters
from zsgis.analysis.stock.pictures import class_chart
from zsgis.analysis.stock.tables import (
    matrix_table,
    print_figures,
    recorded_table,
    stock_table,
    summary_table,
)
from zsgis.analysis.zoned import (
    Measured,
    Measuring,
    UsedLayer,
    Zones,
    basis_words,
    chosen_among,
    find_zones,
    input_findings,
    measure_pieces,
    measuring_of,
    overlay_findings,
    read_zones,
    signed,
    without_geometry,
    zones_note,
)
from zsgis.analysis.zoned.parameters import LAND_KINDS
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import printed_unit
from zsgis.result import Result, Table

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Stock of land")
_OWNERSHIP_FIELDS = ("ownership_code", "ownership")


def compute(
    land: Land,
    zones: Zones | None,
    rules: Rules,
    how: Measuring,
    *,
    parameters: StockParameters,
    progress: Progress,
) -> Result:
    """Return the stock of land: tables, findings, balance and what was forced.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.

    Parameters
    ----------
    land, zones : Land, Zones or None
        None: the land layer as a whole. Zones over each other count land twice, once each; the total
        counts it once, and a row lists the deduction.
    rules : Rules
        Classification standard, class level, and which disputed classes are construction land.
    how : Measuring
        Area basis, plane, sliver tolerance.
    """
    measured = measure_pieces(land, zones, how, ProgressPart(progress, 0.0, 0.7))
    control = _control(measured, zones, how, parameters)
    measured = measured if control is None else control.measured
    found = (
        *input_findings(land, zones, how, measured, land.recorded_m2),
        *overlay_findings(land, zones, measured),
        *class_findings(land, land.codes, rules.standard),
    )
    balance = facts(land, zones, measured)
    exact = figures(land, zones, rules, without_geometry(measured))
    progress.step(0.75, _("Balancing the printed tables"))
    unit = printed_unit(parameters.unit, parameters.digits)
    printed = print_figures(land, rules, exact, unit, ProgressPart(progress, 0.75, 0.85))
    notes = _notes(zones, how)
    parts = purposes(land, zones, rules, exact.table)
    summary, by_purpose = summary_table(
        printed, parts, _("Land by zone: summary"), notes, ProgressPart(progress, 0.85, 0.9)
    )
    tables: list[Table | None] = [
        stock_table(printed, _("Stock of land by zone and class"), notes, ProgressPart(progress, 0.9, 0.95)),
        summary,
        matrix_table(
            printed, _("Stock of land: zones by classes"), notes, ProgressPart(progress, 0.95, 0.98)
        ),
        recorded_table(printed, _("Recorded and measured area")),
    ]
    great = great_classes(land, zones, rules, exact.table)
    by_great, by_great_printed = great_class_table(
        printed, great, _("Land by the three great classes and ownership"), (*notes, _great_note(rules))
    )
    tables.insert(2, by_great)
    progress.step(0.98)
    return Result(
        capability="stock",
        title=_(TITLE),
        tables=tuple(table for table in tables if table is not None),
        findings=found,
        adjustments=(
            *(control.adjustments(zones) if control is not None and zones is not None else ()),
            *adjustments(printed, parts, by_purpose),
            *great_class_adjustments(printed, great, by_great_printed),
        ),
        run=unsigned_record((), method(land, zones, rules, how), rule_versions(rules, how)),
        facts={"area_basis": how.basis.value, **balance},
        charts=(class_chart(printed),),
    )


def _control(
    measured: Measured, zones: Zones | None, how: Measuring, parameters: StockParameters
) -> Forced | None:
    if parameters.control == "off":
        return None
    if zones is None:
        raise UsageError(
            _("Areas can only be forced down level by level to zones."),
            remedy=_("Choose a layer of zones, such as the towns, or count without control areas."),
        )
    if parameters.control == "city" and parameters.city_m2 is None:
        raise UsageError(
            _("The control area of the city is not given."),
            remedy=_("Type it in m² (-p city_m2=…), or force to the zones' own areas (-p control=zones)."),
        )
    return force_down(measured, zones, how, parameters.city_m2 if parameters.control == "city" else None)


def _great_note(rules: Rules) -> str:
    return _("The three great classes follow “{rule}” ({version}, {status}).").format(
        rule=rules.land_class3.title, version=rules.land_class3.version, status=rules.land_class3.status
    )


def _notes(zones: Zones | None, how: Measuring) -> tuple[str, ...]:
    notes = [_("Area basis: {basis}.").format(basis=basis_words(how.basis))]
    if zones is not None:
        notes.append(zones_note())
    return tuple(notes)


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compute the stock of land of a project's layers."""
    assert isinstance(parameters, StockParameters)  # noqa: S101 - the registry pairs the two
    land_info, zones_info = _layers(project, parameters)
    codes = class_standard(project, land_info)
    land = _read_land(project, land_info, codes)
    zones = None if zones_info is None else read_zones(project, zones_info)
    progress.step(0.05)
    how = measuring_of(project, parameters, land_info, zones_info)
    rules = Rules(codes, parameters.level, land_class3_rules())
    result = compute(
        land, zones, rules, how, parameters=parameters, progress=ProgressPart(progress, 0.05, 0.95)
    )
    used = [UsedLayer("land", land_info, how.basis)]
    if zones_info is not None:
        used.insert(0, UsedLayer("zones", zones_info))
    done = signed(project, result, used, how.plane)
    chosen = (
        *chosen_among(project, land_info, parameters.land),
        *chosen_among(project, zones_info, parameters.zones),
    )
    return dataclasses.replace(done, findings=chosen + done.findings)


def _layers(project: Project, parameters: StockParameters) -> tuple[LayerInfo, LayerInfo | None]:
    land = find_layer(project, parameters.land, LAND_KINDS)
    if land is None:
        raise InputError(
            _("The project has no layer with land classes."),
            where=str(project.path),
            remedy=_("Import a land-use layer (zsgis import ... --as land_use)."),
        )
    return land, find_zones(project, parameters.zones, (land.kind,))


def _read_land(project: Project, info: LayerInfo, codes: Standard) -> Land:
    declared = kind(info.kind)
    optional = [declared.recorded_area] if declared.recorded_area else []
    owner = next((field for field in _OWNERSHIP_FIELDS if declared.has_field(field)), "")
    wanted = [*optional, *([owner] if owner else [])]
    read = read_features(project, info, wanted, required=[declared.class_field])
    told = read.columns.get(owner, ())
    return Land(
        layer_uid=info.uid,
        layer_name=info.name,
        uids=read.uids,
        names=read.names,
        geometry=read.geometry,
        crs=info.crs,
        codes=class_codes(read.columns[declared.class_field], codes),
        recorded_m2=read.areas_m2(optional[0]) if optional and read.present(optional[0]) else None,
        # a column without any value tells nothing of ownership
        ownership=tuple(map(ownership_of, told)) if any(value is not None for value in told) else (),
    )


CAPABILITY = Capability(
    key="stock",
    title=TITLE,
    summary=N_("How much land of which class each zone holds, with areas that add up as printed."),
    stage="analysis",
    parameters=StockParameters,
    run=run,
)
