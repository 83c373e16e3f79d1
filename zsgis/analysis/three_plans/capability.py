"""Differences between three plans (三规差异): parcel by parcel, by zone and by town, by a rule file.

Odd input: a plan that does not cover a parcel says nothing of it, which is an outcome of its own; plots of
one plan over each other count to the one that came in first, and are named; zones and towns likewise; parcels
over each other count twice, and are named; a control zone or a code that nobody knows cannot be told, is
named and agrees with nothing; plans of two standards are compared through the crosswalk, where one leads,
else the use is unknown, as it is where one class may hold the other; an empty zone has a row of zeros, what
lies in none a row of its own; NaN in coordinates is refused by layer and feature; parcels on a border are
cut; a parcel without a shape counts nowhere; layers in degrees are cut in the project's plane.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from layers.classification import land_class3_rules
from layers.errors import InputError
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.features import read_features
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.parameter_fields import PARCEL_KINDS
from zsgis.analysis.three_plans.comparison import Comparison, Plans, compare_plans
from zsgis.analysis.three_plans.pages import parcel_pages
from zsgis.analysis.three_plans.parameters import ThreePlansParameters
from zsgis.analysis.three_plans.plans import PlanLayer
from zsgis.analysis.three_plans.rules import ThreePlansRule, three_plans_rule
from zsgis.analysis.three_plans.tables import (
    area_table,
    matrix_table,
    parcel_figures,
    parcel_table,
    whole_table,
)
from zsgis.analysis.zoned import (
    Measuring,
    UsedLayer,
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
from zsgis.printed_balance import Figure, PrintedTable, printed_unit
from zsgis.result import Adjustment, Column, Finding, Result, Row, RowRole, Severity, Table

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Differences between plans")


def results(
    found: Comparison, rule: ThreePlansRule, how: Measuring, parameters: ThreePlansParameters
) -> Result:
    """Return tables, chart and map of a comparison; the run record holds method and rule, no inputs yet."""
    unit = printed_unit(parameters.unit, parameters.digits)
    notes = (
        _("Area basis: {basis}.").format(basis=basis_words(how.basis)),
        _("Rule: {rule}.").format(rule=rule.words),
    )
    printed = [whole_table(found, unit, notes), matrix_table(found, unit, notes)]
    for key, areas, place, title in (
        ("zones", found.zones, found.zone, _("Differences between plans by zone")),
        ("towns", found.towns, found.town, _("Differences between plans by town")),
    ):
        if areas is not None:
            printed.append(area_table(found, areas, place, unit, notes, key=key, title=title))
    tables: list[Table] = [table for table, _balanced in printed]
    figures = parcel_figures(found, unit)
    tables.append(parcel_table(found, figures, notes))
    pages = parcel_pages(found, figures, notes, how, parameters.pages)
    tables.append(_clause_table(rule))
    return Result(
        capability="three_plans",
        title=_(TITLE),
        tables=tuple(tables),
        findings=(*found.pieces.findings, *_unknown_zones(found)),
        adjustments=tuple(a for table, balanced in printed for a in _moved(table, balanced)),
        run=unsigned_record((), _method(found, rule, how), {"three_plans": rule.words}),
        facts=_facts(found),
        charts=(
            _matrix_chart(printed[1][0]),
            _chart(printed[-1][0] if len(printed) > 2 else printed[0][0], found, unit.title, unit.digits),
        ),
        maps=(_map(found, how),),
        pages=pages,
    )


def _clause_table(rule: ThreePlansRule) -> Table:
    columns = (
        Column("outcome", _("Kind of difference")),
        Column("clause", _("Clause")),
        Column("source", _("Source")),
    )
    rows = tuple(
        Row({"outcome": outcome.title, "clause": outcome.clause, "source": rule.source})
        for outcome in rule.outcomes
    )
    return Table("clauses", _("How differences are told"), columns, rows)


def _unknown_zones(found: Comparison) -> tuple[Finding, ...]:
    old = found.plans.old
    unclear = {kind for kind, side in zip(found.old_type, found.old_side, strict=True) if side == "unclear"}
    out = []
    for name in sorted(unclear):
        places = [place for place, value in enumerate(old.texts("zone_type")) if value == name]
        text = _("{layer}: the rule does not know the control zone “{zone}”; what lies there cannot be told.")
        out.append(
            Finding(
                "three_plans.unknown_zone",
                Severity.WARNING,
                text.format(layer=old.layer_name, zone=name or _("(empty)")),
                old.sources(places),
            )
        )
    return tuple(out)


def _moved(table: Table, balanced: PrintedTable) -> list[Adjustment]:
    unit = balanced.unit
    out = []
    titles = [column.title for column in table.columns if column.unit == unit.title]
    first = table.columns[0].key
    for change in balanced.changed():
        if change.figure is Figure.CELL:
            line = table.rows[change.row].values[first]
            item = f"{line} · {titles[change.column]}"
            out.append(
                Adjustment(table.key, item, unit.title, unit.value(change.before), unit.value(change.after))
            )
    return out


def _facts(found: Comparison) -> dict[str, object]:
    sums = np.zeros(len(found.kinds), dtype=np.int64)
    np.add.at(sums, found.outcome, found.pieces.cents)
    return {
        "area_m2": int(sums.sum()) / 100,
        "outcomes_m2": {
            kind.key: int(cents) / 100 for kind, cents in zip(found.kinds, sums.tolist(), strict=True)
        },
        "largest_imbalance_m2": found.pieces.imbalance_m2,
        "pieces": len(found.outcome),
        "parcels": len(found.parcels),
        "parcels_in_conflict": len(np.unique(found.pieces.feature[found.conflict])),
    }


def _method(found: Comparison, rule: ThreePlansRule, how: Measuring) -> tuple[str, ...]:
    plans = [found.plans.old.layer_name]
    plans += [plan.features.layer_name for plan in (found.plans.detailed, found.plans.territorial) if plan]
    return (
        _(
            "Parcels of “{parcels}” are cut by {plans}; every piece is told by what the plans say of it."
        ).format(parcels=found.parcels.layer_name, plans="、".join(f"“{name}”" for name in plans)),
        *measuring_words(found.parcels, found.zones, how),
        _(
            "City planning is what the first of these plans says that covers the place: {plans}. Uses are "
            "compared at level {level} of {standard}."
        ).format(
            plans="、".join(_(kind(key).title) for key in rule.city),
            level=rule.compare_level,
            standard=rule.compare_standard,
        ),
    )


def _matrix_chart(table: Table) -> MatrixChart:
    first, *sides = [column for column in table.columns if column.key != "total"]
    rows = [row for row in table.rows if row.role is RowRole.BODY]
    return MatrixChart(
        "matrix",
        table.title,
        rows=tuple(str(row.values[first.key]) for row in rows),
        columns=tuple(side.title for side in sides),
        values=tuple(tuple(float(row.values[side.key]) for side in sides) for row in rows),
        unit=table.columns[-1].unit,
        digits=table.columns[-1].digits or 0,
        row_title=first.title,
        column_title=sides[0].group if sides else "",
    )


def _chart(table: Table, found: Comparison, unit: str, digits: int) -> BarChart:
    disputed = [kind for kind in found.kinds if kind.conflict]
    body = [row for row in table.rows if row.role is RowRole.BODY]
    rows = [row for row in body if any(row.values[kind.key] for kind in disputed)] or body
    names = tuple(str(row.values["area"]) for row in rows)
    series = tuple(
        Series(kind.title, tuple(float(row.values[kind.key]) for row in rows), kind.color)
        for kind in disputed
    )
    return BarChart("conflicts", _("Where the plans disagree"), names, series, unit, digits, stacked=True)


def _map(found: Comparison, how: Measuring) -> ResultMap:
    keys = [kind.key for kind in found.kinds]
    return ResultMap(
        key="pieces",
        title=_("Map of differences between plans"),
        crs=how.plane,
        geometry=found.pieces.geometry,
        columns={
            "outcome": tuple(keys[number] for number in found.outcome.tolist()),
            "parcel": tuple(found.parcels.names[place] for place in found.pieces.feature.tolist()),
            "old_plan": found.old_type,
            "detailed_plan": found.detailed,
            "territorial_plan": found.territorial,
            "area_m2": tuple((found.pieces.cents / 100).tolist()),
        },
        color_by="outcome",
        classes=tuple(MapClass(kind.key, kind.title, kind.color) for kind in found.kinds),
        layer_uid=found.parcels.layer_uid,
        sources=tuple((found.parcels.uids[place],) for place in found.pieces.feature.tolist()),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compare the plans on a project's parcels."""
    assert isinstance(parameters, ThreePlansParameters)  # noqa: S101 - the registry pairs the two
    rule = three_plans_rule(parameters.rule)
    used = _used_layers(project, parameters)
    parcels_info, old_info = used["parcels"], used["old_plan"]
    others = [info for role, info in used.items() if role != "parcels"]
    how = measuring_of(project, parameters, parcels_info, *others)
    found_classes: list[Finding] = []
    layers = {}
    for role in ("detailed", "territorial"):
        layers[role] = _plan_layer(project, used[role], found_classes) if role in used else None
    plans = Plans(
        read_features(project, old_info, required=["zone_type"]), layers["detailed"], layers["territorial"]
    )
    parcels = read_features(project, parcels_info)
    zones, towns = (read_zones(project, used[role]) if role in used else None for role in ("zones", "towns"))
    progress.step(0.1)
    part = ProgressPart(progress, 0.1, 0.85)
    found = compare_plans(parcels, plans, zones, towns, rule, how, part)
    result = results(found, rule, how, parameters)
    signs = [UsedLayer(role, info, how.basis if role == "parcels" else None) for role, info in used.items()]
    done = signed(project, result, signs, how.plane)
    asked = parameters.model_dump()
    chosen = tuple(f for role, info in used.items() for f in chosen_among(project, info, asked[role]))
    progress.step(1.0)
    return dataclasses.replace(done, findings=(*chosen, *done.findings, *found_classes))


