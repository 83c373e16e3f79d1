"""Single layers taken back from a copy."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import apsw

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.store import reading
from layers.store.adding import LayerDraft, add_layer
from layers.store.database import Database, one, rows
from layers.store.migrations import migrate
from layers.store.model import LayerInfo, NewLayer
from layers.store.naming import quoted
from layers.store.registry import read_layer, read_layers
from layers.words import _

_VERSION = "zs_version"


def bring_layers_back(
    database: Database, copy: Path, layer_uids: Collection[str], progress: Progress
) -> tuple[LayerInfo, ...]:
    """Take layers of a copy back into an open project, in one transaction.

    A layer that is gone from the project comes back as itself: its uid, its features with their identifiers.
    One that is still there comes beside it under a name of its own, its features with new identifiers.

    Raises
    ------
    InputError
        When the copy has no such layer.
    ProjectFileError, JobCancelled
        The project is as before.
    """
    source = Database(copy, read_only=True)
    try:
        source.detach()
        migrate(source)
        with source.reading() as connection:
            found = [info for info in read_layers(connection) if info.uid in layer_uids]
        if len(found) != len(set(layer_uids)):
            raise InputError(_("The copy has no such layer."), where=str(copy))
        with database.writing() as connection:
            brought = [
                _bring(
                    connection,
                    source,
                    info,
                    copy.name,
                    ProgressPart(progress, number / len(found), (number + 1) / len(found)),
                )
                for number, info in enumerate(found)
            ]
            return tuple(info for uid in brought if (info := read_layer(connection, uid)) is not None)
    finally:
        source.close()


def _bring(
    connection: apsw.Connection, source: Database, info: LayerInfo, copy: str, progress: Progress
) -> str:
    gone = one(connection, "SELECT 1 FROM zs_layers WHERE uid = ?", (info.uid,)) is None
    progress.step(0.0, _("Reading layer “{layer}”").format(layer=info.name))
    frame = reading.read_frame(source, info, columns=[*(field.name for field in info.fields), _VERSION])
    versions = frame[_VERSION]
    draft = LayerDraft.prepare(
        _as_new(info, _free_name(connection, info.name), copy, info.uid if gone else ""),
        (frame.reset_index() if gone else frame).drop(columns=_VERSION),
    )
    if gone:
        connection.execute("DELETE FROM zs_retired WHERE layer_uid = ?", (info.uid,))
    uid = add_layer(connection, draft, ProgressPart(progress, 0.3, 1.0))
    if gone:
        _go_on(connection, info, dict(zip(versions.index, versions.tolist(), strict=True)))
    return uid


def _go_on(connection: apsw.Connection, info: LayerInfo, versions: dict[str, int]) -> None:
    """Give a layer that is back, and its features, versions above all they had."""
    (table,) = one(connection, "SELECT table_name FROM zs_layers WHERE uid = ?", (info.uid,)) or ("",)
    (before,) = one(
        connection, "SELECT max(layer_version) FROM zs_journal WHERE layer_uid = ?", (info.uid,)
    ) or (None,)
    version = max(info.version, before or 0) + 1
    connection.execute("UPDATE zs_layers SET version = ? WHERE uid = ?", (version, info.uid))
    had = _versions_had(connection, info.uid)
    connection.executemany(
        f"UPDATE {quoted(table)} SET zs_version = ? WHERE zs_uid = ?",
        [(max(number, had.get(zs_uid, 1)) + 1, zs_uid) for zs_uid, number in versions.items()],
    )


def _versions_had(connection: apsw.Connection, layer_uid: str) -> dict[str, int]:
    """Return no less than the highest version each feature had; other programs' changes say no number."""
    found = rows(
        connection,
        "SELECT feature_uid, max(coalesce(json_extract(before, '$.version'), 1)),"
        " max(coalesce(json_extract(after, '$.version'), 1)), sum(action = 'outside_change')"
        " FROM zs_journal WHERE layer_uid = ? AND feature_uid NOT NULL GROUP BY feature_uid",
        (layer_uid,),
    )
    return {zs_uid: max(before, after) + outside for zs_uid, before, after, outside in found}


def _as_new(info: LayerInfo, name: str, copy: str, uid: str) -> NewLayer:
    return NewLayer(
        name,
        info.kind,
        info.crs,
        standard=info.standard,
        demo=info.demo,
        status=info.status,
        secrecy=info.secrecy,
        visible=info.visible,
        opacity=info.opacity,
        style=info.style,
        source={**info.source, "copy": copy},
        uid=uid,
    )


def _free_name(connection: apsw.Connection, name: str) -> str:
    taken = {row[0] for row in rows(connection, "SELECT identifier FROM gpkg_contents")}
    if name not in taken:
        return name
    number, wanted = 1, _("{name} (from a copy)").format(name=name)
    while wanted in taken:
        number += 1
        wanted = _("{name} (from a copy {number})").format(name=name, number=number)
    return wanted
