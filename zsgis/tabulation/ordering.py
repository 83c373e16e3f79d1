"""The order of a table's rows by one column."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.text_arrays import TextColumn
from zsgis.tabulation.columns import Column, NumberColumn, Numbers, Rows

# Longer texts are told apart by their beginning, and only where that is the same by the rest.
_KEY_BYTES = 48

Ranks = NDArray[np.int32]


def sorted_rows(column: Column, *, descending: bool = False, ranks: Ranks | None = None) -> Rows:
    """Return a column's rows in the order of their values.

    Parameters
    ----------
    column : Column of n rows
    descending : bool
        The largest first.
    ranks : Ranks, optional
        The words' :func:`word_ranks`, where they are known already.

    Returns
    -------
    ndarray of int64, shape (n,)
        Equal values keep the order in which they are stored, in both directions; rows without data stand
        at the end, in both directions too.
    """
    key: Numbers
    if isinstance(column, NumberColumn):
        key, missing = column.values, column.missing
    else:
        ranks = word_ranks(column.words) if ranks is None else ranks
        missing = column.missing
        places = np.where(missing, 0, column.codes)
        key = ranks[places].astype(np.int64) if len(ranks) else np.zeros(len(column), np.int64)
    known = np.flatnonzero(~missing)
    values = key[known]
    if descending:
        values = _turned(values)
    order = np.argsort(values, kind="stable")
    return np.concatenate([known[order], np.flatnonzero(missing)])


def _turned(values: Numbers) -> Numbers:
    """Return numbers in the opposite order; the complement of integers never overflows."""
    if values.dtype.kind == "f":
        return np.asarray(-values, dtype=np.float64)
    return np.asarray(np.invert(values.astype(np.int64, copy=False)), dtype=np.int64)


def word_ranks(words: TextColumn) -> Ranks:
    """Return the place of each word in the order in which officers look words up.

    The order is that of the words' GB 18030 bytes: digits, then Latin letters, then Chinese; the 3,755
    common characters (GB 2312 level 1) by pinyin, the rarer ones by radical. It is the same on every
    machine.
    """
    keys = [word.encode("gb18030", "replace") for word in words]
    if not keys:
        return np.empty(0, dtype=np.int32)
    width = max(1, min(max(map(len, keys)), _KEY_BYTES))
    # an array of bytes is sorted without holding up other threads, a list of objects is not
    short = np.array(keys, dtype=f"S{width}")
    order = np.argsort(short, kind="stable").astype(np.int64)
    _refine(order, short, keys)
    ranks = np.empty(len(keys), dtype=np.int32)
    ranks[order] = np.arange(len(keys), dtype=np.int32)
    return ranks


def _refine(order: NDArray[np.int64], short: NDArray[Any], keys: list[bytes]) -> None:
    """Put words whose beginnings are the same into order."""
    beginnings = short[order]
    same = beginnings[1:] == beginnings[:-1]
    if not same.any():
        return
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    for start, stop in pairwise([*starts.tolist(), len(order)]):
        if stop - start > 1:
            order[start:stop] = sorted(order[start:stop].tolist(), key=keys.__getitem__)
