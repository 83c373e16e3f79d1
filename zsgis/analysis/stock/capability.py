"""The stock of land: zones by land class, read from a project."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.classification import Standard, custom_standard, land_class3_rules, standard
from layers.crs import coordinate_change, require_projected_metres
from layers.errors import CrsError, InputError
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.secrecy import highest
from layers.standing import is_schematic
from layers.words import N_, _
from zsgis.analysis.layers_used import area_basis_of, find_layer, input_record, unsigned_record
from zsgis.analysis.stock.figures import figures, purposes
from zsgis.analysis.stock.findings import findings
from zsgis.analysis.stock.input_findings import chosen_among, input_findings
from zsgis.analysis.stock.measuring import measure_pieces, without_geometry
from zsgis.analysis.stock.method import adjustments, basis_words, facts, method, rule_versions
from zsgis.analysis.stock.model import UNCLASSIFIED, FloatArray, Land, Measuring, Rules, Zones
from zsgis.analysis.stock.parameters import LAND_KINDS, NO_ZONES, ZONE_KINDS, StockParameters
from zsgis.analysis.stock.tables import (
    matrix_table,
    print_figures,
    recorded_table,
    stock_table,
    summary_table,
)
from zsgis.analysis.zone_names import called, distinct_names, own_name
from zsgis.capability import Capability, Parameters
from zsgis.overlay import SliverPolicy
from zsgis.printed_balance import printed_unit
from zsgis.result import Finding, Result, RunRecord, Severity, Table

if TYPE_CHECKING:
    import geopandas
    import pyproj

    from layers.store import LayerInfo, Project

_M2_PER = {"m2": 1.0, "": 1.0, "ha": 10_000.0, "mu": 2000.0 / 3.0}
TITLE = N_("Stock of land")


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
    found = (*input_findings(land, zones, how, measured), *findings(land, zones, rules, measured))
    balance = facts(land, zones, measured)
    exact = figures(land, zones, rules, without_geometry(measured))
    progress.step(0.75, _("Balancing the printed tables"))
    unit = printed_unit(parameters.unit, parameters.digits)
    printed = print_figures(land, rules, exact, unit, ProgressPart(progress, 0.75, 0.85))
    notes = _notes(zones, how)
    parts = purposes(land, rules, exact)
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
    progress.step(0.98)
    return Result(
        capability="stock",
        title=_(TITLE),
        tables=tuple(table for table in tables if table is not None),
        findings=found,
        adjustments=adjustments(printed, parts, by_purpose),
        run=unsigned_record((), method(land, zones, rules, how), rule_versions(rules, how)),
        facts={"area_basis": how.basis.value, **balance},
    )


def _notes(zones: Zones | None, how: Measuring) -> tuple[str, ...]:
    notes = [_("Area basis: {basis}.").format(basis=basis_words(how.basis))]
    if zones is not None:
        notes.append(_("A parcel that lies in several zones is counted in each; the total counts it once."))
    return tuple(notes)


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compute the stock of land of a project's layers."""
    assert isinstance(parameters, StockParameters)  # noqa: S101 - the registry pairs the two
    land_info, zones_info = _layers(project, parameters)
    basis = area_basis_of(project, land_info, parameters.basis)
    codes = _standard(project, land_info)
    land = _read_land(project, land_info, codes)
    zones = None if zones_info is None else _read_zones(project, zones_info)
    progress.step(0.05)
    how = Measuring(
        basis=basis,
        plane=_plane(project, land_info, zones_info),
        sliver_m2=parameters.sliver_m2,
        sliver_width_m=parameters.sliver_width_m,
        sliver_policy=SliverPolicy(parameters.sliver_policy),
    )
    rules = Rules(codes, parameters.level, land_class3_rules())
    result = compute(
        land, zones, rules, how, parameters=parameters, progress=ProgressPart(progress, 0.05, 0.95)
    )
    used = [land_info] if zones_info is None else [zones_info, land_info]
    signed = _signed(project, result, used, how)
    chosen = (
        *chosen_among(project, land_info, parameters.land),
        *chosen_among(project, zones_info, parameters.zones),
    )
    return dataclasses.replace(signed, findings=chosen + signed.findings)


def _plane(project: Project, land: LayerInfo, zones: LayerInfo | None) -> pyproj.CRS:
    """Return the system in which land is cut: its own, or the project's where its own is in degrees."""
    plane = project.crs if land.crs.is_geographic else land.crs
    where = str(project.path) if land.crs.is_geographic else land.name
    try:
        require_projected_metres(plane)
        if zones is not None:
            where = zones.name
            coordinate_change(zones.crs, plane)
    except CrsError as error:
        raise CrsError(error.what, where=where, remedy=error.remedy, details=error.details) from error
    return plane


