"""What makes one plan better than another: levels, one after the other, each a weighted sum of measures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from layers.words import N_


class Measure(StrEnum):
    """What can be counted of a plan.

    ``SECURED`` is the area of each project up to its need, in ha. ``SUITABLE`` is the sum over sites of score
    (0 to 1) times area in ha. ``COST`` is money in 10,000 yuan. ``SERVED`` counts projects with land.
    ``DELAY`` is the sum over sites of area in ha times the years since the project could first be given land.
    ``SURPLUS`` is the area given beyond what projects need, in ha: it can only be made less of.
    """

    SECURED = "secured"
    SUITABLE = "suitable"
    COST = "cost"
    SERVED = "served"
    DELAY = "delay"
    SURPLUS = "surplus"


@dataclass(frozen=True)
class Term:
    """A measure over projects of some ranks (empty: all), times a weight; negative: the less the better."""

    measure: Measure
    weight: Fraction = Fraction(1)
    ranks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Level:
    """A sum of terms, to be made as large as it can be.

    Attributes
    ----------
    tie : bool
        It only decides between plans that are as good on what matters: a wider gap may do for it
        (:attr:`zsgis.allocation.search.Effort.tie_gap`).
    """

    title: str
    terms: tuple[Term, ...]
    tie: bool = False


@dataclass(frozen=True)
class Objective:
    """Levels in the order of importance: a later one never costs an earlier one anything.

    One level of several terms is a weighted objective.
    """

    levels: tuple[Level, ...]


def lexicographic(ranks: tuple[int, ...]) -> Objective:
    """Return: secured area of rank after rank, then suitable area, then less cost."""
    titles = {
        1: N_("Secured area of sci-tech carriers"),
        2: N_("Secured area of platform and park projects"),
        3: N_("Secured area of other projects"),
    }
    secured = tuple(
        Level(titles.get(rank, N_("Secured area")), (Term(Measure.SECURED, ranks=frozenset((rank,))),))
        for rank in ranks
    )
    return Objective(
        (
            *secured,
            Level(N_("Area weighted by suitability"), (Term(Measure.SUITABLE),)),
            Level(N_("Less cost"), (Term(Measure.COST, Fraction(-1)),)),
        )
    )


def deciding(objective: Objective) -> Objective:
    """Return the objective without the levels that only decide between equally good plans."""
    return Objective(tuple(level for level in objective.levels if not level.tie) or objective.levels)


SCI_TECH_FIRST = lexicographic((1, 2, 3))
"""As 八（四）of the plan says: major sci-tech carriers first, then platforms and parks, then the rest."""
