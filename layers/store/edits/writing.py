"""The one place where features of the project file are added, changed and removed, each with its entry."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import apsw

from layers.edits import EditHead, FeatureChange, FeatureState, Keep
from layers.errors import InputError, StaleEditError
from layers.store.blob import decode_readable, is_plain, readable
from layers.store.database import one, rows
from layers.store.edits.deltas import shape_delta
from layers.store.edits.entries import same_value
from layers.store.edits.extents import Box, box_of, renewed_extent
from layers.store.edits.heads import as_text
from layers.store.edits.journal_values import dump_state, load_state
from layers.store.edits.steps import Alter, Put, Step, Take
from layers.store.geometry import from_table, one_from_table
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.registry import change_layer
from layers.words import _

_ENTRY = (
    "INSERT INTO zs_journal (time, who, action, layer_uid, feature_uid, before, after,"
    " edit_uid, layer_version, shape) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class StoredFeature:
    """A row of a layer's table."""

    def __init__(self, row: tuple[Any, ...], fields: tuple[str, ...]) -> None:
        self.fid: int = row[0]
        self.uid: str = row[1]
        self.version: int = row[2]
        self.blob: bytes | None = row[3]
        self.values: dict[str, Any] = dict(zip(fields, row[4:], strict=True))

    @property
    def state(self) -> FeatureState:
        """The feature as the program works with it."""
        return state_of(self.uid, self.version, self.blob, self.values)


def shape_of(blob: bytes | None) -> Any | None:
    """Return a stored shape as the program works with it; None where there is none that can be read."""
    return one_from_table(readable(blob))


def state_of(zs_uid: str, version: int, blob: bytes | None, values: Mapping[str, Any]) -> FeatureState:
    """Return a feature as the program works with it, of what is stored."""
    shape = shape_of(blob)
    return FeatureState(zs_uid, version, shape, values, unreadable=shape is None and blob is not None)


def read_stored(connection: apsw.Connection, info: LayerInfo, zs_uid: str) -> StoredFeature | None:
    """Return the row of a feature, if there is one."""
    fields = tuple(one_.name for one_ in info.fields)
    names = ", ".join(quoted(name) for name in ("fid", "zs_uid", "zs_version", "geom", *fields))
    found = one(connection, f"SELECT {names} FROM {quoted(info.table)} WHERE zs_uid = ?", (zs_uid,))
    return None if found is None else StoredFeature(found, fields)


def read_unusual(connection: apsw.Connection, info: LayerInfo, zs_uid: str) -> FeatureState | None:
    """Return a feature as it stands, if there is one whose shape has more than straight edges and heights."""
    found = one(connection, f"SELECT geom FROM {quoted(info.table)} WHERE zs_uid = ?", (zs_uid,))
    if found is None or is_plain(found[0]):
        return None
    stored = read_stored(connection, info, zs_uid)
    return None if stored is None else stored.state


def read_states(
    connection: apsw.Connection, info: LayerInfo, uids: Collection[str] | None
) -> tuple[FeatureState, ...]:
    """Return features as they stand, all or some; shapes that cannot be read are None."""
    fields = tuple(one_.name for one_ in info.fields)
    names = ", ".join(quoted(name) for name in ("fid", "zs_uid", "zs_version", "geom", *fields))
    condition, values = (
        ("", ())
        if uids is None
        else (" WHERE zs_uid IN (SELECT value FROM json_each(?))", (json.dumps(list(uids)),))
    )
    found = rows(connection, f"SELECT {names} FROM {quoted(info.table)}{condition} ORDER BY fid", values)
    shapes = from_table(decode_readable([row[3] for row in found]))
    return tuple(
        FeatureState(
            row[1],
            row[2],
            shape,
            dict(zip(fields, row[4:], strict=True)),
            unreadable=shape is None and row[3] is not None,
        )
        for row, shape in zip(found, shapes, strict=True)
    )


