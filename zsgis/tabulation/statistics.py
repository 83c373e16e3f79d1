"""What is said of a column as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zsgis.tabulation.columns import NO_WORD, Column, NumberColumn, Numbers, Rows, WordColumn

_BLOCK = 8192


@dataclass(frozen=True)
class NumberStatistics:
    """A column of numbers; everything but the counts is None where no row holds a number.

    Attributes
    ----------
    count, missing : int
        Rows with and without data. What has no data counts nowhere else.
    deviation : float or None
        Standard deviation of the rows as a whole (divided by n, not by n - 1).
    """

    count: int
    missing: int
    total: float | int | None = None
    mean: float | None = None
    median: float | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    deviation: float | None = None


@dataclass(frozen=True)
class WordStatistics:
    """A column of text.

    Attributes
    ----------
    different : int
        How many different texts there are.
    most_frequent : str
        The text met most often, of several the one met first; empty where there is none.
    frequency : int
        How often.
    """

    count: int
    missing: int
    different: int = 0
    most_frequent: str = ""
    frequency: int = 0


Statistics = NumberStatistics | WordStatistics


def statistics_of(column: Column, rows: Rows | None = None) -> Statistics:
    """Return what is said of a column over some rows, all by default."""
    return _of_numbers(column, rows) if isinstance(column, NumberColumn) else _of_words(column, rows)


def exact_sum(values: Numbers) -> float | int:
    """Return the sum of numbers: exact for integers, right to the last digit or two for others."""
    if values.dtype.kind == "i":
        # in two halves, so that no sum of 64-bit numbers overflows
        whole = values.astype(np.int64, copy=False)
        return (int((whole >> 32).sum()) << 32) + int((whole & 0xFFFFFFFF).sum())
    blocks = (values[start : start + _BLOCK] for start in range(0, len(values), _BLOCK))
    try:
        return math.fsum(math.fsum(block.tolist()) for block in blocks)
    except (OverflowError, ValueError):
        # infinities among the values
        with np.errstate(all="ignore"):
            return float(values.sum())


def _of_numbers(column: NumberColumn, rows: Rows | None) -> NumberStatistics:
    values, missing = (
        (column.values, column.missing) if rows is None else (column.values[rows], column.missing[rows])
    )
    known = values[~missing]
    absent = int(missing.sum())
    if not len(known):
        return NumberStatistics(0, absent)
    total = exact_sum(known)
    mean = total / len(known)
    with np.errstate(all="ignore"):
        deviation = math.sqrt(float(np.mean((known.astype(np.float64) - mean) ** 2)))
        median = float(np.median(known))
    return NumberStatistics(
        count=len(known),
        missing=absent,
        total=total,
        mean=mean,
        median=median,
        minimum=known.min().item(),
        maximum=known.max().item(),
        deviation=deviation,
    )


def _of_words(column: WordColumn, rows: Rows | None) -> WordStatistics:
    codes = column.codes if rows is None else column.codes[rows]
    known = codes[codes != NO_WORD]
    if not len(known):
        return WordStatistics(0, len(codes))
    counts = np.bincount(known, minlength=len(column.words))
    most = int(counts.argmax())
    return WordStatistics(
        count=len(known),
        missing=len(codes) - len(known),
        different=int((counts > 0).sum()),
        most_frequent=column.words[most],
        frequency=int(counts[most]),
    )
