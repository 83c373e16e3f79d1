"""The next best for one project while all others keep their land: quick, as little is free to be decided."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers.errors import JobCancelled
from zsgis.allocation.builder import ModelBuilder
from zsgis.allocation.choices import Choices, choices_of
from zsgis.allocation.model import Model
from zsgis.allocation.objective import Objective
from zsgis.allocation.plan import Plan, level_values, secured_cents
from zsgis.allocation.problem import Problem
from zsgis.allocation.pruning import possible
from zsgis.allocation.search import Effort, Outcome, Search
from zsgis.allocation.watch import Watch
from zsgis.allocation.why import Reason


class Near:
    """Looks for the next best of one project after the other, beside a plan.

    Parameters
    ----------
    problem : Problem
        Valid, with the plan keeping its limits.

    Raises
    ------
    JobCancelled
        When the user stopped it while what is possible was gathered.
    """

    def __init__(self, problem: Problem, plan: Plan, watch: Watch) -> None:
        self._problem, self._plan = problem, plan
        self._values = level_values(problem, plan.assignments)
        self._choices = possible(problem, choices_of(problem, watch))
        self._secured = secured_cents(problem, plan.assignments)

    def reason(self, project: str, effort: Effort, watch: Watch) -> Reason:
        """Return what a project would get instead of its sites if nobody else got anything else.

        For a project without land, what it could have of what is left.
        """
        sites = tuple(each for each in self._plan.assignments if each.project == project)
        others = tuple(each for each in self._plan.assignments if each.project != project)
        try:
            model = self._model(project, watch)
            model = model.without(sites, project)
            start = others if self._may_go_without(project) and sites else None
            outcome = Search(model, effort, watch, start).outcome()
        except JobCancelled:
            outcome = Outcome(None)
        other = outcome.plan
        if other is None or other.stopped:
            return Reason(project, sites, (), None, (), (), outcome.decided, others_kept=True)
        theirs = secured_cents(self._problem, other.assignments)
        return Reason(
            project,
            sites,
            tuple(each for each in other.assignments if each.project == project),
            other,
            tuple(
                mine - its
                for mine, its in zip(
                    self._values, level_values(self._problem, other.assignments), strict=True
                )
            ),
            tuple((key, cents - theirs[key]) for key, cents in self._secured.items() if cents > theirs[key]),
            others_kept=True,
        )

    def _may_go_without(self, project: str) -> bool:
        own = next(each for each in self._problem.projects if each.key == project)
        return not own.must and not own.fixed

    def _model(self, project: str, watch: Watch) -> Model:
        place = next(i for i, each in enumerate(self._problem.projects) if each.key == project)
        choices = self._choices
        taken = self._taken(choices)
        others = taken & (choices.project != place)
        gone = np.zeros(len(self._problem.candidates), dtype=bool)
        gone[choices.candidate[others]] = True
        kept = others | ((choices.project == place) & ~gone[choices.candidate])
        model = ModelBuilder(self._deciding(place), choices.only(kept), watch).build()
        lower = model.lower.copy()
        lower[np.flatnonzero(others[kept])] = 1.0
        return replace(model, lower=lower)

    def _deciding(self, place: int) -> Problem:
        """Return the problem without the levels on which this project changes nothing."""
        rank = self._problem.projects[place].rank
        levels = tuple(
            level
            for level in self._problem.objective.levels
            if any(not term.ranks or rank in term.ranks for term in level.terms)
        )
        return replace(self._problem, objective=Objective(levels or self._problem.objective.levels))

    def _taken(self, choices: Choices) -> NDArray[np.bool_]:
        out = np.zeros(len(choices), dtype=bool)
        places = choices.places(self._problem, self._plan.assignments)
        if places is not None:
            out[places] = True
        return out
