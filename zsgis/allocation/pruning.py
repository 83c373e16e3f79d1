"""Choices that no plan can contain, left out before anything is solved."""

from __future__ import annotations

import numpy as np

from zsgis.allocation.choices import ANY_YEAR, Choices
from zsgis.allocation.problem import Problem, Quota


def possible(problem: Problem, choices: Choices) -> Choices:
    """Return the choices without those that alone draw more on a quota than is good in their year.

    Exact: no plan is lost. It matters for the proof, as a relaxation would take a fraction of such land.
    """
    kept = np.ones(len(choices), dtype=bool)
    dated = np.flatnonzero(choices.year != ANY_YEAR)
    limits: dict[str, list[tuple[Quota, dict[int, int]]]] = {}
    for quota in problem.quotas:
        good = {year: good_cents(quota, year, year) for year in problem.years}
        limits.setdefault(quota.kind, []).append((quota, good))
    fixed = {(project.key, each.candidate) for project in problem.projects for each in project.fixed}
    for place in dated.tolist():
        project = problem.projects[choices.project[place]]
        candidate = problem.candidates[choices.candidate[place]]
        year = int(choices.year[place])
        if (project.key, candidate.key) not in fixed:
            kept[place] = not any(
                cents > good[year] and (not quota.towns or candidate.town in quota.towns)
                for kind, cents in problem.draws_cents(project, candidate).items()
                for quota, good in limits.get(kind, ())
            )
    return choices.only(kept)


def good_cents(quota: Quota, first: int, last: int) -> int:
    """Return what of a quota is good at some time from one year to another, in 0.01 m2."""
    return sum(c for year, c in quota.cents_by_year.items() if first - quota.carry_years <= year <= last)
