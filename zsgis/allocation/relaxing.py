"""What stands in the way where no plan keeps every limit: the least to give way, then the fewest, proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy import sparse

from layers.errors import JobCancelled
from layers.progress import Progress
from zsgis.allocation.builder import ModelBuilder
from zsgis.allocation.checking import Rule, faults
from zsgis.allocation.choices import FloatArray, choices_of
from zsgis.allocation.model import INFINITY, LimitKind, Model, Row
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, attempt
from zsgis.allocation.solver import Stretch
from zsgis.allocation.validation import validate
from zsgis.allocation.watch import Watch
from zsgis.allocation.why import with_more

_BUDGET_WEIGHT = 0.01
_EXACT = 1e-6


class GivingWay(StrEnum):
    """What gives way."""

    QUOTA = "quota"
    BUDGET = "budget"
    POSTPONED = "postponed"


@dataclass(frozen=True)
class Relaxation:
    """One limit that gives way.

    Attributes
    ----------
    subject : str
        Key of the quota, budget or project.
    year : int or None
        Of a quota.
    amount : int
        What is lacking: 0.01 m2 of a quota, yuan of a budget; 0 for a project.
    """

    kind: GivingWay
    subject: str
    year: int | None = None
    amount: int = 0


@dataclass(frozen=True)
class Way:
    """A way out: with all of these a plan exists, and with any one of them withdrawn there is none.

    Attributes
    ----------
    assignments : tuple of Assignment
        A plan that shows it.
    proved : bool
        The search was not stopped: no less would do, and each is needed.
    """

    relaxations: tuple[Relaxation, ...]
    assignments: tuple[Assignment, ...]
    proved: bool


@dataclass(frozen=True)
class Impossible:
    """Why there is no plan.

    Attributes
    ----------
    amounts : Way or None
        More of quotas and budgets, with every project served that must be; None where no amount helps.
    postponed : Way or None
        The fewest projects to put off, with quotas and budgets as they are.
    decided : bool
        Where a way is None there is none; else the search was stopped, and nothing is known of it.
    """

    amounts: Way | None
    postponed: Way | None
    decided: bool = True


def least_relaxation(
    problem: Problem,
    effort: Effort | None = None,
    progress: Progress | None = None,
    *,
    ways: frozenset[GivingWay] = frozenset(GivingWay),
    keep: frozenset[str] = frozenset(),
) -> Impossible:
    """Return the least that has to give way for a plan to exist, in two ways.

    An elastic model: each quota and year, and each budget, may be exceeded at a price (1 for a hectare, 0.01
    for 10,000 yuan); the least price first, then the fewest limits at that price. The other way, as few
    projects as possible that must be served are put off. Amounts are recounted in whole numbers on the plan,
    and every way is proved by solving the changed problem again, with all of it and with each part withdrawn.
    When time is over or the user stops it, what was found until then comes back, told as not proved.

    Parameters
    ----------
    keep : frozenset of str
        Keys of projects that are not put off.
    """
    validate(problem)
    problem = _owed(problem)
    effort = replace(effort or Effort(), gap=0.0)
    watch = Watch(progress, seconds=effort.seconds)
    try:
        model = ModelBuilder(problem, choices_of(problem, watch), watch).build()
    except JobCancelled:
        return Impossible(None, None, decided=False)
    elastic = _Elastic(model, watch, effort.seconds / 4)
    found = [_Found(None, exact=True), _Found(None, exact=True)]
    if GivingWay.QUOTA in ways or GivingWay.BUDGET in ways:
        found[0] = elastic.amounts()
    if GivingWay.POSTPONED in ways:
        found[1] = elastic.postponed(keep)
    told = (_lacking, _put_off)
    made = [
        None if each.plan is None else _proved(problem, tell(problem, each.plan), each, effort, watch)
        for each, tell in zip(found, told, strict=True)
    ]
    decided = all(
        way is not None or (each.plan is None and each.exact) for way, each in zip(made, found, strict=True)
    )
    return Impossible(made[0], made[1], decided)


def _owed(problem: Problem) -> Problem:
    """Return the problem of those that must be served: all others only take from them."""
    free = [each.key for each in problem.projects if not each.must and not each.fixed]
    return relaxed(problem, [Relaxation(GivingWay.POSTPONED, key) for key in free])


@dataclass(frozen=True)
class _Found:
    """A plan of an elastic model; ``exact``: it is the best, or it is proved that there is none."""

    plan: tuple[Assignment, ...] | None
    exact: bool


class _Elastic:
    def __init__(self, model: Model, watch: Watch, seconds: float) -> None:
        self._model = model
        self._watch = watch
        self._seconds = seconds

    def amounts(self) -> _Found:
        """Return the plan for which least is lacking of quotas and budgets, and of the fewest."""
        model = self._model
        columns: dict[tuple[LimitKind, int, int], list[int]] = {}
        for limit in model.limits:
            if limit.kind is LimitKind.QUOTA:
                for year in model.problem.quotas[limit.subject].cents_by_year.keys() | set(
                    model.problem.years
                ):
                    carry = model.problem.quotas[limit.subject].carry_years
                    if limit.first_year - carry <= year <= limit.last_year and year in model.problem.years:
                        columns.setdefault((limit.kind, limit.subject, year), []).append(limit.row)
            elif limit.kind is LimitKind.BUDGET:
                columns.setdefault((limit.kind, limit.subject, 0), []).append(limit.row)
        price = np.array([1e-2 if key[0] is LimitKind.QUOTA else _BUDGET_WEIGHT for key in columns])
        # the second half of the columns say which limits give way at all
        wide = _widened(model, list(columns.values()), -1.0, INFINITY, whole=False)
        wide = _widened(wide, [[] for _key in columns], 0.0, 1.0, whole=True)
        first = model.width
        worth = np.zeros(wide.width)
        worth[first : first + len(price)] = -price
        least, exact = self._solved(wide, worth)
        if least is None:
            return _Found(None, exact)
        total = float(-(worth @ least))
        if total > 0:
            wide = _bounded(wide, worth, total)
            for place, cost in enumerate(price):
                wide = wide.with_row(
                    _row_of({first + place: cost, first + len(price) + place: -total - 1e-6})
                )
            fewest = np.zeros(wide.width)
            fewest[first + len(price) :] = -1.0
            again, fewest_exact = self._solved(wide, fewest)
            least = least if again is None else again
            exact = exact and again is not None and fewest_exact
        return _Found(self._plan(least), exact)

    def postponed(self, keep: frozenset[str]) -> _Found:
        """Return a plan that leaves out as few projects that must be served as possible."""
        model = self._model
        bound = [
            p
            for p, each in enumerate(model.problem.projects)
            if (each.must or each.fixed) and each.key not in keep
        ]
        lower = model.lower.copy()
        lower[model.served[bound]] = 0.0
        freed = replace(model, lower=lower)
        rows: list[list[int]] = []
        for place in bound:
            own = [x.row for x in model.limits if x.kind is LimitKind.FIXED and x.subject == place]
            freed = freed.with_row(_row_of({int(model.served[place]): 1.0}, lower=1.0))
            rows.append([*own, len(freed.row_lower) - 1])
        wide = _widened(freed, rows, 1.0, 1.0, whole=True)
        worth = np.zeros(wide.width)
        worth[model.width :] = -1.0
        # of as many, those that matter least: later ranks first
        for place, project in enumerate(bound):
            worth[model.width + place] -= 0.001 / model.problem.projects[project].rank
        found, exact = self._solved(wide, worth)
        return _Found(None if found is None else self._plan(found), exact)

    def _solved(self, model: Model, worth: FloatArray) -> tuple[FloatArray | None, bool]:
        """Return the best columns, and whether they, or that there are none, are proved."""
        every = np.arange(model.width, dtype=np.int64)
        solved = Stretch(model, worth, every).whole(
            self._watch, start=None, gap=0.0, enough=INFINITY, seconds=self._seconds
        )
        if solved.values is None:
            return None, solved.bound == -INFINITY
        reached = float(worth @ solved.values)
        return solved.values, solved.bound - reached <= _EXACT * max(1.0, abs(reached))

    def _plan(self, values: FloatArray) -> tuple[Assignment, ...]:
        taken = np.flatnonzero(values[: len(self._model.choices)] > 0.5)
        return self._model.choices.assignments(self._model.problem, taken)


def _widened(model: Model, rows: list[list[int]], value: float, upper: float, *, whole: bool) -> Model:
    """Return a model with one more column for each list of rows, in which it has this value."""
    count = len(rows)
    at = np.array([row for own in rows for row in own], dtype=np.int64)
    column = np.array([place for place, own in enumerate(rows) for _row in own], dtype=np.int64)
    added = sparse.csr_matrix((np.full(len(at), value), (at, column)), shape=(len(model.row_lower), count))
    return replace(
        model,
        lower=np.append(model.lower, np.zeros(count)),
        upper=np.append(model.upper, np.full(count, upper)),
        whole=np.append(model.whole, np.full(count, whole)),
        matrix=sparse.hstack([model.matrix, added], format="csr"),
        levels=(),
    )


def _row_of(values: dict[int, float], *, lower: float = -INFINITY, upper: float = INFINITY) -> Row:
    if lower == -INFINITY and upper == INFINITY:
        upper = 0.0
    return Row(lower, upper, np.array(list(values), dtype=np.int64), np.array(list(values.values())))


def _bounded(model: Model, worth: FloatArray, total: float) -> Model:
    columns = np.flatnonzero(worth)
    return model.with_row(Row(-total - 1e-6, INFINITY, columns, worth[columns]))


def _lacking(problem: Problem, plan: tuple[Assignment, ...]) -> tuple[Relaxation, ...]:
    kinds = {Rule.QUOTA: GivingWay.QUOTA, Rule.BUDGET: GivingWay.BUDGET}
    return tuple(
        Relaxation(kinds[fault.rule], fault.subject, fault.year, fault.over)
        for fault in faults(problem, plan)
        if fault.rule in kinds
    )


def _put_off(problem: Problem, plan: tuple[Assignment, ...]) -> tuple[Relaxation, ...]:
    owing = {fault.subject for fault in faults(problem, plan) if fault.rule in (Rule.SERVED, Rule.FIXED)}
    return tuple(Relaxation(GivingWay.POSTPONED, p.key) for p in problem.projects if p.key in owing)


def relaxed(problem: Problem, relaxations: Iterable[Relaxation]) -> Problem:
    """Return the problem in which these limits give way."""
    for each in relaxations:
        if each.kind is GivingWay.QUOTA and each.year is not None:
            problem = with_more(problem, each.subject, each.year, each.amount)
        elif each.kind is GivingWay.BUDGET:
            problem = replace(
                problem,
                budgets=tuple(
                    replace(b, most_yuan=b.most_yuan + each.amount) if b.key == each.subject else b
                    for b in problem.budgets
                ),
            )
        else:
            problem = replace(
                problem,
                projects=tuple(p for p in problem.projects if p.key != each.subject),
                pair_terms={k: v for k, v in problem.pair_terms.items() if k[0] != each.subject},
                # a budget that names no project any more would hold for all of them
                budgets=tuple(
                    replace(b, projects=b.projects - {each.subject})
                    for b in problem.budgets
                    if b.projects != {each.subject}
                ),
            )
    return problem


def _proved(
    problem: Problem,
    relaxations: tuple[Relaxation, ...],
    found: _Found,
    effort: Effort,
    watch: Watch,
) -> Way | None:
    """Return the way with a plan that shows it; None where it was not decided that it is one."""
    quick = replace(effort, gap=1.0)
    assert found.plan is not None  # noqa: S101 - asked of plans only
    try:
        if faults(relaxed(problem, relaxations), found.plan):
            shown = attempt(relaxed(problem, relaxations), quick, watch).plan
            if shown is None:
                return None
            found = _Found(shown.assignments, exact=False)
        needed = all(
            attempt(relaxed(problem, [r for r in relaxations if r is not each]), quick, watch).impossible
            for each in relaxations
        )
    except JobCancelled:
        return None
    return Way(relaxations, found.plan or (), found.exact and needed and not watch.over)
