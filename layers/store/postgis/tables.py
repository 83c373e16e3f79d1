"""The tables of a project in a database; ``{schema}`` and the others are filled in as identifiers."""

from __future__ import annotations

FORMAT_VERSION = 2
"""Rises with every change of tables or functions; :mod:`layers.store.postgis.migrations` leads to it."""

TABLES = """
CREATE TABLE {schema}.zs_settings (key text PRIMARY KEY, value text NOT NULL);

CREATE TABLE {schema}.zs_own_settings (
  role name NOT NULL DEFAULT session_user,
  key text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (role, key)
);
ALTER TABLE {schema}.zs_own_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON {schema}.zs_own_settings USING (role = session_user) WITH CHECK (role = session_user);

CREATE TABLE {schema}.zs_layers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid text NOT NULL UNIQUE,
  table_name text NOT NULL UNIQUE,
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  geometry text NOT NULL,
  crs text NOT NULL,
  srid integer NOT NULL,
  version bigint NOT NULL,
  standard text NOT NULL,
  demo boolean NOT NULL,
  status text NOT NULL,
  secrecy text NOT NULL,
  visible boolean NOT NULL,
  opacity double precision NOT NULL,
  position integer NOT NULL,
  style text NOT NULL,
  source text NOT NULL,
  survey boolean NOT NULL DEFAULT false,
  feature_count bigint NOT NULL DEFAULT 0,
  min_x double precision,
  min_y double precision,
  max_x double precision,
  max_y double precision
);

-- PostgreSQL cuts names at 63 bytes, so a column may have to be called otherwise than its field
CREATE TABLE {schema}.zs_fields (
  layer_uid text NOT NULL REFERENCES {schema}.zs_layers (uid) ON DELETE CASCADE,
  place integer NOT NULL,
  name text NOT NULL,
  column_name text NOT NULL,
  type text NOT NULL,
  title text NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (layer_uid, name),
  UNIQUE (layer_uid, column_name)
);

CREATE TABLE {schema}.zs_journal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL DEFAULT clock_timestamp(),
  who text NOT NULL,
  action text NOT NULL,
  layer_uid text,
  feature_uid text,
  before json,
  after json
);

CREATE TABLE {schema}.zs_runs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid text NOT NULL UNIQUE,
  capability text NOT NULL,
  started text NOT NULL,
  record text NOT NULL
);

CREATE TABLE {schema}.zs_retired (
  zs_uid text PRIMARY KEY,
  layer_uid text NOT NULL,
  version bigint NOT NULL
);

CREATE TABLE {schema}.zs_edits (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid text NOT NULL UNIQUE,
  time timestamptz NOT NULL DEFAULT clock_timestamp(),
  role name NOT NULL,
  author text NOT NULL,
  machine text NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  of_uid text NOT NULL,
  reason text NOT NULL,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  finished boolean NOT NULL DEFAULT false,
  count bigint NOT NULL DEFAULT 0,
  made_by bigint,
  undone_by bigint,
  redoable boolean NOT NULL DEFAULT false
);
CREATE INDEX zs_edits_own ON {schema}.zs_edits (role, author, number);

CREATE TABLE {schema}.zs_edit_layers (
  edit bigint NOT NULL REFERENCES {schema}.zs_edits (number),
  layer_uid text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (layer_uid, version)
);
CREATE INDEX zs_edit_layers_edit ON {schema}.zs_edit_layers (edit);

-- shapes stand here only where they changed; the others are those of the next change, or as they are now
CREATE TABLE {schema}.zs_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  edit bigint NOT NULL REFERENCES {schema}.zs_edits (number),
  layer_uid text NOT NULL,
  zs_uid text NOT NULL,
  before json,
  after json,
  has_shape boolean NOT NULL,
  before_shape {postgis}.geometry,
  after_shape {postgis}.geometry,
  parents text[] NOT NULL DEFAULT '{{}}'
);
CREATE INDEX zs_changes_edit ON {schema}.zs_changes (edit);
CREATE INDEX zs_changes_feature ON {schema}.zs_changes (layer_uid, zs_uid, id);
"""

GRANTS = """
GRANT USAGE ON SCHEMA {schema} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
GRANT INSERT, UPDATE, DELETE ON {schema}.zs_own_settings TO {reader};
GRANT INSERT, UPDATE ON {schema}.zs_settings TO {editor};
GRANT INSERT ON {schema}.zs_layers, {schema}.zs_fields, {schema}.zs_runs TO {editor};
GRANT UPDATE (name, visible, opacity, position, style, standard, status, secrecy)
  ON {schema}.zs_layers TO {editor};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {reader};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"""
