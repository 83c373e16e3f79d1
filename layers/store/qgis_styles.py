"""The table ``layer_styles`` in which QGIS looks for the look of a GeoPackage's layers."""

from __future__ import annotations

from collections.abc import Collection

import apsw

from layers.kind import Field, GeometryType
from layers.store.database import one, rows
from layers.store.naming import unique_name
from layers.store.records import as_json
from layers.store.registry import read_fields
from layers.style import Style
from layers.style.qml import qml
from layers.words import _

TABLE = "layer_styles"
OWNER = "zsgis"
_LONGEST_NAME = 30
_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"

# As QGIS makes it itself when a style is saved into a GeoPackage.
_DEFINITION = f"""
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT ({_NOW})
)
"""
_NEEDED = {
    *("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column"),
    *("stylename", "styleqml", "stylesld", "useasdefault", "description", "owner", "update_time"),
}
_WANTED = f"""
SELECT table_name, name, geometry, opacity, style FROM zs_layers
WHERE uid IN (SELECT value FROM json_each(:changed)) OR NOT EXISTS
  (SELECT 1 FROM {TABLE} WHERE f_table_name = table_name AND owner = :owner)
ORDER BY id
"""
_UPDATE = f"""
UPDATE {TABLE} SET styleName = :name, styleQML = :qml, description = :description, update_time = {_NOW}
WHERE f_table_name = :table AND owner = :owner
"""
# a style that somebody chose as the default in QGIS stays the default
_INSERT = f"""
INSERT INTO {TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
  styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', :table, 'geom', :name, :qml, '',
  NOT EXISTS (SELECT 1 FROM {TABLE} WHERE f_table_name = :table AND useAsDefault),
  :description, :owner, {_NOW})
"""


def keep_styles(connection: apsw.Connection, changed: Collection[str] = ()) -> None:
    """Write the styles of changed layers, and of all that have none yet, inside the open transaction.

    A project from before gets the table here. A table of that name which is not as QGIS defines it is left
    as it is: the project then opens in QGIS without our symbols.

    Parameters
    ----------
    changed : collection of str
        Uids of the layers whose name, style or opacity changed.
    """
    if not _ready(connection):
        return
    wanted = rows(connection, _WANTED, {"changed": as_json(list(changed)), "owner": OWNER})
    for table, name, geometry, opacity, style_json in wanted:
        fields = [Field(each.name, each.alias, each.type) for each in read_fields(connection, table)]
        style = Style.model_validate_json(style_json)
        values = {
            "table": table,
            "name": name[:_LONGEST_NAME],
            "qml": qml(style, GeometryType(geometry), fields=fields, opacity=float(opacity)),
            "description": _("Kept up to date by zsgis; save changes made in QGIS as another style."),
            "owner": OWNER,
        }
        connection.execute(_UPDATE, values)
        if not connection.changes():
            connection.execute(_INSERT, values)


def drop_styles(connection: apsw.Connection, table: str) -> None:
    """Delete all styles of a layer's table."""
    if _columns(connection) >= _NEEDED:
        connection.execute(f"DELETE FROM {TABLE} WHERE f_table_name = ?", (table,))


def _ready(connection: apsw.Connection) -> bool:
    """Make the table where there is none; tell whether it can be used."""
    if one(connection, "SELECT 1 FROM sqlite_master WHERE lower(name) = ?", (TABLE,)) is None:
        connection.execute(_DEFINITION)
        taken = [row[0] for row in rows(connection, "SELECT identifier FROM gpkg_contents") if row[0]]
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
            " VALUES (?, 'attributes', ?, 'Symbols for QGIS')",
            (TABLE, unique_name(TABLE, taken)),
        )
    return _columns(connection) >= _NEEDED


def _columns(connection: apsw.Connection) -> set[str]:
    """Return the columns of the table in lower case; none where it is no table."""
    sql = (
        "SELECT lower(c.name) FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND lower(m.name) = ?"
    )
    return {str(row[0]) for row in rows(connection, sql, (TABLE,))}
