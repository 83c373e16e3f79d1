"""The layers of a project in a database: what is told of them, and how their tables are read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyproj
from psycopg import sql

from layers.kind import FieldType, GeometryType
from layers.store.model import LayerField, LayerInfo
from layers.store.postgis.connecting import Connection, in_schema
from layers.style import Style

_LAYERS = """
SELECT uid, table_name, name, kind, geometry, crs, srid, version, standard, demo, status, secrecy, visible,
       opacity, position, style, source, feature_count, min_x, min_y, max_x, max_y, survey
FROM {schema}.zs_layers ORDER BY position, id
"""
_FIELDS = (
    "SELECT layer_uid, name, column_name, type, title, unit FROM {schema}.zs_fields ORDER BY layer_uid, place"
)
_KEPT = 512
# a GeoPackage blob without an envelope: what reads those of the project file reads these
_NO_PARTS = 9
_POINT, _MULTI_LINE, _MULTI_POLYGON = 1, 5, 6
_NAN = bytes(6) + b"\xf8\x7f"
_HEADER = b"GP\x00\x01" + bytes(4)
_HEADER_OF_EMPTY = b"GP\x00\x11" + bytes(4)


@dataclass(frozen=True)
class LayerPlan:
    """A layer with its table.

    Attributes
    ----------
    columns : mapping
        What the column of a field is called.
    survey : bool
        Whether surveyors may add and change its features.
    """

    info: LayerInfo
    schema: str
    postgis: str
    srid: int
    columns: Mapping[str, str]
    survey: bool

    @property
    def table(self) -> sql.Identifier:
        """Its table, with the schema."""
        return sql.Identifier(self.schema, self.info.table)

    @property
    def shape(self) -> sql.Composed:
        """What reads a shape as WKB, bit for bit."""
        return sql.SQL("{}.ST_AsBinary(geom, 'NDR')").format(sql.Identifier(self.postgis))

    @property
    def shape_given(self) -> sql.Composed:
        """What takes a shape as WKB."""
        return sql.SQL("{}.ST_GeomFromWKB(%s, {})").format(
            sql.Identifier(self.postgis), sql.Literal(self.srid)
        )

    def type_of(self, name: str) -> FieldType:
        """Return the type of a field."""
        return next(field.type for field in self.info.fields if field.name == name)

    def selected(self, *names: str) -> sql.Composed:
        """Return what reads columns: ``fid``, ``zs_uid``, ``zs_version``, ``geom``, and fields by name."""
        return sql.SQL(", ").join(self._selected(name) for name in names)

    def _selected(self, name: str) -> sql.Composable:
        if name == "geom":
            return self.shape
        if name not in self.columns:
            return sql.Identifier(name)
        column = sql.Identifier(self.columns[name])
        # as the project file holds them: a date is text, yes and no are 1 and 0
        cast = {FieldType.DATE: "::text", FieldType.BOOLEAN: "::integer"}.get(self.type_of(name), "")
        return sql.Composed([column, sql.SQL(cast)])


def read_plans(connection: Connection, schema: str, postgis: str) -> tuple[LayerPlan, ...]:
    """Return all layers in drawing order, top first."""
    fields: dict[str, list[tuple[LayerField, str]]] = {}
    for uid, name, column, kind, title, unit in connection.execute(in_schema(schema, _FIELDS)):
        fields.setdefault(uid, []).append((LayerField(name, title or name, FieldType(kind), unit), column))
    rows = connection.execute(in_schema(schema, _LAYERS)).fetchall()
    return tuple(_plan(row, fields.get(row[0], []), schema, postgis) for row in rows)


def _plan(
    row: Sequence[Any], fields: Sequence[tuple[LayerField, str]], schema: str, postgis: str
) -> LayerPlan:
    box = row[18:22]
    info = LayerInfo(
        uid=row[0],
        table=row[1],
        name=row[2],
        kind=row[3],
        geometry=GeometryType(row[4]),
        crs=_crs(row[5]),
        feature_count=row[17],
        bounds=None if None in box else (box[0], box[1], box[2], box[3]),
        version=row[7],
        standard=row[8],
        demo=bool(row[9]),
        status=row[10],
        secrecy=row[11],
        visible=bool(row[12]),
        opacity=row[13],
        order=row[14],
        style=_style(row[15]),
        source=json.loads(row[16]),
        fields=tuple(field for field, _column in fields),
    )
    return LayerPlan(
        info, schema, postgis, row[6], {field.name: column for field, column in fields}, bool(row[22])
    )


def as_blob(wkb: bytes | None) -> bytes | None:
    """Return a shape as what reads the project file's shapes takes it.

    PostGIS keeps a polygon or line without a point as no part; the project file keeps it as one empty part.
    """
    if wkb is None:
        return None
    kind = int.from_bytes(wkb[1:5], "little")
    if len(wkb) == _NO_PARTS and wkb[5:] == bytes(4):
        if kind % 1000 in (_MULTI_LINE, _MULTI_POLYGON):
            wkb = wkb[:5] + (1).to_bytes(4, "little") + wkb[:1] + (kind - 3).to_bytes(4, "little") + bytes(4)
        return _HEADER_OF_EMPTY + wkb
    if kind % 1000 == _POINT and wkb[5:13] == _NAN:
        return _HEADER_OF_EMPTY + wkb
    return _HEADER + wkb


@lru_cache(_KEPT)
def _style(text: str) -> Style:
    return Style.model_validate_json(text)


@lru_cache(_KEPT)
def _crs(text: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(text)
