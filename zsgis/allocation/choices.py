"""Every decision a plan can be made of: this candidate for this project, in this year where it matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.allocation.bars import bar, open_years
from zsgis.allocation.objective import Measure
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Candidate, Problem, Project
from zsgis.allocation.watch import Watch

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

ANY_YEAR = 0
"""Year of a choice for which no limit and no level asks the year."""


@dataclass(frozen=True)
class Choices:
    """The decisions, as arrays of one length n.

    Attributes
    ----------
    project, candidate : ndarray of int64, shape (n,)
        Places in the problem's tuples.
    year : ndarray of int64, shape (n,)
        :data:`ANY_YEAR` where it does not matter.
    first_year : ndarray of int64, shape (n,)
        The earliest year that is open to it.
    """

    project: IntArray
    candidate: IntArray
    year: IntArray
    first_year: IntArray

    def __len__(self) -> int:
        return len(self.project)

    def only(self, kept: NDArray[np.bool_] | IntArray) -> Choices:
        """Return some of the decisions."""
        return Choices(self.project[kept], self.candidate[kept], self.year[kept], self.first_year[kept])

    def assignments(self, problem: Problem, taken: IntArray) -> tuple[Assignment, ...]:
        """Return decisions as assignments; where the year does not matter it is the earliest."""
        return tuple(
            sorted(
                Assignment(
                    problem.projects[self.project[place]].key,
                    problem.candidates[self.candidate[place]].key,
                    int(self.year[place] or self.first_year[place]),
                )
                for place in taken
            )
        )

    def places(self, problem: Problem, assignments: tuple[Assignment, ...]) -> IntArray | None:
        """Return where assignments stand among the decisions; None where one of them does not."""
        project_at = {project.key: place for place, project in enumerate(problem.projects)}
        candidate_at = {candidate.key: place for place, candidate in enumerate(problem.candidates)}
        wanted = {(project_at[a.project], candidate_at[a.candidate]): a.year for a in assignments}
        here = np.zeros(len(self), dtype=bool)
        here[:] = np.isin(
            self.project * len(problem.candidates) + self.candidate,
            [p * len(problem.candidates) + c for p, c in wanted],
        )
        found = [
            int(place)
            for place in np.flatnonzero(here)
            if self.year[place] in (ANY_YEAR, wanted[int(self.project[place]), int(self.candidate[place])])
        ]
        return np.array(found, dtype=np.int64) if len(found) == len(wanted) else None


def choices_of(problem: Problem, watch: Watch | None = None) -> Choices:
    """Return every decision that no limit on a single pair rules out, project by project."""
    watch = watch or Watch()
    by_platform: dict[str, list[int]] = {}
    for place, candidate in enumerate(problem.candidates):
        by_platform.setdefault(candidate.platform, []).append(place)
    rows: list[tuple[int, int, int, int]] = []
    years = YearsThatMatter(problem)
    for number, project in enumerate(problem.projects):
        watch.look()
        for place in _near(project, by_platform, len(problem.candidates)):
            candidate = problem.candidates[place]
            if bar(problem, project, candidate) is None:
                open_to_it = open_years(problem, project, candidate)
                if years.matter(project, candidate):
                    rows.extend((number, place, year, year) for year in open_to_it)
                else:
                    rows.append((number, place, ANY_YEAR, open_to_it[0]))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Choices(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _near(project: Project, by_platform: Mapping[str, list[int]], count: int) -> Iterator[int]:
    if not project.platforms:
        yield from range(count)
        return
    for platform in sorted(project.platforms):
        yield from by_platform.get(platform, ())


class YearsThatMatter:
    """Tells for which pairs a limit or a level asks in which year land is given."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        terms = [term for level in problem.objective.levels for term in level.terms]
        self._always = any(term.measure is Measure.DELAY for term in terms)
        self._yearly = [each for each in problem.budgets if each.years]

    def matter(self, project: Project, candidate: Candidate) -> bool:
        """Tell whether the year of this pair can make a difference."""
        if self._always or any(
            not budget.projects or project.key in budget.projects for budget in self._yearly
        ):
            return True
        draws = self._problem.draws_cents(project, candidate)
        return any(
            draws.get(quota.kind, 0) > 0 and (not quota.towns or candidate.town in quota.towns)
            for quota in (self._problem.quotas if any(draws.values()) else ())
        )
