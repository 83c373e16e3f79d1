"""A filter that has been checked: fields are known, types agree, numbers are in the unit they meet.

A value is one of :data:`Value`, a condition one of :data:`Condition`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from layers.kind import FieldType


@dataclass(frozen=True)
class FieldValue:
    """What a field holds."""

    name: str
    title: str
    type: FieldType
    unit: str = ""


@dataclass(frozen=True)
class MeasureValue:
    """What is measured of a shape: ``column`` is one of :data:`layers.filtering.measures.MEASURES`."""

    column: str
    unit: str
    type: FieldType = FieldType.NUMBER


@dataclass(frozen=True)
class NumberConstant:
    """A number as written, exact; ``whole`` where it was written without a point."""

    exact: Fraction
    whole: bool
    unit: str = ""
    type: FieldType = FieldType.NUMBER

    @property
    def number(self) -> int | float:
        """The number as a whole one where it is one and 64 bits hold it, else the nearest float."""
        if self.whole and self.exact.denominator == 1 and -(2**63) <= self.exact < 2**63:
            return self.exact.numerator
        return float(self.exact)


@dataclass(frozen=True)
class TextConstant:
    """A text."""

    text: str
    type: FieldType = FieldType.TEXT
    unit: str = ""


@dataclass(frozen=True)
class DateConstant:
    """A day."""

    day: dt.date
    type: FieldType = FieldType.DATE
    unit: str = ""


@dataclass(frozen=True)
class FlagConstant:
    """Yes or no."""

    value: bool
    type: FieldType = FieldType.BOOLEAN
    unit: str = ""


@dataclass(frozen=True)
class Scaled:
    """A number in another unit: ``value`` times ``factor``."""

    value: Value
    factor: Fraction
    unit: str
    type: FieldType = FieldType.NUMBER


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers joined by ``+ - * /``; a division is never one of whole numbers, and by 0 gives no data."""

    sign: str
    left: Value
    right: Value
    unit: str = ""
    type: FieldType = FieldType.NUMBER


@dataclass(frozen=True)
class Function:
    """``upper``, ``lower``, ``length`` (characters), ``year``, ``month`` or ``abs`` of a value."""

    name: str
    argument: Value
    type: FieldType
    unit: str = ""


Constant = NumberConstant | TextConstant | DateConstant | FlagConstant
Value = FieldValue | MeasureValue | Constant | Scaled | Arithmetic | Function


@dataclass(frozen=True)
class Comparison:
    """Two values of one type compared."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True)
class OneOf:
    """Whether a value is one of these constants, all of its type and in its unit."""

    value: Value
    options: tuple[Constant, ...]


@dataclass(frozen=True)
class Like:
    """Whether a text is like a pattern; the case of Latin letters does not count.

    ``way`` is ``like`` (``%`` any characters, ``_`` one), ``contains``, ``starts`` or ``ends``.
    """

    way: str
    value: Value
    pattern: str


@dataclass(frozen=True)
class Missing:
    """Whether there is no data."""

    value: Value


@dataclass(frozen=True)
class Flag:
    """A yes-or-no value taken as a condition."""

    value: Value


@dataclass(frozen=True)
class Not:
    """The contrary; what is not known stays so."""

    condition: Condition


@dataclass(frozen=True)
class Joint:
    """Several conditions: ``and`` wants all of them, ``or`` one."""

    way: str
    conditions: tuple[Condition, ...]


Condition = Comparison | OneOf | Like | Missing | Flag | Not | Joint


def parts_of(node: Condition | Value) -> tuple[Condition | Value, ...]:
    """Return what a condition or value is made of, one step down."""
    match node:
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case OneOf(value, _) | Like(_, value, _) | Missing(value) | Flag(value) | Scaled(value):
            return (value,)
        case Not(condition):
            return (condition,)
        case Joint(_, conditions):
            return conditions
        case Function(_, argument):
            return (argument,)
        case _:
            return ()


def depends_on_feature(node: Condition | Value) -> bool:
    """Tell whether a value or condition can differ between features."""
    if isinstance(node, FieldValue | MeasureValue):
        return True
    return any(depends_on_feature(part) for part in parts_of(node))
