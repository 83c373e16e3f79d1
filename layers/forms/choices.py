"""What may be chosen in a field, under what stands in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.field_terms import PRECISION, PRECISION_NAMES
from layers.forms.model import Choice, Form, Values
from layers.forms.rules import EntryRule, Option, entry_rules
from layers.kind import Field, FieldType
from layers.words import _

Pairs = Mapping[str, tuple[str, ...]]
"""Values that stand in a layer already, by the value of the field they depend on; "" holds all of them."""


@dataclass(frozen=True)
class Choices:
    """What is offered for a field.

    Attributes
    ----------
    closed : bool
        Whether nothing else may stand there.
    """

    options: tuple[Choice, ...] = ()
    closed: bool = False

    def name_of(self, value: Any) -> str:
        """Return what a value is called; empty where it is called nothing, or not offered."""
        return next((one.name for one in self.options if one.value == value), "")


def choices(form: Form, name: str, values: Values, met: Pairs | None = None) -> Choices:
    """Return what is offered for a field while ``values`` stand in the form.

    Parameters
    ----------
    met : mapping, optional
        What stands in the field elsewhere in the layer, for fields no standard lists the values of.
    """
    one = form.by_name[name].declared
    if name == form.class_field and form.standard is not None:
        classes = form.standard.classes.values()
        return Choices(tuple(Choice(each.code, each.name) for each in classes), closed=True)
    if one.type is FieldType.BOOLEAN:
        return Choices((Choice(True, _("yes")), Choice(False, _("no"))), closed=True)
    listed = allowed(one)
    if listed:
        return Choices(tuple(Choice(value, code_name(one, value)) for value in listed), closed=True)
    rule = entry_rules().rule(form.kind, name)
    if rule is not None and rule.options:
        fitting = [option for option in rule.options if _fits(form, one, option, values)]
        return Choices(tuple(Choice(option.code, option.name) for option in fitting))
    return Choices(tuple(Choice(value) for value in _met(one, values, met or {})))


def allowed(one: Field) -> tuple[str, ...]:
    """Return the values a field may hold by its declaration; empty means any."""
    return one.domain or tuple(code for code, _name in one.names)


def code_name(one: Field, code: str) -> str:
    """Return what a code of a declared list means; empty where it means nothing more."""
    if one.name == PRECISION.name and code in PRECISION_NAMES:
        return _(PRECISION_NAMES[code])
    return dict(one.names).get(code, "")


def named_by_rule(rule: EntryRule, code: str) -> str:
    """Return what a rule calls a code; empty where it does not know it."""
    return next((option.name for option in rule.options if option.code == code), "")


def belongs(form: Form, groups: Sequence[str], one: Field, values: Values) -> bool | None:
    """Tell whether the class a field depends on is one of some groups; None where that cannot be told."""
    line = form.classes_above(values.get(one.cascade)) if one.cascade == form.class_field else ()
    return entry_rules().covers(groups, form.standard_key, line)


def _fits(form: Form, one: Field, option: Option, values: Values) -> bool:
    return not option.under or belongs(form, option.under, one, values) is not False


def _met(one: Field, values: Values, met: Pairs) -> tuple[str, ...]:
    if one.cascade:
        under = values.get(one.cascade)
        return met.get(str(under), ()) if under not in (None, "") else met.get("", ())
    return met.get("", ())
