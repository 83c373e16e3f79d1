"""What the database itself does at every change, whoever makes it: history, versions, news to others.

All functions run with the rights of the schema's owner, find nothing by a search path, and take names only
through ``format('%I')``. ``{schema}``, ``{postgis}`` are filled in as identifiers, ``{channel}`` and the
names of roles as texts.
"""

from __future__ import annotations

_SAFE = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# RFC 9562, version 7: for features that other programs add
_UIDS = f"""
CREATE OR REPLACE FUNCTION {{schema}}.zs_new_uid() RETURNS text LANGUAGE sql VOLATILE {_SAFE} AS $zs$
  SELECT substr(t, 1, 8) || '-' || substr(t, 9, 4) || '-7' || substr(r, 1, 3) || '-'
    || substr('89ab', 1 + (get_byte(decode(substr(r, 4, 2), 'hex'), 0) & 3), 1) || substr(r, 6, 3) || '-'
    || substr(r, 9, 12)
  FROM (SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS t,
               replace(gen_random_uuid()::text, '-', '') AS r) AS parts
$zs$;
"""

_EDITS = f"""
CREATE OR REPLACE FUNCTION {{schema}}.zs_begin(uid text, title text, kind text, of_uid text, reason text,
                                               author text, machine text)
RETURNS bigint LANGUAGE plpgsql {_SAFE} AS $zs$
#variable_conflict use_column
DECLARE
  number_of bigint;
BEGIN
  INSERT INTO {{schema}}.zs_edits (uid, role, author, machine, title, kind, of_uid, reason)
  VALUES ($1, session_user, $6, $7, $2, $3, $4, $5) RETURNING number INTO number_of;
  PERFORM set_config('zsgis.edit', number_of::text, true);
  PERFORM set_config('zsgis.own', number_of::text, true);
  IF $3 = 'undo' THEN
    UPDATE {{schema}}.zs_edits SET undone_by = number_of, redoable = true
    WHERE uid = $4 AND role = session_user;
  ELSIF $3 = 'redo' THEN
    UPDATE {{schema}}.zs_edits SET undone_by = NULL, redoable = false, made_by = number_of
    WHERE uid = $4 AND role = session_user;
  ELSE
    UPDATE {{schema}}.zs_edits SET redoable = false
    WHERE role = session_user AND author = $6 AND redoable;
  END IF;
  RETURN number_of;
END $zs$;

-- the edit of this transaction; one is made where another program writes that knows nothing of edits
CREATE OR REPLACE FUNCTION {{schema}}.zs_current_edit() RETURNS bigint LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  found_number bigint;
BEGIN
  SELECT number INTO found_number FROM {{schema}}.zs_edits
  WHERE number = nullif(current_setting('zsgis.edit', true), '')::bigint
    AND transaction = pg_current_xact_id() AND NOT finished;
  IF found_number IS NULL THEN
    INSERT INTO {{schema}}.zs_edits (uid, role, author, machine, title, kind, of_uid, reason)
    VALUES ({{schema}}.zs_new_uid(), session_user, '', coalesce(host(inet_client_addr()), ''),
            coalesce(current_setting('application_name', true), ''), 'edit', '', '')
    RETURNING number INTO found_number;
    PERFORM set_config('zsgis.edit', found_number::text, true);
  END IF;
  RETURN found_number;
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_set_parents(parents json) RETURNS void LANGUAGE sql {_SAFE} AS $zs$
  UPDATE {{schema}}.zs_changes AS c
  SET parents = ARRAY(SELECT json_array_elements_text(p.value -> 'parents'))
  FROM json_array_elements($1) AS p
  WHERE c.edit = {{schema}}.zs_current_edit() AND c.layer_uid = p.value ->> 'layer'
    AND c.zs_uid = p.value ->> 'feature'
$zs$;

-- at the end of a transaction: each layer's version rises by one, under its lock, so that versions are told
-- in the order in which edits become visible; layers are taken in one order, so that nobody waits in a ring
CREATE OR REPLACE FUNCTION {{schema}}.zs_finish_edit() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  touched record;
  new_version bigint;
  changes bigint := 0;
  layers text[] := '{{{{}}}}';
BEGIN
  FOR touched IN
    SELECT layer_uid, count(DISTINCT zs_uid) AS changes,
           count(*) FILTER (WHERE before IS NULL) - count(*) FILTER (WHERE after IS NULL) AS more,
           min({{postgis}}.ST_XMin(after_shape)) AS west, min({{postgis}}.ST_YMin(after_shape)) AS south,
           max({{postgis}}.ST_XMax(after_shape)) AS east, max({{postgis}}.ST_YMax(after_shape)) AS north
    FROM {{schema}}.zs_changes WHERE edit = NEW.number GROUP BY layer_uid ORDER BY layer_uid
  LOOP
    UPDATE {{schema}}.zs_layers
    SET version = version + 1, feature_count = feature_count + touched.more,
        min_x = least(min_x, touched.west), min_y = least(min_y, touched.south),
        max_x = greatest(max_x, touched.east), max_y = greatest(max_y, touched.north)
    WHERE uid = touched.layer_uid RETURNING version INTO new_version;
    CONTINUE WHEN new_version IS NULL;
    INSERT INTO {{schema}}.zs_edit_layers VALUES (NEW.number, touched.layer_uid, new_version);
    changes := changes + touched.changes;
    layers := layers || touched.layer_uid;
  END LOOP;
  UPDATE {{schema}}.zs_edits SET finished = true, count = changes WHERE number = NEW.number;
  PERFORM pg_notify({{channel}}, json_build_object('edit', NEW.uid, 'layers', layers[1:40])::text);
  RETURN NULL;
END $zs$;
"""

