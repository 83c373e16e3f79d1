"""Weighted scores with their parts, and how much they hang on the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Scores:
    """Every parcel's score and its parts.

    Attributes
    ----------
    parts : ndarray of float64, shape (parcels, criteria)
        Score of each criterion, 0 to 100; NaN where its value is not known.
    weights : ndarray of float64, shape (criteria,)
        Sum 1.
    excluded : ndarray of bool, shape (parcels,)
        Beyond a hard limit.
    """

    parts: FloatArray
    weights: FloatArray
    excluded: NDArray[np.bool_]

    @property
    def total(self) -> FloatArray:
        """The weighted score, shape (parcels,); NaN where a part is not known or a limit excludes it."""
        return np.where(self.excluded, np.nan, self.parts @ self.weights)

    @property
    def rank(self) -> IntArray:
        """The rank of each parcel, 1 the best, equal scores alike; 0 where there is no score."""
        return ranked(self.total)


def ranked(total: FloatArray) -> IntArray:
    """Return ranks, 1 for the highest, equal ones alike, 0 for NaN, shape (n,)."""
    out = np.zeros(len(total), dtype=np.int64)
    known = np.flatnonzero(~np.isnan(total))
    # scores that print alike are alike: nobody is placed before another for a rounding of the machine
    values = np.round(total[known], 9)
    out[known] = 1 + np.searchsorted(np.sort(-values), -values)
    return out


@dataclass(frozen=True)
class Swing:
    """What happens to the order when one weight is changed by a share.

    Attributes
    ----------
    criterion : int
        Whose weight.
    change : float
        -0.2 is 20 % less; the other weights share the rest in their proportion.
    correlation : float
        Spearman's rank correlation with the order as weighted; NaN for fewer than two parcels with scores.
    kept : float
        Share of the best tenth that stays in the best tenth.
    largest_move : int
        The most places a parcel moves by.
    """

    criterion: int
    change: float
    correlation: float
    kept: float
    largest_move: int


def swings(scores: Scores, change: float) -> tuple[Swing, ...]:
    """Return what becomes of the order when each weight is one share less and more, one after another.

    Parameters
    ----------
    change : float
        0.2 for 20 %.
    """
    out = []
    base = scores.rank
    best, known = _best_tenth(base), base > 0
    placed = _mean_ranks(base[known])
    for criterion in range(len(scores.weights)):
        for share in (-change, change):
            weights = changed_weights(scores.weights, criterion, share)
            other = Scores(scores.parts, weights, scores.excluded).rank
            moved = np.abs(other[known] - base[known])
            kept = float((best & _best_tenth(other)).sum() / best.sum()) if best.any() else 1.0
            out.append(
                Swing(
                    criterion,
                    share,
                    _correlation(placed, _mean_ranks(other[known])),
                    kept,
                    int(moved.max(initial=0)),
                )
            )
    return tuple(out)


def changed_weights(weights: FloatArray, criterion: int, share: float) -> FloatArray:
    """Return weights of which one is changed by a share, the others scaled so that all add up to 1."""
    out = weights.copy()
    mine = min(weights[criterion] * (1.0 + share), 1.0)
    others = weights.sum() - weights[criterion]
    out *= (1.0 - mine) / others if others > 0 else 0.0
    out[criterion] = mine if others > 0 else 1.0
    return out


def _best_tenth(rank: IntArray) -> NDArray[np.bool_]:
    count = int((rank > 0).sum())
    return (rank > 0) & (rank <= max(1, round(count / 10)))


def _mean_ranks(rank: IntArray) -> FloatArray:
    """Return ranks of which equal ones are their mean, as Spearman's correlation takes them, shape (n,).

    Of ``k`` that share rank r the mean is r + (k - 1) / 2.
    """
    shared = np.bincount(rank, minlength=1)
    return rank + (shared[rank] - 1) / 2.0


def _correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Pearson's correlation of mean ranks, which is Spearman's."""
    if len(first) < 2:
        return float("nan")
    one, other = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((one @ one) * (other @ other)))
    if spread == 0.0:
        # an order in which all are alike follows no other
        return 1.0 if (first == second).all() else 0.0
    return float(one @ other) / spread
