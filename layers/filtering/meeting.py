"""How two values meet: one type, one unit, or a sentence that says why not."""

from __future__ import annotations

import datetime as dt
import re

from layers.filtering import syntax, typed
from layers.filtering.errors import FilterError, Wanted
from layers.filtering.syntax import Part
from layers.kind import FieldType, type_words
from layers.units import dimension, factor, unit_title
from layers.words import _

_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


def as_type_of(value: typed.Value, other: typed.Value, part: Part) -> typed.Value:
    """Return ``value`` so that it can be compared with ``other``; a day is read from text.

    Raises
    ------
    FilterError
        When the types do not go together; the remedy says how it should be written.
    """
    if value.type is other.type or (value.type in _NUMBERS and other.type in _NUMBERS):
        if isinstance(value, typed.TextConstant) and not value.text:
            raise _wrong(part, _("an empty text counts as no data: write “field 为空”."))
        return value
    if other.type is FieldType.DATE and isinstance(value, typed.TextConstant):
        return _day(value.text, part)
    if value.type is FieldType.DATE and isinstance(other, typed.TextConstant):
        return value
    if not typed.depends_on_feature(value):
        raise _hint(other, part)
    if not typed.depends_on_feature(other):
        return value  # the other side says what is wrong, at its own place
    raise _wrong(
        part,
        _("{type} and {other} cannot be compared.").format(
            type=type_words(value.type), other=type_words(other.type)
        ),
    )


def _hint(other: typed.Value, part: Part) -> FilterError:
    """Return what to write instead of a constant of the wrong type."""
    title = other.title if isinstance(other, typed.FieldValue) else ""
    about = _("“{field}” is {type}").format(field=title, type=type_words(other.type)) if title else ""
    about = about or _("the other side is {type}").format(type=type_words(other.type))
    ways = {
        FieldType.TEXT: _("write it in quotation marks: '{value}'"),
        FieldType.INTEGER: _("write a number without quotation marks"),
        FieldType.NUMBER: _("write a number without quotation marks"),
        FieldType.DATE: _("write the date as '2026-11-22'"),
        FieldType.BOOLEAN: _("write 是 or 否"),
    }
    written = part.text if isinstance(part, syntax.NumberPart) else ""
    way = ways[other.type].format(value=written or "0101")
    return _wrong(part, _("{about}: {way}.").format(about=about, way=way))


def _day(text: str, part: Part) -> typed.DateConstant:
    found = _DAY.fullmatch(text.strip())
    try:
        if found is not None:
            year, month, day = (int(number) for number in found.groups() if number is not None)
            return typed.DateConstant(dt.date(year, month, day))
    except ValueError:
        pass
    raise _wrong(part, _("“{text}” is no date; write '2026-11-22'.").format(text=text))


def in_unit_of(
    left: typed.Value, right: typed.Value, left_part: Part, right_part: Part
) -> tuple[typed.Value, typed.Value]:
    """Return two numbers in one unit; a plain number is taken in the unit of what it meets.

    Raises
    ------
    FilterError
        When a unit is written where none belongs, or one of another dimension.
    """
    if left.type not in _NUMBERS or right.type not in _NUMBERS or left.unit == right.unit:
        return left, right
    if isinstance(left, typed.NumberConstant) and not isinstance(right, typed.NumberConstant):
        return _converted(left, right, left_part), right
    return left, _converted(right, left, right_part)


def _converted(value: typed.Value, other: typed.Value, part: Part) -> typed.Value:
    if not value.unit:
        return value
    if not other.unit:
        if isinstance(value, typed.NumberConstant) and typed.depends_on_feature(other):
            raise _wrong(part, _("what it is compared with has no unit; write the number alone."))
        return value
    if not dimension(value.unit) or dimension(value.unit) != dimension(other.unit):
        raise _wrong(
            part,
            _("{unit} cannot be compared with {other}.").format(
                unit=unit_title(value.unit), other=unit_title(other.unit)
            ),
        )
    size = factor(value.unit, other.unit)
    if isinstance(value, typed.NumberConstant):
        return typed.NumberConstant(value.exact * size, value.whole, other.unit)
    return typed.Scaled(value, size, other.unit)


def joined_units(sign: str, left: str, right: str) -> str:
    """Return the unit of a product or quotient; empty where it has none that has a name."""
    if not right:
        return left
    return right if sign == "*" and not left else ""


def _wrong(part: Part, what: str) -> FilterError:
    return FilterError(what, part.start, max(part.end - part.start, 1), wanted=Wanted.OTHER)