_FEATURES = f"""
-- another program copies a feature into another layer with its identifier, like any other column: the copy is
-- a feature of its own (this program's edits never do that, and are not asked)
CREATE OR REPLACE FUNCTION {{schema}}.zs_is_copy(feature text, layer text) RETURNS boolean
LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  other record;
  found_one boolean;
BEGIN
  IF coalesce(current_setting('zsgis.own', true), '') <> '' THEN
    RETURN false;
  END IF;
  FOR other IN SELECT table_name FROM {{schema}}.zs_layers WHERE uid <> layer LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I WHERE zs_uid = $1)', {{schema_name}}, other.table_name)
    INTO found_one USING feature;
    IF found_one THEN
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_before_feature() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  retired record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.zs_uid IS DISTINCT FROM OLD.zs_uid OR NEW.fid IS DISTINCT FROM OLD.fid THEN
      RAISE EXCEPTION USING ERRCODE = 'ZS001', MESSAGE = 'A feature keeps its identifier.',
        DETAIL = OLD.zs_uid;
    END IF;
    NEW.zs_version := OLD.zs_version + 1;
    RETURN NEW;
  END IF;
  IF NEW.zs_uid IS NULL OR {{schema}}.zs_is_copy(NEW.zs_uid, TG_ARGV[0]) THEN
    NEW.zs_uid := {{schema}}.zs_new_uid();
  END IF;
  NEW.zs_version := 1;
  SELECT layer_uid, version INTO retired FROM {{schema}}.zs_retired WHERE zs_uid = NEW.zs_uid;
  IF FOUND THEN
    IF retired.layer_uid <> TG_ARGV[0] THEN
      RAISE EXCEPTION USING ERRCODE = 'ZS001', DETAIL = NEW.zs_uid,
        MESSAGE = 'This identifier was used in this project before.';
    END IF;
    NEW.zs_version := retired.version + 1;
  END IF;
  RETURN NEW;
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_after_feature() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  old_shape {{postgis}}.geometry;
  new_shape {{postgis}}.geometry;
  before_row json;
  after_row json;
  feature text;
  moved boolean := true;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    old_shape := OLD.geom;
    feature := OLD.zs_uid;
    OLD.geom := NULL;
    before_row := row_to_json(OLD);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    new_shape := NEW.geom;
    feature := NEW.zs_uid;
    NEW.geom := NULL;
    after_row := row_to_json(NEW);
  END IF;
  IF TG_OP = 'UPDATE' THEN
    moved := {{postgis}}.ST_AsEWKB(old_shape) IS DISTINCT FROM {{postgis}}.ST_AsEWKB(new_shape);
  END IF;
  INSERT INTO {{schema}}.zs_changes
    (edit, layer_uid, zs_uid, before, after, has_shape, before_shape, after_shape)
  VALUES ({{schema}}.zs_current_edit(), TG_ARGV[0], feature, before_row, after_row, moved,
          CASE WHEN moved THEN old_shape END, CASE WHEN moved THEN new_shape END);
  IF TG_OP = 'DELETE' THEN
    INSERT INTO {{schema}}.zs_retired VALUES (OLD.zs_uid, TG_ARGV[0], OLD.zs_version);
  ELSIF TG_OP = 'INSERT' THEN
    DELETE FROM {{schema}}.zs_retired WHERE zs_uid = NEW.zs_uid;
  END IF;
  RETURN NULL;
END $zs$;
"""

