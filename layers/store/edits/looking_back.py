"""How features stood before: the history of one, all of them at a moment, what changed since a version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import apsw

from layers.edits import Author, EditHead, EditKind, FeatureChange, FeatureState, FeatureVersion
from layers.errors import InputError
from layers.store.database import one
from layers.store.edits.deltas import DeltaMismatchError
from layers.store.edits.entries import Entry, Row, entries, entries_of_edit
from layers.store.edits.heads import as_text, as_time, read_head
from layers.store.edits.undoing import current_row
from layers.store.edits.writing import state_of
from layers.store.model import LayerInfo
from layers.words import _

_COLUMN_WRITING = "write_columns"
_OUTSIDE = "outside_change"
# an entry of format 1 that tells of columns written for all features
_OF_ALL_FEATURES = "action = ? AND feature_uid IS NULL AND json_type(before, '$.values') NOT NULL"


def history(connection: apsw.Connection, info: LayerInfo, zs_uid: str) -> tuple[FeatureVersion, ...]:
    """Return a feature's history, the oldest entry first; see ``EditStore.history``.

    Raises
    ------
    InputError
        When the layer never had such a feature.
    """
    row: Row | None = current_row(connection, info, zs_uid)
    found = _entries_about(connection, info, zs_uid)
    if row is None and not found:
        raise InputError(
            _("Layer “{layer}” has no feature {uid}.").format(layer=info.name, uid=zs_uid),
            remedy=_("It may have been deleted; look again in the layer's table."),
        )
    versions: list[FeatureVersion] = []
    certain = True
    for entry in reversed(found):
        told = certain
        try:
            before = _before(connection, entry, zs_uid, row) if certain else row
        except DeltaMismatchError:
            # what another program left is what stands; what an edit left is not: the layer came from a copy
            before, certain, told = row, False, entry.action == _OUTSIDE
        if not _says_nothing(entry, row, before):
            state = _state(zs_uid, row) if told else None
            changed = entry.changed or _fields_between(before, row)
            versions.append(FeatureVersion(_head(connection, entry), state, changed, entry.parents, told))
        row = before
    if not found or found[0].action != "add_feature":
        head = _layer_came(connection, info)
        versions.append(FeatureVersion(head, _state(zs_uid, row) if certain else None, (), (), certain))
    return tuple(reversed(versions))


def changes_since(
    connection: apsw.Connection, info: LayerInfo, version: int
) -> tuple[FeatureChange, ...] | None:
    """Return what edits did to a layer after a version, a feature once; None where edits do not tell."""
    if version > info.version:
        return None
    found = entries(connection, "layer_uid = ? AND layer_version > ? ORDER BY id", (info.uid, version))
    told = {entry.layer_version for entry in found if entry.edit_uid}
    if len(told) != info.version - version or not all(entry.edit_uid for entry in found):
        return None
    last: dict[str, list[Entry]] = {}
    for entry in found:
        last.setdefault(entry.zs_uid, []).append(entry)
    changes = []
    for zs_uid, of_one in last.items():
        now = current_row(connection, info, zs_uid)
        try:
            then = _rewound(now, of_one)
        except DeltaMismatchError:
            return None
        if then is not None or now is not None:
            changes.append(FeatureChange(info.uid, zs_uid, _state(zs_uid, then), _state(zs_uid, now)))
    return tuple(changes)


def edit_changes(
    connection: apsw.Connection, layers: Mapping[str, LayerInfo], edit_uid: str
) -> tuple[FeatureChange, ...]:
    """Return what an edit did, in its order.

    Changes in layers that are gone, and of features that another program changed later, are left out.
    """
    changes = []
    for entry in entries_of_edit(connection, edit_uid):
        if entry.layer_uid not in layers:
            continue
        later = entries(connection, "feature_uid = ? AND id > ? ORDER BY id", (entry.zs_uid, entry.number))
        now = current_row(connection, layers[entry.layer_uid], entry.zs_uid)
        try:
            after = _rewound(now, later)
            before = entry.back(after)
        except DeltaMismatchError:
            continue
        states = _state(entry.zs_uid, before), _state(entry.zs_uid, after)
        changes.append(FeatureChange(entry.layer_uid, entry.zs_uid, *states, entry.parents))
    return tuple(changes)


def rows_at(
    connection: apsw.Connection, layers: Mapping[str, LayerInfo], moment: datetime
) -> Iterator[tuple[str, str, Row | None, Row | None]]:
    """Return features that stood otherwise at a moment: layer, ``zs_uid``, as it is, as it was.

    Raises
    ------
    InputError
        When a feature was changed by something that the journal does not tell.
    """
    first = _first_after(connection, moment)
    later = "layer_uid = ? AND id >= ? AND feature_uid NOT NULL ORDER BY id"
    for uid, info in layers.items():
        _require_no_columns_for_all(connection, info, first)
        by_feature: dict[str, list[Entry]] = {}
        for entry in entries(connection, later, (uid, first)):
            by_feature.setdefault(entry.zs_uid, []).append(entry)
        for zs_uid, of_one in by_feature.items():
            now = current_row(connection, info, zs_uid)
            try:
                then = _rewound(now, of_one)
            except DeltaMismatchError as error:
                raise InputError(
                    _("Layer “{layer}” was changed by another program after that moment.").format(
                        layer=info.name
                    ),
                    where=zs_uid,
                    remedy=_("Go back to a backup of that day instead."),
                    details=str(error),
                ) from error
            if not _alike(now, then):
                yield uid, zs_uid, now, then


def _first_after(connection: apsw.Connection, moment: datetime) -> int:
    """Return the number of the first entry after a moment.

    What was written after it happened after it, whatever a clock says that was set back meanwhile: edits keep
    their times in order, but what another program does bears the time of that day.
    """
    found = one(connection, "SELECT min(id) FROM zs_journal WHERE time > ?", (as_text(moment),))
    if found is None or found[0] is None:
        found = one(connection, "SELECT coalesce(max(id), 0) + 1 FROM zs_journal")
    return int(found[0]) if found is not None else 1


def _require_no_columns_for_all(connection: apsw.Connection, info: LayerInfo, first: int) -> None:
    """Refuse to go back past columns written in format 1, whose one entry is not about single features.

    Raises
    ------
    InputError
    """
    condition = f"layer_uid = ? AND {_OF_ALL_FEATURES} AND id >= ? LIMIT 1"
    if entries(connection, condition, (info.uid, _COLUMN_WRITING, first)):
        raise InputError(
            _("Columns of layer “{layer}” were written after that moment by an older program.").format(
                layer=info.name
            ),
            remedy=_("Go back to a backup of that day instead."),
        )


def _rewound(row: Row | None, of_one: list[Entry]) -> Row | None:
    for entry in reversed(of_one):
        if entry.action == _OUTSIDE:
            raise DeltaMismatchError("changed by another program")
        row = entry.back(row)
    return row


def _alike(first: Row | None, second: Row | None) -> bool:
    if first is None or second is None:
        return first is second
    return (first.blob, dict(first.values)) == (second.blob, dict(second.values))


def _entries_about(connection: apsw.Connection, info: LayerInfo, zs_uid: str) -> list[Entry]:
    """Return the entries about one feature, those of format 1 about columns of all features among them."""
    own = entries(connection, "feature_uid = ? AND layer_uid = ? ORDER BY id", (zs_uid, info.uid))
    columns = entries(
        connection,
        f"layer_uid = ? AND {_OF_ALL_FEATURES} ORDER BY id",
        (info.uid, _COLUMN_WRITING),
    )
    return sorted([*own, *columns], key=lambda entry: entry.number)


def _says_nothing(entry: Entry, row: Row | None, before: Row | None) -> bool:
    """Tell whether an entry about columns of all features did nothing to this one."""
    return (
        entry.action == _COLUMN_WRITING
        and row is not None
        and before is not None
        and row.values == before.values
    )


def _fields_between(before: Row | None, after: Row | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ()
    return tuple(name for name, value in after.values.items() if before.values.get(name) != value)


def _before(connection: apsw.Connection, entry: Entry, zs_uid: str, row: Row | None) -> Row | None:
    if entry.action == _OUTSIDE:
        raise DeltaMismatchError("changed by another program")
    return entry.back(row) if entry.zs_uid else _before_columns(connection, entry, zs_uid, row)


def _before_columns(connection: apsw.Connection, entry: Entry, zs_uid: str, row: Row | None) -> Row:
    """Return a feature before columns were written in format 1, where one entry told it for all features."""
    held = one(connection, "SELECT before FROM zs_journal WHERE id = ?", (entry.number,))
    if row is None or held is None:
        raise DeltaMismatchError("columns of a feature that is not there")
    told = json.loads(held[0])
    old = {name: values[zs_uid] for name, values in told["values"].items() if zs_uid in values}
    old |= dict.fromkeys(name for name in told["without"] if name in row.values)
    if all(row.values.get(name) == value for name, value in old.items()):
        return row
    return replace(row, version=row.version - 1, values={**row.values, **old})


def _head(connection: apsw.Connection, entry: Entry) -> EditHead:
    if entry.edit_uid:
        head = read_head(connection, entry.edit_uid)
        if head is not None:
            return head
    title = {
        _OUTSIDE: _("Changed by another program"),
        _COLUMN_WRITING: _("Columns written"),
    }.get(entry.action, _("Changed"))
    author = Author(entry.who, "")
    return EditHead(
        "", 0, as_time(entry.time), author, title, EditKind.EDIT, 1, layer_uids=(entry.layer_uid,)
    )


def _layer_came(connection: apsw.Connection, info: LayerInfo) -> EditHead:
    """Return the head under which a layer came into the project with its features."""
    query = (
        "SELECT time, who FROM zs_journal WHERE layer_uid = ? AND action = 'add_layer' ORDER BY id LIMIT 1"
    )
    found = one(connection, query, (info.uid,))
    time, who = found or ("1970-01-01T00:00:00Z", "")
    return EditHead(
        "", 0, as_time(time), Author(who, ""), _("Came with the layer"), EditKind.EDIT, info.feature_count,
        layer_uids=(info.uid,),
    )  # fmt: skip


def _state(zs_uid: str, row: Row | None) -> FeatureState | None:
    return None if row is None else state_of(zs_uid, row.version, row.blob, row.values)