class EditWriter:
    """Writes the steps of one edit inside the transaction that is open.

    Parameters
    ----------
    head : EditHead
        The edit; its row is there already.
    layers : mapping
        The layers it may touch, by uid, as they stand before it.
    """

    def __init__(self, connection: apsw.Connection, head: EditHead, layers: Mapping[str, LayerInfo]) -> None:
        self._connection = connection
        self._head = head
        self._time = as_text(head.time)
        self._layers = layers
        # by layer and feature: the box before the edit and the one after the last step
        self._boxes: dict[str, dict[str, tuple[Box | None, Box | None]]] = {}
        self._added: dict[str, int] = {}
        self._changes: list[FeatureChange] = []

    @property
    def layers(self) -> Mapping[str, LayerInfo]:
        """The layers it may touch."""
        return self._layers

    @property
    def changes(self) -> tuple[FeatureChange, ...]:
        """What was done so far."""
        return tuple(self._changes)

    def info(self, layer_uid: str) -> LayerInfo:
        """Return a layer as it stands before the edit.

        Raises
        ------
        InputError
            When the project has none.
        """
        if layer_uid not in self._layers:
            raise InputError(
                _("The layer is no longer in the project."),
                where=layer_uid,
                remedy=_("Open the project again and repeat."),
            )
        return self._layers[layer_uid]

    def write(self, step: Step) -> None:
        """Do one step.

        Raises
        ------
        StaleEditError
            When the feature was changed or removed since the step was thought out.
        InputError
            When a new feature's identifier is in use.
        """
        if isinstance(step, Put):
            self._put(step)
        elif isinstance(step, Alter):
            self._alter(step)
        else:
            self._take(step)

    def finish(self) -> tuple[LayerInfo, ...]:
        """Let versions, extents and dates of the touched layers follow; return these layers."""
        renewed = []
        for uid in dict.fromkeys(change.layer_uid for change in self._changes):
            info = self._layers[uid]
            boxes = self._boxes.get(uid, {}).values()
            gone = [before for before, _after in boxes if before is not None]
            come = [after for _before, after in boxes if after is not None]
            extent = renewed_extent(self._connection, info.table, info.bounds, gone, come)
            self._connection.execute(
                "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, last_change = ?"
                " WHERE table_name = ?",
                (*(extent or (None,) * 4), self._time, info.table),
            )
            change_layer(self._connection, uid, {"version": info.version + 1})
            renewed.append(
                replace(
                    info,
                    version=info.version + 1,
                    bounds=extent,
                    feature_count=info.feature_count + self._added.get(uid, 0),
                )
            )
        return tuple(renewed)

    def _put(self, step: Put) -> None:
        info = self.info(step.layer_uid)
        version = self._admit(info, step.zs_uid)
        # every field, so that what the journal keeps is all there was
        values = {one_.name: step.values.get(one_.name) for one_ in info.fields}
        names = ["zs_uid", "zs_version", "geom", *values]
        # below zero: the table's trigger tells the program's own features from those of other programs by it
        row = [step.zs_uid, -version, step.blob, *values.values()]
        if step.fid:
            names, row = ["fid", *names], [step.fid, *row]
        self._connection.execute(
            f"INSERT INTO {quoted(info.table)} ({', '.join(map(quoted, names))})"
            f" VALUES ({', '.join('?' * len(names))})",
            row,
        )
        fid = step.fid or self._connection.last_insert_rowid()
        self._connection.execute(
            f"UPDATE {quoted(info.table)} SET zs_version = ? WHERE fid = ?", (version, fid)
        )
        after = state_of(step.zs_uid, version, step.blob, values)
        more = {"parents": list(step.parents)} if step.parents else {}
        self._note(
            "add_feature", info, step.zs_uid, None, dump_state(version, values, fid=fid, **more),
            shape_delta(None, step.blob),
        )  # fmt: skip
        self._relate(step.zs_uid, step.parents)
        self._added[info.uid] = self._added.get(info.uid, 0) + 1
        self._note_boxes(info, step.zs_uid, None, step.blob)
        self._changes.append(FeatureChange(info.uid, step.zs_uid, None, after, step.parents))

    def _admit(self, info: LayerInfo, zs_uid: str) -> int:
        """Return the version a feature begins with: after the last one, where it was there before."""
        used = any(
            one(self._connection, f"SELECT 1 FROM {quoted(other.table)} WHERE zs_uid = ?", (zs_uid,))
            for other in self._layers.values()
        )
        retired = one(self._connection, "SELECT layer_uid FROM zs_retired WHERE zs_uid = ?", (zs_uid,))
        if used or (retired is not None and retired[0] != info.uid):
            raise InputError(
                _("Identifier {uid} was used in this project before.").format(uid=zs_uid),
                where=info.name,
                remedy=_("Leave the column zs_uid out; identifiers are then made."),
            )
        if retired is None:
            return 1
        self._connection.execute("DELETE FROM zs_retired WHERE zs_uid = ?", (zs_uid,))
        last = one(
            self._connection,
            "SELECT before FROM zs_journal WHERE feature_uid = ? AND action = 'remove_feature'"
            " ORDER BY id DESC LIMIT 1",
            (zs_uid,),
        )
        return int(load_state(last[0])["version"]) + 1 if last else 1

    def _alter(self, step: Alter) -> None:
        info = self.info(step.layer_uid)
        stored = self._stored(info, step.zs_uid, step.version)
        blob = stored.blob if isinstance(step.blob, Keep) else step.blob
        changed = {
            name: value for name, value in step.values.items() if not same_value(value, stored.values[name])
        }
        new = {"zs_version": stored.version + 1, **({} if blob == stored.blob else {"geom": blob}), **changed}
        settings = ", ".join(f"{quoted(name)} = ?" for name in new)
        self._connection.execute(
            f"UPDATE {quoted(info.table)} SET {settings} WHERE fid = ?", (*new.values(), stored.fid)
        )
        before = {name: stored.values[name] for name in changed}
        more = {"parents": list(step.parents)} if step.parents else {}
        self._note(
            "change_feature", info, step.zs_uid, dump_state(stored.version, before),
            dump_state(stored.version + 1, changed, **more), shape_delta(stored.blob, blob),
        )  # fmt: skip
        self._relate(step.zs_uid, step.parents)
        self._note_boxes(info, step.zs_uid, stored.blob, blob)
        old = stored.state
        values = {**stored.values, **changed}
        if blob == stored.blob:
            after = replace(old, version=stored.version + 1, values=values)
        else:
            after = state_of(step.zs_uid, stored.version + 1, blob, values)
        self._changes.append(FeatureChange(info.uid, step.zs_uid, old, after, step.parents))

    def _take(self, step: Take) -> None:
        info = self.info(step.layer_uid)
        stored = self._stored(info, step.zs_uid, step.version)
        # first, so that the table's trigger knows the row is not taken by another program
        self._connection.execute(
            "INSERT INTO zs_retired (zs_uid, layer_uid) VALUES (?, ?)", (step.zs_uid, info.uid)
        )
        self._connection.execute(f"DELETE FROM {quoted(info.table)} WHERE fid = ?", (stored.fid,))
        self._note(
            "remove_feature", info, step.zs_uid, dump_state(stored.version, stored.values, fid=stored.fid),
            None, shape_delta(stored.blob, None),
        )  # fmt: skip
        self._added[info.uid] = self._added.get(info.uid, 0) - 1
        self._note_boxes(info, step.zs_uid, stored.blob, None)
        self._changes.append(FeatureChange(info.uid, step.zs_uid, stored.state, None))

    def _stored(self, info: LayerInfo, zs_uid: str, version: int) -> StoredFeature:
        stored = read_stored(self._connection, info, zs_uid)
        if stored is None or (version and stored.version != version):
            raise stale(info, zs_uid)
        return stored

    def _note(
        self,
        action: str,
        info: LayerInfo,
        zs_uid: str,
        before: str | None,
        after: str | None,
        shape: bytes | None,
    ) -> None:
        head = self._head
        self._connection.execute(
            _ENTRY,
            (
                self._time, head.author.name, action, info.uid, zs_uid, before, after,
                head.uid, info.version + 1, shape,
            ),
        )  # fmt: skip

    def _relate(self, child: str, parents: tuple[str, ...]) -> None:
        self._connection.executemany(
            "INSERT INTO zs_lineage (child, parent, edit_uid) VALUES (?, ?, ?)",
            [(child, parent, self._head.uid) for parent in parents if parent != child],
        )

    def _note_boxes(self, info: LayerInfo, zs_uid: str, before: bytes | None, after: bytes | None) -> None:
        if before == after:
            return
        boxes = self._boxes.setdefault(info.uid, {})
        first = boxes[zs_uid][0] if zs_uid in boxes else box_of(before)
        boxes[zs_uid] = (first, box_of(after))


def stale(info: LayerInfo, zs_uid: str) -> StaleEditError:
    """Return the error for a feature that is not as it was when an edit was thought out."""
    return StaleEditError(
        _("A feature of layer “{layer}” was changed or deleted meanwhile.").format(layer=info.name),
        where=zs_uid,
        remedy=_("Look at it again and repeat the edit."),
    )


def read_srs_id(connection: apsw.Connection, info: LayerInfo) -> int:
    """Return the number under which a layer's blobs name its coordinate system."""
    found = rows(connection, "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (info.table,))
    return int(found[0][0]) if found else 0
