"""Rows found by what is typed: a text contained, a comparison, or an expression of the filter language."""

from __future__ import annotations

import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.kind import FieldType
from zsgis.tabulation.columns import Column, Mask, NumberColumn, WordColumn
from zsgis.tabulation.shown import ShownField

EXPRESSION_MARK = "="
"""What stands before an expression of the filter language."""

# never part of UTF-8 text that someone types
_BETWEEN = "\x1f"
_COMPARISON = re.compile(r"\s*(>=|<=|<>|!=|>|<)\s*(\S.*?)\s*")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d*)?|[+-]?\.\d+")
_DAY = re.compile(r"\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?")
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ">": operator.gt,
        ">=": operator.ge,
        "<": operator.lt,
        "<=": operator.le,
        "<>": operator.ne,
        "!=": operator.ne,
    }
)


@dataclass(frozen=True)
class Contains:
    """A text that a cell must contain, as it is shown; letter case and width do not count."""

    text: str


@dataclass(frozen=True)
class Compares:
    """A comparison with a number or a day; rows without data never match."""

    sign: str
    number: float | None
    day: str = ""


Wanted = Contains | Compares


def read_wanted(text: str) -> Wanted | None:
    """Return what is looked for; None where nothing is. ``>1000`` compares, anything else is contained."""
    plain = unicodedata.normalize("NFKC", text)
    found = _COMPARISON.fullmatch(plain)
    if found is not None:
        sign, value = found.groups()
        number = float(value.replace(",", "")) if _NUMBER.fullmatch(value) else None
        day = value if _DAY.fullmatch(value) else ""
        if number is not None or day:
            return Compares(sign, number, _padded(day))
    stripped = plain.strip()
    return Contains(stripped) if stripped else None


def matching_rows(wanted: Wanted, searched: Searched, *, only_column: bool) -> Mask:
    """Return which rows of a column match.

    Parameters
    ----------
    only_column : bool
        The officer looks in this column alone: then a comparison also reads text that is a number. Among
        all columns, a code such as ``0307`` is no number.
    """
    if isinstance(wanted, Contains):
        return searched.containing(wanted.text)
    return _compared(wanted, searched, only_column=only_column)


class Searched:
    """A column made ready for searching: its texts as shown, in one piece."""

    def __init__(self, field: ShownField, column: Column) -> None:
        self.field = field
        self.column = column
        values: Iterable[Any]
        if isinstance(column, WordColumn):
            values = column.words
        elif column.missing.all():
            values = ()
        else:
            values = map(_value, column.values.tolist(), column.missing.tolist())
        texts = [field.plain(value).replace(_BETWEEN, " ") for value in values]
        joined = _BETWEEN.join(texts) + _BETWEEN if texts else ""
        self._text = unicodedata.normalize("NFKC", joined).casefold().encode("utf-8")
        ends = np.flatnonzero(np.frombuffer(self._text, dtype=np.uint8) == ord(_BETWEEN))
        self._ends = ends.astype(np.int32 if len(self._text) < 2**31 else np.int64)

    def containing(self, text: str) -> Mask:
        """Return which rows contain a text."""
        needle = unicodedata.normalize("NFKC", text).casefold()
        if self.field.is_figure:
            needle = needle.replace(",", "")
        # one hit per text is enough: what follows it up to its end is skipped
        pattern = re.compile(re.escape(needle.encode("utf-8")) + rb"[^\x1f]*")
        hits = np.array([hit.start() for hit in pattern.finditer(self._text)], dtype=np.int64)
        found = np.zeros(len(self._ends) + 1, dtype=bool)
        found[np.searchsorted(self._ends, hits)] = True
        if isinstance(self.column, WordColumn):
            # the last entry serves the rows without data
            return np.asarray(found[self.column.codes])
        if not len(self._ends):
            return np.zeros(len(self.column), dtype=bool)
        return found[:-1] & ~self.column.missing


def _value(value: float | int, missing: bool) -> float | int | None:
    return None if missing else value


def _compared(wanted: Compares, searched: Searched, *, only_column: bool) -> Mask:
    column, field = searched.column, searched.field
    test = _SIGNS[wanted.sign]
    if isinstance(column, NumberColumn):
        if wanted.number is None:
            return np.zeros(len(column), dtype=bool)
        return np.asarray(test(column.values, wanted.number) & ~column.missing)
    table = np.zeros(len(column.words) + 1, dtype=bool)
    if field.type is FieldType.DATE and wanted.day:
        # days are text YYYY-MM-DD: a year compares with the years
        size = len(wanted.day)
        table[:-1] = [bool(test(word[:size], wanted.day)) for word in column.words]
    elif only_column and wanted.number is not None:
        numbers = np.array([_number(word) for word in column.words], dtype=np.float64)
        table[:-1] = test(numbers, wanted.number) & ~np.isnan(numbers)
    return np.asarray(table[column.codes])


def _number(word: str) -> float:
    return float(word.replace(",", "")) if _NUMBER.fullmatch(word.strip()) else math.nan


def _padded(day: str) -> str:
    return "-".join(part.zfill(2) for part in day.split("-")) if day else ""


def filter_values(field: ShownField, column: Column) -> Any:
    """Return a column as the filter language takes it: numbers with NaN, text by its categories."""
    import pandas as pd

    if isinstance(column, NumberColumn):
        if not column.missing.any():
            return column.values
        values: NDArray[np.float64] = column.values.astype(np.float64)
        values[column.missing] = np.nan
        return values
    if field.type is FieldType.BOOLEAN:
        flags: Sequence[bool | None] = [{"1": True, "0": False}.get(word) for word in column.words]
        return np.array([*flags, None], dtype=object)[column.codes]
    if not len(column.words):
        return np.full(len(column), None, dtype=object)
    codes = np.where(column.missing, -1, column.codes)
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(column.words)))
