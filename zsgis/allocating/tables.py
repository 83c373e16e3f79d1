"""The tables of a plan: sites, projects, quotas; sums hold as printed and every row leads to its features."""

from __future__ import annotations

from typing import Any

from layers.words import _
from zsgis.allocating.answers import Answers
from zsgis.allocating.joining import Sources, merged
from zsgis.allocating.printed import Printed
from zsgis.allocating.told import next_best, why_sentence, worth_sentence
from zsgis.allocation.checking import QuotaYear, quota_account
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Project, Quota
from zsgis.result import Column, Row, RowRole, Table

_DRAWS = "draws:"


def plan_table(printed: Printed, notes: tuple[str, ...]) -> Table:
    """Return a row for each given site, with a subtotal for each project."""
    rows: list[Row] = []
    for key in dict.fromkeys(site.project.key for site in printed.sites):
        places = printed.of(key)
        rows += [_site_row(printed, place) for place in places]
        project = printed.sites[places[0]].project
        values = {"project": _("{name}, together").format(name=project.name), "rank": project.rank}
        rows.append(Row({**values, **_figures(printed, places)}, RowRole.SUBTOTAL, printed.sources(places)))
    every = tuple(range(len(printed.sites)))
    total = {"project": _("Total"), **_figures(printed, every)}
    rows.append(Row(total, RowRole.TOTAL, printed.sources(every)))
    unit = printed.unit
    columns = (
        Column("project", _("Demand project")),
        Column("rank", _("Priority"), "", 0),
        Column("year", _("Year")),
        Column("candidate", _("Candidate")),
        Column("source", _("Found as")),
        Column("town", _("Town")),
        Column("platform", _("Platform")),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("score", _("Suitability"), "", 2),
        *(Column(_DRAWS + kind, kind, unit.title, unit.digits, _("Draws on")) for kind in printed.kinds),
    )
    return Table("plan", _("Recommended plan"), columns, tuple(rows), notes)


def _site_row(printed: Printed, place: int) -> Row:
    site = printed.sites[place]
    score = printed.joined.problem.score_permille(site.project, site.candidate)
    values: dict[str, Any] = {
        "project": site.project.name,
        "rank": site.project.rank,
        "year": str(site.year),
        "candidate": site.candidate.name,
        "source": site.candidate.source,
        "town": site.candidate.town,
        "platform": site.candidate.platform,
        "score": None if score is None else score / 10,
        **_figures(printed, (place,)),
    }
    return Row(values, RowRole.BODY, printed.sources((place,)))


def _figures(printed: Printed, places: tuple[int, ...]) -> dict[str, float | None]:
    return {
        "area": printed.area(places),
        **{_DRAWS + kind: printed.drawn(kind, places) or None for kind in printed.kinds},
    }


def project_table(printed: Printed, answers: Answers, notes: tuple[str, ...]) -> Table:
    """Return a row for each project that takes part: wanted, least, given, and why."""
    projects = sorted(printed.joined.problem.projects, key=lambda each: (each.rank, each.name, each.key))
    rows = [_project_row(printed, answers, each) for each in projects]
    wanted, secured = sum(each.need_cents for each in projects), sum(printed.secured.values())
    every = tuple(range(len(printed.sites)))
    total = {
        "project": _("Total"),
        "wanted": printed.value(wanted),
        "least": printed.value(sum(each.least_cents for each in projects)),
        "got": printed.area(every),
        "secured": printed.value(secured),
        "share": _share(secured, wanted),
        "sites": len(printed.sites),
    }
    parts = tuple(printed.joined.wanting[each.key] for each in projects)
    rows.append(Row(total, RowRole.TOTAL, merged((*parts, printed.sources(every)))))
    unit = printed.unit
    columns = (
        Column("project", _("Demand project")),
        Column("rank", _("Priority"), "", 0),
        Column("wanted", _("Area wanted"), unit.title, unit.digits),
        Column("least", _("Least area"), unit.title, unit.digits),
        Column("got", _("Area given"), unit.title, unit.digits),
        Column("secured", _("Of it counts"), unit.title, unit.digits),
        Column("share", _("Share secured"), "%", 2),
        Column("sites", _("Sites"), "", 0),
        Column("years", _("Years")),
        Column("why", _("Why this, or why not")),
        Column("next", _("Next best")),
    )
    return Table("projects", _("Projects in the plan"), columns, tuple(rows), notes)


