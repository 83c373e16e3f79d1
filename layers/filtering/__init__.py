"""A safe filter language: text in, the features that match out. Nothing in it can run code.

    地类编码 = '0701' 且 图斑面积 > 10亩
    DLBM in ('0101', '0102') or not 权属单位名称 包含 '村'
    图形面积(椭球) >= 2 公顷 and year(批准日期) 介于 2020 和 2026

No data is neither equal nor unequal to anything: a comparison with it does not match, nor does its ``not``;
only ``为空`` (``is null``) finds it. An empty text counts as no data. Texts are compared as written;
searching them (``like``, ``包含``, ``开头是``, ``结尾是``) passes over the case of Latin letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from layers.filtering.checking import check
from layers.filtering.errors import FilterError, Wanted
from layers.filtering.evaluating import Columns, Values, evaluate, prepared
from layers.filtering.fields import FieldNames, FilterField, fields_of
from layers.filtering.measures import measured
from layers.filtering.parser import parse_syntax
from layers.filtering.tokens import MOST_CHARACTERS
from layers.filtering.typed import Condition, FieldValue, MeasureValue, Value, parts_of

__all__ = [
    "MOST_CHARACTERS",
    "Columns",
    "FieldNames",
    "Filter",
    "FilterError",
    "FilterField",
    "Values",
    "Wanted",
    "fields_of",
    "measured",
    "parse",
    "prepared",
]


@dataclass(frozen=True)
class Filter:
    """A filter that fits a layer.

    Attributes
    ----------
    text : str
        As it was written.
    condition : Condition
        What it says, checked.
    """

    text: str
    condition: Condition

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The fields whose values it needs, by column name."""
        return tuple(dict.fromkeys(node.name for node in self._nodes if isinstance(node, FieldValue)))

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """What it needs measured of the shapes, columns of :func:`measured`; mostly nothing."""
        return tuple(dict.fromkeys(node.column for node in self._nodes if isinstance(node, MeasureValue)))

    @property
    def _nodes(self) -> list[Condition | Value]:
        found: list[Condition | Value] = [self.condition]
        for node in found:
            found.extend(parts_of(node))
        return found

    def matches(self, columns: Columns) -> NDArray[np.bool_]:
        """Return which features match.

        Parameters
        ----------
        columns : mapping of str to array_like, shape (n,)
            Every one of :attr:`columns` and :attr:`measures`: numpy arrays, pandas series or lists. No data
            is None, NaN, NaT or NA; days are ``datetime64`` or text ``YYYY-MM-DD``. Or what :func:`prepared`
            made of them.

        Returns
        -------
        ndarray of bool, shape (n,)
            False also where data that decides is missing.

        Raises
        ------
        KeyError
            When a column is missing.
        """
        return evaluate(self.condition, columns).yes


def parse(text: str, fields: Iterable[FilterField]) -> Filter:
    """Read a filter for a layer with these fields.

    Raises
    ------
    FilterError
        With the character where it goes wrong and what is expected there.
    """
    names = FieldNames(fields)
    return Filter(text, check(parse_syntax(text, names.words()), names))
