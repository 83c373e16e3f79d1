"""Where the classes of a numeric field end: mapclassify's schemes, and natural breaks without waiting."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import InputError
from layers.words import _

FloatArray = NDArray[np.float64]

MOST_CLASSES = 30
# Natural breaks are exact up to here; of more values as many are taken, evenly along their order.
NATURAL_SAMPLE = 1500
_DEVIATIONS = (-2, -1, 0, 1, 2)


class Scheme(StrEnum):
    """How the range of a field is cut into classes."""

    EQUAL = "equal"
    QUANTILES = "quantiles"
    NATURAL = "natural"
    DEVIATION = "deviation"
    PRETTY = "pretty"
    OWN = "own"


def break_values(
    numbers: ArrayLike, scheme: Scheme, count: int = 5, own: Sequence[float] = ()
) -> tuple[float, ...]:
    """Return the bounds of classes in rising order: the least value, then the upper bound of each class.

    A class holds what is above its lower and at most its upper bound; the first also its lower bound.

    Parameters
    ----------
    numbers : array-like of float
        Values of the field; NaN and infinite ones do not count.
    scheme : Scheme
        ``EQUAL``, ``QUANTILES``, ``PRETTY`` (round numbers) and ``DEVIATION`` (mean, and one and two standard
        deviations to both sides; ``count`` does not matter) as in mapclassify; ``NATURAL`` is the grouping of
        least squared deviations (Fisher 1958).
    count : int
        How many classes; fewer come where the values do not tell so many apart.
    own : sequence of float
        With ``OWN``: the upper bounds of all classes but the last.

    Raises
    ------
    InputError
        When there is no number at all, or too few or many classes are asked for.
    """
    values = np.asarray(numbers, dtype=np.float64).ravel()
    values = values[np.isfinite(values)]
    if not len(values):
        raise InputError(_("The field holds no numbers."), remedy=_("Choose another field."))
    if not 1 <= count <= MOST_CLASSES:
        raise InputError(_("There can be 1 to {most} classes.").format(most=MOST_CLASSES))
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low, high
    uppers = np.asarray(own, dtype=np.float64) if scheme is Scheme.OWN else _uppers(values, scheme, count)
    inner = np.unique(uppers[np.isfinite(uppers) & (uppers > low) & (uppers < high)])
    return low, *inner.tolist(), high


def _uppers(values: FloatArray, scheme: Scheme, count: int) -> FloatArray:
    if scheme is Scheme.NATURAL:
        return natural_breaks(values, count)
    if scheme is Scheme.QUANTILES:  # mapclassify's figures, without its warning of equal ones
        return np.asarray(np.quantile(values, np.arange(1, count + 1) / count))
    import mapclassify

    made: Any
    if scheme is Scheme.EQUAL:
        made = mapclassify.EqualInterval(values, k=count)
    elif scheme is Scheme.PRETTY:
        made = mapclassify.PrettyBreaks(values, k=max(count, 2))
    else:
        made = mapclassify.StdMean(values, multiples=list(_DEVIATIONS))
    return np.asarray(made.bins, dtype=np.float64)


def natural_breaks(values: FloatArray, count: int) -> FloatArray:
    """Return the upper bounds of the classes with the least sum of squared deviations from their means.

    Fisher's exact grouping, all ends of a class at once: mapclassify's needs numba or minutes for this.
    """
    ordered = np.sort(values)
    if len(ordered) > NATURAL_SAMPLE:
        some = ordered[np.linspace(0, len(ordered) - 1, NATURAL_SAMPLE).round().astype(np.int64)]
        uppers = natural_breaks(some, count)
        after = np.append(some, some[-1])[np.searchsorted(some, uppers, side="right")]
        # what lies between two neighbours of the sample goes to the nearer one
        return np.asarray(ordered[np.searchsorted(ordered, (uppers + after) / 2, side="right") - 1])
    found, weights = np.unique(ordered, return_counts=True)
    if len(found) <= count:
        return found
    cost = _group_costs(found - found.mean(), weights.astype(np.float64))
    best = cost[0]
    starts = []
    for _class in range(1, count):
        # a class that starts after the groups so far end: its cost to every end
        total = best[:-1, None] + cost[1:]
        start = total.argmin(axis=0)
        starts.append(start)
        best = total[start, np.arange(len(found))]
    ends = [len(found) - 1]
    for start in reversed(starts):
        ends.append(int(start[ends[-1]]))
    return np.asarray(found[ends[::-1]])


def _group_costs(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the squared deviations of values ``start`` to ``end`` from their mean; infinite before start."""
    many, first, second = (np.concatenate([[0.0], np.cumsum(weights * values**power)]) for power in (0, 1, 2))
    count = many[None, 1:] - many[:-1, None]
    total = first[None, 1:] - first[:-1, None]
    squares = second[None, 1:] - second[:-1, None]
    backwards = np.tri(len(values), k=-1, dtype=bool)
    deviation = squares - total**2 / np.where(backwards, 1.0, count)
    return np.where(backwards, np.inf, np.maximum(deviation, 0.0))


def counts_in(numbers: ArrayLike, bounds: Sequence[float]) -> tuple[int, ...]:
    """Return how many numbers each class between some bounds holds."""
    values = np.asarray(numbers, dtype=np.float64)
    values = values[np.isfinite(values) & (values >= bounds[0])]
    place = np.searchsorted(np.asarray(bounds[1:]), values, side="left")
    return tuple(np.bincount(place, minlength=len(bounds)).tolist()[: len(bounds) - 1])
