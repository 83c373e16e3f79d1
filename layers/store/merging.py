"""What a merge asks of a project file besides edits: what differs, and all written in one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import apsw
import numpy as np

from layers.edits import Edit, EditRecord, FeatureState
from layers.errors import StaleEditError
from layers.kinds import kind
from layers.progress import NoProgress, Progress
from layers.store.adding import LayerDraft, add_layer
from layers.store.blob import body
from layers.store.column_writing import ColumnValues, add_columns
from layers.store.columns import TableColumn
from layers.store.database import rows
from layers.store.editing import LayerChange, remove_layer, update_layer
from layers.store.edits import heads
from layers.store.edits.losses import require_readable
from layers.store.edits.project_edits import ProjectEdits
from layers.store.geometry import check_geometries, for_table
from layers.store.layer_table import TableContent
from layers.store.model import LayerInfo, NewLayer
from layers.store.naming import quoted
from layers.store.records import write_run, write_setting
from layers.store.registry import place, read_layers
from layers.store.uids import new_uid
from layers.words import _

_REPORTED_ROWS = 20_000
_MARK_BYTES = 16


@dataclass(frozen=True)
class LayerCopy:
    """A layer of another file of the same project, with its features.

    Attributes
    ----------
    name : str
        What it is called here.
    info : LayerInfo
        As it stands there.
    """

    name: str
    info: LayerInfo
    features: Sequence[FeatureState]


@dataclass(frozen=True)
class ProjectChanges:
    """What changes about a project besides features.

    Attributes
    ----------
    expected : mapping
        The version of every layer, by uid, that the changes were thought out for.
    removed : tuple of str
        Layers that go.
    columns : mapping
        New columns by layer.
    looks : mapping
        What is said of a layer, by layer: names of :class:`LayerChange`'s fields and their values.
    order : tuple of str
        Layers in the order in which they are to lie among one another, top first; empty leaves it.
    settings : mapping
        Settings by key.
    runs : tuple of mapping
        Records of analyses, each with its ``uid``.
    record : mapping
        What is kept of the merge among the runs; ``edit_uid`` is added.
    """

    expected: Mapping[str, int] = field(default_factory=dict)
    added: tuple[LayerCopy, ...] = ()
    removed: tuple[str, ...] = ()
    columns: Mapping[str, tuple[ColumnValues, ...]] = field(default_factory=dict)
    looks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    runs: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


class ProjectMerging(ProjectEdits):
    """The part of a project that is compared and brought together with other files of the same project."""

    def settings(self) -> dict[str, Any]:
        """Return all settings by key."""
        with self._database.reading() as connection:
            found = rows(connection, "SELECT key, value FROM zs_settings ORDER BY key")
        return {key: json.loads(value) for key, value in found}

    def fingerprints(self, layer_uid: str, progress: Progress | None = None) -> dict[str, bytes]:
        """Return a mark of each feature of a layer: alike where shape and values are alike, bit for bit.

        A column without a value is as no column.
        """
        reporter = progress or NoProgress()
        with self._database.reading() as connection:
            info = self._info(connection, layer_uid)
            return _fingerprints(connection, info, reporter)

    def lineage(self, uids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the features each was made from or took land from, for those that have any."""
        with self._database.reading() as connection:
            if not connection.table_exists("main", "zs_lineage"):
                return {}  # a file of the first format that may only be read
            found = rows(
                connection,
                "SELECT child, parent FROM zs_lineage WHERE child IN (SELECT value FROM json_each(?))"
                " ORDER BY id",
                (json.dumps(list(uids)),),
            )
        parents: dict[str, dict[str, None]] = {}
        for child, parent in found:
            parents.setdefault(child, {})[parent] = None
        return {child: tuple(known) for child, known in parents.items()}

    def touched_by(self, edit_uids: Collection[str]) -> tuple[tuple[str, str, str], ...]:
        """Return which features edits touched, in their order: edit, layer, feature, each by its uid."""
        with self._database.reading() as connection:
            found = rows(
                connection,
                "SELECT edit_uid, layer_uid, feature_uid FROM zs_journal"
                " WHERE edit_uid IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(list(edit_uids)),),
            )
        return tuple((edit, layer, feature) for edit, layer, feature in found)

    def merge(
        self, changes: ProjectChanges, edit: Edit, progress: Progress | None = None
    ) -> EditRecord | None:
        """Write a merge, in one transaction: all of it or nothing. None where no feature changed.

        Raises
        ------
        StaleEditError
            When a layer changed, came or went since the merge was thought out.
        InputError
            When something cannot be held; nothing is changed.
        ProjectFileError
            When it cannot be written; nothing is changed.
        JobCancelled
        """
        reporter = progress or NoProgress()
        named = edit if edit.uid else replace(edit, uid=new_uid())
        with self._database.writing(heads.landed(named.uid) if edit.changes else None) as connection:
            infos = {info.uid: info for info in read_layers(connection)}
            _require_unchanged(infos, changes.expected)
            _write_layers(connection, infos, changes, reporter)
            record, layers = None, None
            if edit.changes:
                record, layers = self._apply_inside(connection, named, reporter)
            if changes.record:
                of = {"edit_uid": record.head.uid} if record is not None else {}
                write_run(connection, {**changes.record, **of})
        if layers is not None:
            self._list = layers
        return record


