"""What is wrong with the values of a form, and what is doubtful."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from layers.classification.verdicts import judge as judge_class
from layers.findings import Severity
from layers.forms.choices import allowed, belongs, code_name
from layers.forms.model import Form, Issue, Values
from layers.forms.reading import write_value
from layers.forms.rules import entry_rules
from layers.kind import Field, FieldType
from layers.kinds import kind
from layers.words import N_, _

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_SHOWN = 6

_CLASS_WORDS = {
    "class.lost_zero": N_("Code {code} is not in {standard}; was {wanted} meant?"),
    "class.written_otherwise": N_("{standard} writes this code {wanted}."),
    "class.other_version": N_("Code {code} belongs to {wanted}, not to {standard}."),
    "class.unknown": N_("Code {code} is not in {standard}."),
}


def judge(form: Form, values: Values, among: Collection[str] | None = None) -> tuple[Issue, ...]:
    """Return what is wrong and what is doubtful, in the order of the form.

    An error is what the layer's data standard forbids; a warning is what is unusual or what sources do not
    agree on. Values that are not given are not judged.

    Parameters
    ----------
    among : collection of str, optional
        The fields to judge; all where none are named.
    """
    return tuple(
        issue
        for one in form.fields
        if one.name in values and (among is None or one.name in among)
        for issue in _issues(form, one.declared, values[one.name], values)
    )


def _issues(form: Form, one: Field, value: Any, values: Values) -> Iterator[Issue]:
    if value is None or (isinstance(value, str) and not value.strip()):
        if one.required:
            yield Issue(one.name, _ERROR, _("{field} must be filled in.").format(field=one.alias))
        return
    if isinstance(value, str) and one.type is FieldType.TEXT:
        yield from _of_text(form, one, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _of_number(one, value)
    yield from _under_its_class(form, one, value, values)
    yield from _beside_others(form, one, value, values)


def _of_text(form: Form, one: Field, value: str) -> Iterator[Issue]:
    if 0 < one.length < len(value):
        text = _("{count} characters; the standard has room for {length}.")
        yield Issue(one.name, _WARNING, text.format(count=len(value), length=one.length))
    if one.name == form.class_field and form.standard is not None:
        verdict = judge_class(value, form.standard)
        if verdict.rule:
            words = (
                "class.unknown" if verdict.rule == "class.lost_zero" and not verdict.wanted else verdict.rule
            )
            sentence = _(_CLASS_WORDS[words]).format(
                code=value, standard=form.standard.short_title, wanted=verdict.wanted
            )
            yield Issue(one.name, _ERROR, sentence)
        return
    listed = allowed(one)
    # what a code is called may stand for the code
    if listed and value not in listed and value not in {name for _code, name in one.names}:
        shown = "、".join(f"{each} {code_name(one, each)}".strip() for each in listed[:_SHOWN])
        more = "…" if len(listed) > _SHOWN else ""
        yield Issue(one.name, _ERROR, _("Only these are allowed: {values}.").format(values=shown + more))


def _of_number(one: Field, value: float) -> Iterator[Issue]:
    if one.low is not None and value < one.low:
        yield Issue(one.name, _ERROR, _("It cannot be below {limit}.").format(limit=_plain(one.low)))
    elif one.high is not None and value > one.high:
        yield Issue(one.name, _ERROR, _("It cannot be above {limit}.").format(limit=_plain(one.high)))
    else:
        low, high = one.usual
        if (low is not None and value < low) or (high is not None and value > high):
            sentence = _("{value} is unusual for {field}; check it.")
            yield Issue(one.name, _WARNING, sentence.format(value=write_value(one, value), field=one.alias))
    if one.digits is not None and isinstance(value, float) and _decimals(value) > one.digits:
        sentence = _("The standard keeps {digits} decimals.").format(digits=one.digits)
        yield Issue(one.name, _WARNING, sentence)


def _under_its_class(form: Form, one: Field, value: Any, values: Values) -> Iterator[Issue]:
    rule = entry_rules().rule(form.kind, one.name)
    if rule is None:
        return
    groups = entry_rules().groups
    if rule.only_under and belongs(form, rule.only_under, one, values) is False:
        titles = "、".join(groups[name].title for name in rule.only_under)
        sentence = _("{field} is filled in for {classes} only.")
        yield Issue(one.name, _WARNING, sentence.format(field=one.alias, classes=titles))
    known = next((option for option in rule.options if option.code == value), None)
    if known is None and rule.options:
        yield Issue(one.name, _WARNING, _("“{value}” is not among the known values.").format(value=value))
    elif known is not None and known.under and belongs(form, known.under, one, values) is False:
        titles = "、".join(groups[name].title for name in known.under)
        sentence = _("{value} {name} belongs to {classes}.")
        yield Issue(one.name, _WARNING, sentence.format(value=known.code, name=known.name, classes=titles))


def _beside_others(form: Form, one: Field, value: Any, values: Values) -> Iterator[Issue]:
    if not one.not_below:
        return
    name = next((each for each in kind(form.kind).below(one.name) if values.get(each) not in (None, "")), "")
    other: Any = values.get(name)
    if other is None or type(other) is not type(value) or not value < other:
        return
    title = form.by_name[name].title if name in form.by_name else name
    if one.type is FieldType.DATE:
        sentence = _("It is earlier than {field}.").format(field=title)
    else:
        sentence = _("It is less than {field}.").format(field=title)
    yield Issue(one.name, _WARNING, sentence)


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _plain(limit: float) -> str:
    return f"{limit:g}"
