"""Puts the model of an allocation together, limit by limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from zsgis.allocation.choices import Choices, FloatArray, IntArray
from zsgis.allocation.model import CENTS, INFINITY, Limit, LimitKind, Model, Row, areas_of
from zsgis.allocation.problem import Problem, Quota
from zsgis.allocation.pruning import good_cents
from zsgis.allocation.watch import Watch
from zsgis.allocation.worths import LevelWorths


class ModelBuilder:
    """Puts a model together, limit by limit."""

    def __init__(self, problem: Problem, choices: Choices, watch: Watch | None = None) -> None:
        self._watch = watch or Watch()
        self._problem = problem
        self._choices = choices
        self._area = areas_of(problem, choices)
        self._of_project = _by(choices.project, len(problem.projects))
        count = len(choices)
        projects = len(problem.projects)
        self._served = np.arange(count, count + projects, dtype=np.int64)
        self._secured = self._served + projects
        self._rows: list[Row] = []
        self._limits: list[Limit] = []
        self._draws: dict[str, FloatArray] = {}
        self._spots: list[tuple[int, int, IntArray]] = []

    def build(self) -> Model:
        """Return the model."""
        self._candidates_once()
        for place in range(len(self._problem.projects)):
            self._watch.look()
            self._project(place)
        for place, quota in enumerate(self._problem.quotas):
            self._watch.look()
            self._quota(place, quota)
        self._budgets()
        width = int(self._secured[-1]) + 1 + len(self._spots) if len(self._secured) else 0
        lower, upper = np.zeros(width), np.ones(width)
        for place, project in enumerate(self._problem.projects):
            upper[self._secured[place]] = project.need_cents / CENTS
            if project.must or project.fixed:
                lower[self._served[place]] = 1.0
        whole = np.ones(width, dtype=bool)
        whole[self._secured] = False
        edges = np.cumsum([0, *(len(row.columns) for row in self._rows)])
        matrix = sparse.csr_matrix(
            (
                np.concatenate([np.zeros(0), *(row.values for row in self._rows)]),
                np.concatenate([np.zeros(0, dtype=np.int64), *(row.columns for row in self._rows)]),
                edges,
            ),
            shape=(len(self._rows), width),
        )
        return Model(
            self._problem,
            self._choices,
            self._served,
            self._secured,
            tuple(self._spots),
            lower,
            upper,
            whole,
            matrix,
            np.array([row.lower for row in self._rows]),
            np.array([row.upper for row in self._rows]),
            LevelWorths(self._problem, self._choices, self._area, self._served, self._secured, width).all(),
            tuple(self._limits),
        )

    def _add(
        self, lower: float, upper: float, columns: Iterable[IntArray], values: Iterable[FloatArray]
    ) -> None:
        self._rows.append(Row(lower, upper, np.concatenate(list(columns)), np.concatenate(list(values))))

    def _candidates_once(self) -> None:
        for own in _by(self._choices.candidate, len(self._problem.candidates)):
            if len(own) > 1:
                self._add(-INFINITY, 1.0, [own], [np.ones(len(own))])

    def _project(self, place: int) -> None:
        project = self._problem.projects[place]
        own = self._of_project[place]
        area = self._area[own]
        served, secured = self._served[place : place + 1], self._secured[place : place + 1]
        need, least = project.need_cents / CENTS, project.least_cents / CENTS
        # cut to what counts: the same plans, and a tighter relaxation
        useful, enough = np.minimum(area, need), np.minimum(area, least)
        self._add(-INFINITY, 0.0, [own, served], [np.ones(len(own)), np.array([-float(project.most_sites)])])
        self._add(0.0, INFINITY, [own, served], [enough, np.array([-least])])
        self._add(0.0, INFINITY, [own, secured], [useful, np.array([-1.0])])
        self._add(
            -INFINITY,
            0.0,
            [secured, served],
            [np.ones(1), np.array([-self._reach(own, useful, place)])],
        )
        if project.most_cents is not None:
            self._add(-INFINITY, 0.0, [own, served], [area, np.array([-project.most_cents / CENTS])])
        for fixed in project.fixed:
            keys = [self._problem.candidates[c].key for c in self._choices.candidate[own]]
            theirs = own[np.array([key == fixed.candidate for key in keys], dtype=bool)]
            self._limits.append(Limit(len(self._rows), LimitKind.FIXED, place))
            self._add(1.0, INFINITY, [theirs], [np.ones(len(theirs))])
        if project.contiguous:
            self._contiguous(place, own, need)

    def _contiguous(self, place: int, own: IntArray, need: float) -> None:
        project = self._problem.projects[place]
        spots = self._spots_of(own)
        served, secured = self._served[place : place + 1], self._secured[place : place + 1]
        columns, reach = [], []
        lies_in: dict[int, list[int]] = {int(each): [] for each in own}
        for members in spots:
            if self._area[members].sum() < project.least_cents / CENTS:
                continue
            column = int(self._secured[-1]) + 1 + len(self._spots)
            self._spots.append((place, column, members))
            columns.append(column)
            reach.append(self._reach(members, np.minimum(self._area[members], need), place))
            for each in members.tolist():
                lies_in[each].append(column)
        spot_columns = np.array(columns, dtype=np.int64)
        self._add(0.0, 0.0, [spot_columns, served], [np.ones(len(columns)), -np.ones(1)])
        self._add(-INFINITY, 0.0, [secured, spot_columns], [np.ones(1), -np.array(reach, dtype=np.float64)])
        by_candidate: dict[int, list[int]] = {}
        for each in own.tolist():
            by_candidate.setdefault(int(self._choices.candidate[each]), []).append(each)
        for same in by_candidate.values():
            where = np.array(lies_in[same[0]], dtype=np.int64)
            self._add(
                -INFINITY,
                0.0,
                [np.array(same, dtype=np.int64), where],
                [np.ones(len(same)), -np.ones(len(where))],
            )

    def _reach(self, columns: IntArray, useful: FloatArray, place: int) -> float:
        """Return the most area that a project could secure with some choices, years aside."""
        project = self._problem.projects[place]
        _candidates, firsts = np.unique(self._choices.candidate[columns], return_index=True)
        most = np.sort(useful[firsts])[::-1][: project.most_sites].sum()
        return float(min(most, project.need_cents / CENTS))

    def _spots_of(self, own: IntArray) -> list[IntArray]:
        """Return the choices of a contiguous project by group; a candidate in no group is one by itself."""
        at: dict[str, list[int]] = {}
        for each in own.tolist():
            at.setdefault(self._problem.candidates[self._choices.candidate[each]].key, []).append(each)
        grouped: set[str] = set()
        spots = []
        for group in self._problem.groups:
            members = [each for key in group.candidates for each in at.get(key, ())]
            grouped.update(group.candidates)
            if members:
                spots.append(np.array(members, dtype=np.int64))
        spots.extend(np.array(places, dtype=np.int64) for key, places in at.items() if key not in grouped)
        return spots

    def _quota(self, place: int, quota: Quota) -> None:
        amounts = self._drawn(quota)
        for first, last in intervals(self._problem.years, quota.carry_years):
            inside = np.flatnonzero(
                (amounts > 0) & (self._choices.year >= first) & (self._choices.year <= last)
            )
            most = good_cents(quota, first, last)
            if amounts[inside].sum() > most / CENTS:
                self._limits.append(Limit(len(self._rows), LimitKind.QUOTA, place, first, last))
                self._add(-INFINITY, most / CENTS, [inside], [amounts[inside]])

    def _drawn(self, quota: Quota) -> FloatArray:
        """Return what each choice draws on a quota, in units of the model."""
        if quota.kind not in self._draws:
            problem = self._problem
            self._draws[quota.kind] = np.array(
                [
                    problem.draws_cents(problem.projects[p], problem.candidates[c]).get(quota.kind, 0) / CENTS
                    for p, c in _pairs(self._choices)
                ]
            )
        counts = np.array(
            [not quota.towns or candidate.town in quota.towns for candidate in self._problem.candidates],
            dtype=bool,
        )
        return np.where(counts[self._choices.candidate], self._draws[quota.kind], 0.0)

    def _budgets(self) -> None:
        for place, budget in enumerate(self._problem.budgets):
            spent = np.array(
                [
                    (self._problem.cost_yuan(self._problem.projects[p], self._problem.candidates[c]) or 0)
                    / 1e4
                    if (not budget.projects or self._problem.projects[p].key in budget.projects)
                    and (not budget.years or year in budget.years)
                    else 0.0
                    for p, c, year in zip(
                        self._choices.project.tolist(),
                        self._choices.candidate.tolist(),
                        self._choices.year.tolist(),
                        strict=True,
                    )
                ]
            )
            columns = np.flatnonzero(spent)
            if len(columns):
                self._limits.append(Limit(len(self._rows), LimitKind.BUDGET, place))
                self._add(-INFINITY, budget.most_yuan / 1e4, [columns], [spent[columns]])


def _pairs(choices: Choices) -> Iterable[tuple[int, int]]:
    return zip(choices.project.tolist(), choices.candidate.tolist(), strict=True)


def intervals(years: Sequence[int], carry_years: int) -> list[tuple[int, int]]:
    """Return the stretches of years whose draws together must not exceed what is good within them.

    What is drawn in years a to b can only come from amounts of years a - carry to b; by Hall's theorem for
    amounts that are good for stretches of years, this is enough when it holds for all stretches.
    """
    if carry_years == 0:
        return [(year, year) for year in years]
    return [(first, last) for place, first in enumerate(years) for last in years[place:]]


def _by(keys: IntArray, count: int) -> list[IntArray]:
    order = np.argsort(keys, kind="stable")
    edges = np.searchsorted(keys[order], np.arange(count + 1))
    return [order[edges[k] : edges[k + 1]] for k in range(count)]
