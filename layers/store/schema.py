"""The tables of a project file: those of GeoPackage 1.3, and the program's own."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from layers.store.database import one

APPLICATION_ID = 0x47504B47  # "GPKG"
GEOPACKAGE_VERSION = 10300
FORMAT_VERSION = 2

_NOW = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"

# GeoPackage Encoding Standard 1.3, annex C (table definition SQL).
_GEOPACKAGE = f"""
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT ({_NOW}),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""

_OWN = f"""
CREATE TABLE zs_settings (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
);
CREATE TABLE zs_layers (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  table_name TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  geometry TEXT NOT NULL,
  crs TEXT NOT NULL,
  version INTEGER NOT NULL,
  standard TEXT NOT NULL,
  demo BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  secrecy TEXT NOT NULL,
  visible BOOLEAN NOT NULL,
  opacity DOUBLE NOT NULL,
  position INTEGER NOT NULL,
  style TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE TABLE zs_journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  time DATETIME NOT NULL DEFAULT ({_NOW}),
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  layer_uid TEXT,
  feature_uid TEXT,
  before TEXT,
  after TEXT,
  edit_uid TEXT,
  layer_version INTEGER,
  shape BLOB
);
CREATE INDEX zs_journal_feature ON zs_journal (feature_uid);
CREATE TABLE zs_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  capability TEXT NOT NULL,
  started TEXT NOT NULL,
  record TEXT NOT NULL
);
CREATE TABLE zs_attachments (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  layer_uid TEXT,
  feature_uid TEXT,
  name TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  added DATETIME NOT NULL DEFAULT ({_NOW}),
  content BLOB NOT NULL
);
CREATE TABLE zs_retired (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  zs_uid TEXT NOT NULL UNIQUE,
  layer_uid TEXT NOT NULL
);
"""

# With format 2: edits as units, what they did (in zs_journal, shapes as differences), what came of what.
EDITS = f"""
CREATE TABLE zs_edits (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  time DATETIME NOT NULL DEFAULT ({_NOW}),
  who TEXT NOT NULL,
  machine TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  of_uid TEXT NOT NULL,
  state TEXT NOT NULL,
  features INTEGER NOT NULL,
  layers TEXT NOT NULL
);
CREATE INDEX zs_edits_state ON zs_edits (state);
CREATE TABLE zs_lineage (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  child TEXT NOT NULL,
  parent TEXT NOT NULL,
  edit_uid TEXT NOT NULL
);
CREATE INDEX zs_lineage_child ON zs_lineage (child);
CREATE INDEX zs_lineage_parent ON zs_lineage (parent);
CREATE INDEX zs_journal_edit ON zs_journal (edit_uid);
CREATE INDEX zs_journal_version ON zs_journal (layer_uid, layer_version);
"""

OWN_TABLES = {
    "zs_settings": "Settings of the project",
    "zs_layers": "What each layer is and how it is drawn",
    "zs_journal": "Who changed what, and when",
    "zs_edits": "Edits: steps that are made and taken back as one",
    "zs_lineage": "Which features were made from which others",
    "zs_runs": "Analyses that were run, with their inputs",
    "zs_attachments": "Photographs and papers",
    "zs_retired": "Identifiers of deleted features, never used again",
}


def create_schema(connection: apsw.Connection) -> None:
    """Make an empty database a GeoPackage 1.3 with the program's own tables."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
    connection.execute(_GEOPACKAGE)
    connection.execute(_OWN)
    connection.execute(EDITS)
    register_tables(connection, tuple(OWN_TABLES))


def register_tables(connection: apsw.Connection, names: Sequence[str]) -> None:
    """Let other programs know of own tables, as tables without shapes."""
    connection.executemany(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
        " VALUES (?, 'attributes', ?, ?)",
        [(name, name, OWN_TABLES[name]) for name in names],
    )


def is_geopackage(connection: apsw.Connection) -> bool:
    """Tell whether a database is a GeoPackage of any version."""
    (marker,) = one(connection, "PRAGMA application_id") or (0,)
    return marker == APPLICATION_ID or connection.table_exists("main", "gpkg_contents")


def is_project(connection: apsw.Connection) -> bool:
    """Tell whether a database carries the program's own tables."""
    return all(
        connection.table_exists("main", name) for name in ("gpkg_contents", "zs_settings", "zs_layers")
    )
