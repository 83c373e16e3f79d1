"""Styles made from what a layer holds: classes by value or by ranges of numbers, and their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.classification import custom_standard, standard
from layers.errors import InputError
from layers.kind import FieldType, GeometryType
from layers.style.breaks import Scheme, break_values
from layers.style.classing import MOST_VALUES, categorized, graduated, single
from layers.style.model import Style
from layers.style.ramps import ramps
from layers.style.ranges import range_index, value_index
from layers.words import _


class Grouping(StrEnum):
    """What tells features apart."""

    NONE = "none"
    VALUES = "values"
    RANGES = "ranges"


@dataclass(frozen=True)
class ClassingWish:
    """How a layer is to be classed.

    Attributes
    ----------
    ramp : str
        Key of the colour ramp of ranges.
    own : tuple of float
        With :attr:`Scheme.OWN` the bounds between classes.
    """

    grouping: Grouping
    field: str = ""
    scheme: Scheme = Scheme.NATURAL
    count: int = 5
    ramp: str = "YlOrRd"
    backwards: bool = False
    own: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class FieldValues:
    """The values of one field of a layer.

    Attributes
    ----------
    texts : tuple of str
        The different values as text, in the order they are met.
    counts : ndarray of int64, shape (texts,)
        How many features have each.
    numbers : ndarray of float64, shape (features,)
        NaN where there is no number.
    """

    texts: tuple[str, ...]
    counts: NDArray[np.int64]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, values: Iterable[Any], kind: FieldType) -> FieldValues:
        """Return the values as a project stores them; None is no value."""
        is_truth = kind is FieldType.BOOLEAN
        held = [bool(value) if is_truth and value is not None else value for value in values]
        met = Counter(held)
        del met[None]
        known = {value: _number(value) for value in met}
        numbers = np.array([known.get(value, np.nan) for value in held], dtype=np.float64)
        merged: Counter[str] = Counter()
        for value, count in met.items():
            merged[str(value)] += count
        counts = np.fromiter(merged.values(), dtype=np.int64, count=len(merged))
        return cls(tuple(merged), counts, numbers)


@dataclass(frozen=True)
class Classed:
    """A style with how many features each of its rules holds, and how many none."""

    style: Style
    counts: tuple[int, ...] = ()
    rest: int = 0
    wish: ClassingWish = field(default_factory=lambda: ClassingWish(Grouping.NONE))


def classed(
    style: Style,
    wish: ClassingWish,
    values: FieldValues | None,
    geometry: GeometryType,
    standard_key: str = "",
) -> Classed:
    """Return a style with the classes that are wished for; symbols differ from the layer's by colour only.

    Parameters
    ----------
    values : FieldValues or None
        Of the wished field; None where no classes are wanted.
    standard_key : str
        The land-class standard whose names and colours the values have; empty for none.

    Raises
    ------
    InputError
        When the field has more different values than a map can tell, or no numbers for ranges.
    """
    if wish.grouping is Grouping.NONE or values is None:
        return Classed(single(style), wish=wish)
    if wish.grouping is Grouping.RANGES:
        bounds = break_values(values.numbers, wish.scheme, wish.count, wish.own)
        ramp = next((each for each in ramps() if each.key == wish.ramp), ramps()[0])
        colors = ramp.colors(len(bounds) - 1, backwards=wish.backwards)
        made = graduated(style, wish.field, bounds, colors, geometry, scheme=wish.scheme)
    else:
        if len(values.texts) > MOST_VALUES:
            raise InputError(
                _("The field has {count} different values; a map can show {most}.").format(
                    count=f"{len(values.texts):,}", most=MOST_VALUES
                ),
                remedy=_("Choose another field, or classes of numbers."),
            )
        known = standard_key not in ("", "custom")
        named = standard(standard_key) if known else custom_standard(values.texts)
        made = categorized(style, wish.field, named.class_rules(values.texts), geometry)
    counts, rest = rule_counts(made, values)
    return Classed(made, counts, rest, wish)


def rule_counts(style: Style, values: FieldValues) -> tuple[tuple[int, ...], int]:
    """Return how many features each rule of a style holds, and how many none of them."""
    if style.numeric:
        index, weights = range_index(style.rules, values.numbers), None
    else:
        index, weights = value_index(style, values.texts), values.counts
    found = np.bincount(index + 1, weights=weights, minlength=len(style.rules) + 1).astype(np.int64).tolist()
    if weights is not None:
        found[0] += len(values.numbers) - int(values.counts.sum())
    return tuple(found[1:]), found[0]


def wish_of(style: Style) -> ClassingWish:
    """Return what a style's classes look as if they were wished for."""
    if not style.rules:
        return ClassingWish(Grouping.NONE, style.class_field)
    if not style.numeric:
        return ClassingWish(Grouping.VALUES, style.class_field)
    own = tuple(rule.upper for rule in style.rules[:-1] if rule.upper is not None)
    return ClassingWish(Grouping.RANGES, style.class_field, Scheme.OWN, max(len(style.rules), 1), own=own)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan
