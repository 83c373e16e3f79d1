"""Parts of a model in which a plan may be improved: a few projects choose anew, others keep their land."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from zsgis.allocation.choices import FloatArray, IntArray
from zsgis.allocation.model import Model

_TOGETHER = 6
_BEST_CHOICES = 60
_BEST_SPOTS = 10


def neighbourhoods(
    model: Model, reduced: FloatArray, kept: Callable[[], IntArray], sweep: int
) -> Iterator[IntArray]:
    """Yield columns of one part after the other; each project chooses anew in one of them.

    Parameters
    ----------
    reduced : ndarray of float64, shape (columns,)
        What each column is worth beyond its prices: the best of each project take part.
    kept : callable
        Returns the choices of the plan as it is when a part is asked for; they are in every part.
    sweep : int
        Projects come together in another way in each sweep.
    """
    count = len(model.choices)
    order = np.lexsort((-reduced[:count], model.choices.project))
    edges = np.searchsorted(model.choices.project[order], np.arange(len(model.problem.projects) + 1))
    shuffled = np.random.default_rng(sweep).permutation(len(model.problem.projects))
    spots: dict[int, list[IntArray]] = {}
    for place, _column, members in model.spots:
        spots.setdefault(place, []).append(members)
    for first in range(0, len(shuffled), _TOGETHER):
        inside = np.zeros(model.width, dtype=bool)
        inside[kept()] = True
        inside[model.served] = True
        inside[model.secured] = True
        for place in shuffled[first : first + _TOGETHER].tolist():
            inside[order[edges[place] : edges[place + 1]][:_BEST_CHOICES]] = True
            for members in _best_spots(spots.get(place, []), reduced):
                inside[members] = True
        yield np.flatnonzero(_with_spots(model, inside))


def _best_spots(spots: list[IntArray], reduced: FloatArray) -> list[IntArray]:
    """Return the groups in which land is worth most; members of one group only count together."""
    return sorted(spots, key=lambda members: -float(reduced[members].max(initial=-np.inf)))[:_BEST_SPOTS]


def _with_spots(model: Model, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    for _place, column, members in model.spots:
        inside[column] = inside[members].any()
    return inside
