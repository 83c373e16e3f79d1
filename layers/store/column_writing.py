"""Values written into the columns of a layer that stands in the project, new columns included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import apsw

from layers.edits import ChangeFeature
from layers.errors import InputError
from layers.kind import FieldType
from layers.store.database import rows
from layers.store.model import LayerInfo
from layers.store.naming import column_name, quoted, unique_name
from layers.store.qgis_styles import keep_styles
from layers.store.records import write_journal
from layers.store.registry import read_fields
from layers.store.values import SQL_TYPES, convert
from layers.words import _

_MOST_COLUMNS = 1_000  # as in layers.store.columns


@dataclass(frozen=True)
class ColumnValues:
    """Values for one column of a layer.

    Attributes
    ----------
    name : str
        A field of the layer, or a new one.
    type : FieldType
        Of a new one; must be that of the field otherwise.
    values : mapping
        Value by ``zs_uid``; other features keep theirs, and have none in a new column.
    """

    name: str
    type: FieldType
    values: Mapping[str, Any] = field(default_factory=dict)
    alias: str = ""
    unit: str = ""


def add_columns(
    connection: apsw.Connection, info: LayerInfo, columns: Sequence[ColumnValues], reason: Mapping[str, Any]
) -> LayerInfo:
    """Add the columns a layer does not have yet, inside the transaction that is open; return the layer then.

    Parameters
    ----------
    reason : mapping
        What the journal says of the writing, anything JSON can hold.

    Raises
    ------
    InputError
        When a name cannot be used, or there would be too many columns.
    """
    fields = {one.name for one in info.fields}
    new = [column for column in columns if column.name not in fields]
    if len(fields) + len(new) > _MOST_COLUMNS:
        raise InputError(
            _("Layer “{layer}” has {count} columns; {most} are the most.").format(
                layer=info.name, count=len(fields) + len(new), most=_MOST_COLUMNS
            ),
            remedy=_("Leave out columns that are not needed."),
        )
    taken = list(fields)
    for column in new:
        if column_name(column.name, taken) != column.name:
            raise InputError(
                _("Column “{name}” of layer “{layer}” cannot keep its name.").format(
                    name=column.name, layer=info.name
                ),
                remedy=_("Give it another name that occurs once; letter case does not count."),
            )
        taken.append(column.name)
        _add_column(connection, info, column)
    if new:
        keep_styles(connection, [info.uid])
    write_journal(
        connection,
        "write_columns",
        layer_uid=info.uid,
        before={"without": [column.name for column in new]},
        after={**reason, "columns": {column.name: len(column.values) for column in columns}},
    )
    return replace(info, fields=read_fields(connection, info.table))


def column_changes(info: LayerInfo, columns: Sequence[ColumnValues]) -> tuple[ChangeFeature, ...]:
    """Return the change of each feature that has a value in one of the columns.

    Raises
    ------
    InputError
        When values do not fit their column.
    """
    by_feature: dict[str, dict[str, Any]] = {}
    for column in columns:
        for uid, value in _converted(info, column).items():
            by_feature.setdefault(uid, {})[column.name] = value
    return tuple(ChangeFeature(info.uid, uid, values=values) for uid, values in by_feature.items())


def _converted(info: LayerInfo, column: ColumnValues) -> dict[str, Any]:
    declared = next((one.type for one in info.fields if one.name == column.name), column.type)
    values, failed = convert(list(column.values.values()), declared)
    if failed.any():
        first = int(failed.argmax())
        raise InputError(
            _("{count} values do not fit column “{name}”, “{value}” for instance.").format(
                count=int(failed.sum()), name=column.name, value=list(column.values.values())[first]
            ),
            where=info.name,
            remedy=_("Join them into a column of another name."),
        )
    return dict(zip(column.values, values, strict=True))


def _add_column(connection: apsw.Connection, info: LayerInfo, column: ColumnValues) -> None:
    connection.execute(
        f"ALTER TABLE {quoted(info.table)} ADD COLUMN {quoted(column.name)} {SQL_TYPES[column.type]}"
    )
    if not (column.alias or column.unit):
        return
    names = {
        row[0]
        for row in rows(connection, "SELECT name FROM gpkg_data_columns WHERE table_name = ?", (info.table,))
    }
    title = column.alias or column.name
    connection.execute(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description)"
        " VALUES (?, ?, ?, ?, ?)",
        (info.table, column.name, unique_name(title, names), title, column.unit or None),
    )
