"""What stands in the way of a plan, in an officer's words."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from layers.words import _
from zsgis.allocation.problem import Problem
from zsgis.allocation.relaxing import GivingWay, Impossible, Relaxation, Way


def explained(problem: Problem, impossible: Impossible) -> str:
    """Return why there is no plan and what would make one possible, in one sentence or two.

    What was not proved before time was over is told as such, and nothing is said of what was not decided.
    """
    ways = [
        _way(problem, way) for way in (impossible.amounts, impossible.postponed) if way and way.relaxations
    ]
    if not ways and not impossible.decided:
        return _("It was not decided in the time what would make a plan possible.")
    if not ways:
        return _("No plan keeps all limits, and neither more quota nor fewer projects was found to help.")
    said = _("{ways}.").format(ways=_(", or ").join(ways))
    given = [way for way in (impossible.amounts, impossible.postponed) if way and way.relaxations]
    if all(way.proved for way in given):
        return said
    return said + _("That less would not do is not proved: time was over.")


def _way(problem: Problem, way: Way) -> str:
    return _(" and ").join(_relaxation(problem, each) for each in way.relaxations)


def _relaxation(problem: Problem, each: Relaxation) -> str:
    if each.kind is GivingWay.QUOTA:
        name = next(quota.name for quota in problem.quotas if quota.key == each.subject)
        return _("{quota} of {year} lacks {hectares} ha").format(
            quota=name, year=each.year, hectares=_rounded_up(each.amount, 6)
        )
    if each.kind is GivingWay.BUDGET:
        name = next(budget.name for budget in problem.budgets if budget.key == each.subject)
        return _("{budget} lacks {amount} (10,000 yuan)").format(
            budget=name, amount=_rounded_up(each.amount, 4)
        )
    name = next(project.name for project in problem.projects if project.key == each.subject)
    return _("project {project} is put off").format(project=name)


def _rounded_up(amount: int, shift: int) -> str:
    # rounded down, what is granted would not be enough
    return str(Decimal(amount).scaleb(-shift).quantize(Decimal("0.01"), rounding=ROUND_CEILING))
