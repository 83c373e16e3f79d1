"""Which classes lie beside which: pairs of cells that share a side."""

from __future__ import annotations

import numpy as np

from zsgis.analysis.landscape.grid import OUTSIDE, IntArray
from zsgis.analysis.landscape.runs import Meetings, Runs, shared_cells


def adjacencies(runs: Runs, meetings: Meetings, classes: int) -> IntArray:
    """Return how many pairs of cells of two classes share a side, each pair counted once.

    Returns
    -------
    ndarray of int64, shape (classes, classes)
        Symmetric: pairs of unlike classes stand in both places. Sides towards the outside count nowhere.
    """
    pairs = np.zeros((classes, classes), dtype=np.int64)
    inside = runs.value != OUTSIDE
    np.add.at(pairs, (runs.value[inside], runs.value[inside]), runs.length[inside] - 1)
    beside = (runs.row[1:] == runs.row[:-1]) & inside[1:] & inside[:-1]
    _count(pairs, runs.value[:-1][beside], runs.value[1:][beside], np.ones(int(beside.sum()), dtype=np.int64))
    _count(pairs, runs.value[meetings.above], runs.value[meetings.below], shared_cells(runs, meetings))
    return pairs


def _count(pairs: IntArray, one: IntArray, other: IntArray, number: IntArray) -> None:
    np.add.at(pairs, (one, other), number)
    unlike = one != other
    np.add.at(pairs, (other[unlike], one[unlike]), number[unlike])
