"""How features of a database stood before, from the history that its triggers write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers.edits import Author, EditHead, EditKind, FeatureChange, FeatureState, FeatureVersion
from layers.store.edits.entries import Row
from layers.store.edits.writing import state_of
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.edit_writing import read_rows
from layers.store.postgis.heads import head_of, signed
from layers.store.postgis.plans import LayerPlan, as_blob
from layers.store.postgis.reading import no_feature
from layers.store.postgis.values import row_mark, row_values
from layers.words import _

_CHANGES = """
SELECT c.id, c.layer_uid, c.zs_uid, c.before::text, c.after::text, c.has_shape,
       {postgis}.ST_AsBinary(c.before_shape, 'NDR'), {postgis}.ST_AsBinary(c.after_shape, 'NDR'),
       c.parents, c.edit
FROM {schema}.zs_changes AS c
"""
# a shape that a change left is that before the next change of it, or the one that is there
_LEFT_SHAPES = """
SELECT c.id, {postgis}.ST_AsBinary(CASE WHEN n.id IS NULL THEN t.geom ELSE n.before_shape END, 'NDR')
FROM {schema}.zs_changes AS c
LEFT JOIN LATERAL (
  SELECT id, before_shape FROM {schema}.zs_changes AS later
  WHERE later.layer_uid = c.layer_uid AND later.zs_uid = c.zs_uid AND later.id > c.id AND later.has_shape
  ORDER BY later.id LIMIT 1
) AS n ON true
LEFT JOIN {schema}.{table} AS t ON t.zs_uid = c.zs_uid
WHERE c.id = ANY(%s)
"""
_EDITS_AFTER = """
WITH RECURSIVE late (number) AS (
  SELECT number FROM {schema}.zs_edits
  WHERE number >= (SELECT min(number) FROM {schema}.zs_edits WHERE time > %s)
  UNION
  SELECT later.edit
  FROM late JOIN {schema}.zs_changes AS made ON made.edit = late.number
  JOIN {schema}.zs_changes AS later
    ON later.layer_uid = made.layer_uid AND later.zs_uid = made.zs_uid AND later.id > made.id
)
SELECT number FROM late ORDER BY number
"""
_HEADS = """
SELECT e.uid, e.number, e.time, e.role, e.author, e.machine, e.title, e.kind, e.count, e.of_uid, e.reason,
       ARRAY(SELECT l.layer_uid FROM {schema}.zs_edit_layers AS l WHERE l.edit = e.number ORDER BY 1)
