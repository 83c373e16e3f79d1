"""What each column of the model is worth on each level of the objective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zsgis.allocation.choices import Choices, FloatArray, IntArray
from zsgis.allocation.model import CENTS
from zsgis.allocation.objective import Level, Measure
from zsgis.allocation.problem import Problem


@dataclass(frozen=True)
class LevelWorths:
    """Coefficients of the levels; ``served`` and ``secured`` are columns of projects, ``area`` by choice."""

    problem: Problem
    choices: Choices
    area: FloatArray
    served: IntArray
    secured: IntArray
    width: int

    def all(self) -> tuple[FloatArray, ...]:
        """Return the coefficients of every level, each of shape (columns,)."""
        return tuple(self._level(level) for level in self.problem.objective.levels)

    def _level(self, level: Level) -> FloatArray:
        out = np.zeros(self.width)
        for term in level.terms:
            counted = [
                place
                for place, project in enumerate(self.problem.projects)
                if not term.ranks or project.rank in term.ranks
            ]
            if term.measure is Measure.SECURED:
                out[self.secured[counted]] += float(term.weight) * CENTS / 1e6
            elif term.measure is Measure.SERVED:
                out[self.served[counted]] += float(term.weight)
            else:
                if term.measure is Measure.SURPLUS:
                    out[self.secured[counted]] -= float(term.weight) * CENTS / 1e6
                worth = self._site_worths(term.measure)
                worth[~np.isin(self.choices.project, counted)] = 0.0
                out[: len(worth)] += float(term.weight) * worth
        return out

    def _site_worths(self, measure: Measure) -> FloatArray:
        problem, choices = self.problem, self.choices
        if measure is Measure.SURPLUS:
            return self.area * (CENTS / 1e6)
        if measure is Measure.DELAY:
            firsts = np.array([max(p.from_year, problem.years[0]) for p in problem.projects], dtype=np.int64)
            return self.area * (choices.year - firsts[choices.project]) * (CENTS / 1e6)
        one = problem.score_permille if measure is Measure.SUITABLE else problem.cost_yuan
        values = np.array(
            [
                one(problem.projects[p], problem.candidates[c]) or 0
                for p, c in zip(choices.project.tolist(), choices.candidate.tolist(), strict=True)
            ],
            dtype=np.float64,
        )
        return values * self.area * (CENTS / 1e9) if measure is Measure.SUITABLE else values / 1e4
