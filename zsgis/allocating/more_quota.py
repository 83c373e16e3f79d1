"""What 1 ha more of each quota in each year would bring, solved again only where it can bring anything.

Where the problem without any limit on a quota has no better plan, more of it brings nothing in any year: one
solution settles all its years, and one without all quotas settles all of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from layers.errors import JobCancelled
from layers.progress import Progress, ProgressPart
from zsgis.allocation.objective import Measure, deciding
from zsgis.allocation.plan import Plan
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, Search, model_of
from zsgis.allocation.watch import Watch
from zsgis.allocation.why import worth_of_more

_NOTHING = 1e-6


@dataclass(frozen=True)
class QuotaWorth:
    """What more of a quota would bring.

    Attributes
    ----------
    level : int or None
        The first level of the objective that would gain; None where none was found to.
    gain : float
        At least so much, in the level's unit.
    decided : bool
        Nothing, or so much, is proved but for the gap; else time was over.
    """

    level: int | None
    gain: float
    decided: bool


def quota_worths(
    problem: Problem, plan: Plan, effort: Effort, progress: Progress
) -> Mapping[tuple[str, int], QuotaWorth]:
    """Return what 1 ha more would bring, by quota and year; what there was no time for is missing.

    Only levels that decide count: where they are as good as the problem lets them be, nothing is solved.
    """
    problem = replace(problem, objective=deciding(problem.objective))
    plan = replace(plan, levels=plan.levels[: len(problem.objective.levels)])
    places = [(quota.key, year) for quota in problem.quotas for year in problem.years]
    until = time.monotonic() + effort.seconds
    if plan.values == most_possible(problem):
        return dict.fromkeys(places, QuotaWorth(None, 0.0, decided=True))
    every = _unlimited(problem, plan, {quota.key for quota in problem.quotas}, effort, progress)
    if every.level is None and every.decided:
        return dict.fromkeys(places, every)
    found: dict[tuple[str, int], QuotaWorth] = {}
    for number, quota in enumerate(problem.quotas):
        part = ProgressPart(progress, number / len(problem.quotas), (number + 1) / len(problem.quotas))
        share = _share(effort, until, len(problem.quotas) - number)
        if share is None:
            break
        whole = _unlimited(problem, plan, {quota.key}, share, part)
        for place, year in enumerate(problem.years):
            if whole.level is None and whole.decided:
                found[quota.key, year] = whole
                continue
            left = _share(share, until, len(problem.years) - place)
            if left is None:
                break
            more = worth_of_more(problem, plan, quota.key, year, left, part)
            found[quota.key, year] = gain_of(plan, more.plan, stopped=more.stopped)
    return found


def most_possible(problem: Problem) -> tuple[Fraction, ...] | None:
    """Return what levels of secured area are worth with every need met; None where others take part."""
    terms = [term for level in problem.objective.levels for term in level.terms]
    if any(term.measure is not Measure.SECURED or term.weight < 0 for term in terms):
        return None
    return tuple(
        sum(
            (
                term.weight * Fraction(each.need_cents, 10**6)
                for term in level.terms
                for each in problem.projects
                if not term.ranks or each.rank in term.ranks
            ),
            Fraction(0),
        )
        for level in problem.objective.levels
    )


def _share(effort: Effort, until: float, parts: int) -> Effort | None:
    seconds = min(effort.seconds, (until - time.monotonic()) / parts)
    return replace(effort, seconds=seconds) if seconds > 0 else None


def _unlimited(
    problem: Problem, plan: Plan, keys: set[str], effort: Effort, progress: Progress
) -> QuotaWorth:
    free = replace(problem, quotas=tuple(each for each in problem.quotas if each.key not in keys))
    watch = Watch(progress, seconds=effort.seconds)
    try:
        found = Search(model_of(free, watch), effort, watch, plan.assignments).run()
    except JobCancelled:
        found = None
    return (
        QuotaWorth(None, 0.0, decided=False) if found is None else gain_of(plan, found, stopped=found.stopped)
    )


def gain_of(plan: Plan, found: Plan, *, stopped: bool) -> QuotaWorth:
    """Return the first level on which a plan is worth more than the other could be, and by how much at least.

    What lies between the other's worth and its bound is nobody's merit: a longer search might have found it.
    """
    for place, (mine, its) in enumerate(zip(plan.levels, found.levels, strict=True)):
        gain = float(its.value) - mine.bound
        if gain > _NOTHING * max(1.0, abs(mine.bound)):
            return QuotaWorth(place, gain, decided=True)
        if float(its.value) < float(mine.value) - _NOTHING:
            break
    return QuotaWorth(None, 0.0, decided=not stopped)
