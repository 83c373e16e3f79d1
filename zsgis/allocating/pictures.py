"""The map and the charts of a plan."""

from __future__ import annotations

import numpy as np

from layers.words import _
from zsgis.allocating.answers import Answers
from zsgis.allocating.printed import Printed
from zsgis.allocation.checking import drawn_cents
from zsgis.allocation.plan import Assignment
from zsgis.allocation.scenarios import Comparison
from zsgis.charts import BarChart, MapClass, ResultMap, Series

_RANKS = ("#B5472B", "#D99034", "#2F7F86", "#6E8FB3", "#8A5A9E")
_UNUSED, _SAME = "#C8CCD1", "#9AA3AB"
_WANTED, _SECURED, _LEFT = "#C8CCD1", "#2F7F86", "#DDE1E4"
_ONLY_HERE, _ONLY_THERE, _MOVED = "#B5472B", "#2F7F86", "#D99034"


def plan_map(printed: Printed) -> ResultMap:
    """Return the candidates, those given coloured by rank, the others grey."""
    joined = printed.joined
    given = {site.candidate.key: site for site in printed.sites}
    candidates = joined.problem.candidates
    keys = tuple(each.key for each in candidates)
    sites = [given.get(key) for key in keys]
    ranks = sorted({site.project.rank for site in printed.sites})
    return ResultMap(
        key="plan",
        title=_("Map of the recommended plan"),
        crs=joined.plane,
        geometry=joined.geometry(keys),
        columns={
            "rank": tuple("0" if site is None else str(site.project.rank) for site in sites),
            "project": tuple("" if site is None else site.project.name for site in sites),
            "year": tuple("" if site is None else str(site.year) for site in sites),
            "candidate": tuple(each.name for each in candidates),
            "source": tuple(each.source for each in candidates),
            "area_m2": tuple(each.area_cents / 100 for each in candidates),
        },
        color_by="rank",
        # classes are drawn in this order: what is given lies over what is not
        classes=(
            MapClass("0", _("Not used"), _UNUSED),
            *(
                MapClass(
                    str(rank),
                    _("Given, rank {rank}").format(rank=rank),
                    _RANKS[min(place, len(_RANKS) - 1)],
                )
                for place, rank in enumerate(ranks)
            ),
        ),
    )


def scenario_maps(printed: Printed, compared: Comparison) -> tuple[ResultMap, ...]:
    """Return how each scenario differs from the plan: land given in one only, or to another project."""
    return tuple(_scenario_map(printed, compared, place) for place in range(1, len(compared.scenarios)))


def _scenario_map(printed: Printed, compared: Comparison, place: int) -> ResultMap:
    joined, scenario = printed.joined, compared.scenarios[place]
    base = _owners(compared.scenarios[0].plan.assignments if compared.scenarios[0].plan else ())
    other = _owners(scenario.plan.assignments if scenario.plan else ())
    names = {each.key: each.name for each in joined.problem.projects}
    keys = tuple(
        key for key in (each.key for each in joined.problem.candidates) if key in base or key in other
    )
    return ResultMap(
        key=f"scenario_{place}",
        title=_("Differences: {scenario}").format(scenario=scenario.name),
        crs=joined.plane,
        geometry=joined.geometry(keys),
        columns={
            "difference": tuple(_difference(base.get(key), other.get(key)) for key in keys),
            "plan": tuple(names.get(base.get(key, ""), "") for key in keys),
            "scenario": tuple(names.get(other.get(key, ""), "") for key in keys),
        },
        color_by="difference",
        classes=(
            MapClass("same", _("Same project in both"), _SAME),
            MapClass("moved", _("Another project"), _MOVED),
            MapClass("plan", _("Only in the recommended plan"), _ONLY_HERE),
            MapClass("scenario", _("Only in the scenario"), _ONLY_THERE),
        ),
    )


def _owners(assignments: tuple[Assignment, ...]) -> dict[str, str]:
    return {each.candidate: each.project for each in assignments}


def _difference(mine: str | None, its: str | None) -> str:
    if mine == its:
        return "same"
    if mine is None:
        return "scenario"
    return "plan" if its is None else "moved"


def rank_chart(printed: Printed) -> BarChart:
    """Return area wanted and secured by rank."""
    projects = printed.joined.problem.projects
    ranks = sorted({each.rank for each in projects})
    wanted = [sum(each.need_cents for each in projects if each.rank == rank) for rank in ranks]
    secured = [sum(printed.secured[each.key] for each in projects if each.rank == rank) for rank in ranks]
    return BarChart(
        "ranks",
        _("Wanted and secured by rank"),
        tuple(_("Rank {rank}").format(rank=rank) for rank in ranks),
        (
            Series(_("Area wanted"), tuple(printed.value(cents) for cents in wanted), _WANTED),
            Series(_("Secured"), tuple(printed.value(cents) for cents in secured), _SECURED),
        ),
        unit=printed.unit.title,
        digits=printed.unit.digits,
        category_title=_("Priority"),
    )


def quota_chart(printed: Printed, answers: Answers) -> BarChart:
    """Return each quota, all years together, as what the plan uses and what is left."""
    problem = printed.joined.problem
    assignments = answers.plan.assignments if answers.plan else ()
    used = [sum(drawn_cents(problem, quota, assignments).values()) for quota in problem.quotas]
    whole = [
        sum(cents for year, cents in quota.cents_by_year.items() if year <= problem.years[-1])
        for quota in problem.quotas
    ]
    left = np.maximum(np.array(whole, dtype=np.int64) - np.array(used, dtype=np.int64), 0)
    return BarChart(
        "quotas",
        _("Use of the quotas"),
        tuple(quota.name for quota in problem.quotas),
        (
            Series(_("Used by the plan"), tuple(printed.value(cents) for cents in used), _SECURED),
            Series(_("Not used by the plan"), tuple(printed.value(int(cents)) for cents in left), _LEFT),
        ),
        unit=printed.unit.title,
        digits=printed.unit.digits,
        stacked=True,
        category_title=_("Quota"),
    )
