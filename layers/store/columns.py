"""The columns of a new layer's table: the kind's fields first, then whatever else the frame brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from layers.errors import InputError
from layers.kind import Field, FieldType, Kind, type_words
from layers.store.naming import RESERVED_COLUMNS, column_name
from layers.store.values import convert, guess_type, plain_values
from layers.words import _

_MOST_COLUMNS = 1000  # SQLite allows 2,000; other programs choke before that


@dataclass(frozen=True)
class TableColumn:
    """One attribute column with the values it is to hold (plain, as SQLite takes them)."""

    name: str
    type: FieldType
    values: list[Any]
    alias: str = ""
    unit: str = ""


def plan_columns(kind: Kind, frame: pd.DataFrame, layer: str) -> tuple[TableColumn, ...]:
    """Return the columns of a layer's table.

    A field of the kind that the frame lacks is filled with its default.

    Raises
    ------
    InputError
        When a name cannot be used, or a value cannot be held as the type its field declares.
    """
    names = [str(name) for name in frame.columns]
    _check_names(kind, names, layer)
    planned = [_declared(field, frame, layer) for field in kind.fields]
    planned += [
        _undeclared(frame[name], str(name), layer) for name in frame.columns if not kind.has_field(str(name))
    ]
    return tuple(planned)


def _check_names(kind: Kind, names: list[str], layer: str) -> None:
    taken: list[str] = [field.name for field in kind.fields if field.name not in names]
    if len(names) + len(taken) > _MOST_COLUMNS:
        raise InputError(
            _("Layer “{layer}” has {count} columns; {most} are the most.").format(
                layer=layer, count=len(names), most=_MOST_COLUMNS
            ),
            remedy=_("Leave out columns that are not needed."),
        )
    for name in names:
        if name.casefold() in RESERVED_COLUMNS or column_name(name, taken) != name:
            raise InputError(
                _("Column “{name}” of layer “{layer}” cannot keep its name.").format(name=name, layer=layer),
                remedy=_("Give it another name that occurs once; letter case does not count."),
            )
        taken.append(name)


def _declared(field: Field, frame: pd.DataFrame, layer: str) -> TableColumn:
    if field.name in frame.columns:
        values, failed = convert(plain_values(frame[field.name]), field.type)
    else:
        values, failed = convert([field.default] * len(frame), field.type)
    if failed.any():
        first = int(failed.argmax())
        raise InputError(
            _("{count} values of field “{field}” cannot be held as {type}.").format(
                count=int(failed.sum()), field=field.alias, type=type_words(field.type)
            ),
            where=_("{layer}, feature {number}: “{value}”").format(
                layer=layer, number=first + 1, value=frame[field.name].iloc[first]
            ),
            remedy=_("Correct the values in the source, or import the column under another name."),
        )
    return TableColumn(field.name, field.type, values, field.alias, field.unit)


def _undeclared(series: pd.Series[Any], name: str, layer: str) -> TableColumn:
    plain = plain_values(series)
    kind = guess_type(plain)
    if kind is FieldType.TEXT and series.dtype.kind in "iuf" and series.isna().all():
        kind = FieldType.NUMBER
    if kind is not None:
        values, failed = convert(plain, kind)
        if not failed.any():
            return TableColumn(name, kind, values)
    raise InputError(
        _("Column “{name}” of layer “{layer}” holds values that no field type can hold.").format(
            name=name, layer=layer
        ),
        remedy=_("Turn the column into text, or leave it out."),
    )
