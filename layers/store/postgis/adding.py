"""A layer with its features brought into the database, and taken out again."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg
import pyproj
import shapely
from psycopg import sql

from layers.errors import InputError
from layers.kind import FieldType
from layers.kinds import KINDS
from layers.progress import Progress
from layers.store.adding import LayerDraft
from layers.store.columns import TableColumn
from layers.store.geometry import TableGeometry
from layers.store.naming import table_name
from layers.store.postgis.connecting import Connection, in_schema, postgis_schema
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.values import check_texts, fitted_name
from layers.store.records import as_json
from layers.store.registry import LayerPlace, first_place
from layers.store.srs import crs_text
from layers.store.uids import new_uid
from layers.words import _

_CHUNK = 2_000
# PostGIS knows numbers up to 998,999; from here on those of systems that EPSG does not have
_FIRST_OWN_SRID = 910_000
_INSERT_LAYER = """
INSERT INTO {schema}.zs_layers (uid, table_name, name, kind, geometry, crs, srid, version, standard, demo,
  status, secrecy, visible, opacity, position, style, source, feature_count, min_x, min_y, max_x, max_y)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s, %s, %s, %s)
"""


def add_layer(
    connection: Connection,
    schema: str,
    plans: Sequence[LayerPlan],
    draft: LayerDraft,
    progress: Progress,
) -> str:
    """Write a layer inside the transaction that is open; return its uid.

    Raises
    ------
    InputError
        When its name or an identifier is taken, or a text cannot be held.
    """
    new, content = draft.new, draft.content
    require_free_name(plans, new.name)
    check_texts([new.name, new.standard, new.status, new.secrecy], new.name)
    connection.execute("SET LOCAL statement_timeout = 0")
    if draft.given_uids:
        require_unused(connection, schema, plans, content.uids, own=new.uid)
    uid = new.uid or new_uid()
    taken = _relations(connection, schema)
    table = fitted_name(table_name(new.name, taken), taken)
    srid = ensure_srid(connection, new.crs)
    columns = column_names(content.columns)
    connection.execute(
        in_schema(schema, "SELECT {schema}.zs_make_layer(%s, %s, %s, %s)"),
        (table, srid, shape_type(draft.table), json.dumps(
            [[column, field.type.value] for column, field in zip(columns, content.columns, strict=True)]
        )),
    )  # fmt: skip
    _copy(connection, sql.Identifier(schema, table), draft, columns, srid, progress)
    box = _total_bounds(content.geometry)
    connection.execute(
        in_schema(schema, _INSERT_LAYER),
        (
            uid, table, new.name, new.kind, draft.kind.geometry.value, crs_text(new.crs), srid, new.standard,
            new.demo, new.status, new.secrecy, new.visible, float(new.opacity), draft.style,
            as_json(dict(new.source)), len(content.uids), *box,
        ),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            in_schema(
                schema,
                "INSERT INTO {schema}.zs_fields (layer_uid, place, name, column_name, type, title, unit)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            ),
            [
                (uid, place, field.name, column, field.type.value, field.alias, field.unit)
                for place, (column, field) in enumerate(zip(columns, content.columns, strict=True), start=1)
            ],
        )
    connection.execute(in_schema(schema, "SELECT {schema}.zs_seal_layer(%s)"), (uid,))
    places = [LayerPlace(plan.info.table, plan.info.kind, plan.info.order) for plan in plans]
    place(connection, schema, [plan.info.uid for plan in plans], uid, first_place(places, draft.kind, KINDS))
    return uid


def place(connection: Connection, schema: str, layers: Sequence[str], uid: str, position: int) -> None:
    """Move a layer to a place in the drawing order, 1 is on top; the others close up."""
    others = [other for other in layers if other != uid]
    index = min(max(position - 1, 0), len(others))
    order = [*others[:index], uid, *others[index:]]
    with connection.cursor() as cursor:
        cursor.executemany(
            in_schema(
                schema, "UPDATE {schema}.zs_layers SET position = %s WHERE uid = %s AND position <> %s"
            ),
            [(number, each, number) for number, each in enumerate(order, start=1)],
        )


def require_free_name(plans: Sequence[LayerPlan], name: str) -> None:
    """Refuse a name that another layer has.

    Raises
    ------
    InputError
    """
    if any(plan.info.name == name for plan in plans):
        raise InputError(
            _("The project has a layer “{name}” already.").format(name=name),
            remedy=_("Give the new layer another name."),
        )


def require_unused(
    connection: Connection, schema: str, plans: Sequence[LayerPlan], uids: Sequence[str], *, own: str = ""
) -> None:
    """Refuse identifiers that a feature has, or had in another layer than ``own``.

    Raises
    ------
    InputError
    """
    parts: list[sql.Composable] = [sql.SQL("SELECT zs_uid FROM {}").format(plan.table) for plan in plans]
    parts.append(
        sql.SQL("SELECT zs_uid FROM {} WHERE layer_uid <> %(own)s").format(
            sql.Identifier(schema, "zs_retired")
        )
    )
    query = sql.SQL("SELECT zs_uid FROM ({}) AS known WHERE zs_uid = ANY(%(uids)s) LIMIT 1")
    found = connection.execute(
        query.format(sql.SQL(" UNION ALL ").join(parts)), {"uids": list(uids), "own": own}
    ).fetchone()
    if found is not None:
        raise InputError(
            _("Identifier {uid} was used in this project before.").format(uid=found[0]),
            remedy=_("Leave the column zs_uid out; identifiers are then made."),
        )


def ensure_srid(connection: Connection, crs: pyproj.CRS) -> int:
    """Return the number of a coordinate system in PostGIS, adding it where that is allowed.

    0 where PostGIS does not know it and the user may not add it: other programs then have to be told; the
    layer keeps its system all the same.
    """
    text = crs_text(crs)
    try:
        definition = str(crs.to_wkt("WKT1_GDAL"))
    except pyproj.exceptions.CRSError:
        return 0
    if text.startswith("EPSG:"):
        return _known_srid(connection, int(text.removeprefix("EPSG:")), definition)
    known = connection.execute(
        _srs(connection, "SELECT srid FROM {} WHERE srtext = %s AND srid >= %s"),
        (definition, _FIRST_OWN_SRID),
    ).fetchone()
    if known is not None:
        return int(known[0])
    last = connection.execute(
        _srs(connection, "SELECT coalesce(max(srid), 0) FROM {} WHERE srid >= %s"), (_FIRST_OWN_SRID,)
    ).fetchone()
    srid = max(_FIRST_OWN_SRID, int(last[0]) + 1 if last else 0)
    return srid if _add_srs(connection, srid, "zsgis", definition) else 0


def shape_type(table: TableGeometry) -> str:
    """Return a layer's type of shape as PostGIS writes it; ``?`` behind where Z and M come and go."""
    if 2 in (table.z, table.m):
        return table.type_name + "?"
    return table.type_name + "Z" * table.z + "M" * table.m


