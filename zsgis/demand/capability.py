"""Demand for land: the projects of the register by priority and stage, with their areas in m2, ha and 亩.

Odd input: a project without an area is listed without one and named (待录入), never taken for 0; an area
below 0, a least area above the one wanted, stages turned round or left out, and numbers given twice are
named; a missing column is empty. A project needs no shape. Where there is no register, it is said how to get
one.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from layers.area import to_cents
from layers.errors import InputError
from layers.progress import Progress
from layers.project_demand import KIND, STAGES, Stage
from layers.words import N_, _
from zsgis.analysis.features import Features
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.zoned import UsedLayer, at_most, chosen_among, signed
from zsgis.capability import Capability, Parameters
from zsgis.charts import BarChart, Series
from zsgis.demand.parameters import DemandParameters
from zsgis.demand.priorities import OTHER, PriorityRule, priority_rule
from zsgis.demand.projects import rank_of, read_demand
from zsgis.demand.stages import demand_findings, record_of, stages_of
from zsgis.printed_balance import IntArray, PrintedTable, balance_table, printed_unit
from zsgis.result import Column, Result, Row, RowRole, Table

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("List of demand")
_UNITS = ("m2", "ha", "mu")


@dataclasses.dataclass(frozen=True)
class _Printed:
    """The areas wanted in every unit, each balanced by itself; shape (projects, 1) each."""

    cents: IntArray
    tables: dict[str, PrintedTable]

    def of(self, places: IntArray) -> dict[str, float]:
        """Return what is printed for some projects together."""
        return {
            f"wanted_{key}": table.unit.value(int(table.cells[places].sum()))
            for key, table in self.tables.items()
        }


def compute(features: Features, rule: PriorityRule, progress: Progress) -> Result:
    """Return the list by priority, the sums by stage, and what is at fault."""
    stages = stages_of(features)
    wanted, least = features.numbers("land_wanted_m2"), features.numbers("land_least_m2")
    cents = to_cents(np.where(wanted > 0, wanted, 0.0))[:, None]
    printed = _Printed(cents, {key: balance_table(cents, printed_unit(key)) for key in _UNITS})
    progress.step(0.5)
    ranks = [rank_of(record_of(features, place), rule) for place in range(len(features))]
    order = sorted(range(len(features)), key=lambda i: (ranks[i], features.names[i], features.uids[i]))
    areas = tuple(
        Column(f"wanted_{key}", _("Area wanted"), table.unit.title, table.unit.digits, _("Land"))
        for key, table in printed.tables.items()
    )
    listed = _list(features, order, ranks, stages, printed, areas, least)
    by_stage = _by_stage(features, stages, printed, areas)
    progress.step(1.0)
    known = int((wanted > 0).sum())
    return Result(
        capability="demand",
        title=_(TITLE),
        tables=(listed, by_stage),
        findings=tuple(at_most(list(demand_findings(features)))),
        adjustments=(),
        run=unsigned_record(
            (),
            (
                _("Projects stand in the order of their rank, by the rule or as laid down by hand."),
                _("The stage of a project is the last one of which a document or a day is stated."),
            ),
            {"priority": rule.words},
        ),
        facts={"projects": len(features), "with_area": known, "wanted_m2": int(cents.sum()) / 100},
        charts=(_chart(by_stage),),
    )


def _list(
    features: Features,
    order: list[int],
    ranks: list[int],
    stages: tuple[Stage | None, ...],
    printed: _Printed,
    areas: tuple[Column, ...],
    least: np.ndarray,
) -> Table:
    texts = {
        name: features.texts(name)
        for name in ("category", "plan_place", "platform", "phase", "supply_way", "from_year", "to_year")
    }
    rows = []
    for place in order:
        has = bool(printed.cents[place, 0] > 0)
        figures = printed.of(np.array([place])) if has else {f"wanted_{key}": None for key in _UNITS}
        values = {
            "rank": ranks[place],
            "name": features.names[place],
            "stage": _stage_words(stages[place]),
            **figures,
            "least_m2": float(least[place]) if np.isfinite(least[place]) else None,
            "remark": "" if has else _("To be entered"),
            **{name: column[place] for name, column in texts.items()},
        }
        values["category"] = values["category"] or OTHER
        rows.append(Row(values, RowRole.BODY, features.sources([place])))
    everything = np.arange(len(features))
    rows.append(
        Row({"name": _("Total"), **printed.of(everything)}, RowRole.TOTAL, features.sources(everything))
    )
    columns = (
        Column("rank", _("Priority"), "", 0),
        Column("name", _("Name of the project")),
        Column("category", _("Category")),
        Column("plan_place", _("Place in the plan")),
        Column("platform", _("Platform")),
        Column("phase", _("Phase")),
        Column("from_year", _("From year")),
        Column("to_year", _("To year")),
        *areas,
        Column("least_m2", _("Least area"), _("m²"), 2, _("Land")),
        Column("supply_way", _("Way of supply")),
        Column("stage", _("Stage")),
        Column("remark", _("Remark")),
    )
    return Table("projects", _("Projects that want land"), columns, tuple(rows))


def _by_stage(
    features: Features, stages: tuple[Stage | None, ...], printed: _Printed, areas: tuple[Column, ...]
) -> Table:
    rows = []
    for stage in (None, *STAGES):
        places = np.array([i for i, each in enumerate(stages) if each == stage], dtype=np.int64)
        values = {"stage": _stage_words(stage), "projects": len(places), **printed.of(places)}
        rows.append(Row(values, RowRole.BODY, features.sources(places)))
    everything = np.arange(len(features))
    total = {"stage": _("Total"), "projects": len(features), **printed.of(everything)}
    rows.append(Row(total, RowRole.TOTAL, features.sources(everything)))
    columns = (Column("stage", _("Stage")), Column("projects", _("Projects"), "", 0), *areas)
    return Table("stages", _("Demand by stage"), columns, tuple(rows), whole=True)


def _stage_words(stage: Stage | None) -> str:
    return _("Not begun") if stage is None else stage.title


def _chart(by_stage: Table) -> BarChart:
    body = [row for row in by_stage.rows if row.role is RowRole.BODY]
    return BarChart(
        "stages",
        _("Projects by stage"),
        tuple(row.values["stage"] for row in body),
        (Series(_("Projects"), tuple(float(row.values["projects"]) for row in body)),),
        digits=0,
        category_title=_("Stage"),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """List the demand of a project's register."""
    assert isinstance(parameters, DemandParameters)  # noqa: S101 - the registry pairs the two
    info = find_layer(project, parameters.projects, (KIND.key,))
    if info is None:
        raise InputError(
            _("The project has no register of demand."),
            where=str(project.path),
            remedy=_("Fill it from the plan (zsgis demand fill PROJECT), or import one."),
        )
    result = compute(read_demand(project, info), priority_rule(parameters.rule), progress)
    done = signed(project, result, [UsedLayer("register", info)], project.crs)
    chosen = chosen_among(project, info, parameters.projects)
    return dataclasses.replace(done, findings=(*chosen, *done.findings))


CAPABILITY = Capability(
    key="demand",
    title=TITLE,
    summary=N_(
        "Which projects want how much land, in the order of their priority, and how far each has come."
    ),
    stage="securing",
    parameters=DemandParameters,
    run=run,
    notes=(
        N_(
            "The register is filled at first with what the plan names. The plan states no land areas: they "
            "are empty until somebody enters them, and count for nothing."
        ),
        N_(
            "Ranks come from a rule file that the bureau may change; a rank laid down by hand goes before it."
        ),
    ),
)
