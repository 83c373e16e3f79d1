"""Changing and removing layers that stand in the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apsw

from layers.secrecy import rank
from layers.store.adding import check_name, check_opacity, require_free_name
from layers.store.layer_table import drop_table
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.qgis_styles import drop_styles, keep_styles
from layers.store.records import write_journal
from layers.store.registry import change_layer, place
from layers.style import Style

_SEEN_IN_QGIS = frozenset({"name", "opacity", "style"})


@dataclass(frozen=True)
class LayerChange:
    """What is to change about a layer; None leaves it."""

    name: str | None = None
    visible: bool | None = None
    opacity: float | None = None
    order: int | None = None
    style: Style | None = None
    standard: str | None = None
    status: str | None = None
    secrecy: str | None = None


def update_layer(connection: apsw.Connection, info: LayerInfo, change: LayerChange) -> None:
    """Change a layer's description inside the transaction that is open, and write it down."""
    values = _values(change)
    _check(connection, info, change)
    before = {name: _plain(getattr(info, name)) for name in values}
    if values:
        change_layer(connection, info.uid, values)
    if change.order is not None:
        place(connection, info.uid, change.order)
        before, values = {**before, "order": info.order}, {**values, "order": change.order}
    if change.name is not None:
        # the table keeps its name: other programs and links know the layer by it
        connection.execute(
            "UPDATE gpkg_contents SET identifier = ?, last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')"
            " WHERE table_name = ?",
            (change.name, info.table),
        )
    keep_styles(connection, [info.uid] if values.keys() & _SEEN_IN_QGIS else [])
    if values:
        write_journal(connection, "update_layer", layer_uid=info.uid, before=before, after=values)


def remove_layer(connection: apsw.Connection, info: LayerInfo) -> None:
    """Delete a layer inside the transaction that is open; its identifiers are kept from being used again.

    Edits that touched it are no longer undone or redone.
    """
    connection.execute(
        "INSERT OR IGNORE INTO zs_retired (zs_uid, layer_uid)"
        f" SELECT zs_uid, ? FROM {quoted(info.table)} WHERE zs_uid NOT NULL",
        (info.uid,),
    )
    # they could not be taken back, and would stand in the way of those before them
    connection.execute(
        "UPDATE zs_edits SET state = 'passed' WHERE state IN ('done', 'undone') AND instr(layers, ?)",
        (info.uid,),
    )
    drop_table(connection, info.table)
    connection.execute("DELETE FROM zs_layers WHERE uid = ?", (info.uid,))
    drop_styles(connection, info.table)
    keep_styles(connection)
    write_journal(
        connection,
        "remove_layer",
        layer_uid=info.uid,
        before={
            "name": info.name,
            "kind": info.kind,
            "features": info.feature_count,
            "version": info.version,
            "source": dict(info.source),
        },
    )


def _values(change: LayerChange) -> dict[str, Any]:
    given = {
        "name": change.name,
        "visible": None if change.visible is None else int(change.visible),
        "opacity": change.opacity,
        "style": None if change.style is None else change.style.model_dump_json(),
        "standard": change.standard,
        "status": change.status,
        "secrecy": change.secrecy,
    }
    return {name: value for name, value in given.items() if value is not None}


def _check(connection: apsw.Connection, info: LayerInfo, change: LayerChange) -> None:
    if change.name is not None:
        check_name(change.name)
        if change.name != info.name:
            require_free_name(connection, change.name)
    if change.opacity is not None:
        check_opacity(change.opacity)
    if change.secrecy is not None:
        rank(change.secrecy)
    if change.standard:
        from layers.classification import standard

        standard(change.standard)


def _plain(value: Any) -> Any:
    return value.model_dump_json() if isinstance(value, Style) else value
