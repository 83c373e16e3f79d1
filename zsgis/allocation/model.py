"""The allocation as a mixed-integer model: columns, rows and the levels' coefficients, in arrays.

Areas stand in units of 100 m2: 0.01 m2 is then well above the solver's tolerance, and the largest parcel well
below its trouble. Columns: one 0/1 for each choice, one 0/1 for each project (served), one secured area for
each project, one 0/1 for each group that a contiguous project could lie in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse

from zsgis.allocation.choices import Choices, FloatArray, IntArray
from zsgis.allocation.plan import Assignment
from zsgis.allocation.problem import Problem

CENTS = 1e4
"""0.01 m2 in one unit of area of the model."""

INFINITY = float("inf")
_LEVEL_SCALE = 100.0
_LEVEL_SLACK = 1e-6


@dataclass(frozen=True)
class Row:
    """``lower <= sum of values[k] * column[columns[k]] <= upper``."""

    lower: float
    upper: float
    columns: IntArray
    values: FloatArray


class LimitKind(StrEnum):
    """What can be given way to, where no plan keeps everything."""

    QUOTA = "quota"
    BUDGET = "budget"
    FIXED = "fixed"


@dataclass(frozen=True)
class Limit:
    """A row that could give way: ``subject`` is a place in the problem's quotas, budgets or projects."""

    row: int
    kind: LimitKind
    subject: int
    first_year: int = 0
    last_year: int = 0


@dataclass(frozen=True)
class Model:
    """Columns and rows, as the solver takes them.

    Attributes
    ----------
    served, secured : ndarray of int64, shape (projects,)
        Columns of the projects.
    spots : tuple of (project place, column, places of choices in the group)
        Columns of groups, of contiguous projects.
    lower, upper : ndarray of float64, shape (columns,)
    whole : ndarray of bool, shape (columns,)
        Which columns take whole numbers only.
    matrix : scipy csr_matrix, shape (rows, columns)
    row_lower, row_upper : ndarray of float64, shape (rows,)
    levels : tuple of ndarray of float64, shape (columns,)
        Coefficients of each level, larger is better.
    limits : tuple of Limit
        What the rows of quotas, budgets and fixed decisions stand for.
    """

    problem: Problem
    choices: Choices
    served: IntArray
    secured: IntArray
    spots: tuple[tuple[int, int, IntArray], ...]
    lower: FloatArray
    upper: FloatArray
    whole: np.ndarray[Any, np.dtype[np.bool_]]
    matrix: Any
    row_lower: FloatArray
    row_upper: FloatArray
    levels: tuple[FloatArray, ...]
    limits: tuple[Limit, ...] = ()

    @property
    def width(self) -> int:
        """Return how many columns there are."""
        return len(self.lower)

    def start(self, taken: IntArray) -> FloatArray:
        """Return values of all columns for a set of choices."""
        values = np.zeros(self.width)
        values[taken] = 1.0
        area = areas_of(self.problem, self.choices)
        projects = self.choices.project[taken]
        for place in np.unique(projects):
            own = taken[projects == place]
            values[self.served[place]] = 1.0
            values[self.secured[place]] = min(
                area[own].sum(), self.problem.projects[place].need_cents / CENTS
            )
        placed: set[int] = set()
        for place, column, members in self.spots:
            own = taken[projects == place]
            if place not in placed and len(own) and np.isin(own, members).all():
                values[column] = 1.0
                placed.add(place)
        return values

    def with_row(self, row: Row) -> Model:
        """Return the model with one more row."""
        added = sparse.csr_matrix(
            (row.values, row.columns, [0, len(row.columns)]), shape=(1, self.width), dtype=np.float64
        )
        return replace(
            self,
            matrix=sparse.vstack([self.matrix, added], format="csr"),
            row_lower=np.append(self.row_lower, row.lower),
            row_upper=np.append(self.row_upper, row.upper),
        )

    def holding(self, level: int, value: Fraction) -> Model:
        """Return the model in which a level stays worth at least what a plan has reached."""
        columns = np.flatnonzero(self.levels[level])
        least = float(value * int(_LEVEL_SCALE)) - _LEVEL_SLACK
        return self.with_row(Row(least, INFINITY, columns, self.levels[level][columns] * _LEVEL_SCALE))

    def without(self, assignments: tuple[Assignment, ...], project: str | None = None) -> Model:
        """Return the model in which exactly these pairs together are no plan any more.

        Where a project is named, it is only its own sites that must not be exactly these again; the year in
        which land is given makes no difference.
        """
        keys = {(each.project, each.candidate) for each in assignments}
        problem, choices = self.problem, self.choices
        names = [each.key for each in problem.projects]
        inside = np.array(
            [
                (names[p], problem.candidates[c].key) in keys
                for p, c in zip(choices.project.tolist(), choices.candidate.tolist(), strict=True)
            ],
            dtype=bool,
        )
        columns = np.arange(len(choices), dtype=np.int64)
        if project is not None:
            columns = columns[choices.project == names.index(project)]
        return self.with_row(Row(-INFINITY, len(keys) - 1.0, columns, np.where(inside[columns], 1.0, -1.0)))


def areas_of(problem: Problem, choices: Choices) -> FloatArray:
    """Return the area of each choice, in units of the model."""
    area = np.array([candidate.area_cents for candidate in problem.candidates], dtype=np.float64)
    return area[choices.candidate] / CENTS
