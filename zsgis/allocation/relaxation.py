"""A proved bound for a level: the linear relaxation, solved over few columns and priced over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.allocation.choices import FloatArray, IntArray
from zsgis.allocation.model import Model
from zsgis.allocation.solver import Relaxed, Stretch
from zsgis.allocation.watch import Watch

_FIRST_EACH = 12
_OF_EACH_CANDIDATE = 6
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
    (a share) of the relaxation over the columns that are in.

    Parameters
    ----------
    known : ndarray of int64
        Columns to begin with, besides the best of each project.
    """
    worth = model.levels[level]
    inside = np.zeros(model.width, dtype=bool)
    inside[len(model.choices) :] = True
    inside[[column for _place, column, _members in model.spots]] = False
    inside[known] = True
    inside[_best_of_each(model, worth, _FIRST_EACH)] = True
    inside[_spread(model, worth)] = True
    best: Bound | None = None
    pricing = _Pricing(model, worth)
    while not watch.over:
        _open_spots(model, inside)
        columns = np.flatnonzero(inside)
        relaxed = Stretch(model, worth, columns).relaxed(watch)
        if relaxed is None and not inside.all() and not watch.over:
            # too few columns for the limits: all of them decide
            inside[:] = True
            continue
        if relaxed is None:
            return best
        bound = pricing.bound(relaxed, columns)
        if best is None or bound.value < best.value:
            best = bound
        wanted = np.where(inside, 0.0, bound.reduced)[: len(model.choices)]
        if wanted.max(initial=0.0) <= _TINY or bound.value - relaxed.value <= enough * abs(relaxed.value):
            return Bound(best.value, best.reduced, relaxed.values, columns)
        inside[_best_of_each(model, wanted, _MORE_EACH)] = True
    return best


class _Pricing:
    """Bounds from prices, over all columns of a model.

    The bound is that of Lagrange: prices times limits, plus the most that columns can be worth beyond them.
    Of a project's choices no more are counted than it may have sites, and of a contiguous one those of one
    group: every plan keeps to that, so the bound is proved for any prices at all.
    """

    def __init__(self, model: Model, worth: FloatArray) -> None:
        self._model = model
        self._worth = worth
        self._turned = model.matrix.T.tocsr()
        choices = model.choices
        projects = model.problem.projects
        contiguous = np.array([project.contiguous for project in projects], dtype=bool)
        loose = np.flatnonzero(~contiguous[choices.project])
        # each choice once for every place in which it counts: its project, or its group of a contiguous one
        parts = [loose, *(members for _place, _column, members in model.spots)]
        cells = [choices.project[loose]]
        cells.extend(
            np.full(len(members), len(projects) + number)
            for number, (_p, _c, members) in enumerate(model.spots)
        )
        self._member = np.concatenate(parts)
        self._cell = np.concatenate(cells)
        self._owner = np.concatenate(
            [np.arange(len(projects)), np.array([place for place, _c, _m in model.spots], dtype=np.int64)]
        )
        self._most = np.array([project.most_sites for project in projects])

    def bound(self, relaxed: Relaxed, columns: IntArray) -> Bound:
        """Return what the prices of a relaxation prove."""
        model, duals = self._model, relaxed.duals
        upper, lower = model.row_upper, model.row_lower
        prices = np.where((duals > 0) & np.isinf(upper) | (duals < 0) & np.isinf(lower), 0.0, duals)
        reduced = self._worth - self._turned @ prices
        limits = np.where(prices > 0, _finite(upper), _finite(lower))
        count = len(model.choices)
        others = np.where(reduced > 0, reduced * model.upper, reduced * model.lower)[count:].sum()
        value = float(prices @ limits + others + self._chosen(reduced[:count]).sum())
        return Bound(value, reduced, relaxed.values, columns)

    def _chosen(self, reduced: FloatArray) -> FloatArray:
        """Return the most that the choices of each project can be worth together."""
        gains = np.maximum(reduced[self._member], 0.0)
        counted = _rank_in(self._cell, -gains) < self._most[self._owner[self._cell]]
        by_cell = np.bincount(self._cell[counted], weights=gains[counted], minlength=len(self._owner))
        best = np.zeros(len(self._most))
        np.maximum.at(best, self._owner, by_cell)
        return best


def _finite(limits: FloatArray) -> FloatArray:
    return np.where(np.isinf(limits), 0.0, limits)


def _open_spots(model: Model, inside: NDArray[np.bool_]) -> None:
    """Take in the columns of groups of which some choice is in."""
    for _place, column, members in model.spots:
        inside[column] |= bool(inside[members].any())


def _best_of_each(model: Model, worth: FloatArray, count: int) -> IntArray:
    """Return for each project the choices that are worth most, of those worth anything."""
    values = worth[: len(model.choices)]
    chosen = np.flatnonzero(_rank_in(model.choices.project, -values) < count)
    return chosen[values[chosen] > _TINY]


def _spread(model: Model, worth: FloatArray) -> IntArray:
    """Return good choices that do not all want the same land.

    A project is likely to end with land that ranks, in its own order, about where the sites that all its
    rivals may have come to an end; of the projects that want the same land some stand for all.
    """
    choices = model.choices
    values = worth[: len(choices)]
    most = np.array([project.most_sites for project in model.problem.projects], dtype=np.float64)
    rivals = np.bincount(
        choices.candidate, weights=most[choices.project], minlength=len(model.problem.candidates)
    )
    counts = np.bincount(choices.project, minlength=len(most))
    reach = np.bincount(choices.project, weights=rivals[choices.candidate], minlength=len(most)) / np.maximum(
        counts, 1
    )
    likely = (values > _TINY) & (_rank_in(choices.project, -values) < reach[choices.project])
    places = np.flatnonzero(likely)
    shuffled = np.random.default_rng(0).random(len(places))
    return places[_rank_in(choices.candidate[places], shuffled) < _OF_EACH_CANDIDATE]


def _rank_in(cells: IntArray, values: FloatArray) -> IntArray:
    """Return the place of each value among those of its cell, from 0, rising."""
    order = np.lexsort((values, cells))
    ordered = cells[order]
    firsts = np.searchsorted(ordered, np.arange(int(ordered[-1]) + 1 if len(ordered) else 0))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - firsts[ordered]
    return rank
