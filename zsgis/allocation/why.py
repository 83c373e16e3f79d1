"""Why a project gets this land and not the next best: the next best plan, solved for, and its cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from layers.errors import JobCancelled
from layers.progress import Progress
from zsgis.allocation.checking import faults
from zsgis.allocation.plan import Assignment, Plan, secured_cents
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, Outcome, Search, model_of
from zsgis.allocation.watch import Watch


@dataclass(frozen=True)
class Reason:
    """What would have to be given up for something else.

    Attributes
    ----------
    sites : tuple of Assignment
        What the project gets in the plan; empty where it gets nothing.
    next_sites : tuple of Assignment
        What it gets in the best plan that gives it something else; empty where that is nothing.
    next_plan : Plan or None
        That plan; None where there is none at all.
    losses : tuple of Fraction
        By level, what the plan is worth more than that one (negative where it is worth less).
    losers_cents : tuple of (project key, int)
        Projects that would secure less, and by how much, in 0.01 m2.
    decided : bool
        Without a next plan: it is proved that there is none. Else time was over, and nothing is known.
    others_kept : bool
        The next plan is the best of those in which every other project keeps its land.
    """

    project: str
    sites: tuple[Assignment, ...]
    next_sites: tuple[Assignment, ...]
    next_plan: Plan | None
    losses: tuple[Fraction, ...]
    losers_cents: tuple[tuple[str, int], ...]
    decided: bool = True
    others_kept: bool = False


def why(
    problem: Problem,
    plan: Plan,
    project: str,
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Reason:
    """Return why a project gets what it gets.

    For a project with land the next best plan is the best one that does not give it exactly these sites; for
    one without, the best one that serves it.
    """
    effort = effort or Effort()
    watch = Watch(progress, seconds=effort.seconds)
    sites = _own(plan, project)
    try:
        if sites:
            model = model_of(problem, watch).without(sites, project)
        else:
            model = model_of(serving(problem, project), watch)
        outcome = Search(model, effort, watch).outcome()
    except JobCancelled:
        outcome = Outcome(None)
    other = outcome.plan
    if other is None or other.stopped:
        # what was found before time was over need not be the next best
        return Reason(project, sites, (), None, (), (), outcome.decided)
    secured, theirs = secured_cents(problem, plan.assignments), secured_cents(problem, other.assignments)
    return Reason(
        project,
        sites,
        _own(other, project),
        other,
        tuple(mine - its for mine, its in zip(plan.values, other.values, strict=True)),
        tuple((key, cents - theirs[key]) for key, cents in secured.items() if cents > theirs[key]),
    )


def serving(problem: Problem, project: str) -> Problem:
    """Return the problem in which a project must be served."""
    return replace(
        problem,
        projects=tuple(
            replace(each, must=True) if each.key == project else each for each in problem.projects
        ),
    )


def _own(plan: Plan, project: str) -> tuple[Assignment, ...]:
    return tuple(each for each in plan.assignments if each.project == project)


@dataclass(frozen=True)
class MoreOfQuota:
    """What more of a quota in one year would bring.

    Attributes
    ----------
    more_cents : int
        How much more, in 0.01 m2.
    gains : tuple of Fraction
        By level, what the best plan is then worth more.
    proved : bool
        Both plans are the best: the gains are exact, and not only what was found.
    stopped : bool
        Time was over, or the user stopped it: more may be gained than was found.
    """

    quota: str
    year: int
    more_cents: int
    gains: tuple[Fraction, ...]
    plan: Plan
    proved: bool
    stopped: bool = False


HECTARE_CENTS = 10**6
_EXACT = 1e-9


def worth_of_more(
    problem: Problem,
    plan: Plan,
    quota: str,
    year: int,
    effort: Effort | None = None,
    progress: Progress | None = None,
    *,
    more_cents: int = HECTARE_CENTS,
) -> MoreOfQuota:
    """Return what more of a quota in a year would bring (1 ha, if not told), solved again."""
    effort = effort or Effort()
    watch = Watch(progress, seconds=effort.seconds)
    wider = with_more(problem, quota, year, more_cents)
    start = None if faults(wider, plan.assignments) else plan.assignments
    try:
        found = Search(model_of(wider, watch), effort, watch, start).run()
    except JobCancelled:
        found = None
    if found is None:
        nothing = tuple(Fraction(0) for _value in plan.values)
        return MoreOfQuota(quota, year, more_cents, nothing, plan, proved=False, stopped=True)
    return MoreOfQuota(
        quota,
        year,
        more_cents,
        tuple(its - mine for its, mine in zip(found.values, plan.values, strict=True)),
        found,
        all(level.gap <= _EXACT for level in (*plan.levels, *found.levels)),
        found.stopped,
    )


def with_more(problem: Problem, quota: str, year: int, more_cents: int) -> Problem:
    """Return the problem with more of a quota in a year."""
    return replace(
        problem,
        quotas=tuple(
            replace(
                each, cents_by_year={**each.cents_by_year, year: each.cents_by_year.get(year, 0) + more_cents}
            )
            if each.key == quota
            else each
            for each in problem.quotas
        ),
    )
