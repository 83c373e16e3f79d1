"""Settings, journal and runs: what a project remembers besides its layers."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from typing import Any

import apsw

from layers.store.database import one, rows
from layers.store.uids import new_uid


def read_setting(connection: apsw.Connection, key: str, default: Any = None) -> Any:
    """Return a setting, or ``default`` where it was never set."""
    found = one(connection, "SELECT value FROM zs_settings WHERE key = ?", (key,))
    return default if found is None else json.loads(found[0])


def write_setting(connection: apsw.Connection, key: str, value: Any) -> None:
    """Set a setting to anything JSON can hold."""
    connection.execute(
        "INSERT INTO zs_settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, as_json(value)),
    )


def write_journal(
    connection: apsw.Connection,
    action: str,
    *,
    layer_uid: str,
    feature_uid: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a layer or a feature, by whom and when (the table fills in the time)."""
    connection.execute(
        "INSERT INTO zs_journal (who, action, layer_uid, feature_uid, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            _user(),
            action,
            layer_uid,
            feature_uid,
            None if before is None else as_json(before),
            None if after is None else as_json(after),
        ),
    )


def read_journal(connection: apsw.Connection) -> tuple[dict[str, Any], ...]:
    """Return the journal, oldest entry first."""
    found = rows(
        connection,
        "SELECT time, who, action, layer_uid, feature_uid, before, after FROM zs_journal ORDER BY id",
    )
    names = ("time", "who", "action", "layer_uid", "feature_uid", "before", "after")
    return tuple(
        {
            name: json.loads(value) if name in ("before", "after") and value is not None else value
            for name, value in zip(names, row, strict=True)
        }
        for row in found
    )


def read_log(connection: apsw.Connection, limit: int) -> tuple[dict[str, Any], ...]:
    """Return the latest entries of the journal without what they changed, oldest first."""
    found = rows(
        connection,
        "SELECT time, who, action, layer_uid, feature_uid FROM zs_journal ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    names = ("time", "who", "action", "layer_uid", "feature_uid")
    return tuple(dict(zip(names, row, strict=True)) for row in reversed(list(found)))


def write_run(connection: apsw.Connection, record: Mapping[str, Any]) -> str:
    """Keep the record of a run; return its uid, taken from the record or made."""
    uid = str(record.get("uid") or new_uid())
    connection.execute(
        "INSERT INTO zs_runs (uid, capability, started, record) VALUES (?, ?, ?, ?)",
        (
            uid,
            str(record.get("capability", "")),
            str(record.get("started", "")),
            as_json({**record, "uid": uid}),
        ),
    )
    return uid


def read_runs(connection: apsw.Connection) -> tuple[dict[str, Any], ...]:
    """Return the records of all runs, oldest first."""
    return tuple(json.loads(row[0]) for row in rows(connection, "SELECT record FROM zs_runs ORDER BY id"))


def as_json(value: Any) -> str:
    """Return a value as JSON text; NaN is refused because JSON has none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