_LAYERS = f"""
CREATE OR REPLACE FUNCTION {{schema}}.zs_type(type text) RETURNS text
LANGUAGE plpgsql IMMUTABLE {_SAFE} AS $zs$
BEGIN
  RETURN CASE type WHEN 'text' THEN 'text' WHEN 'integer' THEN 'bigint' WHEN 'number' THEN 'double precision'
    WHEN 'date' THEN 'date' WHEN 'boolean' THEN 'boolean' END;
END $zs$;

-- shape is POINT, MULTIPOLYGONZ ...; columns is [[name, type], ...]
CREATE OR REPLACE FUNCTION {{schema}}.zs_make_layer(name text, srid integer, shape text, columns json)
RETURNS void LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  more text;
  own_type text := {{postgis_text}} || '.geometry';
BEGIN
  IF name LIKE 'zs\\_%' OR shape !~ '^(MULTI)?(POINT|LINESTRING|POLYGON)(Z|M|ZM|\\?)?$' THEN
    RAISE EXCEPTION 'not a layer: %, %', name, shape;
  END IF;
  SELECT coalesce(string_agg(format(', %I %s', value ->> 0, {{schema}}.zs_type(value ->> 1)), ''), '')
  INTO more FROM json_array_elements(columns);
  IF shape LIKE '%?' THEN
    more := format(', CHECK (%s.st_srid(geom) = %s), CHECK (%s.geometrytype(geom) LIKE %L)', {{postgis_text}},
                   srid, {{postgis_text}}, rtrim(shape, '?') || '%') || more;
  ELSE
    own_type := format('%s(%s, %s)', own_type, shape, srid);
  END IF;
  EXECUTE format('CREATE TABLE %I.%I (fid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, geom %s,'
    ' zs_uid text COLLATE "C" NOT NULL UNIQUE, zs_version bigint NOT NULL DEFAULT 1%s)',
    {{schema_name}}, name, own_type, more);
  EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I.%I TO %I', {{schema_name}}, name, {{editor_name}});
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_seal_layer(layer text) RETURNS void LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  name text;
BEGIN
  SELECT table_name INTO STRICT name FROM {{schema}}.zs_layers WHERE uid = layer;
  EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''fid''), coalesce(max(fid), 1),'
    ' max(fid) IS NOT NULL) FROM %I.%I', format('%I.%I', {{schema_name}}, name), {{schema_name}}, name);
  EXECUTE format('CREATE INDEX ON %I.%I USING gist (geom)', {{schema_name}}, name);
  EXECUTE format('CREATE TRIGGER zs_before BEFORE INSERT OR UPDATE ON %I.%I FOR EACH ROW'
    ' EXECUTE FUNCTION %I.zs_before_feature(%L)', {{schema_name}}, name, {{schema_name}}, layer);
  EXECUTE format('CREATE TRIGGER zs_after AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW'
    ' EXECUTE FUNCTION %I.zs_after_feature(%L)', {{schema_name}}, name, {{schema_name}}, layer);
  -- what was taken out with the layer comes back with it
  DELETE FROM {{schema}}.zs_retired WHERE layer_uid = layer;
  EXECUTE format('ANALYZE %I.%I', {{schema_name}}, name);
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_drop_layer(layer text) RETURNS void LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  name text;
BEGIN
  SELECT table_name INTO STRICT name FROM {{schema}}.zs_layers WHERE uid = layer;
  EXECUTE format('INSERT INTO %I.zs_retired SELECT zs_uid, %L, zs_version FROM %I.%I ON CONFLICT DO NOTHING',
    {{schema_name}}, layer, {{schema_name}}, name);
  EXECUTE format('DROP TABLE %I.%I', {{schema_name}}, name);
  DELETE FROM {{schema}}.zs_layers WHERE uid = layer;
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_add_column(layer text, field text, name text, type text, title text,
                                                    unit text)
RETURNS void LANGUAGE plpgsql {_SAFE} AS $zs$
#variable_conflict use_variable
DECLARE
  feature_table text;
BEGIN
  UPDATE {{schema}}.zs_layers SET version = version + 1 WHERE uid = layer
  RETURNING table_name INTO STRICT feature_table;
  EXECUTE format('ALTER TABLE %I.%I ADD COLUMN %I %s', {{schema_name}}, feature_table, name,
    {{schema}}.zs_type(type));
  INSERT INTO {{schema}}.zs_fields (layer_uid, place, name, column_name, type, title, unit)
  SELECT layer, coalesce(max(place), 0) + 1, field, name, type, title, unit
  FROM {{schema}}.zs_fields WHERE layer_uid = layer;
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_mark_survey(layer text, on_survey boolean) RETURNS void
LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  name text;
BEGIN
  UPDATE {{schema}}.zs_layers SET survey = on_survey WHERE uid = layer RETURNING table_name INTO STRICT name;
  EXECUTE format(CASE WHEN on_survey THEN 'GRANT INSERT, UPDATE ON %I.%I TO %I'
                      ELSE 'REVOKE INSERT, UPDATE ON %I.%I FROM %I' END,
    {{schema_name}}, name, {{surveyor_name}});
END $zs$;

CREATE OR REPLACE FUNCTION {{schema}}.zs_note_layer() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $zs$
DECLARE
  before_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  seen text[] := ARRAY['name', 'visible', 'opacity', 'style', 'standard', 'status', 'secrecy', 'survey'];
BEGIN
  PERFORM pg_notify({{channel}},
    json_build_object('edit', '', 'layers', ARRAY[coalesce(NEW.uid, OLD.uid)])::text);
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(key, before_row -> key), jsonb_object_agg(key, after_row -> key)
    INTO before_row, after_row
    FROM unnest(seen) AS key WHERE before_row -> key IS DISTINCT FROM after_row -> key;
    IF after_row IS NULL THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO {{schema}}.zs_journal (who, action, layer_uid, before, after)
  VALUES (session_user, CASE TG_OP WHEN 'INSERT' THEN 'add_layer' WHEN 'UPDATE' THEN 'update_layer'
    ELSE 'remove_layer' END, coalesce(NEW.uid, OLD.uid), before_row, after_row);
  RETURN NULL;
END $zs$;
"""

FUNCTIONS = _UIDS + _EDITS + _FEATURES + _LAYERS
"""Take the place of those that an earlier version of the program made."""

TRIGGERS = """
CREATE CONSTRAINT TRIGGER zs_finish AFTER INSERT ON {schema}.zs_edits
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.zs_finish_edit();
CREATE TRIGGER zs_note AFTER INSERT OR DELETE
  OR UPDATE OF name, visible, opacity, position, style, standard, status, secrecy, survey
  ON {schema}.zs_layers FOR EACH ROW EXECUTE FUNCTION {schema}.zs_note_layer();
"""

RIGHTS = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {schema}.zs_begin(text, text, text, text, text, text, text) TO {surveyor};
GRANT EXECUTE ON FUNCTION {schema}.zs_set_parents(json) TO {surveyor};
GRANT EXECUTE ON FUNCTION {schema}.zs_new_uid() TO {surveyor};
GRANT EXECUTE ON FUNCTION
  {schema}.zs_make_layer(text, integer, text, json), {schema}.zs_seal_layer(text),
  {schema}.zs_drop_layer(text), {schema}.zs_add_column(text, text, text, text, text, text),
  {schema}.zs_mark_survey(text, boolean) TO {editor};
"""
"""Who may call what."""
