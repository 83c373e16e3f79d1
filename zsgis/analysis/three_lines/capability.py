"""Parcels against control lines (三线压盖), each line for itself, by a rule file with clauses.

Odd input: a line of which the layer holds no feature is named and not counted, never passed over as no hit;
features of one line over each other count once; lines over each other count in each, and have no common
total; zones and towns over each other count land to the one that came in first, and are named; parcels over
each other count twice, and are named; parcels on a line are cut; a parcel without a shape counts nowhere;
layers in degrees are cut in the project's plane; an empty zone has a row of zeros, what lies in none a row of
its own; NaN in coordinates is refused by layer and feature; so is a layer without the field that tells its
lines apart; features that no line of the rule takes are named by what they are called.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.parameter_fields import PARCEL_KINDS
from zsgis.analysis.three_lines.covering import Covered, cover
from zsgis.analysis.three_lines.pages import parcel_pages
from zsgis.analysis.three_lines.parameters import ThreeLinesParameters
from zsgis.analysis.three_lines.rules import LineItem, ThreeLinesRule, three_lines_rule
from zsgis.analysis.three_lines.tables import area_table, parcel_table, places_on_lines
from zsgis.analysis.zoned import (
    Measuring,
    UsedLayer,
    Zones,
    basis_words,
    chosen_among,
    find_optional,
    find_towns,
    find_zones,
    measuring_of,
    measuring_words,
    read_zones,
    signed,
)
from zsgis.capability import Capability, Parameters
from zsgis.charts import BarChart, MapClass, MatrixChart, ResultMap, Series
from zsgis.printed_balance import printed_unit
from zsgis.result import Column, Finding, Result, Row, RowRole, Severity, Table

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Parcels on control lines")


def results(
    parcels: Features,
    lines: Sequence[Covered],
    zones: Zones | None,
    towns: Zones | None,
    rule: ThreeLinesRule,
    how: Measuring,
    parameters: ThreeLinesParameters,
) -> Result:
    """Return tables, chart and map; the run record holds method and rule, no inputs yet."""
    unit = printed_unit(parameters.unit, parameters.digits)
    notes = (
        _("Area basis: {basis}.").format(basis=basis_words(how.basis)),
        _("Rule: {rule}.").format(rule=rule.words),
        _("Each line is counted for itself; land that several hit stands under each of them."),
    )
    everywhere = [np.zeros_like(line.zone) for line in lines]
    tables = [
        area_table(
            parcels,
            lines,
            None,
            everywhere,
            unit,
            notes,
            key="lines",
            title=_("Parcels on control lines: whole"),
        )[0]
    ]
    for key, areas, places, title in (
        ("zones", zones, [line.zone for line in lines], _("Parcels on control lines by zone")),
        ("towns", towns, [line.town for line in lines], _("Parcels on control lines by town")),
    ):
        if areas is not None:
            tables.append(area_table(parcels, lines, areas, places, unit, notes, key=key, title=title)[0])
    shown = tables[-1]
    hit_places = places_on_lines(lines, len(parcels))
    tables += [parcel_table(parcels, lines, hit_places, unit, notes), _clauses(rule)]
    return Result(
        capability="three_lines",
        title=_(TITLE),
        tables=tuple(tables),
        findings=_findings(lines),
        adjustments=(),
        run=unsigned_record((), _method(parcels, zones, lines, how), {"three_lines": rule.words}),
        facts={
            "hits_m2": {line.item.key: int(line.pieces.cents[line.hit].sum()) / 100 for line in lines},
            "area_m2": int(lines[0].pieces.control_cents.sum()) / 100,
            "largest_imbalance_m2": max(line.pieces.imbalance_m2 for line in lines),
            "parcels": len(parcels),
        },
        charts=(
            _matrix_chart(shown, lines, unit.title, unit.digits),
            _chart(shown, lines, unit.title, unit.digits),
        ),
        maps=tuple(_map(parcels, line, how) for line in lines if line.hit.any()),
        pages=parcel_pages(parcels, lines, hit_places, unit, notes, how, parameters.pages),
    )


def _findings(lines: Sequence[Covered]) -> tuple[Finding, ...]:
    """Return the findings of all cuts, each once: parcels are the same in every cut."""
    seen: dict[tuple[str, str], Finding] = {}
    for line in lines:
        for finding in line.pieces.findings:
            seen.setdefault((finding.code, finding.text), finding)
    return tuple(seen.values())


def _clauses(rule: ThreeLinesRule) -> Table:
    sides = {"inside": _("Within the line"), "outside": _("Outside the line")}
    columns = (
        Column("line", _("Line")),
        Column("hit", _("What is a hit")),
        Column("clause", _("Clause")),
        Column("source", _("Source")),
    )
    rows = tuple(
        Row({"line": item.title, "hit": sides[item.hit], "clause": item.clause, "source": rule.source})
        for item in rule.items
    )
    return Table("clauses", _("How hits are told"), columns, rows)


def _method(
    parcels: Features, zones: Zones | None, lines: Sequence[Covered], how: Measuring
) -> tuple[str, ...]:
    names = "、".join(line.item.title for line in lines)
    return (
        _("Parcels of “{parcels}” are cut by each of these for itself: {lines}.").format(
            parcels=parcels.layer_name, lines=names
        ),
        *measuring_words(parcels, zones, how),
    )


def _matrix_chart(table: Table, lines: Sequence[Covered], unit: str, digits: int) -> MatrixChart:
    rows = _rows_with_hits(table, lines)
    return MatrixChart(
        "matrix",
        _("Land on control lines by place"),
        rows=tuple(str(row.values["area"]) for row in rows),
        columns=tuple(line.item.title for line in lines),
        values=tuple(tuple(float(row.values[line.item.key]) for line in lines) for row in rows),
        unit=unit,
        digits=digits,
        row_title=table.columns[0].title,
        column_title=_("Line"),
    )


def _rows_with_hits(table: Table, lines: Sequence[Covered]) -> list[Row]:
    """Return the places that have something to show; where none has, all of them."""
    rows = [row for row in table.rows if row.role is RowRole.BODY] or list(table.rows)
    return [row for row in rows if any(row.values[line.item.key] for line in lines)] or rows


def _chart(table: Table, lines: Sequence[Covered], unit: str, digits: int) -> BarChart:
    rows = _rows_with_hits(table, lines)
    series = tuple(
        Series(line.item.title, tuple(float(row.values[line.item.key]) for row in rows), line.item.color)
        for line in lines
    )
    names = tuple(str(row.values["area"]) for row in rows)
    return BarChart("hits", _("Land on control lines"), names, series, unit, digits)


def _map(parcels: Features, line: Covered, how: Measuring) -> ResultMap:
    places = np.flatnonzero(line.hit)
    pieces = line.pieces
    return ResultMap(
        key=line.item.key,
        title=_("Hits: {line}").format(line=line.item.title),
        crs=how.plane,
        geometry=pieces.geometry[places],
        columns={
            "line": (line.item.key,) * len(places),
            "parcel": tuple(parcels.names[place] for place in pieces.feature[places].tolist()),
            "area_m2": tuple((pieces.cents[places] / 100).tolist()),
        },
        color_by="line",
        classes=(MapClass(line.item.key, line.item.title, line.item.color),),
        layer_uid=parcels.layer_uid,
        sources=tuple((parcels.uids[place],) for place in pieces.feature[places].tolist()),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Hold a project's parcels against its control lines."""
    assert isinstance(parameters, ThreeLinesParameters)  # noqa: S101 - the registry pairs the two
    rule = three_lines_rule(parameters.rule)
    used = _used_layers(project, parameters)
    parcels_info = used["parcels"]
    others = [info for role, info in used.items() if role != "parcels"]
    how = measuring_of(project, parameters, parcels_info, *others)
    items, missing = _items(project, rule, used)
    parcels = read_features(project, parcels_info)
    zones, towns = (read_zones(project, used[role]) if role in used else None for role in ("zones", "towns"))
    progress.step(0.05)
    lines = cover(parcels, items, zones, towns, how, ProgressPart(progress, 0.05, 0.9))
    result = results(parcels, lines, zones, towns, rule, how, parameters)
    signs = [UsedLayer(role, info, how.basis if role == "parcels" else None) for role, info in used.items()]
    done = signed(project, result, signs, how.plane)
    asked = parameters.model_dump()
    chosen = tuple(f for role, info in used.items() for f in chosen_among(project, info, asked[role]))
    progress.step(1.0)
    return dataclasses.replace(done, findings=(*chosen, *missing, *done.findings))