FROM {schema}.zs_edits AS e WHERE e.number = ANY(%s)
"""


@dataclass(frozen=True)
class Entry:
    """One change of one feature; shapes are None where they did not change."""

    number: int
    layer_uid: str
    zs_uid: str
    before: str | None
    after: str | None
    has_shape: bool
    before_blob: bytes | None
    after_blob: bytes | None
    parents: tuple[str, ...]
    edit: int

    def row_before(self, plan: LayerPlan, kept: bytes | None) -> Row | None:
        """Return the feature before; ``kept`` is its shape where that did not change."""
        return _row(plan, self.before, self.before_blob if self.has_shape else kept)

    def row_after(self, plan: LayerPlan, kept: bytes | None) -> Row | None:
        """Return the feature after; ``kept`` is its shape where that did not change."""
        return _row(plan, self.after, self.after_blob if self.has_shape else kept)


def entries(
    connection: Connection, schema: str, postgis: str, condition: str, values: Sequence[Any]
) -> list[Entry]:
    """Return the changes that meet a condition on ``zs_changes AS c``, in their order."""
    query = in_schema(schema, f"{_CHANGES} WHERE {condition} ORDER BY c.id", postgis=postgis)
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(query, values).fetchall()
    return [
        Entry(number, layer, uid, before, after, bool(has), as_blob(old), as_blob(new), tuple(parents), edit)
        for number, layer, uid, before, after, has, old, new, parents, edit in found
    ]


def kept_shapes(connection: Connection, plan: LayerPlan, found: Sequence[Entry]) -> dict[int, bytes | None]:
    """Return the shapes of changes that left them alone, by the number of the change."""
    wanted = [entry.number for entry in found if not entry.has_shape]
    if not wanted:
        return {}
    query = in_schema(plan.schema, _LEFT_SHAPES, postgis=plan.postgis, table=plan.info.table)
    with connection.cursor(binary=True) as cursor:
        return {number: as_blob(wkb) for number, wkb in cursor.execute(query, (wanted,))}


def edit_changes(
    connection: Connection, plans: Mapping[str, LayerPlan], schema: str, postgis: str, edit: int
) -> tuple[tuple[Entry, FeatureChange], ...]:
    """Return what an edit did, in its order; changes in layers that are gone are left out."""
    found = [
        entry
        for entry in entries(connection, schema, postgis, "c.edit = %s", (edit,))
        if entry.layer_uid in plans
    ]
    kept: dict[int, bytes | None] = {}
    for uid in {entry.layer_uid for entry in found}:
        kept.update(kept_shapes(connection, plans[uid], [entry for entry in found if entry.layer_uid == uid]))
    return tuple((entry, _change(plans[entry.layer_uid], entry, kept.get(entry.number))) for entry in found)


def history(connection: Connection, plan: LayerPlan, zs_uid: str) -> tuple[FeatureVersion, ...]:
    """Return a feature's history, the oldest entry first.

    Raises
    ------
    InputError
        When the layer never had such a feature.
    """
    now = read_rows(connection, plan, [zs_uid]).get(zs_uid)
    condition = "c.layer_uid = %s AND c.zs_uid = %s"
    found = entries(connection, plan.schema, plan.postgis, condition, (plan.info.uid, zs_uid))
    if now is None and not found:
        raise no_feature(plan, zs_uid)
    heads = _heads(connection, plan.schema, {entry.edit for entry in found})
    kept = kept_shapes(connection, plan, found)
    versions = []
    if not found or found[0].before is not None:
        first = found[0].row_before(plan, kept.get(found[0].number)) if found else now
        versions.append(FeatureVersion(_layer_came(connection, plan), _state(zs_uid, first), ()))
    for entry in found:
        before, after = (
            entry.row_before(plan, kept.get(entry.number)),
            entry.row_after(plan, kept.get(entry.number)),
        )
        changed = _changed(entry, before, after)
        versions.append(FeatureVersion(heads[entry.edit], _state(zs_uid, after), changed, entry.parents))
    return tuple(versions)


def changes_since(connection: Connection, plan: LayerPlan, version: int) -> tuple[FeatureChange, ...] | None:
    """Return what edits did to a layer after a version; None where edits alone do not tell."""
    told = connection.execute(
        in_schema(
            plan.schema,
            "SELECT edit FROM {schema}.zs_edit_layers WHERE layer_uid = %s AND version > %s ORDER BY version",
        ),
        (plan.info.uid, version),
    ).fetchall()
    if len(told) != plan.info.version - version:
        return None
    condition = "c.layer_uid = %s AND c.edit = ANY(%s)"
    values = (plan.info.uid, [edit for (edit,) in told])
    found = entries(connection, plan.schema, plan.postgis, condition, values)
    then, now = rows_before(connection, plan, found)
    changes = []
    for zs_uid in then:
        if then[zs_uid] is not None or now.get(zs_uid) is not None:
            states = _state(zs_uid, then[zs_uid]), _state(zs_uid, now.get(zs_uid))
            changes.append(FeatureChange(plan.info.uid, zs_uid, *states))
    return tuple(changes)


def rows_before(
    connection: Connection, plan: LayerPlan, found: Sequence[Entry]
) -> tuple[dict[str, Row | None], dict[str, Row]]:
    """Return features as they stood before the first of these changes, and as they stand now."""
    first: dict[str, Entry] = {}
    for entry in found:
        first.setdefault(entry.zs_uid, entry)
    kept = kept_shapes(connection, plan, list(first.values()))
    then = {uid: entry.row_before(plan, kept.get(entry.number)) for uid, entry in first.items()}
    return then, read_rows(connection, plan, list(first))


def edits_after(connection: Connection, schema: str, moment: datetime) -> list[int]:
    """Return the numbers of the edits that were made after a moment.

    What was begun after such an edit was made after the moment, whatever a clock says that was set back
    meanwhile; and so was what was begun before and had to wait for one of them.
    """
    found = connection.execute(in_schema(schema, _EDITS_AFTER), (moment,)).fetchall()
    return [number for (number,) in found]


def changed_by(connection: Connection, plan: LayerPlan, numbers: Sequence[int]) -> list[Entry]:
    """Return the changes that edits made to a layer, in their order."""
    condition = "c.layer_uid = %s AND c.edit = ANY(%s)"
    return entries(connection, plan.schema, plan.postgis, condition, (plan.info.uid, list(numbers)))


def _row(plan: LayerPlan, text: str | None, blob: bytes | None) -> Row | None:
    if text is None:
        return None
    version, fid = row_mark(text)
    return Row(version, blob, row_values(plan, text), fid)


def _change(plan: LayerPlan, entry: Entry, kept: bytes | None) -> FeatureChange:
    before, after = entry.row_before(plan, kept), entry.row_after(plan, kept)
    states = _state(entry.zs_uid, before), _state(entry.zs_uid, after)
    return FeatureChange(entry.layer_uid, entry.zs_uid, *states, entry.parents)


def _changed(entry: Entry, before: Row | None, after: Row | None) -> tuple[str, ...]:
    old, new = before.values if before else {}, after.values if after else {}
    names = [name for name in {**old, **new} if name not in old or name not in new or old[name] != new[name]]
    moved = entry.before_blob is not None or entry.after_blob is not None
    return (*names, *(("geometry",) if moved else ()))


def _heads(connection: Connection, schema: str, numbers: set[int]) -> dict[int, EditHead]:
    found = connection.execute(in_schema(schema, _HEADS), (list(numbers),)).fetchall()
    return {row[1]: head_of(row) for row in found}


def _layer_came(connection: Connection, plan: LayerPlan) -> EditHead:
    """Return the head under which a layer came into the project with its features."""
    found = connection.execute(
        in_schema(
            plan.schema,
            "SELECT time, who FROM {schema}.zs_journal WHERE layer_uid = %s AND action = 'add_layer'"
            " ORDER BY id LIMIT 1",
        ),
        (plan.info.uid,),
    ).fetchone()
    time, who = found or (datetime.fromisoformat("1970-01-01T00:00:00+00:00"), "")
    return EditHead(
        "", 0, time, Author(signed(who, ""), ""), _("Came with the layer"), EditKind.EDIT,
        plan.info.feature_count, layer_uids=(plan.info.uid,),
    )  # fmt: skip


def _state(zs_uid: str, row: Row | None) -> FeatureState | None:
    return None if row is None else state_of(zs_uid, row.version, row.blob, row.values)
