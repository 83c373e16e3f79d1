"""Evaluates a checked filter on columns, all features at once, three-valued as SQL does."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.filtering import typed
from layers.filtering.arrays import (
    Mask,
    Numbers,
    Texts,
    Truth,
    days_of,
    exact_order,
    flags_of,
    numbers_of,
    recoded,
    texts_of,
)
from layers.filtering.patterns import matcher
from layers.kind import FieldType

Columns = Mapping[str, Any]
Values = Numbers | Texts | Truth

_TESTS: Mapping[str, Callable[[Any, int], Any]] = MappingProxyType(
    {
        "=": operator.eq,
        "<>": operator.ne,
        ">": operator.gt,
        ">=": operator.ge,
        "<": operator.lt,
        "<=": operator.le,
    }
)
_LARGEST = 2.0**63


def prepared(column: Any, kind: FieldType) -> Values:
    """Return a column in the form evaluation works on; one that has it already comes back as it is.

    Whoever asks the same columns again and again, as while a filter is typed, keeps them in this form.
    """
    return column if isinstance(column, Numbers | Texts | Truth) else _READERS[kind](column)


def evaluate(condition: typed.Condition, columns: Columns) -> Truth:
    """Return where a condition holds and where it does not; where neither, data is missing."""
    with np.errstate(all="ignore"):
        return _Evaluation(columns).truth(condition)


class _Evaluation:
    """One pass over the columns; each is read once."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._read: dict[str, Values] = {}

    # conditions

    def truth(self, condition: typed.Condition) -> Truth:
        found: Truth
        match condition:
            case typed.Joint(way, conditions):
                found = reduce(_both if way == "and" else _either, map(self.truth, conditions))
            case typed.Not(inner):
                denied = self.truth(inner)
                found = Truth(denied.no, denied.yes)
            case typed.Comparison(sign, left, right):
                found = _compared(sign, self.values(left), self.values(right))
            case typed.OneOf(value, options):
                found = _one_of(self.values(value), options)
            case typed.Like(way, value, pattern):
                texts = self._texts(value)
                found = _alike(texts, texts.searched, matcher(way, pattern))
            case typed.Missing(value):
                known = self.values(value).known
                found = Truth(~known, known)
            case typed.Flag(value):
                found = self._flags(value)
        return found

    # values

    def values(self, value: typed.Value) -> Values:
        found: Values
        match value:
            case typed.FieldValue(name, _, kind):
                found = self._field(name, kind)
            case typed.MeasureValue(column):
                found = self._field(column, FieldType.NUMBER)
            case typed.Scaled(inner, factor):
                numbers = self._numbers(inner)
                # a factor of 2000/3 has no exact float: the two steps round once each
                moved = numbers.values.astype(np.float64) * float(factor.numerator)
                found = Numbers(moved / float(factor.denominator), numbers.known)
            case typed.Arithmetic(sign, left, right):
                found = _joined(sign, self._numbers(left), self._numbers(right))
            case typed.Function(name, argument):
                found = self._function(name, argument)
            case _:
                found = _constant(value)
        return found

    def _field(self, name: str, kind: FieldType) -> Values:
        if name not in self._read:
            self._read[name] = prepared(self._columns[name], kind)
        return self._read[name]

    def _flags(self, value: typed.Value) -> Truth:
        found = self.values(value)
        if not isinstance(found, Truth):
            raise TypeError(value)
        return found

    def _numbers(self, value: typed.Value) -> Numbers:
        found = self.values(value)
        if not isinstance(found, Numbers):
            raise TypeError(value)
        return found

    def _texts(self, value: typed.Value) -> Texts:
        found = self.values(value)
        if not isinstance(found, Texts):
            raise TypeError(value)
        return found

    def _function(self, name: str, argument: typed.Value) -> Values:
        if name in ("upper", "lower"):
            texts = self._texts(argument)
            change = str.upper if name == "upper" else str.lower
            return recoded(texts.codes, tuple(change(word) for word in texts.words))
        if name == "length":
            texts = self._texts(argument)
            lengths = np.array([len(word) for word in texts.words] + [0], dtype=np.int64)
            return Numbers(lengths[texts.codes], texts.known)
        numbers = self._numbers(argument)
        if name == "abs":
            return Numbers(np.abs(numbers.values), numbers.known)
        months = numbers.values.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return Numbers(months // 12 + 1970 if name == "year" else months % 12 + 1, numbers.known)


_READERS: Mapping[FieldType, Callable[[Any], Values]] = MappingProxyType(
    {
        FieldType.TEXT: texts_of,
        FieldType.INTEGER: numbers_of,
        FieldType.NUMBER: numbers_of,
        FieldType.DATE: days_of,
        FieldType.BOOLEAN: flags_of,
    }
)


def _constant(value: typed.Constant) -> Values:
    """Return a constant as an array of no dimension."""
    always = np.asarray(True)
    match value:
        case typed.NumberConstant():
            return Numbers(np.asarray(value.number), always)
        case typed.TextConstant(text):
            return recoded(np.asarray(0), (text,))
        case typed.DateConstant(day):
            return Numbers(np.asarray((day - dt.date(1970, 1, 1)).days), always)
        case typed.FlagConstant(flag):
            return Truth(np.asarray(flag), np.asarray(not flag))


def _both(left: Truth, right: Truth) -> Truth:
    return Truth(left.yes & right.yes, left.no | right.no)


def _either(left: Truth, right: Truth) -> Truth:
    return Truth(left.yes | right.yes, left.no & right.no)


def _compared(sign: str, left: Values, right: Values) -> Truth:
    known = left.known & right.known
    order: NDArray[np.signedinteger[Any]]
    if isinstance(left, Texts) and isinstance(right, Texts):
        order = _text_order(left, right)
    elif isinstance(left, Truth) and isinstance(right, Truth):
        order = left.yes.astype(np.int8) - right.yes.astype(np.int8)
    elif isinstance(left, Numbers) and isinstance(right, Numbers):
        order = exact_order(left, right)
    else:
        raise TypeError(sign)
    holds = np.asarray(_TESTS[sign](order, 0))
    return Truth(holds & known, ~holds & known)


def _text_order(left: Texts, right: Texts) -> NDArray[np.int64]:
    """Return the order of texts by code points, as SQL compares them byte by byte."""
    if not right.codes.ndim:
        return _order_to_word(left, right.words[0])
    if not left.codes.ndim:
        return -_order_to_word(right, left.words[0])
    words = sorted({*left.words, *right.words})
    rank = {word: number for number, word in enumerate(words)}
    ranks = [
        np.array([rank[word] for word in texts.words] + [-1], dtype=np.int64)[texts.codes]
        for texts in (left, right)
    ]
    return np.asarray(ranks[0] - ranks[1])


def _order_to_word(texts: Texts, word: str) -> NDArray[np.int64]:
    order = [(own > word) - (own < word) for own in texts.words]
    return np.array([*order, 0], dtype=np.int64)[texts.codes]


def _one_of(values: Values, options: tuple[typed.Constant, ...]) -> Truth:
    if isinstance(values, Texts):
        wanted = {option.text for option in options if isinstance(option, typed.TextConstant)}
        return _alike(values, values.words, wanted.__contains__)
    return reduce(_either, (_compared("=", values, _constant(option)) for option in options))


def _alike(texts: Texts, words: tuple[str, ...], matches: Callable[[str], object]) -> Truth:
    table = np.array([bool(matches(word)) for word in words] + [False], dtype=bool)
    found, known = table[texts.codes], texts.known
    return Truth(found & known, ~found & known)


def _joined(sign: str, left: Numbers, right: Numbers) -> Numbers:
    """Return a sum, difference, product or quotient; whole numbers stay whole while 64 bits hold them."""
    known: Mask = left.known & right.known
    first, second = left.values, right.values
    floats = _ARITHMETIC[sign](first.astype(np.float64), second.astype(np.float64))
    whole = sign != "/" and first.dtype.kind == "i" and second.dtype.kind == "i"
    if whole and not np.any(known & (np.abs(floats) >= _LARGEST)):
        return Numbers(np.asarray(_ARITHMETIC[sign](first, second)), known)
    if sign == "/":
        known = known & (second != 0)
    return Numbers(np.asarray(floats), known & ~np.isnan(floats))


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
)
