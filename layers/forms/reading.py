"""What is typed, as a value; and a value, as it is typed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from layers.findings import Severity
from layers.forms.model import Form, Issue
from layers.kind import Field, FieldType, type_words
from layers.words import _

_SHOWN_DIGITS = 9


def read_value(one: Field, text: str) -> tuple[Any, str]:
    """Return the value that is typed, and why it is none.

    Numbers may have thousands set apart, digits may be full width; a date is written 2026-11-22, 2026/11/22,
    20261122 or 2026年11月22日. Codes and names stay text, without blanks at their ends. Nothing typed is no
    data.

    Returns
    -------
    value : str, int, float, bool or None
        As the project file holds it.
    wrong : str
        A sentence where what is typed is no value of the field's type, empty otherwise.
    """
    # it brings pandas with it, which the program does without until a project is open
    from layers.store.values import convert

    plain = text.strip()
    if one.type is not FieldType.TEXT:
        plain = unicodedata.normalize("NFKC", plain).strip()
    if not plain:
        return None, ""
    converted, failed = convert([plain], one.type)
    if failed.any():
        return None, _wrong(one, plain)
    value = converted[0]
    return (bool(value) if one.type is FieldType.BOOLEAN else value), ""


def write_value(one: Field, value: Any) -> str:
    """Return a value as it is shown and typed; empty for no data. Reading it back gives the value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if one.type is FieldType.BOOLEAN and value in (0, 1):
        return _("yes") if value else _("no")
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return str(value)
    return _number(float(value), one.digits)


def read_texts(form: Form, texts: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Issue, ...]]:
    """Return the values of fields, and an issue for each text that is none."""
    values: dict[str, Any] = {}
    issues = []
    for name, text in texts.items():
        value, wrong = read_value(form.by_name[name].declared, text)
        if wrong:
            issues.append(Issue(name, Severity.ERROR, wrong))
        else:
            values[name] = value
    return values, tuple(issues)


def _number(value: float, digits: int | None) -> str:
    if not math.isfinite(value) or abs(value) >= 1e15:
        return repr(value)
    short = repr(value)
    if "e" in short:
        short = f"{value:.{_SHOWN_DIGITS * 2}f}".rstrip("0")
        if float(short) != value:
            return repr(value)
    whole, _point, decimals = short.partition(".")
    if decimals == "0":
        decimals = ""
    if digits is not None:
        decimals = decimals.ljust(digits, "0")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(whole):,}"
    return f"{sign}{grouped}.{decimals}" if decimals else f"{sign}{grouped}"


def _wrong(one: Field, text: str) -> str:
    if one.type is FieldType.DATE:
        return _("“{text}” is not a date. Write 2026-11-22.").format(text=text)
    return _("“{text}” is not {type}.").format(text=text, type=type_words(one.type))
