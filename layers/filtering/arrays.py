"""Columns as evaluation needs them: values, and where there are any. A constant has no dimension."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.filtering.patterns import searched

Mask = NDArray[np.bool_]
Numeric = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers: ``values`` int64 or float64, meaningless where ``known`` is False."""

    values: Numeric
    known: Mask


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts: each is ``words[codes]``; -1 is no data. Empty text counts as no data."""

    codes: NDArray[np.int64]
    words: tuple[str, ...]

    @property
    def known(self) -> Mask:
        """Where there is data."""
        return np.asarray(self.codes >= 0)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The words as they are searched, see :func:`layers.filtering.patterns.searched`."""
        return tuple(searched(word) for word in self.words)


@dataclass(frozen=True, eq=False)
class Truth:
    """Three-valued: where it holds and where it does not; where neither, it is not known."""

    yes: Mask
    no: Mask

    @property
    def known(self) -> Mask:
        """Where it is one or the other."""
        return self.yes | self.no


def numbers_of(column: Any) -> Numbers:
    """Return a column of numbers; NaN, None and what is no number are no data."""
    import pandas as pd

    if isinstance(column, np.ndarray) and column.dtype.kind in "iu":
        return Numbers(column.astype(np.int64, copy=False), np.ones(column.shape, dtype=bool))
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        values = column.astype(np.float64, copy=False)
        return Numbers(values, ~np.isnan(values))
    series = pd.Series(column)
    if series.dtype == object:
        series = _plain_numbers(series)
    known = series.notna().to_numpy()
    if series.dtype.kind in "iu":
        return Numbers(series.to_numpy(dtype=np.int64, na_value=0), known)
    floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return Numbers(floats, ~np.isnan(floats))


def _plain_numbers(series: Any) -> Any:
    """Return mixed values as whole numbers where all of them are, else as floats."""
    import pandas as pd

    present = series[series.notna()]
    if len(present) and all(type(value) is int and abs(value) < 2**63 for value in present):
        return pd.Series(series.to_numpy(), dtype="Int64")
    return pd.to_numeric(series, errors="coerce")


def texts_of(column: Any) -> Texts:
    """Return a column of text; None and empty text are no data."""
    import pandas as pd

    codes, found = pd.factorize(pd.Series(column), use_na_sentinel=True)
    words = tuple(value if isinstance(value, str) else str(value) for value in found)
    return recoded(np.asarray(codes, dtype=np.int64), words)


def recoded(codes: NDArray[np.int64], words: tuple[str, ...]) -> Texts:
    """Return texts whose words are all different and not empty."""
    distinct = tuple(dict.fromkeys(word for word in words if word))
    if distinct == words:
        return Texts(codes, words)
    place = {word: number for number, word in enumerate(distinct)}
    # the last entry serves code -1
    table = np.array([place.get(word, -1) for word in words] + [-1], dtype=np.int64)
    return Texts(table[codes], distinct)


def days_of(column: Any) -> Numbers:
    """Return a column of days as days since 1970; what is no day is no data."""
    import pandas as pd

    series = pd.Series(column)
    if series.dtype.kind != "M":
        codes, found = pd.factorize(series, use_na_sentinel=True)
        table = np.array([_day(value) for value in found] + ["NaT"], dtype="datetime64[D]")
        days = table[codes]
    else:
        days = series.to_numpy().astype("datetime64[D]")
    return Numbers(days.astype(np.int64), ~np.isnat(days))


def _day(value: object) -> np.datetime64:
    try:
        return np.datetime64(dt.date.fromisoformat(str(value)[:10]))
    except ValueError:
        return np.datetime64("NaT")


def flags_of(column: Any) -> Truth:
    """Return a column of yes and no; anything else is no data."""
    import pandas as pd

    if isinstance(column, np.ndarray) and column.dtype == bool:
        return Truth(column, ~column)
    series = pd.Series(column)
    return Truth(*(series.isin([value]).to_numpy() for value in (True, False)))


def exact_order(left: Numbers, right: Numbers) -> NDArray[np.int8]:
    """Return the order of numbers, -1, 0 or 1, exact also between whole numbers and floats.

    A 64-bit whole number has more digits than a float: ``2**53 + 1`` is above ``2.0**53`` although its
    nearest float is not.
    """
    first, second = left.values, right.values
    if first.dtype.kind == "i" and second.dtype.kind == "f":
        return _order_to_floats(first, second)
    if first.dtype.kind == "f" and second.dtype.kind == "i":
        return np.asarray(-_order_to_floats(second, first), dtype=np.int8)
    return np.asarray((first > second).astype(np.int8) - (first < second).astype(np.int8))


def _order_to_floats(whole: Numeric, floats: Numeric) -> NDArray[np.int8]:
    limit = 2.0**63
    inside = (floats >= -limit) & (floats < limit)
    cut = np.where(inside, np.floor(floats), 0.0)
    below = cut.astype(np.int64)
    order = (whole > below).astype(np.int8) - (whole < below).astype(np.int8)
    order = np.where((order == 0) & (floats > cut) & inside, -1, order)
    return np.asarray(np.where(inside, order, np.where(floats > 0, -1, 1)), dtype=np.int8)