def _layers(project: Project, parameters: StockParameters) -> tuple[LayerInfo, LayerInfo | None]:
    land = find_layer(project, parameters.land, LAND_KINDS)
    if land is None:
        raise InputError(
            _("The project has no layer with land classes."),
            where=str(project.path),
            remedy=_("Import a land-use layer (zsgis import ... --as land_use)."),
        )
    if parameters.zones == NO_ZONES:
        return land, None
    others = tuple(key for key in ZONE_KINDS if parameters.zones or key != land.kind)
    return land, find_layer(project, parameters.zones, others)


def _standard(project: Project, info: LayerInfo) -> Standard:
    if info.standard and info.standard != "custom":
        return standard(info.standard)
    field = kind(info.kind).class_field
    columns = [field, *(["class_name"] if kind(info.kind).has_field("class_name") else [])]
    present = [c for c in columns if any(f.name == c for f in info.fields)]
    frame = project.read(info.uid, columns=present)
    empty = custom_standard(())
    codes = [empty.normalise(value) for value in frame[field]] if field in frame else []
    names = {}
    if "class_name" in frame:
        pairs = zip(codes, frame["class_name"], strict=True)
        names = {code: str(name) for code, name in pairs if isinstance(name, str) and name}
    return custom_standard(codes, names)


def _column(frame: geopandas.GeoDataFrame, field: str) -> tuple[Any, ...]:
    return tuple(frame[field]) if field in frame else (None,) * len(frame)


def _geometry(frame: geopandas.GeoDataFrame) -> Any:
    return np.array(frame.geometry.array, dtype=object)


def _read_land(project: Project, info: LayerInfo, codes: Standard) -> Land:
    declared = kind(info.kind)
    wanted = [declared.class_field, declared.name_field, declared.recorded_area]
    present = {field.name for field in info.fields}
    frame = project.read(info.uid, columns=[name for name in dict.fromkeys(wanted) if name in present])
    if declared.class_field not in frame:
        raise InputError(
            _("Layer “{layer}” has no field with a land class.").format(layer=info.name),
            remedy=_("Import it again and say which column holds the class (--map class_code=COLUMN)."),
        )
    return Land(
        layer_uid=info.uid,
        layer_name=info.name,
        uids=tuple(str(uid) for uid in frame.index),
        names=called(_column(frame, declared.name_field)),
        geometry=_geometry(frame),
        crs=info.crs,
        codes=tuple(codes.normalise(value) or UNCLASSIFIED for value in frame[declared.class_field]),
        recorded_m2=_recorded(frame, info),
    )


def _recorded(frame: geopandas.GeoDataFrame, info: LayerInfo) -> FloatArray | None:
    declared = kind(info.kind)
    if not declared.recorded_area or declared.recorded_area not in frame:
        return None
    unit = declared.field(declared.recorded_area).unit
    values = frame[declared.recorded_area].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values * _M2_PER[unit], dtype=np.float64)


def _read_zones(project: Project, info: LayerInfo) -> Zones:
    field = kind(info.kind).name_field
    present = [field] if any(f.name == field for f in info.fields) else []
    frame = project.read(info.uid, columns=present)
    names = _column(frame, field)
    return Zones(
        layer_uid=info.uid,
        layer_name=info.name,
        uids=tuple(str(uid) for uid in frame.index),
        names=distinct_names(names),
        geometry=_geometry(frame),
        crs=info.crs,
        own_names=tuple(own_name(name) for name in names),
    )


def _signed(project: Project, result: Result, used: list[LayerInfo], how: Measuring) -> Result:
    """Return the result with its inputs, and with what is inherited from them."""
    roles = ("land",) if len(used) == 1 else ("zones", "land")
    inputs = tuple(
        input_record(project, info, role, area_basis=how.basis.value if role == "land" else "")
        for info, role in zip(used, roles, strict=True)
    )
    record: RunRecord = dataclasses.replace(result.run, inputs=inputs)
    changes = tuple(
        _change_finding(info, how)
        for info in used
        if coordinate_change(info.crs, how.plane).uncertainty_m > 0
    )
    return dataclasses.replace(
        result,
        run=record,
        findings=result.findings + changes,
        demo=any(info.demo for info in used),
        schematic=any(is_schematic(info.status) for info in used),
        secrecy=highest(*(info.secrecy for info in used)),
    )


def _change_finding(info: LayerInfo, how: Measuring) -> Finding:
    change = coordinate_change(info.crs, how.plane)
    return Finding(
        "crs.uncertain_change",
        Severity.NOTE,
        _("Layer “{layer}”: {change} Uncertainty {metres:g} m.").format(
            layer=info.name, change=change.description, metres=change.uncertainty_m
        ),
        {info.uid: ()},
    )


CAPABILITY = Capability(
    key="stock",
    title=TITLE,
    summary=N_("How much land of which class each zone holds, with areas that add up as printed."),
    stage="analysis",
    parameters=StockParameters,
    run=run,
)
