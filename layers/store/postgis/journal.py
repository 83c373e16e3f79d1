"""The journal of a project in a database: what was done to layers, and what edits did to features."""

from __future__ import annotations

from typing import Any

from layers.store.postgis.connecting import Connection, in_schema

_NAMES = ("time", "who", "action", "layer_uid", "feature_uid", "before", "after")
_WITHOUT_VALUES = _NAMES[:-2]
_WHOLE = (
    "SELECT time, who, action, layer_uid, feature_uid, before, after FROM {schema}.zs_journal"
    " UNION ALL SELECT e.time, e.role, CASE WHEN c.before IS NULL THEN 'add_feature'"
    " WHEN c.after IS NULL THEN 'remove_feature' ELSE 'change_feature' END,"
    " c.layer_uid, c.zs_uid, c.before, c.after FROM {schema}.zs_changes AS c"
    " JOIN {schema}.zs_edits AS e ON e.number = c.edit ORDER BY 1"
)
_LATEST = (
    "SELECT time, who, action, layer_uid, feature_uid FROM {schema}.zs_journal"
    " UNION ALL SELECT e.time, e.role, CASE WHEN c.before IS NULL THEN 'add_feature'"
    " WHEN c.after IS NULL THEN 'remove_feature' ELSE 'change_feature' END,"
    " c.layer_uid, c.zs_uid FROM {schema}.zs_changes AS c"
    " JOIN {schema}.zs_edits AS e ON e.number = c.edit ORDER BY 1 DESC LIMIT %s"
)


def read_journal(connection: Connection, schema: str) -> tuple[dict[str, Any], ...]:
    """Return every entry, oldest first; times are UTC, ISO 8601."""
    found = connection.execute(in_schema(schema, _WHOLE)).fetchall()
    return tuple(dict(zip(_NAMES, (row[0].isoformat(), *row[1:]), strict=True)) for row in found)


def read_log(connection: Connection, schema: str, limit: int) -> tuple[dict[str, Any], ...]:
    """Return the latest entries without what they changed, oldest first."""
    found = connection.execute(in_schema(schema, _LATEST), (limit,)).fetchall()
    return tuple(
        dict(zip(_WITHOUT_VALUES, (row[0].isoformat(), *row[1:]), strict=True)) for row in reversed(found)
    )
