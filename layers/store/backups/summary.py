"""A project file in figures, read from any state of its format."""

from __future__ import annotations

import hashlib
import json

import apsw

from layers.store.backups.model import LayerFigures, Summary
from layers.store.database import one, rows
from layers.store.naming import quoted
from layers.store.records import read_setting

# where the map was looked at is no work
_LOOKS = "window.%"


def read_summary(connection: apsw.Connection) -> Summary:
    """Return a project file in figures."""
    return Summary(
        uid=str(read_setting(connection, "project.uid", "")),
        title=str(read_setting(connection, "project.title", "")),
        format=int(read_setting(connection, "project.format", 0)),
        layers=read_figures(connection),
        mark=read_mark(connection),
    )


def read_figures(connection: apsw.Connection) -> tuple[LayerFigures, ...]:
    """Return the layers in figures, top first."""
    found = rows(
        connection, "SELECT uid, name, version, secrecy, table_name FROM zs_layers ORDER BY position, id"
    )
    figures = []
    for uid, name, version, secrecy, table in found:
        (count,) = one(connection, f"SELECT count(zs_uid) FROM {quoted(table)}") or (0,)
        figures.append(LayerFigures(uid, name, version, count, secrecy))
    return tuple(figures)


def read_mark(connection: apsw.Connection) -> str:
    """Return what is the same for two states of a project between which nothing was done."""
    digest = hashlib.sha256()
    for query in (
        f"SELECT key, value FROM zs_settings WHERE key NOT LIKE '{_LOOKS}' ORDER BY key",
        "SELECT * FROM zs_layers ORDER BY uid",
        "SELECT table_name, identifier, last_change FROM gpkg_contents ORDER BY table_name",
    ):
        for row in connection.execute(query):
            digest.update(json.dumps(row, ensure_ascii=False).encode())
    tables = rows(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'zs_*'"
        " AND name NOT IN ('zs_settings', 'zs_layers') ORDER BY name",
    )
    for (table,) in tables:
        (last,) = one(connection, f"SELECT max(rowid) FROM {quoted(table)}") or (None,)
        digest.update(f"{table}={last};".encode())
    return digest.hexdigest()