def _items(
    project: Project, rule: ThreeLinesRule, used: dict[str, LayerInfo]
) -> tuple[list[tuple[LineItem, Features]], list[Finding]]:
    """Return the lines there are, and what is said of those there are not."""
    infos = {"control_lines": used.get("lines"), "forest_stands": used.get("forest")}
    items: list[tuple[LineItem, Features]] = []
    missing: list[Finding] = []
    for item in rule.items:
        info = infos[item.kind]
        layer = None
        if info is not None:
            needed = [item.field] if item.field else []
            layer = read_features(project, info, required=needed).where(item.field, item.values)
        if layer is not None and len(layer):
            items.append((item, layer))
            continue
        text = _("{line}: the project holds no such line; it was not checked.")
        missing.append(
            Finding(
                "three_lines.not_checked",
                Severity.WARNING,
                text.format(line=item.title),
                {} if info is None else {info.uid: ()},
            )
        )
    if not items:
        raise InputError(
            _("None of the lines of the rule is in the project."),
            where=str(project.path),
            remedy=_("Import one (zsgis import … --as {kind}).").format(kind="control_lines"),
        )
    return items, [*missing, *_unnamed(project, rule, infos["control_lines"])]


def _unnamed(project: Project, rule: ThreeLinesRule, info: LayerInfo | None) -> list[Finding]:
    """Return what is said of control lines that no line of the rule takes, by what they are called."""
    items = [item for item in rule.items if item.kind == "control_lines"]
    if info is None or not all(item.field for item in items):
        return []
    lines = read_features(project, info, [item.field for item in items])
    taken = {
        place for item in items for place, value in enumerate(lines.texts(item.field)) if value in item.values
    }
    left: dict[str, list[int]] = {}
    for place in sorted(set(range(len(lines))) - taken):
        left.setdefault(lines.texts(items[0].field)[place], []).append(place)
    text = _("{layer}: {count} features called “{value}” belong to no line of the rule and were not checked.")
    return [
        Finding(
            "three_lines.no_line",
            Severity.WARNING,
            text.format(layer=info.name, count=len(places), value=value),
            lines.sources(places),
        )
        for value, places in left.items()
    ]


