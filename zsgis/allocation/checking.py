"""Whether a plan keeps every limit, in whole numbers: the last word on it, whatever solver made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from zsgis.allocation.bars import bar, open_years
from zsgis.allocation.plan import Assignment, by_project
from zsgis.allocation.problem import Budget, Candidate, Problem, Project, Quota


class Rule(StrEnum):
    """A limit that plans must keep."""

    TAKEN_TWICE = "taken_twice"
    NOT_FOR_PROJECT = "not_for_project"
    LEAST_AREA = "least_area"
    MOST_AREA = "most_area"
    MOST_SITES = "most_sites"
    CONTIGUOUS = "contiguous"
    SERVED = "served"
    FIXED = "fixed"
    QUOTA = "quota"
    BUDGET = "budget"


@dataclass(frozen=True)
class Fault:
    """A limit that a plan breaks.

    Attributes
    ----------
    subject : str
        Key of the project, candidate, quota or budget.
    year : int or None
        Where the limit is one of a year.
    over : int
        By how much, in the limit's own unit (0.01 m2, yuan, sites); 0 where it is a matter of yes or no.
    """

    rule: Rule
    subject: str
    year: int | None = None
    over: int = 0


@dataclass(frozen=True)
class QuotaYear:
    """What became of a quota in one year, in 0.01 m2; ``lacking`` is what was drawn and not there."""

    year: int
    fresh_cents: int
    carried_in_cents: int
    used_cents: int
    lacking_cents: int
    lapsed_cents: int


def faults(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Fault, ...]:
    """Return every limit that assignments break; empty for a plan that can be carried out."""
    assignments = tuple(assignments)
    projects = {project.key: project for project in problem.projects}
    candidates = {candidate.key: candidate for candidate in problem.candidates}
    own = by_project(assignments)
    found = list(_taken(assignments))
    found.extend(
        Fault(Rule.NOT_FOR_PROJECT, each.candidate, each.year)
        for each in assignments
        if bar(problem, projects[each.project], candidates[each.candidate]) is not None
        or each.year not in open_years(problem, projects[each.project], candidates[each.candidate])
    )
    groups = [frozenset(group.candidates) for group in problem.groups]
    for project in problem.projects:
        sites = own.get(project.key, ())
        found.extend(_project_faults(project, [candidates[each.candidate] for each in sites], groups))
    for quota in problem.quotas:
        found.extend(
            Fault(Rule.QUOTA, quota.key, each.year, each.lacking_cents)
            for each in quota_account(problem, quota, assignments)
            if each.lacking_cents
        )
    for budget in problem.budgets:
        over = spent_yuan(problem, budget, assignments) - budget.most_yuan
        if over > 0:
            found.append(Fault(Rule.BUDGET, budget.key, None, over))
    return tuple(found)


def _taken(assignments: tuple[Assignment, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in assignments:
        if each.candidate in seen:
            yield Fault(Rule.TAKEN_TWICE, each.candidate, each.year)
        seen.add(each.candidate)


def _project_faults(
    project: Project, sites: list[Candidate], groups: list[frozenset[str]]
) -> Iterator[Fault]:
    keys = {site.key for site in sites}
    if any(fixed.candidate not in keys for fixed in project.fixed):
        yield Fault(Rule.FIXED, project.key)
    if not sites:
        if project.must:
            yield Fault(Rule.SERVED, project.key)
        return
    area = sum(site.area_cents for site in sites)
    if area < project.least_cents:
        yield Fault(Rule.LEAST_AREA, project.key, None, project.least_cents - area)
    if project.most_cents is not None and area > project.most_cents:
        yield Fault(Rule.MOST_AREA, project.key, None, area - project.most_cents)
    if len(sites) > project.most_sites:
        yield Fault(Rule.MOST_SITES, project.key, None, len(sites) - project.most_sites)
    if project.contiguous and not any(keys <= group for group in groups) and len(keys) > 1:
        yield Fault(Rule.CONTIGUOUS, project.key)


def drawn_cents(problem: Problem, quota: Quota, assignments: Iterable[Assignment]) -> dict[int, int]:
    """Return what assignments draw on a quota in each year of the plan, in 0.01 m2."""
    projects = {project.key: project for project in problem.projects}
    candidates = {candidate.key: candidate for candidate in problem.candidates}
    drawn = dict.fromkeys(problem.years, 0)
    for each in assignments:
        candidate = candidates[each.candidate]
        if not quota.towns or candidate.town in quota.towns:
            draws = problem.draws_cents(projects[each.project], candidate)
            drawn[each.year] = drawn.get(each.year, 0) + draws.get(quota.kind, 0)
    return drawn


def quota_account(problem: Problem, quota: Quota, assignments: Iterable[Assignment]) -> tuple[QuotaYear, ...]:
    """Return a quota's account by year: the oldest amount that is still good is used first.

    Using the oldest first covers whatever can be covered at all, as all amounts are good for equally long.
    """
    drawn = drawn_cents(problem, quota, assignments)
    first = min((problem.years[0], *quota.cents_by_year))
    left: dict[int, int] = {}
    account = []
    for year in range(first, problem.years[-1] + 1):
        lapsed = sum(left.pop(old) for old in [old for old in left if old < year - quota.carry_years])
        carried = sum(left.values())
        fresh = quota.cents_by_year.get(year, 0)
        left[year] = fresh
        wanted = drawn.get(year, 0)
        for old in sorted(left):
            taken = min(left[old], wanted)
            left[old] -= taken
            wanted -= taken
        used = drawn.get(year, 0)
        if year in problem.years:
            account.append(QuotaYear(year, fresh, carried, used, wanted, lapsed))
    return tuple(account)


def spent_yuan(problem: Problem, budget: Budget, assignments: Iterable[Assignment]) -> int:
    """Return what assignments spend of a budget; land of unknown cost counts as 0 and is not admitted."""
    projects = {project.key: project for project in problem.projects}
    candidates = {candidate.key: candidate for candidate in problem.candidates}
    return sum(
        problem.cost_yuan(projects[each.project], candidates[each.candidate]) or 0
        for each in assignments
        if (not budget.years or each.year in budget.years)
        and (not budget.projects or each.project in budget.projects)
    )
