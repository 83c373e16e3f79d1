"""Allocation of land (科研用地保障): which land for which project in which year, under which quota.

Registers
    Of several registers of demand or quotas the topmost counts unless another is named, and that is said. An
    empty register gives an empty plan. Without quotas, or where one of the five is in no register, it limits
    nothing, and that is said; a quota without an amount in the years of the plan lets nothing be drawn. A
    project without an area wanted, one that is supplied already and one outside the years take no part, and
    stand in a table with the reason.
Land
    Gathered as the capability of supply does, with all it says of features without shape, over each other, of
    unknown class, in degrees. Without any layer to gather from there is nothing to allocate, and it is said
    what to import; layers without a single candidate give a plan without land. NaN is refused by name.
Time
    What is not decided when time is over, or when the user stops it, is told as not decided. The best plan so
    far is kept, with the gap that is proved until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.allocating.answers import Answers, answers
from zsgis.allocating.joining import Joined, join
from zsgis.allocating.more_tables import alternative_table, lacking_table, left_out_table, scenario_table
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocating.pictures import plan_map, quota_chart, rank_chart, scenario_maps
from zsgis.allocating.printed import Printed, printed_plan
from zsgis.allocating.proofs import level_table
from zsgis.allocating.tables import plan_table, project_table, quota_use_table
from zsgis.allocating.told import impossible_sentence
from zsgis.allocation.checking import faults
from zsgis.allocation.plan import Plan
from zsgis.allocation.problem import Problem
from zsgis.analysis.layers_used import unsigned_record
from zsgis.analysis.zoned import at_most, signed
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import printed_unit
from zsgis.result import Finding, Result, Severity, Table

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Allocation of land")
_NOTHING = 1e-9


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Allocate a project's land to the projects of its register."""
    assert isinstance(parameters, AllocateParameters)  # noqa: S101 - the registry pairs the two
    joined = join(project, parameters, ProgressPart(progress, 0.0, 0.4))
    found = answers(joined.problem, parameters, ProgressPart(progress, 0.4, 1.0))
    plan = found.plan
    printed = printed_plan(joined, plan.assignments if plan else (), printed_unit(parameters.unit))
    result = Result(
        capability="allocate",
        title=_(TITLE),
        tables=_tables(printed, found),
        findings=_findings(printed, found),
        adjustments=(),
        run=unsigned_record((), _method(joined, found), dict(joined.rules)),
        facts=_facts(printed, found),
        charts=(rank_chart(printed), *((quota_chart(printed, found),) if joined.problem.quotas else ())),
        maps=(plan_map(printed), *(scenario_maps(printed, found.scenarios) if found.scenarios else ())),
    )
    return signed(project, result, joined.used, joined.plane)


def _tables(printed: Printed, found: Answers) -> tuple[Table, ...]:
    notes = (standing(printed.joined.problem, found.plan),) if found.plan else (_("There is no plan."),)
    return (
        plan_table(printed, notes),
        project_table(printed, found, notes),
        *((level_table(printed.joined.problem, found.plan),) if found.plan else ()),
        quota_use_table(printed, found, notes),
        alternative_table(printed, found),
        *((scenario_table(printed, found.scenarios),) if found.scenarios else ()),
        lacking_table(printed, found),
        left_out_table(printed.joined, printed.unit),
    )


def standing(problem: Problem, plan: Plan) -> str:
    """Return what is proved of a plan, in words; levels that only decide between equals stand apart."""
    gap, of_ties = gap_of(problem, plan), gap_of(problem, plan, ties=True)
    if plan.stopped:
        return (
            _("Stopped; nothing is proved of how good the plan is.")
            if gap >= 1.0
            else _("Stopped; at most {gap:.2%} below the best on any level.").format(gap=max(gap, of_ties))
        )
    if max(gap, of_ties) <= _NOTHING:
        return _("Proved to be the best plan.")
    if of_ties <= gap:
        return _("Proved: at most {gap:.2%} below the best on any level.").format(gap=gap)
    secured = (
        _("Proved: no plan secures more.")
        if gap <= _NOTHING
        else _("Proved: at most {gap:.2%} below the most that any plan secures.").format(gap=gap)
    )
    of_equals = _("Among plans that secure as much it is at most {gap:.2%} below the best.")
    return secured + of_equals.format(gap=of_ties)


