"""Features that another program copied into another layer with their identifier: each gets one of its own.

Within a layer the file itself refuses to have an identifier twice. Across layers only the program sees it:
QGIS takes ``zs_uid`` along like any other column. What another program added is in the journal, so only that
is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import apsw

from layers.errors import ProjectFileError
from layers.store.database import Database, one, rows
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.registry import change_layer, read_layers
from layers.store.uids import new_uids

_OUTSIDE = "outside_change"
_TOUCHED = "SELECT 1 FROM zs_journal WHERE action = 'outside_change' AND feature_uid NOT NULL"
_NOTE = "INSERT INTO zs_journal (who, action, layer_uid, feature_uid, layer_version) VALUES ('', ?, ?, ?, ?)"


@dataclass(frozen=True)
class Parted:
    """How many features of a layer got an identifier of their own."""

    layer: str
    count: int


def parted(database: Database) -> tuple[Parted, ...]:
    """Give such features identifiers of their own, in one transaction; return what was done."""
    with database.reading() as connection:
        if one(connection, f"{_TOUCHED} LIMIT 1") is None or not find_twins(
            connection, read_layers(connection)
        ):
            return ()
    try:
        with database.writing() as connection:
            layers = read_layers(connection)
            return part_twins(connection, layers, find_twins(connection, layers))
    except ProjectFileError:
        return ()  # a full disk keeps nobody from opening: they are parted next time


def find_twins(connection: apsw.Connection, layers: Sequence[LayerInfo]) -> dict[str, tuple[str, ...]]:
    """Return the copies, by layer: ``zs_uid`` of features that are another layer's by right.

    The feature keeps its identifier where it was first: where the program itself knows it from, or where
    another program touched it first.
    """
    held: dict[str, set[str]] = {}
    for info in layers:
        for other in layers:
            if other.uid != info.uid:
                for zs_uid in _in_both(connection, info, other):
                    held.setdefault(zs_uid, set()).update((info.uid, other.uid))
    copies: dict[str, list[str]] = {}
    for zs_uid, uids in held.items():
        first = min(sorted(uids), key=lambda uid: _came(connection, uid, zs_uid))
        for uid in uids - {first}:
            copies.setdefault(uid, []).append(zs_uid)
    return {uid: tuple(sorted(known)) for uid, known in copies.items()}


def doubled_uids(connection: apsw.Connection, info: LayerInfo, layers: Sequence[LayerInfo]) -> dict[str, str]:
    """Return each ``zs_uid`` of a layer that another layer has too, with that layer's name."""
    found: dict[str, str] = {}
    for other in layers:
        if other.uid == info.uid:
            continue
        # the smaller layer is gone through, the larger one asked by its index
        few, many = sorted((info, other), key=lambda one: one.feature_count)
        both = rows(
            connection,
            f"SELECT a.zs_uid FROM {quoted(few.table)} AS a"
            f" CROSS JOIN {quoted(many.table)} AS b ON b.zs_uid = a.zs_uid",
        )
        found.update({str(row[0]): other.name for row in both})
    return found


def part_twins(
    connection: apsw.Connection, layers: Sequence[LayerInfo], copies: Mapping[str, Sequence[str]]
) -> tuple[Parted, ...]:
    """Give copies identifiers of their own, inside the transaction that is open."""
    done = []
    for info in layers:
        known = copies.get(info.uid, ())
        if not known:
            continue
        for zs_uid, fresh in zip(known, new_uids(len(known)), strict=True):
            # a version that rises is the program's own doing: the table's trigger notes nothing
            connection.execute(
                f"UPDATE {quoted(info.table)} SET zs_uid = ?, zs_version = zs_version + 1 WHERE zs_uid = ?",
                (fresh, zs_uid),
            )
            connection.execute(_NOTE, (_OUTSIDE, info.uid, fresh, info.version + 1))
        change_layer(connection, info.uid, {"version": info.version + 1})
        done.append(Parted(info.name, len(known)))
    return tuple(done)


def _in_both(connection: apsw.Connection, info: LayerInfo, other: LayerInfo) -> list[str]:
    """Return what another program touched in one layer and another layer has too."""
    found = rows(
        connection,
        f"SELECT DISTINCT j.feature_uid FROM zs_journal AS j"
        f" JOIN {quoted(info.table)} AS a ON a.zs_uid = j.feature_uid"
        f" JOIN {quoted(other.table)} AS b ON b.zs_uid = j.feature_uid"
        " WHERE j.action = ? AND j.layer_uid = ?",
        (_OUTSIDE, info.uid),
    )
    return [str(row[0]) for row in found]


def _came(connection: apsw.Connection, layer_uid: str, zs_uid: str) -> int:
    """Return where in the journal a feature came to a layer from outside; 0 where the program knows it."""
    found = one(
        connection,
        "SELECT id, action FROM zs_journal WHERE feature_uid = ? AND layer_uid = ? ORDER BY id LIMIT 1",
        (zs_uid, layer_uid),
    )
    return int(found[0]) if found is not None and found[1] == _OUTSIDE else 0
