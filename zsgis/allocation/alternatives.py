"""Plans that are nearly as good and not the same (备选方案), each solved for with the others ruled out."""

from __future__ import annotations

from fractions import Fraction

from layers.progress import Progress
from zsgis.allocation.model import Model
from zsgis.allocation.plan import Assignment, Plan
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, Search, model_of
from zsgis.allocation.watch import Watch

MOST_ALTERNATIVES = 3
WITHIN = Fraction(2, 100)


def alternatives(
    problem: Problem,
    plan: Plan,
    effort: Effort | None = None,
    progress: Progress | None = None,
    *,
    count: int = MOST_ALTERNATIVES,
    within: Fraction = WITHIN,
) -> tuple[Plan, ...]:
    """Return the best other plans, each level of which is worth at most a share less than the plan's.

    Plans differ when some project gets a candidate in one and not in the other; other years alone make no
    other plan. Fewer than ``count`` come back where no more exist, or the search was stopped.
    """
    effort = effort or Effort()
    watch = Watch(progress, seconds=effort.seconds)
    model = held_near(model_of(problem), plan.values, within).without(plan.assignments)
    found: list[Plan] = []
    while len(found) < count and not watch.over:
        other = Search(model, effort, watch).run()
        if other is None:
            break
        found.append(other)
        model = model.without(other.assignments)
    return tuple(found)


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