def _used_layers(project: Project, parameters: ThreeLinesParameters) -> dict[str, LayerInfo]:
    parcels = find_layer(project, parameters.parcels, PARCEL_KINDS)
    if parcels is None:
        raise InputError(
            _("The project has no layer of parcels."),
            where=str(project.path),
            remedy=_("Import one (zsgis import … --as {kind}).").format(kind="industrial_parcels"),
        )
    zones = find_zones(project, parameters.zones, ("control_lines", parcels.kind))
    found = {
        "zones": zones,
        "towns": find_towns(project, parameters.towns, zones),
        "parcels": parcels,
        "lines": find_layer(project, parameters.lines, ("control_lines",)),
        "forest": find_optional(project, parameters.forest, ("forest_stands",)),
    }
    return {role: info for role, info in found.items() if info is not None}


CAPABILITY = Capability(
    key="three_lines",
    title=TITLE,
    summary=N_(
        "How much of which parcels lies on farmland or ecological lines, or outside the growth boundary."
    ),
    stage="analysis",
    parameters=ThreeLinesParameters,
    run=run,
    notes=(
        N_(
            "Each line is counted for itself, as lines may lie over each other: their sums are no total. "
            "Forest stands stand beside them."
        ),
        N_(
            "A line of which the project holds nothing is named as not checked; it is never taken for no hit."
        ),
    ),
)