def column_names(columns: Sequence[TableColumn]) -> list[str]:
    """Return what the columns of fields are called in the database."""
    taken: list[str] = []
    for column in columns:
        taken.append(fitted_name(column.name, taken))
    return taken


def _known_srid(connection: Connection, srid: int, definition: str) -> int:
    known = connection.execute(_srs(connection, "SELECT 1 FROM {} WHERE srid = %s"), (srid,)).fetchone()
    if known is None:
        _add_srs(connection, srid, "EPSG", definition)
    return srid


def _add_srs(connection: Connection, srid: int, authority: str, definition: str) -> bool:
    try:
        with connection.transaction():
            connection.execute(
                _srs(
                    connection,
                    "INSERT INTO {} (srid, auth_name, auth_srid, srtext, proj4text)"
                    " VALUES (%s, %s, %s, %s, '')",
                ),
                (srid, authority, srid, definition),
            )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _srs(connection: Connection, text: str) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(postgis_schema(connection), "spatial_ref_sys"))


def _relations(connection: Connection, schema: str) -> list[str]:
    found = connection.execute(
        "SELECT c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
        " ON n.oid = c.relnamespace WHERE n.nspname = %s",
        (schema,),
    )
    return [row[0] for row in found]


def _copy(
    connection: Connection,
    table: sql.Identifier,
    draft: LayerDraft,
    columns: Sequence[str],
    srid: int,
    progress: Progress,
) -> None:
    content = draft.content
    names = sql.SQL(", ").join(map(sql.Identifier, ["fid", "geom", "zs_uid", *columns]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    values = [_copied(column, draft.new.name) for column in content.columns]
    count = len(content.uids)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, count, _CHUNK):
            progress.step(start / count, _("Writing features"))
            part = slice(start, min(start + _CHUNK, count))
            shapes = _as_hex(content.geometry[part], srid)
            fids = range(part.start + 1, part.stop + 1)
            for row in zip(fids, shapes, content.uids[part], *(each[part] for each in values), strict=True):
                copy.write_row(row)
    progress.step(1.0)


def _copied(column: TableColumn, layer: str) -> list[Any]:
    values = column.values
    if column.type is FieldType.NUMBER:
        # as in the project file: what is no number is no data, and zero has no sign
        return [None if value is None or math.isnan(value) else value + 0.0 for value in values]
    if column.type is FieldType.TEXT and any(value is not None and "\x00" in value for value in values):
        check_texts(values, layer)
    return values


def _as_hex(geometry: np.ndarray[tuple[int], np.dtype[np.object_]], srid: int) -> list[str | None]:
    numbered = shapely.set_srid(geometry, srid) if srid else geometry
    return list(
        shapely.to_wkb(
            numbered, hex=True, output_dimension=4, byte_order=1, include_srid=bool(srid), flavor="extended"
        )
    )


def _total_bounds(geometry: np.ndarray[tuple[int], np.dtype[np.object_]]) -> tuple[float | None, ...]:
    boxes = shapely.bounds(geometry)
    placed = boxes[~np.isnan(boxes).any(axis=1)]
    if not placed.size:
        return (None,) * 4
    return (*placed[:, :2].min(axis=0).tolist(), *placed[:, 2:].max(axis=0).tolist())
