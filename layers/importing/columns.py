"""Which column of a file feeds which field of a kind, and how values change type on the way."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import InputError
from layers.kind import Field, FieldType, Kind
from layers.store.naming import column_name
from layers.store.values import Mask, convert, guess_type, plain_values
from layers.units import dimension, factor
from layers.words import _

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class UnreadValues:
    """Values that a field's type cannot hold; the whole column is kept beside it under ``kept_as``."""

    field: Field
    column: str
    kept_as: str
    failed: Mask
    example: str


@dataclass(frozen=True)
class ConvertedValues:
    """Values in another unit than the field's; the whole column is kept beside it under ``kept_as``."""

    field: Field
    column: str
    kept_as: str
    unit: str


@dataclass
class ImportedColumns:
    """The columns of the new layer.

    Attributes
    ----------
    values : dict
        Plain values by the name the column gets in the project.
    mapping : dict
        Column of the file by field of the kind.
    renamed : dict
        New name by column of the file that could not keep its own.
    left_out : list
        Columns with values that no field can hold (binary data).
    unit_unknown : dict
        Field by column of areas that agree with the shapes in no unit and say none.
    unread, converted : list
        Columns of which more is to be told; they are kept whole beside their field.
    numeric_codes : bool
        The class codes came as numbers, so leading zeros may have been lost before.
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    unread: list[UnreadValues] = field(default_factory=list)
    converted: list[ConvertedValues] = field(default_factory=list)
    unit_unknown: dict[str, Field] = field(default_factory=dict)
    numeric_codes: bool = False


def match_fields(kind: Kind, columns: list[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the column that feeds each field: what the caller wants, then what the names say.

    A field is known by its name, its Chinese alias and the other names it is met under; letter case and the
    width of characters do not count. Of two headings that share their lowest row (现状/代码, 规划/代码)
    neither is taken. A column feeds one field at most, unless the caller wants otherwise. An empty column in
    ``wanted`` leaves its field empty, whatever the names say.

    Raises
    ------
    UsageError
        When the kind has no such field.
    InputError
        When the file has no such column; the message lists the columns.
    """
    mapping = {kind.field(name).name: _find(column, columns) for name, column in wanted.items() if column}
    used = set(mapping.values())
    by_key: dict[str, str] = {}
    for column in columns:
        by_key.setdefault(_key(column), column)
    # a table's headers of several rows: the lowest says what a column is, unless two columns share it
    lowest = [_key(column.rpartition("/")[2]) for column in columns]
    shared = Counter(lowest)
    for column, key in zip(columns, lowest, strict=True):
        if shared[key] == 1:
            by_key.setdefault(key, column)
    for declared in kind.fields:
        if declared.name in mapping or wanted.get(declared.name) == "":
            continue
        for known_as in (declared.name, declared.alias, *declared.met_as):
            found = by_key.get(_key(known_as))
            if found is not None and found not in used:
                mapping[declared.name] = found
                used.add(found)
                break
    return mapping


def bring_columns(
    kind: Kind, frame: pd.DataFrame, mapping: Mapping[str, str], units: Mapping[str, str] | None = None
) -> ImportedColumns:
    """Return a file's columns as the new layer holds them.

    Mapped columns become fields of the kind; a value that the field's type cannot hold without loss is left
    empty there, and the column is kept whole beside it. All other columns stay as they stand.

    Parameters
    ----------
    units : mapping, optional
        Unit by column where it is known; numbers in another unit than their field's are converted, and the
        column is kept whole beside it.
    """
    brought = ImportedColumns(mapping=dict(mapping))
    taken = [declared.name for declared in kind.fields]
    for declared in kind.fields:
        column = mapping.get(declared.name)
        if column is None:
            continue
        plain = plain_values(frame[column])
        values, failed = convert(plain, declared.type)
        size = unit_factor((units or {}).get(column, ""), declared.unit)
        if size != 1:
            # through fractions: one rounding, and a mu is no decimal number
            values = [None if value is None else float(Fraction(value) * size) for value in values]
        brought.values[declared.name] = values
        if declared.name == kind.class_field and frame[column].dtype.kind in "iuf":
            brought.numeric_codes = True
        if size != 1 or failed.any():
            kept_as = column_name(column, taken)
            taken.append(kept_as)
            brought.values[kept_as] = _as_text(plain) if failed.any() else plain
            if failed.any():
                example = str(plain[int(np.argmax(failed))])
                brought.unread.append(UnreadValues(declared, column, kept_as, failed, example))
            if size != 1:
                brought.converted.append(ConvertedValues(declared, column, kept_as, (units or {})[column]))
    used = set(mapping.values())
    for column in frame.columns:
        if column not in used:
            _bring_other(brought, str(column), plain_values(frame[column]), taken)
    return brought


def unit_factor(unit: str, wanted: str) -> Fraction:
    """Return what areas in ``unit`` are multiplied by to be in ``wanted``; 1 where one is no area."""
    if dimension(unit) != "area" or dimension(wanted) != "area":
        return Fraction(1)
    return factor(unit, wanted)


def _bring_other(brought: ImportedColumns, column: str, plain: list[Any], taken: list[str]) -> None:
    guess = guess_type(plain)
    if guess is None and any(isinstance(value, bytes) for value in plain):
        brought.left_out.append(column)
        return
    name = column_name(column, taken)
    taken.append(name)
    if name != column:
        brought.renamed[column] = name
    brought.values[name] = plain if guess is not None else _as_text(plain)


def _as_text(plain: list[Any]) -> list[Any]:
    values, failed = convert(plain, FieldType.TEXT)
    return [str(old) if bad else new for old, new, bad in zip(plain, values, failed, strict=True)]


def _find(column: str, columns: list[str]) -> str:
    if column in columns:
        return column
    for candidate in columns:
        if _key(candidate) == _key(column):
            return candidate
    raise InputError(
        _("The file has no column “{name}”.").format(name=column),
        remedy=_("Its columns: {names}").format(names="、".join(columns) or "-"),
    )


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
