"""The tables beside a plan: other plans, what is lacking, what takes no part, scenarios side by side."""

from __future__ import annotations

from typing import Any

from layers.words import _
from zsgis.allocating.answers import Answers
from zsgis.allocating.joining import Joined, merged
from zsgis.allocating.printed import Printed
from zsgis.allocating.told import impossible_sentence, sites_words, suits_nobody, why_sentence
from zsgis.allocation.plan import Assignment, Plan, by_project, secured_cents
from zsgis.allocation.scenarios import Comparison
from zsgis.printed_balance import PrintedUnit
from zsgis.result import Column, Row, RowRole, Table


def alternative_table(printed: Printed, answers: Answers) -> Table:
    """Return, for each other plan, its worth by level and where it differs from the plan."""
    rows: list[Row] = []
    plan = answers.plan
    if plan is not None and answers.others is not None:
        for number, other in enumerate(answers.others.plans, 1):
            rows += _alternative(printed, number, plan, other)
    unit = printed.unit
    columns = (
        Column("alternative", _("Alternative")),
        Column("project", _("Demand project")),
        Column("plan", _("In the recommended plan")),
        Column("instead", _("Instead")),
        Column("secured", _("Secured"), unit.title, unit.digits),
        Column("difference", _("Difference"), unit.title, unit.digits),
        Column("levels", _("Worth by level")),
    )
    return Table(
        "alternatives", _("Alternative plans"), columns, tuple(rows), _others_notes(answers), whole=True
    )


def _others_notes(answers: Answers) -> tuple[str, ...]:
    if answers.plan is None:
        return (_("There is no plan, so there are no alternatives."),)
    if answers.others is None:
        return (_("Alternatives were not looked for, or there was no time."),)
    if answers.others.plans:
        wanting = not answers.others.complete
        return (_("Time was over before more were found."),) if wanting else ()
    if answers.others.complete:
        return (_("No other plan has every level within 2 % of the recommended one."),)
    return (_("No other plan was found in the time; whether there is one is not decided."),)


def _alternative(printed: Printed, number: int, plan: Plan, other: Plan) -> list[Row]:
    problem = printed.joined.problem
    name = _("Alternative plan {number}").format(number=number)
    mine, its = by_project(plan.assignments), by_project(other.assignments)
    secured = secured_cents(problem, other.assignments)
    head = {
        "alternative": name,
        "secured": printed.value(sum(secured.values())),
        "difference": printed.value(sum(secured.values()) - sum(printed.secured.values())),
        "levels": _levels_words(other),
    }
    rows = [Row(head, RowRole.SUBTOTAL, _sources(printed.joined, other.assignments))]
    for project in problem.projects:
        here, there = mine.get(project.key, ()), its.get(project.key, ())
        if {each.candidate for each in here} == {each.candidate for each in there}:
            continue
        values: dict[str, Any] = {
            "alternative": name,
            "project": project.name,
            "plan": sites_words(here, printed) or _("no land"),
            "instead": sites_words(there, printed) or _("no land"),
            "secured": printed.value(secured[project.key]),
            "difference": printed.value(secured[project.key] - printed.secured[project.key]),
        }
        rows.append(
            Row(
                values,
                RowRole.BODY,
                merged((printed.joined.wanting[project.key], _sources(printed.joined, (*here, *there)))),
            )
        )
    return rows


def _levels_words(plan: Plan) -> str:
    return "；".join(f"{_(level.title)} {float(level.value):,.2f}" for level in plan.levels)


def _sources(joined: Joined, assignments: tuple[Assignment, ...]) -> dict[str, tuple[str, ...]]:
    return merged(
        tuple(
            part
            for each in assignments
            for part in (joined.wanting[each.project], joined.land[each.candidate])
        )
    )


def lacking_table(printed: Printed, answers: Answers) -> Table:
    """Return what cannot be done: projects without all they want, and what no plan can keep."""
    rows: list[Row] = []
    joined = printed.joined
    if answers.plan is None:
        said = impossible_sentence(answers, printed)
        every = merged(tuple(joined.wanting[each.key] for each in joined.problem.projects if each.must))
        rows.append(Row({"subject": _("No plan keeps all limits"), "said": said}, RowRole.BODY, every))
    else:
        for project in sorted(joined.problem.projects, key=lambda each: (each.rank, each.name)):
            missing = project.need_cents - printed.secured[project.key]
            if missing <= 0:
                continue
            served = bool(printed.of(project.key))
            said = (
                _("It gets {share:.1%} of what it wants.").format(
                    share=printed.secured[project.key] / project.need_cents
                )
                if served
                else why_sentence(project, answers, printed)
            )
            values = {"subject": project.name, "missing": printed.value(missing), "said": said}
            rows.append(Row(values, RowRole.BODY, joined.wanting[project.key]))
    if not rows:
        rows.append(Row({"subject": _("Nothing is lacking"), "said": _("Every project gets all it wants.")}))
    columns = (
        Column("subject", _("What cannot be done")),
        Column("missing", _("Lacking"), printed.unit.title, printed.unit.digits),
        Column("said", _("What stands in the way")),
    )
    return Table("lacking", _("What cannot be done"), columns, tuple(rows), whole=True)


