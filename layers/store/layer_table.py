"""The table of one layer: made, filled, indexed, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apsw
import numpy as np
import shapely

from layers.progress import Progress
from layers.store.blob import Geometries, encode
from layers.store.columns import TableColumn
from layers.store.geometry import TableGeometry
from layers.store.naming import quoted
from layers.store.values import SQL_TYPES
from layers.words import _

_CHUNK = 2000
_RTREE = "http://www.geopackage.org/spec120/#extension_rtree"

# A row that another program adds gets an identifier too (UUID version 7, made by SQLite itself).
_MILLISECONDS = "printf('%012x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))"
_SQL_UID = (
    f"substr({_MILLISECONDS}, 1, 8) || '-' || substr({_MILLISECONDS}, 9, 4)"
    " || '-7' || lower(substr(hex(randomblob(2)), 2))"
    " || '-' || substr('89ab', 1 + (random() & 3), 1) || lower(substr(hex(randomblob(2)), 2))"
    " || '-' || lower(hex(randomblob(6)))"
)
_HEX = "[0-9a-f]"
_UID_FORM = "-".join(_HEX * count for count in (8, 4, 4, 4, 12))


@dataclass(frozen=True)
class TableContent:
    """What goes into a new layer table; all sequences are of one length."""

    uids: Sequence[str]
    geometry: Geometries
    columns: Sequence[TableColumn]


def create_table(
    connection: apsw.Connection,
    table: str,
    columns: Sequence[TableColumn],
    geometry: TableGeometry,
    srs_id: int,
) -> None:
    """Create an empty feature table and register it (``gpkg_contents`` has it already)."""
    fields = ",\n".join(f"  {quoted(column.name)} {SQL_TYPES[column.type]}" for column in columns)
    connection.execute(
        f"CREATE TABLE {quoted(table)} (\n"
        "  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n"
        f"  geom {geometry.type_name},\n"
        "  zs_uid TEXT UNIQUE,\n"
        "  zs_version INTEGER DEFAULT 1" + (f",\n{fields}" if fields else "") + "\n)"
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, ?)",
        (table, geometry.type_name, srs_id, geometry.z, geometry.m),
    )
    known: set[str] = set()
    for column in columns:
        if column.alias:
            # "name" must differ from column to column, "title" need not
            name = column.alias if column.alias not in known else column.name
            known.add(name)
            connection.execute(
                "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description)"
                " VALUES (?, ?, ?, ?, ?)",
                (table, column.name, name, column.alias, column.unit or None),
            )


def fill_table(
    connection: apsw.Connection, table: str, content: TableContent, srs_id: int, progress: Progress
) -> None:
    """Insert all features in steps, so that the job can be stopped in between.

    Parameters
    ----------
    progress : Progress
        Told the share done; may raise to stop.
    """
    names = ["fid", "geom", "zs_uid", *(quoted(column.name) for column in content.columns)]
    marks = ", ".join("?" * len(names))
    insert = f"INSERT INTO {quoted(table)} ({', '.join(names)}) VALUES ({marks})"
    index = f"INSERT INTO {quoted(_rtree(table))} VALUES (?, ?, ?, ?, ?)"
    count = len(content.uids)
    connection.execute(
        f"CREATE VIRTUAL TABLE {quoted(_rtree(table))} USING rtree(id, minx, maxx, miny, maxy)"
    )
    for start in range(0, count, _CHUNK):
        progress.step(start / count, _("Writing features"))
        part = slice(start, min(start + _CHUNK, count))
        geometry = content.geometry[part]
        fids = range(part.start + 1, part.stop + 1)
        values = [column.values[part] for column in content.columns]
        connection.executemany(
            insert, zip(fids, encode(geometry, srs_id), content.uids[part], *values, strict=True)
        )
        boxes = shapely.bounds(geometry)[:, [0, 2, 1, 3]]
        placed = np.flatnonzero(~np.isnan(boxes).any(axis=1))
        connection.executemany(
            index, ((fids[i], *box) for i, box in zip(placed.tolist(), boxes[placed].tolist(), strict=True))
        )
    _finish(connection, table)
    progress.step(1.0)


def _finish(connection: apsw.Connection, table: str) -> None:
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')", (table, _RTREE)
    )
    for statement in _rtree_triggers(table):
        connection.execute(statement)
    watch_other_programs(connection, table)


def watch_other_programs(connection: apsw.Connection, table: str) -> None:
    """Let the file itself note when another program adds, changes or removes features of a layer.

    The program adds features with a ``zs_version`` below zero and sets it right afterwards, its changes raise
    ``zs_version``, and what it removes stands in ``zs_retired`` before. Where another program copies a
    feature, it copies ``zs_uid`` and makes it unique in its own way: what is no identifier is replaced.
    """
    on = quoted(table)
    # in files of format 1 it gave identifiers and noted nothing
    connection.execute(f"DROP TRIGGER IF EXISTS {quoted(f'zs_uid_{table}')}")
    layer = f"(SELECT uid FROM zs_layers WHERE table_name = {_text(table)})"
    retired = "SELECT 1 FROM zs_retired WHERE zs_uid = NEW.zs_uid"
    known = f"NEW.zs_uid GLOB '{_UID_FORM}' AND NOT EXISTS ({retired} AND layer_uid <> {layer})"
    connection.execute(
        f"CREATE TRIGGER {quoted(f'zs_uid_{table}')} AFTER INSERT ON {on}"
        " WHEN NEW.zs_uid IS NULL OR coalesce(NEW.zs_version, 1) >= 0 BEGIN"
        f" UPDATE {on} SET zs_uid = CASE WHEN {known} THEN NEW.zs_uid ELSE {_SQL_UID} END,"
        " zs_version = CASE WHEN NEW.zs_uid IS NULL THEN 1 ELSE coalesce(NEW.zs_version, 0) + 1 END"
        " WHERE fid = NEW.fid;"
        f" DELETE FROM zs_retired WHERE zs_uid = NEW.zs_uid AND layer_uid = {layer};"
        f" {_outside_note(table, f'(SELECT zs_uid FROM {on} WHERE fid = NEW.fid)')} END"
    )
    connection.execute(
        f"CREATE TRIGGER {quoted(f'zs_changed_{table}')} AFTER UPDATE ON {on}"
        " WHEN NEW.zs_version IS OLD.zs_version AND OLD.zs_uid NOT NULL BEGIN"
        f" UPDATE {on} SET zs_version = coalesce(OLD.zs_version, 0) + 1 WHERE fid = NEW.fid;"
        f" {_outside_note(table, 'NEW.zs_uid')} END"
    )
    connection.execute(
        f"CREATE TRIGGER {quoted(f'zs_removed_{table}')} AFTER DELETE ON {on}"
        " WHEN OLD.zs_uid NOT NULL AND NOT EXISTS (SELECT 1 FROM zs_retired WHERE zs_uid = OLD.zs_uid) BEGIN"
        " INSERT INTO zs_retired (zs_uid, layer_uid)"
        f" SELECT OLD.zs_uid, uid FROM zs_layers WHERE table_name = {_text(table)};"
        f" {_outside_note(table, 'OLD.zs_uid')} END"
    )


def _outside_note(table: str, zs_uid: str) -> str:
    """Return SQL that raises the layer's version and writes down which feature another program touched."""
    layer = f"FROM zs_layers WHERE table_name = {_text(table)}"
    return (
        f"UPDATE zs_layers SET version = version + 1 WHERE table_name = {_text(table)};"
        " INSERT INTO zs_journal (who, action, layer_uid, feature_uid, layer_version)"
        f" SELECT '', 'outside_change', uid, {zs_uid}, version {layer};"
    )


