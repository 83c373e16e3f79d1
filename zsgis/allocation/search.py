"""The best plan, level by level: a greedy start, a proved bound, a small model, then the whole one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from layers.progress import Progress
from layers.words import _
from zsgis.allocation.builder import ModelBuilder
from zsgis.allocation.checking import faults
from zsgis.allocation.choices import FloatArray, IntArray, choices_of
from zsgis.allocation.greedy import greedy_plan
from zsgis.allocation.model import INFINITY, Model
from zsgis.allocation.neighbourhoods import neighbourhoods
from zsgis.allocation.objective import Level
from zsgis.allocation.plan import Assignment, LevelResult, Plan, level_values
from zsgis.allocation.problem import Problem
from zsgis.allocation.pruning import possible
from zsgis.allocation.relaxation import Bound, relax
from zsgis.allocation.solver import Solved, Stretch
from zsgis.allocation.validation import validate
from zsgis.allocation.watch import Watch

_SHARE_FOR_BOUND = 0.5
_SMALL_MODEL = 4000
_TRIES = 20
_SWEEPS = 6
_PART_SECONDS, _PART_GAP = 5.0, 0.001
_LITTLE = Fraction(1, 200)


@dataclass(frozen=True)
class Effort:
    """How good is good enough, and how long to try.

    Attributes
    ----------
    gap : float
        Each level is done when its worth is proved to lie within this share of its bound; 0 proves the best.
    seconds : float
        For all levels together.
    tie_gap : float or None
        Of levels that only decide between equally good plans; None: the same gap.
    """

    gap: float = 0.001
    seconds: float = 600.0
    tie_gap: float | None = None

    def gap_of(self, level: Level) -> float:
        """Return the gap that is good enough on a level."""
        return self.tie_gap if level.tie and self.tie_gap is not None else self.gap


def allocate(problem: Problem, effort: Effort | None = None, progress: Progress | None = None) -> Plan | None:
    """Return the best plan that was found, with its proof.

    When the user stops the search, or time is over, the best plan so far is returned with what is proved
    of it until then (an infinite bound where nothing is).

    Returns
    -------
    Plan or None
        None where no plan keeps every limit, or none was found before the search was stopped; :func:`attempt`
        tells which, and :func:`zsgis.allocation.relaxing.least_relaxation` which limits stand in the way.

    Raises
    ------
    InputError
        When the problem contradicts itself; see :func:`zsgis.allocation.validation.validate`.
    JobCancelled
        When the user stopped it before there was any plan to keep.
    """
    effort = effort or Effort()
    return attempt(problem, effort, Watch(progress, seconds=effort.seconds)).plan


@dataclass(frozen=True)
class Outcome:
    """What a search ended with.

    Attributes
    ----------
    impossible : bool
        It is proved that no plan keeps every limit. Without a plan and without this nothing is decided.
    """

    plan: Plan | None
    impossible: bool = False

    @property
    def decided(self) -> bool:
        """Tell whether there is a plan, or a proof that there is none."""
        return self.plan is not None or self.impossible


def attempt(problem: Problem, effort: Effort, watch: Watch) -> Outcome:
    """Return the best plan that was found, or whether it is proved that there is none.

    Raises
    ------
    InputError
        When the problem contradicts itself.
    JobCancelled
        When the user stopped it before there was any plan to keep.
    """
    watch.stretch(0.0, 0.05, _("Gathering what is possible"))
    model = model_of(problem, watch)
    return Search(model, effort, watch, greedy_plan(problem, model.choices, watch)).outcome()


def model_of(problem: Problem, watch: Watch | None = None) -> Model:
    """Return the model of a valid problem, without choices that no plan can contain."""
    validate(problem)
    return ModelBuilder(problem, possible(problem, choices_of(problem, watch)), watch).build()


class Search:
    """One run through the levels of a model.

    Parameters
    ----------
    best : tuple of Assignment or None
        A plan to begin with, which keeps every limit.
    """

    def __init__(
        self, model: Model, effort: Effort, watch: Watch, best: tuple[Assignment, ...] | None = None
    ) -> None:
        self._model = model
        self._effort = effort
        self._watch = watch
        self._problem = model.problem
        self._best = best
        self._values = None if best is None else level_values(self._problem, best)
        self._known = np.zeros(0, dtype=np.int64)
        self._impossible = False

    def outcome(self) -> Outcome:
        """Return the plan, or whether it is proved that there is none."""
        return Outcome(self.run(), self._impossible)

    def run(self) -> Plan | None:
        """Return the plan; None where there is none, or none was found."""
        titles = [level.title for level in self._problem.objective.levels]
        bounds: list[float] = []
        for number, title in enumerate(titles):
            share = 0.05 + 0.95 * number / len(titles)
            self._watch.stretch(share, 0.05 + 0.95 * (number + 1) / len(titles), _(title))
            bounds.append(INFINITY if self._watch.over else self._level(number, len(titles) - number))
            if self._values is None:
                return None
            self._model = self._model.holding(number, self._values[number])
        values = self._values or ()
        levels = tuple(
            LevelResult(title, value, max(bound, float(value)))
            for title, value, bound in zip(titles, values, bounds, strict=True)
        )
        return Plan(self._best or (), levels, stopped=self._watch.over)

    def _level(self, number: int, levels_left: int) -> float:
        """Improve on one level and return its proved bound."""
        seconds = self._watch.seconds_left / levels_left
        relaxed = relax(
            self._model, number, self._start_columns(), self._gap(number) * _SHARE_FOR_BOUND, self._watch
        )
        if relaxed is None:
            return self._prove(number, INFINITY, self._everything(), seconds)
        self._known = relaxed.columns
        if self._enough(number, relaxed.value):
            return relaxed.value
        if self._problem.objective.levels[number].tie and self._values is not None:
            self._improve(number, relaxed)
            if self._enough(number, relaxed.value) or self._watch.over:
                return relaxed.value
        few = self._promising(relaxed)
        if len(few) < self._model.width:
            self._solve(number, few, relaxed.value, seconds / 2, self._gap(number) * _SHARE_FOR_BOUND)
            if self._enough(number, relaxed.value) or self._watch.over:
                return relaxed.value
        return self._prove(number, relaxed.value, self._undecided(number, relaxed), seconds)

    def _improve(self, number: int, relaxed: Bound) -> None:
        """Improve the plan a few projects at a time, until that brings nothing more."""
        for sweep in range(_SWEEPS):
            before = self._values[number] if self._values else None
            for columns in neighbourhoods(self._model, relaxed.reduced, self._best_columns, sweep):
                if self._watch.over:
                    return
                self._solve(number, columns, relaxed.value, _PART_SECONDS, _PART_GAP)
            if self._values is None or before is None:
                return
            if self._values[number] - before <= _LITTLE * abs(before):
                return

    def _prove(self, number: int, bound: float, columns: IntArray, seconds: float) -> float:
        """Solve over all columns that could improve; their bound is then the level's."""
        proved = self._solve(number, columns, bound, seconds, self._gap(number), proof=True)
        # without any plan so far these were all columns
        self._impossible = self._values is None and proved == -INFINITY
        reached = -INFINITY if self._values is None else float(self._values[number])
        return min(bound, max(proved, reached))

    def _enough(self, number: int, bound: float) -> bool:
        if self._values is None:
            return False
        return LevelResult("", self._values[number], bound).gap <= max(self._gap(number), 1e-9)

    def _gap(self, number: int) -> float:
        return self._effort.gap_of(self._problem.objective.levels[number])

    def _start_columns(self) -> IntArray:
        return np.union1d(self._known, self._best_columns())

    def _best_columns(self) -> IntArray:
        places = None if self._best is None else self._model.choices.places(self._problem, self._best)
        return np.zeros(0, dtype=np.int64) if places is None else places

    def _everything(self) -> IntArray:
        return np.arange(self._model.width, dtype=np.int64)

    def _promising(self, relaxed: Bound) -> IntArray:
        """Return the columns of a small model in which good plans are likely."""
        count = len(self._model.choices)
        own = relaxed.columns[relaxed.columns < count]
        taken = relaxed.values[own] > 1e-6
        own = own[np.lexsort((-relaxed.reduced[own], ~taken))][: max(_SMALL_MODEL, int(taken.sum()))]
        inside = np.zeros(self._model.width, dtype=bool)
        inside[own] = True
        inside[self._best_columns()] = True
        inside[self._model.served] = True
        inside[self._model.secured] = True
        for _place, column, members in self._model.spots:
            inside[column] = inside[members].any()
        return np.flatnonzero(inside)

    def _undecided(self, number: int, relaxed: Bound) -> IntArray:
        """Return all columns but those that no better plan has, by their reduced worth."""
        if self._values is None:
            return self._everything()
        slack = 1e-7 * max(1.0, abs(relaxed.value))
        could = relaxed.value + relaxed.reduced >= float(self._values[number]) - slack
        could[len(self._model.choices) :] = True
        could[self._best_columns()] = True
        return np.flatnonzero(could)

    def _solve(
        self, number: int, columns: IntArray, bound: float, seconds: float, gap: float, *, proof: bool = False
    ) -> float:
        """Solve over some columns, keep what is better, and return what is said over them.

        What HiGHS says is a proof only where it was given no plan to start from: with one, its presolve
        calls a worse plan the best in about one of a thousand small problems (1.8 to 1.16). A proof is asked
        for with a row instead that wants no less than what is known.
        """
        solved = Solved(None, INFINITY)
        for _try in range(_TRIES):
            start, model = None, self._model
            if self._values is not None and proof:
                model = model.holding(number, self._values[number])
            elif self._best is not None:
                start = model.start(self._best_columns())
            enough = self._gap(number)
            goal = bound - enough * abs(bound) if enough > 0 else INFINITY
            solved = Stretch(model, model.levels[number], columns).whole(
                self._watch, start=start, gap=gap, enough=goal, seconds=seconds
            )
            if solved.values is None:
                break
            plan = self._decoded(solved.values)
            if not faults(self._problem, plan):
                self._keep(number, plan)
                break
            # within the solver's tolerance, and not in whole numbers: that very plan is ruled out
            self._model = self._model.without(plan)
        return solved.bound

    def _decoded(self, values: FloatArray) -> tuple[Assignment, ...]:
        taken = np.flatnonzero(values[: len(self._model.choices)] > 0.5)
        return self._model.choices.assignments(self._problem, taken)

    def _keep(self, number: int, plan: tuple[Assignment, ...]) -> None:
        values: tuple[Fraction, ...] = level_values(self._problem, plan)
        if self._values is None or values[number] > self._values[number]:
            self._best, self._values = plan, values
