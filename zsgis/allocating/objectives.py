"""What a plan is measured by: rank after rank as the plan lays down, or all of it weighed together."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from layers.errors import UsageError
from layers.words import N_, _
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocation.objective import Level, Measure, Objective, Term
from zsgis.allocation.problem import Problem
from zsgis.pairs import pairs_of

_SUITABILITY = ("suitability", "适宜性")
_COST = ("cost", "成本")
_SUITED = N_("Suitability of the land given, less what goes beyond the need")


def objective_of(asked: AllocateParameters, problem: Problem) -> Objective:
    """Return the objective that was asked for.

    Land that goes beyond a project's need counts against the plan by as much as a fully suited hectare counts
    for it, so nothing is given only because it is there. Cost counts where any is known.

    Raises
    ------
    UsageError
        When a weight is no number, or one of nothing that can be weighed.
    """
    ranks = tuple(sorted({each.rank for each in problem.projects})) or (1,)
    costs = any(each.cost_yuan is not None for each in problem.candidates)
    if asked.mode == "weighted":
        return _weighted(asked.weights, ranks)
    suited = Level(_SUITED, (Term(Measure.SUITABLE), Term(Measure.SURPLUS, Fraction(-1))), tie=True)
    cost = (Level(N_("Less cost"), (Term(Measure.COST, Fraction(-1)),), tie=True),) if costs else ()
    return Objective((*(secured_level(rank) for rank in ranks), suited, *cost))


def secured_level(rank: int) -> Level:
    """Return the level of the secured area of one rank."""
    return Level(
        _("Secured area of rank {rank}").format(rank=rank),
        (Term(Measure.SECURED, ranks=frozenset((rank,))),),
    )


def _weighted(text: str, ranks: tuple[int, ...]) -> Objective:
    given = {key.strip(): _number(key, value) for key, value in pairs_of(text)}
    by_rank = {rank: Fraction(1, 2**place) for place, rank in enumerate(ranks)}
    suited, cost = Fraction(1, 10), Fraction(0)
    for key, weight in given.items():
        if key in _SUITABILITY:
            suited = weight
        elif key in _COST:
            cost = weight
        elif key.isdecimal():
            by_rank[int(key)] = weight
        else:
            raise UsageError(
                _("“{key}” cannot be weighed.").format(key=key),
                remedy=_("Weigh ranks by their number, suitability or cost: 1=1; 2=0.5; suitability=0.1."),
            )
    terms = [Term(Measure.SECURED, weight, frozenset((rank,))) for rank, weight in by_rank.items() if weight]
    if suited:
        terms += [Term(Measure.SUITABLE, suited), Term(Measure.SURPLUS, -suited)]
    if cost:
        terms.append(Term(Measure.COST, -cost))
    if not terms:
        raise UsageError(_("Every weight is 0."), remedy=_("Give at least one weight."))
    return Objective((Level(N_("Weighted sum"), tuple(terms)),))


def _number(key: str, value: str) -> Fraction:
    try:
        weight = Fraction(Decimal(value))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise UsageError(
            _("The weight of “{key}” is no number: {value}.").format(key=key, value=value)
        ) from error
    if weight < 0:
        raise UsageError(_("The weight of “{key}” is negative.").format(key=key))
    return weight
