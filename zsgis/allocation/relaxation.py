"""A proved bound for a level: the linear relaxation, solved over few columns and priced over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zsgis.allocation.choices import FloatArray, IntArray
from zsgis.allocation.model import Model
from zsgis.allocation.solver import Relaxed, Stretch
from zsgis.allocation.watch import Watch

_FIRST_EACH = 30
_MORE_EACH = 40
_TINY = 1e-7


@dataclass(frozen=True)
class Bound:
    """What no plan can exceed on a level.

    Attributes
    ----------
    value : float
        The bound; proved by the rows' prices alone, whatever tolerance the solver has.
    reduced : ndarray of float64, shape (columns,)
        What one unit of a column is worth beyond the prices of its rows: a plan with a choice whose figure is
        -r is worth at most ``value - r``.
    values : ndarray of float64, shape (columns,)
        A solution of the relaxation.
    columns : ndarray of int64
        The columns that were priced in: where good plans are to be looked for.
    """

    value: float
    reduced: FloatArray
    values: FloatArray
    columns: IntArray


def relax(model: Model, level: int, known: IntArray, enough: float, watch: Watch) -> Bound | None:
    """Return a bound for a level over all columns; None when the search was stopped before there was one.

    Columns are priced in until none is worth more than its rows' prices, or the bound lies within ``enough``
    (a share) of the relaxation over the columns that are in. The bound is that of Lagrange: prices times
    limits, plus what each column is worth beyond them; it holds for any prices at all.

    Parameters
    ----------
    known : ndarray of int64
        Columns to begin with, besides the best of each project.
    """
    worth = model.levels[level]
    inside = np.zeros(model.width, dtype=bool)
    inside[len(model.choices) :] = True
    inside[known] = True
    inside[_best_of_each(model, worth, _FIRST_EACH)] = True
    best: Bound | None = None
    turned = model.matrix.T.tocsr()
    while not watch.over:
        columns = np.flatnonzero(inside)
        relaxed = Stretch(model, worth, columns).relaxed(watch)
        if relaxed is None and not inside.all() and not watch.over:
            # too few columns for the limits: all of them decide
            inside[:] = True
            continue
        if relaxed is None:
            return best
        bound = _priced(model, worth, relaxed, turned, columns)
        if best is None or bound.value < best.value:
            best = bound
        wanted = np.where(inside, 0.0, bound.reduced)[: len(model.choices)]
        if wanted.max(initial=0.0) <= _TINY or bound.value - relaxed.value <= enough * abs(relaxed.value):
            return Bound(best.value, best.reduced, relaxed.values, columns)
        inside[_best_of_each(model, wanted, _MORE_EACH)] = True
    return best


def _priced(model: Model, worth: FloatArray, relaxed: Relaxed, turned: Any, columns: IntArray) -> Bound:
    duals = relaxed.duals
    upper, lower = model.row_upper, model.row_lower
    prices = np.where((duals > 0) & np.isinf(upper) | (duals < 0) & np.isinf(lower), 0.0, duals)
    reduced = worth - turned @ prices
    limits = np.where(
        prices > 0, np.where(np.isinf(upper), 0.0, upper), np.where(np.isinf(lower), 0.0, lower)
    )
    gains = np.where(reduced > 0, reduced * model.upper, reduced * model.lower)
    return Bound(float(prices @ limits + gains.sum()), reduced, relaxed.values, columns)


def _best_of_each(model: Model, worth: FloatArray, count: int) -> IntArray:
    """Return for each project the choices that are worth most, of those worth anything; and the largest."""
    values = worth[: len(model.choices)]
    order = np.lexsort((-values, model.choices.project))
    projects = model.choices.project[order]
    firsts = np.searchsorted(projects, np.arange(len(model.problem.projects)))
    rank = np.arange(len(order)) - firsts[projects]
    chosen = order[rank < count]
    return chosen[values[chosen] > _TINY]
