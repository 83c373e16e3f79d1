"""A plan made project by project, the most important first: quick, feasible, and where the search begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

import numpy as np

from zsgis.allocation.checking import faults
from zsgis.allocation.choices import ANY_YEAR, Choices, IntArray
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Budget, Problem, Project, Quota
from zsgis.allocation.watch import Watch


def greedy_plan(
    problem: Problem, choices: Choices, watch: Watch | None = None
) -> tuple[Assignment, ...] | None:
    """Return a plan that keeps every limit; None where the way taken leads to none.

    Fixed projects come first, then rank by rank, contiguous and large ones first. Each takes the smallest
    site that fills its need, or the largest there is; land that draws on no quota before land that does.
    """
    taking = _Taking(problem, choices)
    order = sorted(
        range(len(problem.projects)),
        key=lambda place: _urgency(problem.projects[place]),
    )
    for place in order:
        if watch is not None:
            watch.look()
        taking.serve(place)
    plan = choices.assignments(problem, np.array(taking.taken, dtype=np.int64))
    return None if faults(problem, plan) else plan


def _urgency(project: Project) -> tuple[bool, bool, int, bool, int]:
    return (not project.fixed, not project.must, project.rank, not project.contiguous, -project.need_cents)


class _Taking:
    def __init__(self, problem: Problem, choices: Choices) -> None:
        self._problem = problem
        self._choices = choices
        self._area: list[int] = [candidate.area_cents for candidate in problem.candidates]
        self._gone = {
            candidate.candidate: project.key for project in problem.projects for candidate in project.fixed
        }
        self._groups_of: dict[str, list[int]] = {}
        for number, group in enumerate(problem.groups):
            for key in group.candidates:
                self._groups_of.setdefault(key, []).append(number)
        self._drawn: dict[tuple[str, int], int] = {}
        self._spent = dict.fromkeys((budget.key for budget in problem.budgets), 0)
        self.taken: list[int] = []

    def serve(self, place: int) -> None:
        """Give one project its land, or nothing."""
        project = self._problem.projects[place]
        own = np.flatnonzero(self._choices.project == place)
        own = own[np.argsort([self._area[c] for c in self._choices.candidate[own]], kind="stable")]
        best: list[int] = []
        for site_places in self._stretches(project, own):
            sites = self._filled(project, site_places)
            if self._useful(project, sites) > self._useful(project, best):
                best = sites
        if sum(self._cents(each) for each in best) >= project.least_cents:
            for each in best:
                self._take(each, 1)
                self._gone[self._key(each)] = project.key
            self.taken.extend(best)

    def _useful(self, project: Project, sites: list[int]) -> int:
        return min(sum(self._cents(each) for each in sites), project.need_cents)

    def _stretches(self, project: Project, own: IntArray) -> Iterable[list[int]]:
        if not project.contiguous:
            return [own.tolist()]
        out: dict[object, list[int]] = {}
        for each in own.tolist():
            key = self._key(each)
            for number in self._groups_of.get(key, ()) or (key,):
                out.setdefault(number, []).append(each)
        fixed = {each.candidate for each in project.fixed}
        return [places for places in out.values() if fixed <= {self._key(each) for each in places}]

    def _filled(self, project: Project, rising: list[int]) -> list[int]:
        """Return sites that fill the need best; ``rising`` are choices by rising area."""
        fixed = {each.candidate for each in project.fixed}
        picked: list[int] = []
        keys: set[str] = set()
        for each in [each for each in rising if self._key(each) in fixed]:
            if self._key(each) not in keys and self._fits(project, each):
                self._pick(each, picked, keys)
        for dated in (False, True):
            usable = [each for each in rising if dated or self._choices.year[each] == ANY_YEAR]
            while len(picked) < project.most_sites and self._useful(project, picked) < project.need_cents:
                lacking = project.need_cents - sum(self._cents(each) for each in picked)
                found = self._next(project, usable, lacking, keys, picked)
                if found is None:
                    break
                self._pick(found, picked, keys)
        for each in picked:
            self._take(each, -1)
        return picked

    def _pick(self, each: int, picked: list[int], keys: set[str]) -> None:
        picked.append(each)
        keys.add(self._key(each))
        self._take(each, 1)

    def _next(
        self, project: Project, rising: list[int], lacking: int, keys: set[str], picked: list[int]
    ) -> int | None:
        room = None
        if project.most_cents is not None:
            room = project.most_cents - sum(self._cents(each) for each in picked)
        enough = bisect_left(rising, lacking, key=self._cents)
        for each in chain(rising[enough:], reversed(rising[:enough])):
            small = room is None or self._cents(each) <= room
            if small and self._key(each) not in keys and self._fits(project, each):
                return each
        return None

    def _fits(self, project: Project, each: int) -> bool:
        if self._gone.get(self._key(each), project.key) != project.key:
            return False
        if self._choices.year[each] == ANY_YEAR and not self._problem.budgets:
            return True
        self._take(each, 1)
        good = all(self._quota_holds(quota, each) for quota in self._problem.quotas) and all(
            self._spent[budget.key] <= budget.most_yuan for budget in self._problem.budgets
        )
        self._take(each, -1)
        return good

    def _quota_holds(self, quota: Quota, each: int) -> bool:
        if self._choices.year[each] == ANY_YEAR:
            return True
        left: dict[int, int] = dict(quota.cents_by_year)
        for year in self._problem.years:
            wanted = self._drawn.get((quota.key, year), 0)
            for old in sorted(left):
                if year - quota.carry_years <= old <= year:
                    used = min(left[old], wanted)
                    left[old] -= used
                    wanted -= used
            if wanted:
                return False
        return True

    def _take(self, each: int, sign: int) -> None:
        project = self._problem.projects[self._choices.project[each]]
        candidate = self._problem.candidates[self._choices.candidate[each]]
        year = int(self._choices.year[each])
        if year != ANY_YEAR:
            draws = self._problem.draws_cents(project, candidate)
            for quota in self._problem.quotas:
                if draws.get(quota.kind) and (not quota.towns or candidate.town in quota.towns):
                    at = quota.key, year
                    self._drawn[at] = self._drawn.get(at, 0) + sign * draws[quota.kind]
        for budget in self._problem.budgets:
            if _counts(budget, project.key, year):
                cost = self._problem.cost_yuan(project, candidate) or 0
                self._spent[budget.key] += sign * cost

    def _key(self, each: int) -> str:
        return self._problem.candidates[int(self._choices.candidate[each])].key

    def _cents(self, each: int) -> int:
        return self._area[int(self._choices.candidate[each])]


def _counts(budget: Budget, project: str, year: int) -> bool:
    return (not budget.projects or project in budget.projects) and (not budget.years or year in budget.years)
