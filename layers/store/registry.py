"""The list of a project's layers: rows of ``zs_layers``, joined with what GeoPackage knows of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import apsw
import pyproj

from layers.kind import GeometryType, Kind
from layers.store.database import one, rows
from layers.store.model import LayerField, LayerInfo
from layers.store.naming import quoted
from layers.store.values import sql_type_of
from layers.style import Style

_QUERY = """
SELECT l.uid, l.table_name, l.name, l.kind, l.geometry, l.crs, l.version, l.standard, l.demo, l.status,
       l.secrecy, l.visible, l.opacity, l.position, l.style, l.source,
       c.min_x, c.min_y, c.max_x, c.max_y
FROM zs_layers AS l JOIN gpkg_contents AS c ON c.table_name = l.table_name
"""
_ORDER = " ORDER BY l.position, l.id"
# Every layer is read again after every change; most have the style and the system of before.
_KEPT = 512
_OWN_COLUMNS = ("fid", "geom", "zs_uid", "zs_version")


def read_layers(connection: apsw.Connection) -> tuple[LayerInfo, ...]:
    """Return all layers in drawing order, top first."""
    return tuple(_info(connection, row) for row in rows(connection, _QUERY + _ORDER))


def read_layer(connection: apsw.Connection, uid: str) -> LayerInfo | None:
    """Return one layer by its uid; None where there is none."""
    row = one(connection, f"{_QUERY} WHERE l.uid = ?", (uid,))
    return None if row is None else _info(connection, row)


@dataclass(frozen=True)
class LayerPlace:
    """Where a layer lies: its table, its kind, its place in the drawing order."""

    table: str
    kind: str
    order: int


def read_places(connection: apsw.Connection) -> tuple[LayerPlace, ...]:
    """Return where all layers lie, top first."""
    query = "SELECT table_name, kind, position FROM zs_layers ORDER BY position, id"
    return tuple(LayerPlace(*row) for row in rows(connection, query))


@lru_cache(_KEPT)
def _style(text: str) -> Style:
    return Style.model_validate_json(text)


@lru_cache(_KEPT)
def _crs(text: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(text)


def _info(connection: apsw.Connection, row: tuple[Any, ...]) -> LayerInfo:
    box = row[16:20]
    # covered by the unique index on zs_uid: the shapes are not read
    count = one(connection, f"SELECT count(zs_uid) FROM {quoted(row[1])}")
    return LayerInfo(
        uid=row[0],
        table=row[1],
        name=row[2],
        kind=row[3],
        geometry=GeometryType(row[4]),
        crs=_crs(row[5]),
        version=row[6],
        standard=row[7],
        demo=bool(row[8]),
        status=row[9],
        secrecy=row[10],
        visible=bool(row[11]),
        opacity=float(row[12]),
        order=row[13],
        style=_style(row[14]),
        source=json.loads(row[15]),
        bounds=None if None in box else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        feature_count=int(count[0]) if count else 0,
        fields=read_fields(connection, row[1]),
    )


def read_fields(connection: apsw.Connection, table: str) -> tuple[LayerField, ...]:
    """Return the attribute fields of a layer's table, in its order."""
    declared = {
        name: (title, unit)
        for name, title, unit in rows(
            connection,
            "SELECT column_name, title, description FROM gpkg_data_columns WHERE table_name = ?",
            (table,),
        )
    }
    found = rows(connection, "SELECT name, type FROM pragma_table_info(?) ORDER BY cid", (table,))
    return tuple(
        LayerField(
            name=name,
            alias=declared.get(name, (None, None))[0] or name,
            type=sql_type_of(sql),
            unit=declared.get(name, (None, None))[1] or "",
        )
        for name, sql in found
        if name not in _OWN_COLUMNS
    )


def insert_layer(connection: apsw.Connection, values: Mapping[str, Any]) -> None:
    """Add a row for a layer; names of ``values`` are columns of ``zs_layers``."""
    names = ", ".join(quoted(name) for name in values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO zs_layers ({names}) VALUES ({marks})", dict(values))


def change_layer(connection: apsw.Connection, uid: str, values: Mapping[str, Any]) -> None:
    """Change columns of a layer's row."""
    changes = ", ".join(f"{quoted(name)} = :{name}" for name in values)
    connection.execute(
        f"UPDATE zs_layers SET {changes} WHERE uid = :layer_uid",
        {**values, "layer_uid": uid},
    )


def first_place(layers: Sequence[LayerPlace], kind: Kind, kinds: Mapping[str, Kind]) -> int:
    """Return the place of a new layer: below the layers whose kinds are drawn over its own, 1 is on top."""
    above = [info.order for info in layers if info.kind in kinds and kinds[info.kind].order < kind.order]
    return max(above, default=0) + 1


def place(connection: apsw.Connection, uid: str, position: int) -> None:
    """Move a layer to a place in the drawing order; the others close up."""
    others = [
        row[0] for row in rows(connection, "SELECT uid FROM zs_layers ORDER BY position, id") if row[0] != uid
    ]
    index = min(max(position - 1, 0), len(others))
    order = [*others[:index], uid, *others[index:]]
    connection.executemany(
        "UPDATE zs_layers SET position = ? WHERE uid = ?",
        [(number + 1, each) for number, each in enumerate(order)],
    )
