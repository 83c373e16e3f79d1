"""Which field of a layer each column of a table goes to."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.errors import InputError
from layers.findings import Finding, Severity
from layers.formats.model import SourceData
from layers.kind import FieldType
from layers.store import LayerInfo
from layers.store.model import LayerField
from layers.store.naming import column_name, unique_name
from layers.store.values import convert, guess_type, plain_values
from layers.units import unit_title
from layers.words import _


@dataclass(frozen=True)
class Target:
    """A column of the table, the field it goes to, and its values in that field's type."""

    column: str
    field: str
    type: FieldType
    values: list[Any]
    is_new: bool
    alias: str = ""
    unit: str = ""


def field_called(info: LayerInfo, wanted: str) -> LayerField:
    """Return a layer's field by its name or its title.

    Raises
    ------
    InputError
        When there is none; the message lists them.
    """
    found = _find(info, wanted)
    if found is None:
        raise InputError(
            _("Layer “{layer}” has no field “{name}”.").format(layer=info.name, name=wanted),
            remedy=_("Fields: {names}").format(names="、".join(one.alias or one.name for one in info.fields)),
        )
    return found


def targets_of(
    info: LayerInfo, data: SourceData, columns: Sequence[str]
) -> tuple[tuple[Target, ...], tuple[Finding, ...]]:
    """Return where columns go: the field of that name or title where type and unit fit, else a new one."""
    units: Mapping[str, str] = json.loads(data.stated.get("units", "{}"))
    taken = [one.name for one in info.fields]
    aliases = [one.alias for one in info.fields]
    targets: list[Target] = []
    findings: list[Finding] = []
    for column in columns:
        plain = plain_values(data.frame[column])
        unit = units.get(column, "")
        known = _find(info, column)
        reason = "" if known is None else _why_not(known, plain, unit)
        if known is not None and not reason:
            values, _failed = convert(plain, known.type)
            targets.append(Target(column, known.name, known.type, values, is_new=False))
            continue
        label = column
        if known is not None:
            # two fields of one title could not be told apart
            label = f"{column}（{unit_title(unit)}）" if unit else unique_name(column, aliases)
        name = column_name(label, taken)
        taken.append(name)
        kind = guess_type(plain) or FieldType.TEXT
        values, _failed = convert(plain, kind)
        targets.append(Target(column, name, kind, values, is_new=True, alias=label, unit=unit))
        if known is not None:
            text = _("Column “{column}” became the new field “{name}”: {reason}.")
            findings.append(
                Finding(
                    "join.new_field",
                    Severity.NOTE,
                    text.format(column=column, name=name, reason=reason),
                )
            )
    return tuple(targets), tuple(findings)


def _why_not(known: LayerField, plain: list[Any], unit: str) -> str:
    """Return why a column cannot go into a field; empty where it can."""
    if unit != known.unit and (unit and known.unit):
        return _("the table has it in {unit}, the layer in {other}").format(
            unit=unit_title(unit), other=unit_title(known.unit)
        )
    _values, failed = convert(plain, known.type)
    if failed.any():
        return _("{count} values do not fit the type of the field, “{value}” for instance").format(
            count=int(failed.sum()), value=plain[int(failed.argmax())]
        )
    return ""


def _find(info: LayerInfo, wanted: str) -> LayerField | None:
    for one in info.fields:
        if one.name == wanted:
            return one
    key = _key(wanted)
    return next((one for one in info.fields if key in (_key(one.name), _key(one.alias))), None)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
