"""Plans to begin the search for alternatives with: the next best of several projects, put together."""

from __future__ import annotations

from zsgis.allocation.alternatives import WITHIN
from zsgis.allocation.checking import faults
from zsgis.allocation.plan import Assignment, Plan, level_values
from zsgis.allocation.problem import Problem
from zsgis.allocation.why import Reason


def mixed(
    problem: Problem, plan: Plan, reasons: tuple[Reason, ...], count: int
) -> tuple[tuple[Assignment, ...], ...]:
    """Return up to ``count`` plans that each give other projects their next best, near enough to the plan.

    Each differs from the others in as many projects as it can, so that there is something to choose between.
    """
    made = []
    for number in range(count):
        current = plan.assignments
        for reason in reasons[number::count]:
            if reason.next_plan is None or not reason.others_kept:
                continue
            changed = tuple(
                sorted((*(each for each in current if each.project != reason.project), *reason.next_sites))
            )
            if _near_enough(problem, plan, changed):
                current = changed
        if current != plan.assignments:
            made.append(current)
    return tuple(made)


def _near_enough(problem: Problem, plan: Plan, assignments: tuple[Assignment, ...]) -> bool:
    values = level_values(problem, assignments)
    near = all(its >= mine - WITHIN * abs(mine) for mine, its in zip(plan.values, values, strict=True))
    return near and not faults(problem, assignments)
