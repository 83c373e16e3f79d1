"""Checks a filter against a layer's fields: every name known, types that agree, units brought together."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from layers.filtering import syntax, typed
from layers.filtering.errors import FilterError, Wanted
from layers.filtering.fields import FieldNames, FilterField
from layers.filtering.measures import MEASURES
from layers.filtering.meeting import as_type_of, in_unit_of, joined_units
from layers.filtering.syntax import Part
from layers.kind import FieldType, type_words
from layers.units import dimension
from layers.words import _

_MOST_DIGITS = 40
_MOST_POWER = 250
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
_ARGUMENTS = {
    "upper": ((FieldType.TEXT,), FieldType.TEXT),
    "lower": ((FieldType.TEXT,), FieldType.TEXT),
    "length": ((FieldType.TEXT,), FieldType.INTEGER),
    "year": ((FieldType.DATE,), FieldType.INTEGER),
    "month": ((FieldType.DATE,), FieldType.INTEGER),
    "abs": (_NUMBERS, FieldType.NUMBER),
}


def check(part: Part, names: FieldNames) -> typed.Condition:
    """Return a filter as a checked condition.

    Raises
    ------
    FilterError
        For a field that is not there, types that do not go together, units that do not, and conditions that
        ask nothing of a feature.
    """
    return _Checker(names).condition(part)


class _Checker:
    def __init__(self, names: FieldNames) -> None:
        self._names = names

    # conditions

    def condition(self, part: Part) -> typed.Condition:
        found: typed.Condition
        match part:
            case syntax.JointPart(_, _, way, conditions):
                found = typed.Joint(way, tuple(self.condition(inner) for inner in conditions))
            case syntax.NotPart(_, _, inner):
                found = typed.Not(self.condition(inner))
            case syntax.ComparisonPart():
                found = self._comparison(part.sign, part.left, part.right, part)
            case syntax.BetweenPart():
                above = self._comparison(">=", part.value, _with_unit_of(part.low, part.high), part)
                below = self._comparison("<=", part.value, part.high, part)
                found = typed.Joint("and", (above, below))
            case syntax.ListPart():
                found = self._one_of(part)
            case syntax.PatternPart():
                found = self._like(part)
            case syntax.MissingPart(_, _, value):
                found = typed.Missing(self._of_features(self.value(value), part))
            case _:
                found = self._flag(part)
        return found

    def _flag(self, part: Part) -> typed.Condition:
        value = self.value(part)
        if value.type is not FieldType.BOOLEAN or not typed.depends_on_feature(value):
            raise _wrong(
                part,
                _("a comparison is expected here: = <> > >= < <= 包含 属于 介于 为空."),
                Wanted.COMPARISON,
            )
        return typed.Flag(value)

    def _comparison(self, sign: str, left: Part, right: Part, whole: Part) -> typed.Comparison:
        first, second = self.value(left), self.value(right)
        first = as_type_of(first, second, left)
        second = as_type_of(second, first, right)
        if first.type is FieldType.BOOLEAN and sign not in ("=", "<>"):
            raise _wrong(whole, _("yes and no are only equal or not."))
        first, second = in_unit_of(first, second, left, right)
        found = typed.Comparison(sign, first, second)
        if not any(typed.depends_on_feature(value) for value in (first, second)):
            raise _no_field(whole)
        return found

    def _one_of(self, part: syntax.ListPart) -> typed.OneOf:
        value = self._of_features(self.value(part.value), part)
        options: list[typed.Constant] = []
        for option in part.options:
            found = as_type_of(self.value(option), value, option)
            _same, met = in_unit_of(value, found, part.value, option)
            match met:
                case (
                    typed.NumberConstant()
                    | typed.TextConstant()
                    | typed.DateConstant()
                    | typed.FlagConstant()
                ):
                    options.append(met)
                case _:
                    raise _wrong(option, _("a list holds values only, no fields."))
        return typed.OneOf(value, tuple(options))

    def _like(self, part: syntax.PatternPart) -> typed.Like:
        value, pattern = self._of_features(self.value(part.value), part), self.value(part.pattern)
        if value.type is not FieldType.TEXT:
            raise _wrong(
                part.value,
                _("only text can be searched; this is {type}.").format(type=type_words(value.type)),
            )
        if not isinstance(pattern, typed.TextConstant):
            raise _wrong(part.pattern, _("a text in quotation marks is expected here."), Wanted.VALUE)
        return typed.Like(part.way, value, pattern.text)

    def _of_features(self, value: typed.Value, part: Part) -> typed.Value:
        if not typed.depends_on_feature(value):
            raise _no_field(part)
        return value

    # values

    def value(self, part: Part) -> typed.Value:
        found: typed.Value
        match part:
            case syntax.NumberPart():
                found = _number(part)
            case syntax.TextPart(_, _, text):
                found = typed.TextConstant(text)
            case syntax.FlagPart(_, _, flag):
                found = typed.FlagConstant(flag)
            case syntax.QuotedPart(_, _, text):
                field = self._names.find(text)
                found = typed.TextConstant(text) if field is None else _field_value(field)
            case syntax.NamePart():
                found = self._field(part)
            case syntax.NegativePart():
                found = self._negative(part)
            case syntax.ArithmeticPart():
                found = self._arithmetic(part)
            case syntax.CallPart():
                found = self._call(part)
            case _:
                what = _("a value is expected here, not a condition.")
                raise _wrong(part, what, Wanted.VALUE)
        return found

    def _field(self, part: syntax.NamePart) -> typed.FieldValue:
        field = self._names.find(part.text)
        if field is None:
            raise _wrong(
                part,
                _("there is no field “{name}”; a text stands in quotation marks.").format(name=part.text),
                Wanted.VALUE,
            )
        return _field_value(field)

    def _negative(self, part: syntax.NegativePart) -> typed.Value:
        value = self._numeric(part.value)
        if isinstance(value, typed.NumberConstant):
            return typed.NumberConstant(-value.exact, value.whole, value.unit)
        zero = typed.NumberConstant(Fraction(0), True, value.unit)
        return typed.Arithmetic("-", zero, value, value.unit)

    def _numeric(self, part: Part) -> typed.Value:
        value = self.value(part)
        if value.type not in _NUMBERS:
            raise _wrong(
                part,
                _("a number is expected here; this is {type}.").format(type=type_words(value.type)),
                Wanted.VALUE,
            )
        return value

    def _arithmetic(self, part: syntax.ArithmeticPart) -> typed.Value:
        left, right = self._numeric(part.left), self._numeric(part.right)
        if part.sign in "+-":
            left, right = in_unit_of(left, right, part.left, part.right)
            return typed.Arithmetic(part.sign, left, right, left.unit or right.unit)
        if part.sign == "/" and dimension(left.unit) and dimension(left.unit) == dimension(right.unit):
            left, right = in_unit_of(left, right, part.left, part.right)
            return typed.Arithmetic("/", left, right)
        return typed.Arithmetic(part.sign, left, right, joined_units(part.sign, left.unit, right.unit))

    def _call(self, part: syntax.CallPart) -> typed.Value:
        if part.basis or (part.function == "area"):
            return _measure(part)
        if part.argument is None:
            raise _wrong(part, _("a field is expected in the brackets."), Wanted.VALUE)
        value = self.value(part.argument)
        taken, given = _ARGUMENTS[part.function]
        if value.type not in taken:
            raise _wrong(
                part.argument,
                _("{wanted} is expected here; this is {type}.").format(
                    wanted=type_words(taken[-1]), type=type_words(value.type)
                ),
            )
        kept = value.unit if part.function == "abs" else ""
        return typed.Function(part.function, value, given, kept)


def _measure(part: syntax.CallPart) -> typed.MeasureValue:
    if (part.function, part.basis) not in MEASURES:
        raise _wrong(part, _("say on which basis: 图形面积(椭球) or 图形面积(平面)."))
    column, unit = MEASURES[part.function, part.basis]
    return typed.MeasureValue(column, unit)


def _with_unit_of(low: Part, high: Part) -> Part:
    """Return the lower end of a range in the unit that was written once, behind the upper end."""
    if isinstance(low, syntax.NumberPart) and isinstance(high, syntax.NumberPart) and not low.unit:
        return replace(low, unit=high.unit)
    return low


def _number(part: syntax.NumberPart) -> typed.NumberConstant:
    digits, _mark, power = re.sub("[E]", "e", part.text).partition("e")
    if len(digits) > _MOST_DIGITS or abs(int(power or 0)) > _MOST_POWER:
        raise _wrong(part, _("the number is too long."))
    exact = Fraction(digits.rstrip(".") if digits != "." else "0") * Fraction(10) ** int(power or 0)
    return typed.NumberConstant(exact, part.text.isdigit(), part.unit)


def _field_value(field: FilterField) -> typed.FieldValue:
    return typed.FieldValue(field.name, field.title, field.type, field.unit)


def _wrong(part: Part, what: str, wanted: Wanted = Wanted.OTHER) -> FilterError:
    return FilterError(what, part.start, max(part.end - part.start, 1), wanted=wanted)


def _no_field(part: Part) -> FilterError:
    return _wrong(part, _("no field is named here, so that it says nothing of a feature."), Wanted.VALUE)
