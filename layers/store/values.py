"""Values on their way between a frame and the project file.

Text stays text, integers stay integers, a date is ``YYYY-MM-DD`` text, no data is NULL. Nothing is rounded
or cut: what a type cannot hold is reported, never bent.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.kind import FieldType

SQL_TYPES = {
    FieldType.TEXT: "TEXT",
    FieldType.INTEGER: "INTEGER",
    FieldType.NUMBER: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.BOOLEAN: "BOOLEAN",
}
_TYPES = {sql: kind for kind, sql in SQL_TYPES.items()}
_TRUE = frozenset({"1", "true", "t", "yes", "y", "是", "有"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "否", "无"})
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?"
_DATE = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?" + _MIDNIGHT)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?")
_EXACT_INTEGER = 2**53
_LARGEST_INTEGER = 2**63 - 1

Mask = npt.NDArray[np.bool_]


def plain_values(series: pd.Series[Any]) -> list[Any]:
    """Return a column as plain Python values, None for no data (NaN, NaT, NA, None)."""
    values = series.astype(object).to_numpy(dtype=object, copy=True)
    values[pd.isna(series).to_numpy()] = None
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def sql_type_of(sql: str) -> FieldType:
    """Return the field type of a column from its type in SQL; what is unknown counts as text."""
    word = sql.upper().split("(", 1)[0].strip()
    if word in _TYPES:
        return _TYPES[word]
    if "INT" in word:
        return FieldType.INTEGER
    if word in ("REAL", "FLOAT"):
        return FieldType.NUMBER
    return FieldType.TEXT


def guess_type(values: list[Any]) -> FieldType | None:
    """Return the type that holds all values of a column as they are; None when no type does."""
    present = [value for value in values if value is not None]
    for types, guess in _GUESSES:
        if {type(value) for value in present} <= types:
            return guess(present)
    return None


def _guess_integers(values: list[Any]) -> FieldType:
    return FieldType.INTEGER if all(_fits(value) for value in values) else FieldType.TEXT


def _guess_dates(values: list[Any]) -> FieldType:
    return FieldType.DATE if all(_is_day(value) for value in values) else FieldType.TEXT


def _fits(value: int) -> bool:
    return -_LARGEST_INTEGER - 1 <= value <= _LARGEST_INTEGER


def convert(values: list[Any], wanted: FieldType) -> tuple[list[Any], Mask]:
    """Return values as the project file holds them under ``wanted``, and where that is not possible.

    Parameters
    ----------
    values : list
        Plain Python values, None or NaN for no data.

    Returns
    -------
    converted : list
        None where the value is no data or cannot be converted.
    failed : ndarray of bool
        True where a value is there and cannot be converted without loss.
    """
    one = _CONVERTERS[wanted]
    converted = [None if _is_missing(value) else one(value) for value in values]
    failed = np.array(
        [
            new is None and not _is_missing(old) and not _blank(old, wanted)
            for new, old in zip(converted, values, strict=True)
        ],
        dtype=bool,
    )
    return converted, failed


def to_series(values: list[Any], kind: FieldType) -> pd.Series[Any]:
    """Return stored values as a column of a frame.

    Text is ``str``; integers are ``int64``, or ``Int64`` where some are missing; numbers are ``float64``
    with NaN for no data; dates are ``datetime64[s]`` with NaT; booleans are ``bool`` or ``boolean``. A column
    whose values do not fit its type (another program may write anything) comes back as it stands.
    """
    try:
        return _TO_SERIES[kind](values)
    except (TypeError, ValueError, OverflowError):
        return pd.Series(values, dtype=object)


def _is_missing(value: Any) -> bool:
    # SQLite holds NaN as NULL: the journal must not say anything else
    return value is None or (isinstance(value, float) and math.isnan(value))


def _blank(value: Any, wanted: FieldType) -> bool:
    # an empty cell in a text column says nothing about a number
    return wanted is not FieldType.TEXT and isinstance(value, str) and not value.strip()


def _text(value: Any) -> str | None:
    for types, write in _WRITERS:
        if isinstance(value, types):
            return write(value)
    return None


def _text_of_number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT_INTEGER else repr(value)


def _text_of_time(value: dt.datetime) -> str:
    return value.date().isoformat() if _is_day(value) else value.isoformat()


def _integer(value: Any) -> int | None:
    if isinstance(value, str):
        number = _parse_number(value)
        if number is None or not re.fullmatch(r"[+-]?\d+", value.strip().replace(",", "")):
            return _integer(number) if number is not None and abs(number) < _EXACT_INTEGER else None
        value = int(value.strip().replace(",", ""))
    if isinstance(value, float):
        if not value.is_integer() or abs(value) > _EXACT_INTEGER:
            return None
        value = int(value)
    if isinstance(value, int) and _fits(value):
        return int(value)
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        return _parse_number(value)
    if isinstance(value, int | float):
        number = float(value)
        return number if isinstance(value, float) or int(number) == value else None
    return None


def _parse_number(text: str) -> float | None:
    stripped = text.strip()
    if not any(character.isdigit() for character in stripped) or not _NUMBER.fullmatch(stripped):
        return None
    number = float(stripped.replace(",", ""))
    return number if math.isfinite(number) else None


def _date(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if _is_day(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    found = _DATE.fullmatch(value.strip()) or _DATE_DIGITS.fullmatch(value.strip())
    if found is None:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def _boolean(value: Any) -> int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return int(value) if value in (0, 1) else None
    if isinstance(value, str):
        word = value.strip().lower()
        return 1 if word in _TRUE else 0 if word in _FALSE else None
    return None


def _is_day(value: Any) -> bool:
    if isinstance(value, dt.datetime):
        return value.tzinfo is None and value.time() == dt.time() and not getattr(value, "nanosecond", 0)
    return value is None or isinstance(value, dt.date)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _series_of_text(values: list[Any]) -> pd.Series[Any]:
    if all(value is None or isinstance(value, str) for value in values):
        return pd.Series(values, dtype="str")
    return pd.Series(values, dtype=object)


def _series_of_integers(values: list[Any]) -> pd.Series[Any]:
    if not all(value is None or isinstance(value, int) for value in values):
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype="Int64" if None in values else np.int64)


def _series_of_numbers(values: list[Any]) -> pd.Series[Any]:
    if not all(value is None or isinstance(value, int | float) for value in values):
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype=np.float64)


def _series_of_dates(values: list[Any]) -> pd.Series[Any]:
    days = [None if value is None else dt.date.fromisoformat(value) for value in values]
    return pd.Series(np.array(days, dtype="datetime64[s]"))


def _series_of_booleans(values: list[Any]) -> pd.Series[Any]:
    if any(value not in (None, 0, 1) for value in values):
        return pd.Series(values, dtype=object)
    flags = [None if value is None else bool(value) for value in values]
    return pd.Series(flags, dtype="boolean" if None in flags else bool)


_GUESSES: tuple[tuple[set[type], Callable[[list[Any]], FieldType]], ...] = (
    ({str}, lambda _values: FieldType.TEXT),
    ({bool}, lambda _values: FieldType.BOOLEAN),
    ({int}, _guess_integers),
    ({int, float}, lambda _values: FieldType.NUMBER),
    ({dt.date, dt.datetime, pd.Timestamp}, _guess_dates),
    ({dt.time, dt.timedelta, pd.Timedelta}, lambda _values: FieldType.TEXT),
)
# bool before int and datetime before date: each is a kind of the other
_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str | None]], ...] = (
    (str, lambda value: value if _is_unicode(value) else None),
    (bool, lambda value: "true" if value else "false"),
    (float, _text_of_number),
    (dt.datetime, _text_of_time),
    ((dt.date, dt.time), lambda value: value.isoformat()),
    ((int, dt.timedelta), str),
)
_CONVERTERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.BOOLEAN: _boolean,
}
_TO_SERIES: dict[FieldType, Callable[[list[Any]], pd.Series[Any]]] = {
    FieldType.TEXT: _series_of_text,
    FieldType.INTEGER: _series_of_integers,
    FieldType.NUMBER: _series_of_numbers,
    FieldType.DATE: _series_of_dates,
    FieldType.BOOLEAN: _series_of_booleans,
}