def gap_of(problem: Problem, plan: Plan, *, ties: bool = False) -> float:
    """Return the widest gap of the levels that decide (or of those between equals), a share."""
    levels = zip(problem.objective.levels, plan.levels, strict=True)
    return max((result.gap for level, result in levels if level.tie is ties), default=0.0)


def _facts(printed: Printed, found: Answers) -> dict[str, object]:
    plan, problem = found.plan, printed.joined.problem
    return {
        "gap_percent": None if plan is None else round(100 * gap_of(problem, plan), 4),
        "tie_gap_percent": None if plan is None else round(100 * gap_of(problem, plan, ties=True), 4),
        "secured_m2": sum(printed.secured.values()) / 100,
        "served": len({site.project.key for site in printed.sites}),
        "projects": len(problem.projects),
        "candidates": len(problem.candidates),
        "sites": len(printed.sites),
        "given_m2": sum(site.candidate.area_cents for site in printed.sites) / 100,
        "wanted_m2": sum(each.need_cents for each in problem.projects) / 100,
        "years": f"{problem.years[0]}-{problem.years[-1]}",
        "has_plan": plan is not None,
        "stopped": plan is not None and plan.stopped,
    }


def _findings(printed: Printed, found: Answers) -> tuple[Finding, ...]:
    joined = printed.joined
    told: list[Finding] = []
    if found.plan is None:
        said = impossible_sentence(found, printed)
        told.append(
            Finding("allocate.no_plan", Severity.ERROR, _("No plan was found. {said}").format(said=said))
        )
    else:
        told += [
            Finding("allocate.fault", Severity.ERROR, f"{fault.rule.value} {fault.subject}")
            for fault in faults(joined.problem, found.plan.assignments)
        ]
        if found.plan.stopped:
            told.append(Finding("allocate.stopped", Severity.WARNING, standing(joined.problem, found.plan)))
    if not joined.problem.projects:
        text = _("No project of the register takes part; the plan is empty.")
        told.append(Finding("allocate.no_projects", Severity.WARNING, text))
    if not joined.problem.candidates:
        text = _("There is no candidate of land; the plan is empty.")
        told.append(Finding("allocate.no_candidates", Severity.WARNING, text))
    if joined.unlimited:
        text = _("No register limits: {names}.").format(names="、".join(joined.unlimited))
        told.append(Finding("allocate.unlimited", Severity.WARNING, text))
    by_code: dict[str, list[Finding]] = {}
    for each in joined.findings:
        by_code.setdefault(each.code, []).append(each)
    return (*told, *(each for alike in by_code.values() for each in at_most(alike)))


def _method(joined: Joined, found: Answers) -> tuple[str, ...]:
    levels = "；".join(_(level.title) for level in joined.problem.objective.levels)
    proved = [standing(joined.problem, found.plan)] if found.plan else []
    return (
        _(
            "Candidates are given whole, each to one project in one year; a project gets its least area or "
            "nothing."
        ),
        _("What makes a plan better, in this order: {levels}.").format(levels=levels),
        _("Mixed-integer programming (HiGHS); the plan was checked in whole numbers by code of its own."),
        *proved,
    )


CAPABILITY = Capability(
    key="allocate",
    title=TITLE,
    summary=N_(
        "Which land for which project in which year, under which quota, with a proof of how good it is."
    ),
    stage="securing",
    parameters=AllocateParameters,
    run=run,
    notes=(
        N_(
            "The recommended plan is the best there is but for the gap that is named; the alternatives are "
            "at most 2 % worse on every level. Both are proposals: a person decides."
        ),
        N_(
            "Land of the stock, 三旧 land among it, draws on no quota. The five quotas are kept apart and "
            "never added up."
        ),
        N_("What cannot be done is told with what is lacking, and how much of it."),
    ),
)
