"""The list of edits: who, when, what, and which of them are taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import apsw

from layers.edits import Author, EditHead, EditKind
from layers.store.database import one, rows

_COLUMNS = "e.id, e.uid, e.time, e.who, e.machine, e.kind, e.title, e.reason, e.of_uid, e.features, e.layers"
_OWN_KINDS = (EditKind.EDIT, EditKind.RESTORE, EditKind.MERGE)


class EditState(StrEnum):
    """Where an edit stands.

    ``DONE`` can be taken back, ``UNDONE`` made again; ``PASSED`` was taken back before something else was
    edited, or touched a layer that was removed since; ``STEP`` is an undoing or redoing itself.
    """

    DONE = "done"
    UNDONE = "undone"
    PASSED = "passed"
    STEP = "step"


def now(connection: apsw.Connection) -> datetime:
    """Return the time of this computer, to the millisecond; never before the last edit's."""
    moment = datetime.now(UTC)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    last = one(connection, "SELECT time FROM zs_edits ORDER BY id DESC LIMIT 1")
    return moment if last is None else max(moment, as_time(last[0]))


def as_time(text: str) -> datetime:
    """Return a time of the journal."""
    return datetime.fromisoformat(text).astimezone(UTC)


def as_text(moment: datetime) -> str:
    """Return a time as the journal writes it: UTC, milliseconds."""
    moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def landed(uid: str) -> Callable[[apsw.Connection], bool]:
    """Return what tells whether an edit is in the file; see ``Database.writing``."""
    return lambda connection: read_head(connection, uid) is not None


def begin(
    connection: apsw.Connection,
    uid: str,
    author: Author,
    title: str,
    kind: EditKind,
    *,
    reason: str = "",
    of: str = "",
) -> EditHead:
    """Write the row of a new edit; :func:`finish` completes it."""
    moment = now(connection)
    own = kind in _OWN_KINDS
    if own:
        # what was taken back cannot be made again on top of something else
        connection.execute("UPDATE zs_edits SET state = 'passed' WHERE state = 'undone'")
    connection.execute(
        "INSERT INTO zs_edits (uid, time, who, machine, kind, title, reason, of_uid, state, features, layers)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
        (
            uid, as_text(moment), author.name, author.machine, kind.value, title, reason, of,
            (EditState.DONE if own else EditState.STEP).value,
        ),
    )  # fmt: skip
    return EditHead(uid, connection.last_insert_rowid(), moment, author, title, kind, 0, of, reason)


def finish(connection: apsw.Connection, head: EditHead) -> None:
    """Write down how many features an edit touched, and of which layers."""
    connection.execute(
        "UPDATE zs_edits SET features = ?, layers = ? WHERE id = ?",
        (head.count, " ".join(head.layer_uids), head.number),
    )


def set_state(connection: apsw.Connection, uid: str, state: EditState) -> None:
    """Write down where an edit stands."""
    connection.execute("UPDATE zs_edits SET state = ? WHERE uid = ?", (state.value, uid))


def undoable(connection: apsw.Connection) -> EditHead | None:
    """Return the edit that is taken back next; one that touched no feature (new columns alone) never is."""
    return _first(connection, "WHERE e.state = 'done' AND e.features > 0 ORDER BY e.id DESC LIMIT 1")


def redoable(connection: apsw.Connection) -> EditHead | None:
    """Return the edit that is made again next."""
    return _first(connection, "WHERE e.state = 'undone' ORDER BY e.id LIMIT 1")


def read_heads(
    connection: apsw.Connection, *, layer_uid: str = "", limit: int = 200, before: int = 0
) -> tuple[EditHead, ...]:
    """Return edits, the latest first."""
    found = rows(
        connection,
        f"SELECT {_COLUMNS} FROM zs_edits AS e WHERE (?1 = 0 OR e.id < ?1)"
        " AND (?2 = '' OR instr(e.layers, ?2)) ORDER BY e.id DESC LIMIT ?3",
        (before, layer_uid, limit),
    )
    return tuple(head_of(row) for row in found)


def read_head(connection: apsw.Connection, uid: str) -> EditHead | None:
    """Return one edit."""
    return _first(connection, "WHERE e.uid = ?", (uid,))


def head_of(row: tuple[Any, ...]) -> EditHead:
    """Return an edit from a row of the columns this module asks for."""
    number, uid, time, who, machine, kind, title, reason, of, features, layers = row
    return EditHead(
        uid, number, as_time(time), Author(who, machine), title, EditKind(kind), features, of, reason,
        tuple(layers.split()),
    )  # fmt: skip


def _first(connection: apsw.Connection, condition: str, values: tuple[Any, ...] = ()) -> EditHead | None:
    found = one(connection, f"SELECT {_COLUMNS} FROM zs_edits AS e {condition}", values)
    return None if found is None else head_of(found)
