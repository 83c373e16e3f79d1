"""Features out of the database: frames, single ones, hits at a place, shapes to be drawn, fingerprints."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from psycopg import sql

from layers.drawable_making import DrawingRows
from layers.errors import InputError
from layers.kind import FieldType
from layers.progress import Progress
from layers.ragged import Ragged, joined
from layers.store.blob import decode_parts, decode_readable, is_shapeless
from layers.store.blob_arrays import read_blobs
from layers.store.content import fingerprint
from layers.store.geometry import from_table
from layers.store.postgis.connecting import Connection
from layers.store.postgis.connections import Connections
from layers.store.postgis.plans import LayerPlan, as_blob
from layers.store.reading import Bounds
from layers.store.values import to_series
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_VERSION = "zs_version"
_PAGE = 10_000


def rows(
    connection: Connection,
    plan: LayerPlan,
    names: Sequence[str],
    condition: str = "",
    values: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """Return columns of features by their names; a shape comes as the project file would hold it.

    Parameters
    ----------
    condition : str
        What stands behind the table's name, with ``%s`` for each value and ``{postgis}`` for its schema.
    """
    query = sql.SQL("SELECT {columns} FROM {table} AS t ").format(
        columns=plan.selected(*names), table=plan.table
    )
    behind = sql.SQL(condition).format(postgis=sql.Identifier(plan.postgis))
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(query + behind, values).fetchall()
    if "geom" not in names:
        return found
    place = list(names).index("geom")
    return [(*row[:place], as_blob(row[place]), *row[place + 1 :]) for row in found]


def read_frame(
    connections: Connections,
    plan: LayerPlan,
    *,
    columns: Sequence[str] | None = None,
    uids: Collection[str] | None = None,
    bounds: Bounds | None = None,
) -> GeoDataFrame:
    """Return a layer's features; see :meth:`layers.store.Project.read`."""
    import geopandas
    import pandas as pd

    types = _column_types(plan, columns)
    condition, values = _condition(plan, uids, bounds)
    found = connections.reading(
        lambda lent: rows(lent, plan, ("zs_uid", "geom", *types), f"{condition} ORDER BY fid", values)
    )
    by_column = list(zip(*found, strict=True)) if found else [()] * (len(types) + 2)
    geometry = from_table(decode_parts(by_column[1], plan.info.name))
    index = pd.Index(list(by_column[0]), name="zs_uid", dtype="str")
    series = {
        name: to_series(list(stored), kind)
        for (name, kind), stored in zip(types.items(), by_column[2:], strict=True)
    }
    plain = pd.DataFrame(series).set_index(index) if series else pd.DataFrame(index=index)
    frame = geopandas.GeoDataFrame(plain, geometry=geometry, crs=plan.info.crs)
    if uids is not None:
        _require_all(plan, uids, found)
    if bounds is not None:
        box = shapely.bounds(geometry)
        west, south, east, north = bounds
        frame = frame[(box[:, 2] >= west) & (box[:, 0] <= east) & (box[:, 3] >= south) & (box[:, 1] <= north)]
    return frame


def read_feature(connections: Connections, plan: LayerPlan, zs_uid: str) -> dict[str, Any]:
    """Return one feature's attributes; see :meth:`layers.store.Project.feature`."""
    names = [field.name for field in plan.info.fields]
    found = connections.reading(
        lambda lent: rows(lent, plan, ("geom", *names), "WHERE zs_uid = %s", (zs_uid,))
    )
    if not found:
        raise no_feature(plan, zs_uid)
    blob, *values = found[0]
    attributes = dict(zip(names, values, strict=True))
    for field in plan.info.fields:
        if field.type is FieldType.BOOLEAN and attributes[field.name] is not None:
            attributes[field.name] = bool(attributes[field.name])
    return {**attributes, "geometry": from_table(decode_readable([blob]))[0]}


