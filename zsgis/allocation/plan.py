"""A plan: which candidate goes to which project in which year, what it is worth, and what is proved of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from zsgis.allocation.objective import Level, Measure, Term
from zsgis.allocation.problem import Candidate, Problem, Project


@dataclass(frozen=True, order=True)
class Assignment:
    """A candidate given whole to a project in a year; by their keys."""

    project: str
    candidate: str
    year: int


@dataclass(frozen=True)
class LevelResult:
    """What a plan reaches on one level of the objective.

    Attributes
    ----------
    value : Fraction
        Exact, recomputed from the assignments.
    bound : float
        Proved: no plan that keeps the levels above is worth more than this.
    """

    title: str
    value: Fraction
    bound: float

    @property
    def gap(self) -> float:
        """Return how far at most the value lies below the best one, as a share of the larger in size.

        1 where nothing is proved.
        """
        if self.bound == float("inf"):
            return 1.0
        value = float(self.value)
        size = max(abs(value), abs(self.bound))
        return 0.0 if size == 0.0 else max(0.0, self.bound - value) / size


@dataclass(frozen=True)
class Plan:
    """Assignments in the order of their keys, and what was proved.

    Attributes
    ----------
    stopped : bool
        The user stopped the search, or its time was over: bounds and gaps hold all the same.
    """

    assignments: tuple[Assignment, ...]
    levels: tuple[LevelResult, ...]
    stopped: bool = False

    @property
    def values(self) -> tuple[Fraction, ...]:
        """Return the exact value of each level."""
        return tuple(level.value for level in self.levels)


def by_project(assignments: Iterable[Assignment]) -> dict[str, tuple[Assignment, ...]]:
    """Return the assignments of each project that has some."""
    out: dict[str, list[Assignment]] = {}
    for each in sorted(assignments):
        out.setdefault(each.project, []).append(each)
    return {key: tuple(own) for key, own in out.items()}


def secured_cents(problem: Problem, assignments: Iterable[Assignment]) -> dict[str, int]:
    """Return the area given to each project up to its need, in 0.01 m2; 0 for those without land."""
    area = {candidate.key: candidate.area_cents for candidate in problem.candidates}
    given = dict.fromkeys((project.key for project in problem.projects), 0)
    for each in assignments:
        given[each.project] += area[each.candidate]
    return {project.key: min(given[project.key], project.need_cents) for project in problem.projects}


def level_values(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Fraction, ...]:
    """Return what assignments are worth on each level, exactly; in the units that :class:`Measure` states."""
    assignments = tuple(assignments)
    secured = secured_cents(problem, assignments)
    projects = {project.key: project for project in problem.projects}
    candidates = {candidate.key: candidate for candidate in problem.candidates}
    own = by_project(assignments)

    def worth(term: Term) -> Fraction:
        total = Fraction(0)
        for key, project in projects.items():
            if term.ranks and project.rank not in term.ranks:
                continue
            if term.measure is Measure.SECURED:
                total += Fraction(secured[key], 10**6)
            elif term.measure is Measure.SERVED:
                total += 1 if key in own else 0
            else:
                if term.measure is Measure.SURPLUS:
                    total -= Fraction(secured[key], 10**6)
                total += sum(
                    (
                        site_worth(problem, term.measure, project, candidates[each.candidate], each.year)
                        for each in own.get(key, ())
                    ),
                    Fraction(0),
                )
        return term.weight * total

    def level_worth(level: Level) -> Fraction:
        return sum((worth(term) for term in level.terms), Fraction(0))

    return tuple(level_worth(level) for level in problem.objective.levels)


def site_worth(
    problem: Problem, measure: Measure, project: Project, candidate: Candidate, year: int
) -> Fraction:
    """Return what one site adds to a measure that is a sum over sites; what is unknown counts as 0."""
    if measure is Measure.SUITABLE:
        return Fraction((problem.score_permille(project, candidate) or 0) * candidate.area_cents, 10**9)
    if measure is Measure.COST:
        return Fraction(problem.cost_yuan(project, candidate) or 0, 10**4)
    if measure is Measure.SURPLUS:
        return Fraction(candidate.area_cents, 10**6)
    first = max(project.from_year, problem.years[0])
    return Fraction(candidate.area_cents * (year - first), 10**6)