def _text(value: str) -> str:
    """Return a text as SQL writes it: triggers take no parameters."""
    return "'" + value.replace("'", "''") + "'"


def drop_table(connection: apsw.Connection, table: str) -> None:
    """Drop a feature table with its index and all that is registered about it."""
    connection.execute(f"DROP TABLE {quoted(_rtree(table))}")
    connection.execute(f"DROP TABLE {quoted(table)}")
    for register in ("gpkg_extensions", "gpkg_data_columns", "gpkg_geometry_columns", "gpkg_contents"):
        connection.execute(f"DELETE FROM {register} WHERE table_name = ?", (table,))
    if connection.table_exists("main", "gpkg_ogr_contents"):
        connection.execute("DELETE FROM gpkg_ogr_contents WHERE table_name = ?", (table,))


def rtree_query(table: str) -> str:
    """Return SQL that finds the fid of boxes meeting a box given as west, east, south, north."""
    return (
        f"SELECT id FROM {quoted(_rtree(table))}"
        " WHERE maxx >= :west AND minx <= :east AND maxy >= :south AND miny <= :north"
    )


def rtree_boxes_query(table: str) -> str:
    """Return SQL for the fid of boxes meeting a box, each with its own west, south, east, north."""
    return rtree_query(table).replace("SELECT id", "SELECT id, minx, miny, maxx, maxy", 1)


def box_values(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return the values :func:`rtree_query` asks for."""
    return {"west": west, "south": south, "east": east, "north": north}


def _rtree(table: str) -> str:
    return f"rtree_{table}_geom"


def _rtree_triggers(table: str) -> list[str]:
    """Return the triggers that keep the R-tree right (GeoPackage 1.3, F.3: insert, update1..4, delete)."""
    on, tree = quoted(table), quoted(_rtree(table))
    some = "NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)"
    none = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))"
    put = (
        f"INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),"
        " ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    )
    take_old = f"DELETE FROM {tree} WHERE id = OLD.fid;"
    take_both = f"DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid);"
    events = {
        "insert": f"AFTER INSERT ON {on} WHEN ({some}) BEGIN {put}",
        "update1": f"AFTER UPDATE OF geom ON {on} WHEN OLD.fid = NEW.fid AND ({some}) BEGIN {put}",
        "update2": f"AFTER UPDATE OF geom ON {on} WHEN OLD.fid = NEW.fid AND {none} BEGIN {take_old}",
        "update3": f"AFTER UPDATE ON {on} WHEN OLD.fid != NEW.fid AND ({some}) BEGIN {take_old} {put}",
        "update4": f"AFTER UPDATE ON {on} WHEN OLD.fid != NEW.fid AND {none} BEGIN {take_both}",
        "delete": f"AFTER DELETE ON {on} WHEN OLD.geom NOT NULL BEGIN {take_old}",
    }
    return [
        f"CREATE TRIGGER {quoted(f'{_rtree(table)}_{event}')} {text} END" for event, text in events.items()
    ]