def _project_row(printed: Printed, answers: Answers, project: Project) -> Row:
    places = printed.of(project.key)
    secured = printed.secured[project.key]
    values = {
        "project": project.name,
        "rank": project.rank,
        "wanted": printed.value(project.need_cents),
        "least": printed.value(project.least_cents),
        "got": printed.area(places),
        "secured": printed.value(secured),
        "share": _share(secured, project.need_cents),
        "sites": len(places),
        "years": "、".join(sorted({str(printed.sites[place].year) for place in places})),
        "why": why_sentence(project, answers, printed),
        "next": next_best(project, answers, printed),
    }
    return Row(
        values,
        RowRole.BODY,
        merged((printed.joined.wanting[project.key], printed.sources(places))),
    )


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else round(100 * part / whole, 2)


def quota_use_table(printed: Printed, answers: Answers, notes: tuple[str, ...]) -> Table:
    """Return each quota by year: assigned, used, carried, left, and what 1 ha more would bring."""
    rows: list[Row] = []
    for quota in printed.joined.problem.quotas:
        rows += _quota_rows(printed, answers, quota)
    unit = printed.unit
    columns = (
        Column("quota", _("Quota")),
        Column("year", _("Year")),
        Column("town", _("Town")),
        Column("assigned", _("Assigned and unused"), unit.title, unit.digits),
        Column("carried", _("Carried from before"), unit.title, unit.digits),
        Column("used", _("Used by the plan"), unit.title, unit.digits),
        Column("left", _("Left"), unit.title, unit.digits),
        Column("lapsed", _("Lapsed before the year"), unit.title, unit.digits),
        Column("first_share", _("Share of rank {rank}").format(rank=first_rank(printed)), "%", 2),
        Column("more", _("What 1 ha more would bring")),
    )
    if printed.joined.unlimited:
        unlimited = _("No register limits: {names}.").format(names="、".join(printed.joined.unlimited))
        notes = (*notes, unlimited)
    return Table("quotas", _("Use of the quotas"), columns, tuple(rows), notes, whole=True)


def first_rank(printed: Printed) -> int:
    """Return the rank that goes first among the projects."""
    return min((each.rank for each in printed.joined.problem.projects), default=1)


def _quota_rows(printed: Printed, answers: Answers, quota: Quota) -> list[Row]:
    joined = printed.joined
    assignments = tuple(Assignment(site.project.key, site.candidate.key, site.year) for site in printed.sites)
    account = quota_account(joined.problem, quota, assignments)
    levels = joined.problem.objective.levels
    rows = []
    for each in account:
        worth = answers.worths.get((quota.key, each.year))
        drawing = _drawing(printed, quota, (each.year,))
        values = {
            **_named(quota),
            "year": str(each.year),
            "assigned": printed.value(each.fresh_cents),
            "carried": printed.value(each.carried_in_cents),
            "used": printed.value(each.used_cents),
            "left": printed.value(each.fresh_cents + each.carried_in_cents - each.used_cents),
            "lapsed": printed.value(each.lapsed_cents),
            "first_share": _first_share(printed, quota, drawing),
            "more": worth_sentence(worth, levels) if answers.plan is not None else "",
        }
        sources = merged((joined.entries.get((quota.key, each.year), {}), printed.sources(drawing)))
        rows.append(Row(values, RowRole.BODY, sources))
    rows.append(_quota_total(printed, quota, account))
    return rows


def _named(quota: Quota) -> dict[str, str]:
    return {"quota": quota.kind, "town": "、".join(sorted(quota.towns)) or _("Whole city")}


def _quota_total(printed: Printed, quota: Quota, account: tuple[QuotaYear, ...]) -> Row:
    drawing = _drawing(printed, quota, printed.joined.problem.years)
    entries: tuple[Sources, ...] = tuple(
        uids for (key, _year), uids in printed.joined.entries.items() if key == quota.key
    )
    values = {
        **_named(quota),
        "year": _("Together"),
        "assigned": printed.value(sum(each.fresh_cents for each in account)),
        "used": printed.value(sum(each.used_cents for each in account)),
        "first_share": _first_share(printed, quota, drawing),
    }
    return Row(values, RowRole.SUBTOTAL, merged((*entries, printed.sources(drawing))))


def _drawing(printed: Printed, quota: Quota, years: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        place
        for place, site in enumerate(printed.sites)
        if site.year in years
        and (not quota.towns or site.candidate.town in quota.towns)
        and printed.joined.problem.draws_cents(site.project, site.candidate).get(quota.kind, 0)
    )


def _first_share(printed: Printed, quota: Quota, drawing: tuple[int, ...]) -> float | None:
    first = first_rank(printed)
    draws = [
        (
            printed.sites[place].project.rank,
            printed.joined.problem.draws_cents(printed.sites[place].project, printed.sites[place].candidate)[
                quota.kind
            ],
        )
        for place in drawing
    ]
    return _share(sum(cents for rank, cents in draws if rank == first), sum(cents for _rank, cents in draws))