def find_at(connections: Connections, plan: LayerPlan, x: float, y: float, tolerance: float) -> list[str]:
    """Return the ``zs_uid`` of features within ``tolerance`` of a point, the nearest first."""
    condition, values = _condition(plan, None, (x - tolerance, y - tolerance, x + tolerance, y + tolerance))
    found = connections.reading(
        lambda lent: rows(lent, plan, ("zs_uid", "geom"), f"{condition} ORDER BY fid DESC", values)
    )
    if not found:
        return []
    with np.errstate(invalid="ignore"):  # what has no finite place is near nothing
        distance = shapely.distance(decode_readable([row[1] for row in found]), shapely.Point(x, y))
    order = np.argsort(distance, kind="stable")
    return [found[i][0] for i in order.tolist() if distance[i] <= tolerance]


def read_for_drawing(
    connections: Connections, plan: LayerPlan, columns: Sequence[str], progress: Progress
) -> DrawingRows:
    """Return a layer's shapes and some of its columns; see :meth:`layers.store.Project.drawing_rows`."""
    shapes: list[Ragged] = []
    uids: list[str] = []
    values: list[list[Any]] = [[] for _name in columns]
    shapeless = 0
    for page in pages(connections, plan, ("zs_uid", "geom", *columns)):
        _fids, names, blobs, *read = zip(*page, strict=True)
        shapeless += sum(is_shapeless(blob) for blob in blobs)
        shapes.append(read_blobs(blobs, plan.info.geometry))
        uids.extend(names)
        for column, more in zip(values, read, strict=True):
            column.extend(more)
        progress.step(len(uids) / max(plan.info.feature_count, len(uids)))
    series = {
        name: to_series(stored, plan.type_of(name)) for name, stored in zip(columns, values, strict=True)
    }
    return DrawingRows(uids, joined(shapes), series, shapeless)


def pages(
    connections: Connections, plan: LayerPlan, names: Sequence[str], size: int = _PAGE
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield all rows in pages, in the order of ``fid``, which leads each row."""
    last = -(2**63)
    while True:
        after = last
        page = connections.reading(
            lambda lent, after=after: rows(  # type: ignore[misc]
                lent, plan, ("fid", *names), "WHERE fid > %s ORDER BY fid LIMIT %s", (after, size)
            )
        )
        if page:
            yield page
            last = page[-1][0]
        if len(page) < size:
            return


def content_hash(connections: Connections, plan: LayerPlan) -> str:
    """Return the fingerprint that the project file gives for the same content."""
    names = sorted(field.name for field in plan.info.fields)
    found = (row[1:] for page in pages(connections, plan, ("geom", *names)) for row in page)
    return fingerprint(plan.info.crs, names, found)


def no_feature(plan: LayerPlan, uid: str) -> InputError:
    """Return the error for a feature that a layer does not have."""
    return InputError(
        _("Layer “{layer}” has no feature {uid}.").format(layer=plan.info.name, uid=uid),
        remedy=_("It may have been deleted; look again in the layer's table."),
    )


def _column_types(plan: LayerPlan, columns: Sequence[str] | None) -> dict[str, FieldType]:
    types = {field.name: field.type for field in plan.info.fields}
    if columns is None:
        return types
    known = {**types, _VERSION: FieldType.INTEGER}
    missing = [name for name in columns if name not in known]
    if missing:
        raise InputError(
            _("Layer “{layer}” has no column {names}.").format(
                layer=plan.info.name, names=", ".join(missing)
            ),
            remedy=_("Columns: {names}").format(names=", ".join(types)),
        )
    return {name: known[name] for name in columns}


def _condition(plan: LayerPlan, uids: Collection[str] | None, bounds: Bounds | None) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if uids is not None:
        conditions.append("zs_uid = ANY(%s)")
        values.append([uid for uid in uids if "\x00" not in uid])
    if bounds is not None:
        conditions.append(
            "geom OPERATOR({postgis}.&&) {postgis}.ST_MakeEnvelope("
            "%s::float8, %s::float8, %s::float8, %s::float8, %s)"
        )
        values.extend((*map(float, bounds), plan.srid))
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), values


def _require_all(plan: LayerPlan, uids: Collection[str], found: Sequence[tuple[Any, ...]]) -> None:
    present = {row[0] for row in found}
    for uid in uids:
        if uid not in present:
            raise no_feature(plan, uid)