def _fingerprints(connection: apsw.Connection, info: LayerInfo, progress: Progress) -> dict[str, bytes]:
    names = sorted(one.name for one in info.fields)
    selected = ", ".join(quoted(name) for name in ("zs_uid", "geom", *names))
    marks: dict[str, bytes] = {}
    for number, (uid, blob, *values) in enumerate(
        connection.execute(f"SELECT {selected} FROM {quoted(info.table)} WHERE zs_uid NOT NULL")
    ):
        if number % _REPORTED_ROWS == 0:
            progress.step(number / max(info.feature_count, 1), _("Comparing features"))
        marks[uid] = feature_mark(blob, names, values)
    return marks


def feature_mark(blob: bytes | None, names: Sequence[str], values: Sequence[Any]) -> bytes:
    """Return a mark of a feature that is the same in every store that holds the same.

    Parameters
    ----------
    blob : bytes or None
        Its shape with a header; only what follows the header counts, where there is one.
    names : sequence of str
        Sorted fields, for ``values``.
    """
    try:
        shape = None if blob is None else body(blob)
    except ValueError:
        shape = blob
    held = [each for each in zip(names, values, strict=True) if each[1] is not None]
    mark = blake2b(b"" if shape is None else shape, digest_size=_MARK_BYTES)
    mark.update(repr((None if shape is None else len(shape), held)).encode("utf-8", "surrogatepass"))
    return mark.digest()


def _require_unchanged(infos: Mapping[str, LayerInfo], expected: Mapping[str, int]) -> None:
    for uid in {**expected, **infos}:
        if uid not in infos or infos[uid].version != expected.get(uid):
            raise StaleEditError(
                _("The project was changed since the merge was worked out."),
                where=infos[uid].name if uid in infos else uid,
                remedy=_("Work the merge out again; what you decided is kept where it still holds."),
            )


def _write_layers(
    connection: apsw.Connection, infos: Mapping[str, LayerInfo], changes: ProjectChanges, progress: Progress
) -> None:
    for uid in changes.removed:
        remove_layer(connection, infos[uid])
    for uid, columns in changes.columns.items():
        add_columns(connection, infos[uid], columns, {"reason": _("Bring a working copy back")})
    _rename_apart(connection, infos, changes)
    for uid, look in changes.looks.items():
        update_layer(connection, infos[uid], LayerChange(**look))
    for copy in changes.added:
        # what was taken out with the layer comes back with it
        connection.execute("DELETE FROM zs_retired WHERE layer_uid = ?", (copy.info.uid,))
        add_layer(connection, copied_draft(copy), progress)
    _put_in_order(connection, changes.order)
    for key, value in changes.settings.items():
        write_setting(connection, key, value)
    for run in changes.runs:
        write_run(connection, run)


def _rename_apart(
    connection: apsw.Connection, infos: Mapping[str, LayerInfo], changes: ProjectChanges
) -> None:
    """Free the names that layers exchange among themselves, before each gets its own."""
    renamed = {uid for uid, look in changes.looks.items() if "name" in look}
    wanted = {str(changes.looks[uid]["name"]) for uid in renamed}
    for uid in renamed:
        if infos[uid].name in wanted:
            update_layer(connection, infos[uid], LayerChange(name=f"{infos[uid].name} {uid}"))


def _put_in_order(connection: apsw.Connection, order: Sequence[str]) -> None:
    """Let layers lie in this order, on the places that they hold together; the others stay where they are."""
    if not order:
        return
    known = [row[0] for row in rows(connection, "SELECT uid FROM zs_layers ORDER BY position, id")]
    wanted = iter(uid for uid in order if uid in known)
    moving = set(order)
    for number, uid in enumerate([next(wanted) if uid in moving else uid for uid in known], start=1):
        place(connection, uid, number)


def copied_draft(copy: LayerCopy) -> LayerDraft:
    """Return a layer that is ready to be written, with the columns it has there.

    Raises
    ------
    InputError
        When a shape cannot be read or held.
    """
    info, declared = copy.info, kind(copy.info.kind)
    for feature in copy.features:
        require_readable(info, feature)
    shapes = np.empty(len(copy.features), dtype=object)
    shapes[:] = [feature.geometry for feature in copy.features]
    check_geometries(shapes, declared.geometry, copy.name)
    held, table = for_table(shapes, declared.geometry)
    columns = [
        TableColumn(
            one.name, one.type, [each.values[one.name] for each in copy.features], one.alias, one.unit
        )
        for one in info.fields
    ]
    return LayerDraft(
        new=NewLayer(
            name=copy.name,
            kind=info.kind,
            crs=info.crs,
            standard=info.standard,
            demo=info.demo,
            status=info.status,
            secrecy=info.secrecy,
            style=info.style,
            source=info.source,
            visible=info.visible,
            opacity=info.opacity,
            uid=info.uid,
        ),
        kind=declared,
        table=table,
        content=TableContent([each.zs_uid for each in copy.features], held, columns),
        style=info.style.model_dump_json(),
        given_uids=True,
    )