def left_out_table(joined: Joined, unit: PrintedUnit) -> Table:
    """Return the projects and the land that take no part, each with its reason."""
    rows = [
        Row(
            {"what": _("Demand project"), "name": each.name, "reason": each.reason},
            RowRole.BODY,
            each.sources,
        )
        for each in joined.left_out_projects
    ]
    listed = [(each.name, each.area_cents or 0, each.reason, each.sources) for each in joined.left_out_land]
    for candidate in joined.problem.candidates:
        reason = suits_nobody(joined.problem, candidate)
        if reason:
            listed.append((candidate.name, candidate.area_cents, reason, joined.land[candidate.key]))
    for name, cents, reason, sources in listed:
        area = unit.value(int((2 * cents * unit.steps_per_cent + 1) // 2))
        rows.append(
            Row(
                {"what": _("Candidate"), "name": name, "area": area, "reason": reason},
                RowRole.BODY,
                sources,
            )
        )
    columns = (
        Column("what", _("Project or land")),
        Column("name", _("Name")),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("reason", _("Why it takes no part")),
    )
    return Table("left_out", _("What takes no part"), columns, tuple(rows), whole=True)


def _less(printed: Printed, cents: int, base: int) -> float:
    """Return a difference of two printed amounts, so that it is theirs as printed."""
    return round(printed.value(cents) - printed.value(base), printed.unit.digits)


def scenario_table(printed: Printed, compared: Comparison) -> Table:
    """Return scenarios side by side: what each project would get, and each level's worth."""
    unit = printed.unit
    projects = {each.key: each for each in printed.joined.problem.projects}
    rows = []
    for each in sorted(compared.projects, key=lambda own: (projects[own.project].rank, own.project)):
        project = projects[each.project]
        values: dict[str, Any] = {"project": project.name, "rank": project.rank}
        for place, cents in enumerate(each.secured_cents):
            there = compared.scenarios[place].plan is not None
            values[f"scenario:{place}"] = printed.value(cents) if there else None
            values[f"difference:{place}"] = _less(printed, cents, each.secured_cents[0]) if there else None
        values["differs"] = _("Other land") if each.differs else _("The same")
        sites = tuple(site for own in each.sites for site in own)
        sources = merged((printed.joined.wanting[each.project], _sources(printed.joined, sites)))
        rows.append(Row(values, RowRole.BODY, sources))
    sums = {
        f"scenario:{place}": printed.value(sum(own.secured_cents[place] for own in compared.projects))
        for place, scenario in enumerate(compared.scenarios)
        if scenario.plan is not None
    }
    sums |= {
        f"difference:{place}": _less(
            printed, *(sum(own.secured_cents[at] for own in compared.projects) for at in (place, 0))
        )
        for place, scenario in enumerate(compared.scenarios)
        if scenario.plan is not None
    }
    everything = merged(tuple(row.sources for row in rows))
    rows.append(Row({"project": _("Total"), **sums}, RowRole.TOTAL, everything))
    columns = (
        Column("project", _("Demand project")),
        Column("rank", _("Priority"), "", 0),
        *(
            Column(f"scenario:{place}", each.name, unit.title, unit.digits, _("Secured"))
            for place, each in enumerate(compared.scenarios)
        ),
        *(
            Column(f"difference:{place}", each.name, unit.title, unit.digits, _("Against the plan"))
            for place, each in enumerate(compared.scenarios)
            if place and compared.scenarios[0].plan is not None
        ),
        Column("differs", _("Land")),
    )
    notes = (
        _("Each is solved to the gap that is good enough: differences below it mean nothing."),
        *_without_plan(compared),
    )
    return Table("scenarios", _("Scenarios side by side"), columns, tuple(rows), notes, whole=True)


def _without_plan(compared: Comparison) -> tuple[str, ...]:
    return tuple(
        _("{scenario}: {said}").format(
            scenario=each.name,
            said=_("no plan keeps all limits.")
            if each.impossible
            else _("no plan was found in the time; whether there is one is not decided."),
        )
        for each in compared.scenarios
        if each.plan is None
    )
