"""The list of edits in the database."""

from __future__ import annotations

from typing import Any

from layers.edits import Author, Edit, EditHead, EditKind
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.values import check_texts

_HEAD = """
SELECT e.uid, e.number, e.time, e.role, e.author, e.machine, e.title, e.kind, e.count, e.of_uid, e.reason,
       ARRAY(SELECT l.layer_uid FROM {schema}.zs_edit_layers AS l WHERE l.edit = e.number ORDER BY 1),
       e.made_by, e.undone_by
FROM {schema}.zs_edits AS e
"""
_OWN = " WHERE e.role = session_user AND e.author = %s"
# what is no undoing or redoing itself
_FIRST_HAND = " AND e.kind NOT IN ('undo', 'redo') AND e.count > 0"


class Turnable:
    """An edit that can be taken back or made again, with the number of the edit to turn round."""

    def __init__(self, row: tuple[Any, ...], *, undone: bool) -> None:
        self.head = head_of(row)
        made_by, undone_by = row[12:14]
        self.number: int = undone_by if undone else made_by or self.head.number


def begin(connection: Connection, schema: str, uid: str, edit: Edit, author: Author, of: str = "") -> int:
    """Write down that an edit begins in the transaction that is open; return its number.

    Raises
    ------
    InputError
        When its title or reason cannot be held.
    """
    check_texts([edit.title, edit.reason], edit.title)
    found = connection.execute(
        in_schema(schema, "SELECT {schema}.zs_begin(%s, %s, %s, %s, %s, %s, %s)"),
        (uid, edit.title, edit.kind.value, of, edit.reason, author.name, author.machine),
    ).fetchone()
    return int(found[0]) if found else 0


def finish(connection: Connection, schema: str, uid: str) -> tuple[EditHead, dict[str, int]]:
    """Let the database count versions now, and not only when the transaction ends; return what it says.

    Returns
    -------
    head : EditHead
    versions : dict of str to int
        Of the layers that were touched.
    """
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    head = find_head(connection, schema, uid)
    if head is None:
        raise LookupError(uid)
    return head, versions_of(connection, schema, head.number)


def versions_of(connection: Connection, schema: str, number: int) -> dict[str, int]:
    """Return the versions of the layers that an edit touched, after it."""
    query = in_schema(schema, "SELECT layer_uid, version FROM {schema}.zs_edit_layers WHERE edit = %s")
    return dict(connection.execute(query, (number,)).fetchall())


def find_head(connection: Connection, schema: str, uid: str) -> EditHead | None:
    """Return an edit; None where there is none of that name."""
    found = connection.execute(in_schema(schema, _HEAD + " WHERE e.uid = %s"), (uid,)).fetchone()
    return None if found is None else head_of(found)


def read_heads(
    connection: Connection, schema: str, *, layer_uid: str = "", limit: int = 200, before: int = 0
) -> tuple[EditHead, ...]:
    """Return edits, the latest first."""
    condition = (
        " WHERE (%s = 0 OR e.number < %s) AND (%s = '' OR EXISTS (SELECT 1 FROM {schema}.zs_edit_layers AS l"
        " WHERE l.edit = e.number AND l.layer_uid = %s)) ORDER BY e.number DESC LIMIT %s"
    )
    found = connection.execute(
        in_schema(schema, _HEAD + condition), (before, before, layer_uid, layer_uid, limit)
    ).fetchall()
    return tuple(head_of(row) for row in found)


def undoable(connection: Connection, schema: str, author: Author) -> Turnable | None:
    """Return the edit of this person that is taken back next."""
    condition = _OWN + _FIRST_HAND + " AND e.undone_by IS NULL ORDER BY e.number DESC LIMIT 1"
    found = connection.execute(in_schema(schema, _HEAD + condition), (author.name,)).fetchone()
    return None if found is None else Turnable(found, undone=False)


def redoable(connection: Connection, schema: str, author: Author) -> Turnable | None:
    """Return the edit of this person that is made again next; one that undo passed over never is."""
    condition = (
        _OWN + " AND e.redoable AND EXISTS (SELECT 1 FROM {schema}.zs_edits AS u WHERE u.number = e.undone_by"
        " AND u.count > 0) ORDER BY e.undone_by DESC LIMIT 1"
    )
    found = connection.execute(in_schema(schema, _HEAD + condition), (author.name,)).fetchone()
    return None if found is None else Turnable(found, undone=True)


def head_of(row: tuple[Any, ...]) -> EditHead:
    """Return an edit from its row."""
    return EditHead(
        uid=row[0],
        number=row[1],
        time=row[2],
        author=Author(signed(row[3], row[4]), row[5]),
        title=row[6],
        kind=EditKind(row[7]),
        count=row[8],
        of=row[9],
        reason=row[10],
        layer_uids=tuple(row[11]),
    )


def signed(role: str, author: str) -> str:
    """Return who did something: the name that was stated, and behind it the role the database knows."""
    return role if author in ("", role) else f"{author}（{role}）"