def _used_layers(project: Project, parameters: ThreePlansParameters) -> dict[str, LayerInfo]:
    """Return the layers that take part, by role; optional ones that are not there are left out."""
    parcels = find_layer(project, parameters.parcels, PARCEL_KINDS)
    old = find_layer(project, parameters.old_plan, ("old_plan_zones",))
    detailed = find_optional(project, parameters.detailed, ("detailed_plan",))
    territorial = find_optional(project, parameters.territorial, ("territorial_plan",))
    for info, words, key in (
        (parcels, _("The project has no layer of parcels."), "industrial_parcels"),
        (old, _("The project has no control zones of the former land plan."), "old_plan_zones"),
        (
            detailed or territorial,
            _("The project has neither a detailed nor a territorial plan."),
            "territorial_plan",
        ),
    ):
        if info is None:
            raise InputError(
                words,
                where=str(project.path),
                remedy=_("Import one (zsgis import … --as {kind}).").format(kind=key),
            )
    taken = ("old_plan_zones", "detailed_plan", "territorial_plan", *([parcels.kind] if parcels else []))
    zones = find_zones(project, parameters.zones, taken)
    found = {
        "zones": zones,
        "towns": find_towns(project, parameters.towns, zones),
        "parcels": parcels,
        "old_plan": old,
        "detailed": detailed,
        "territorial": territorial,
    }
    return {role: info for role, info in found.items() if info is not None}


def _plan_layer(project: Project, info: LayerInfo, findings: list[Finding]) -> PlanLayer:
    field = kind(info.kind).class_field
    features = read_features(project, info, required=[field])
    of = class_standard(project, info)
    codes = class_codes(features.columns[field], of)
    findings += class_findings(features, codes, of)
    return PlanLayer(features, codes, of, land_class3_rules())


CAPABILITY = Capability(
    key="three_plans",
    title=TITLE,
    summary=N_(
        "Where the former land plan, the detailed plan and the territorial plan say different things."
    ),
    stage="analysis",
    parameters=ThreePlansParameters,
    run=run,
    notes=(
        N_(
            "Parcels are cut by all plans. Each piece is held against the rule file: what the control zone "
            "says of building, what city planning says, and whether the uses of the two newer plans agree."
        ),
        N_(
            "The rule file names each difference with its clause. It is a proposal to be checked by the "
            "bureau, which may copy and change it."
        ),
        N_("What a plan does not cover is an outcome of its own and never counts as agreement."),
    ),
)
