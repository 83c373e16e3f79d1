"""Why a candidate is not for a project at all, whatever the others get."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from layers.words import N_
from zsgis.allocation.problem import Candidate, Problem, Project


class Bar(StrEnum):
    """What keeps a candidate from a project."""

    FORBIDDEN = "forbidden"
    PLATFORM = "platform"
    TOWN = "town"
    SOURCE = "source"
    LAND_CLASS = "land_class"
    SCORE = "score"
    DISTANCE = "distance"
    TOO_LARGE = "too_large"
    YEARS = "years"
    COST_UNKNOWN = "cost_unknown"

    @property
    def words(self) -> str:
        """What it is called, a message id."""
        return _TITLES[self]


_TITLES = {
    Bar.FORBIDDEN: N_("ruled out"),
    Bar.PLATFORM: N_("in another platform"),
    Bar.TOWN: N_("in another town"),
    Bar.SOURCE: N_("of another source"),
    Bar.LAND_CLASS: N_("planned for another use"),
    Bar.SCORE: N_("suitability too low or unknown"),
    Bar.DISTANCE: N_("too far, or at an unknown distance"),
    Bar.TOO_LARGE: N_("too large"),
    Bar.YEARS: N_("not open in its years"),
    Bar.COST_UNKNOWN: N_("cost unknown"),
}


def bar(problem: Problem, project: Project, candidate: Candidate) -> Bar | None:
    """Return the first thing that keeps a candidate from a project; None where it may have it."""
    return next((name for name, holds in _BARS if holds(problem, project, candidate)), None)


def open_years(problem: Problem, project: Project, candidate: Candidate) -> tuple[int, ...]:
    """Return the years of the plan in which a project could be given a candidate."""
    first = max(project.from_year, candidate.from_year or project.from_year)
    last = min(project.to_year, candidate.to_year or project.to_year)
    years = tuple(year for year in problem.years if first <= year <= last)
    fixed = next((each.year for each in project.fixed if each.candidate == candidate.key), None)
    return years if fixed is None else tuple(year for year in years if year == fixed)


def _outside(accepted: frozenset[str], value: str) -> bool:
    return bool(accepted) and value not in accepted


def _wrong_class(_problem: Problem, project: Project, candidate: Candidate) -> bool:
    wanted, offered = project.land_classes, candidate.land_classes
    return bool(wanted) and bool(offered) and wanted.isdisjoint(offered)


def _low_score(problem: Problem, project: Project, candidate: Candidate) -> bool:
    if project.min_score_permille == 0:
        return False
    score = problem.score_permille(project, candidate)
    return score is None or score < project.min_score_permille


def _too_far(_problem: Problem, project: Project, candidate: Candidate) -> bool:
    return any(
        place not in candidate.distances_m or candidate.distances_m[place] > most
        for place, most in project.within_m.items()
    )


def _too_large(_problem: Problem, project: Project, candidate: Candidate) -> bool:
    return project.most_cents is not None and candidate.area_cents > project.most_cents


def _cost_unknown(problem: Problem, project: Project, candidate: Candidate) -> bool:
    if not any(not each.projects or project.key in each.projects for each in problem.budgets):
        return False
    return problem.cost_yuan(project, candidate) is None


_BARS: tuple[tuple[Bar, Callable[[Problem, Project, Candidate], bool]], ...] = (
    (Bar.FORBIDDEN, lambda _p, project, candidate: candidate.key in project.forbidden),
    (Bar.PLATFORM, lambda _p, project, candidate: _outside(project.platforms, candidate.platform)),
    (Bar.TOWN, lambda _p, project, candidate: _outside(project.towns, candidate.town)),
    (Bar.SOURCE, lambda _p, project, candidate: _outside(project.sources, candidate.source)),
    (Bar.LAND_CLASS, _wrong_class),
    (Bar.SCORE, _low_score),
    (Bar.DISTANCE, _too_far),
    (Bar.TOO_LARGE, _too_large),
    (Bar.YEARS, lambda problem, project, candidate: not open_years(problem, project, candidate)),
    (Bar.COST_UNKNOWN, _cost_unknown),
)
