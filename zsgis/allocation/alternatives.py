"""Plans that are nearly as good and not the same (备选方案), each solved for with the others ruled out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from layers.errors import JobCancelled
from layers.progress import Progress
from zsgis.allocation.checking import faults
from zsgis.allocation.model import Model
from zsgis.allocation.plan import Assignment, Plan, level_values
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, Search, model_of
from zsgis.allocation.watch import Watch

MOST_ALTERNATIVES = 3
WITHIN = Fraction(2, 100)


@dataclass(frozen=True)
class Others:
    """Other plans, the best first.

    Attributes
    ----------
    complete : bool
        As many as were asked for, or it is proved that there are no more.
    """

    plans: tuple[Plan, ...]
    complete: bool


def alternatives(
    problem: Problem,
    plan: Plan,
    effort: Effort | None = None,
    progress: Progress | None = None,
    *,
    count: int = MOST_ALTERNATIVES,
    within: Fraction = WITHIN,
    starts: tuple[tuple[Assignment, ...], ...] = (),
) -> Others:
    """Return the best other plans, each level of which is worth at most a share less than the plan's.

    Plans differ when some project gets a candidate in one and not in the other; other years alone make no
    other plan. Fewer than ``count`` come back where no more exist, or the search was stopped; which of the
    two it was is told.

    Parameters
    ----------
    starts : tuple of tuple of Assignment
        Plans to begin with, if they keep every limit and are near enough: then a plan is found sooner.
    """
    effort = effort or Effort()
    watch = Watch(progress, seconds=effort.seconds)
    found: list[Plan] = []
    try:
        model = held_near(model_of(problem, watch), plan.values, within).without(plan.assignments)
        while len(found) < count and not watch.over:
            known = [plan.assignments, *(each.assignments for each in found)]
            start = next((each for each in starts if _serves(problem, plan, each, within, known)), None)
            outcome = Search(model, effort, watch, start).outcome()
            if outcome.plan is None:
                return Others(tuple(found), outcome.impossible)
            found.append(outcome.plan)
            model = model.without(outcome.plan.assignments)
    except JobCancelled:
        return Others(tuple(found), complete=False)
    return Others(tuple(found), len(found) == count)


def _serves(
    problem: Problem,
    plan: Plan,
    start: tuple[Assignment, ...],
    within: Fraction,
    known: list[tuple[Assignment, ...]],
) -> bool:
    """Tell whether a plan can be begun with: near enough, possible, and none of those that are known."""
    if any(_pairs(start) == _pairs(other) for other in known) or faults(problem, start):
        return False
    values = level_values(problem, start)
    return all(its >= mine - within * abs(mine) for mine, its in zip(plan.values, values, strict=True))


def _pairs(assignments: tuple[Assignment, ...]) -> set[tuple[str, str]]:
    return {(each.project, each.candidate) for each in assignments}


def held_near(model: Model, values: tuple[Fraction, ...], within: Fraction) -> Model:
    """Return the model in which every level stays within a share of these worths."""
    for number, value in enumerate(values):
        model = model.holding(number, value - within * abs(value))
    return model


def differences(
    one: tuple[Assignment, ...], other: tuple[Assignment, ...]
) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    """Return what only the one has, and what only the other has."""
    return tuple(sorted(set(one) - set(other))), tuple(sorted(set(other) - set(one)))
