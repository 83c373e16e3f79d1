"""Values written into the columns of a layer that stands in the project, new columns included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw

from layers.errors import InputError
from layers.kind import FieldType
from layers.progress import Progress
from layers.store.database import rows
from layers.store.model import LayerInfo
from layers.store.naming import column_name, quoted, unique_name
from layers.store.qgis_styles import keep_styles
from layers.store.records import write_journal
from layers.store.registry import change_layer
from layers.store.values import SQL_TYPES, convert
from layers.words import _

_CHUNK = 2_000
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


def write_columns(
    connection: apsw.Connection,
    info: LayerInfo,
    columns: Sequence[ColumnValues],
    reason: Mapping[str, Any],
    progress: Progress,
) -> None:
    """Write values inside the transaction that is open, and write down what stood there before.

    Raises
    ------
    InputError
        When a name cannot be used, a value does not fit its column, or a feature is gone; nothing is written.
    """
    fields = {one.name: one for one in info.fields}
    new = [column for column in columns if column.name not in fields]
    if len(fields) + len(new) > _MOST_COLUMNS:
        raise InputError(
            _("Layer “{layer}” has {count} columns; {most} are the most.").format(
                layer=info.name, count=len(fields) + len(new), most=_MOST_COLUMNS
            ),
            remedy=_("Leave out columns that are not needed."),
        )
    held = [_converted(info, column) for column in columns]
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
    before: dict[str, dict[str, Any]] = {}
    for number, column in enumerate(columns):
        progress.step(number / len(columns), _("Writing columns"))
        old = _write(connection, info, column.name, held[number])
        if column.name in fields:
            before[column.name] = old
    _bump(connection, info, {uid for values in held for uid in values})
    keep_styles(connection, [info.uid])
    write_journal(
        connection,
        "write_columns",
        layer_uid=info.uid,
        before={"values": before, "without": [column.name for column in new]},
        after={**reason, "columns": {column.name: len(column.values) for column in columns}},
    )


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


def _write(
    connection: apsw.Connection, info: LayerInfo, name: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Write a column; return what stood there before."""
    before: dict[str, Any] = {}
    uids = list(values)
    for start in range(0, len(uids), _CHUNK):
        part = uids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        found = rows(
            connection,
            f"SELECT zs_uid, {quoted(name)} FROM {quoted(info.table)} WHERE zs_uid IN ({marks})",
            tuple(part),
        )
        before.update(dict(found))
        connection.executemany(
            f"UPDATE {quoted(info.table)} SET {quoted(name)} = ? WHERE zs_uid = ?",
            [(values[uid], uid) for uid in part],
        )
    missing = [uid for uid in uids if uid not in before]
    if missing:
        raise InputError(
            _("Layer “{layer}” has no feature “{uid}” any more.").format(layer=info.name, uid=missing[0]),
            remedy=_("Open the layer again and repeat."),
        )
    return before


def _bump(connection: apsw.Connection, info: LayerInfo, uids: set[str]) -> None:
    connection.executemany(
        f"UPDATE {quoted(info.table)} SET zs_version = zs_version + 1 WHERE zs_uid = ?",
        [(uid,) for uid in sorted(uids)],
    )
    change_layer(connection, info.uid, {"version": info.version + 1})
    connection.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?",
        (info.table,),
    )
