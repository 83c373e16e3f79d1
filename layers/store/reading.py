"""Features out of the project file: frames, single features, and hits at a place."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.edits import FeatureShape
from layers.errors import InputError
from layers.kind import FieldType
from layers.store.blob import decode_parts, decode_readable
from layers.store.database import Database, rows
from layers.store.geometry import from_table
from layers.store.layer_table import box_values, rtree_query
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.values import to_series
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Bounds = tuple[float, float, float, float]
_VERSION_COLUMN = "zs_version"


def read_frame(
    database: Database,
    info: LayerInfo,
    *,
    columns: Sequence[str] | None = None,
    uids: Collection[str] | None = None,
    bounds: Bounds | None = None,
) -> GeoDataFrame:
    """Return a layer's features; see :meth:`layers.store.Project.read`."""
    import geopandas
    import pandas as pd

    types = _column_types(info, columns)
    names = ", ".join(quoted(name) for name in ("zs_uid", "geom", *types))
    where, values = _condition(info, uids, bounds)
    with database.reading() as connection:
        found = rows(
            connection,
            f"SELECT {names} FROM {quoted(info.table)}{where} ORDER BY fid",
            values,
        )
    by_column = list(zip(*found, strict=True)) if found else [()] * (len(types) + 2)
    geometry = from_table(decode_parts(by_column[1], info.name))
    index = pd.Index(list(by_column[0]), name="zs_uid", dtype="str")
    series = {
        name: to_series(list(stored), kind)
        for (name, kind), stored in zip(types.items(), by_column[2:], strict=True)
    }
    plain = pd.DataFrame(series).set_index(index) if series else pd.DataFrame(index=index)
    frame = geopandas.GeoDataFrame(plain, geometry=geometry, crs=info.crs)
    if uids is not None:
        _require_all(info, uids, found)
    if bounds is not None:
        frame = frame[_meets(geometry, bounds)]
    return frame


def read_shapes(database: Database, info: LayerInfo, bounds: Bounds) -> tuple[FeatureShape, ...]:
    """Return the shapes whose box meets one; see :meth:`layers.store.interface.Store.shapes_in`."""
    where, values = _condition(info, None, bounds)
    with database.reading() as connection:
        found = rows(
            connection,
            f"SELECT zs_uid, zs_version, geom FROM {quoted(info.table)}{where} ORDER BY fid",
            values,
        )
    if not found:
        return ()
    geometry = from_table(decode_parts([row[2] for row in found], info.name))
    kept = np.flatnonzero(_meets(geometry, bounds))
    return tuple(FeatureShape(found[row][0], found[row][1], geometry[row]) for row in kept.tolist())


def read_feature(database: Database, info: LayerInfo, zs_uid: str) -> dict[str, Any]:
    """Return one feature's attributes by field name, with ``geometry`` as a shapely geometry.

    None where it has no shape, or one that cannot be read: what else is known of it is not lost for that.

    Raises
    ------
    InputError
        When the layer has no such feature.
    """
    names = [field.name for field in info.fields]
    selected = ", ".join(quoted(name) for name in ("geom", *names))
    with database.reading() as connection:
        found = rows(
            connection,
            f"SELECT {selected} FROM {quoted(info.table)} WHERE zs_uid = ?",
            (zs_uid,),
        )
    if not found:
        raise _no_feature(info, zs_uid)
    blob, *values = found[0]
    attributes = dict(zip(names, values, strict=True))
    for field in info.fields:
        value = attributes[field.name]
        if field.type is FieldType.BOOLEAN and value in (0, 1):
            attributes[field.name] = bool(value)
    return {**attributes, "geometry": from_table(decode_readable([blob]))[0]}


def find_at(database: Database, info: LayerInfo, x: float, y: float, tolerance: float) -> list[str]:
    """Return the ``zs_uid`` of features within ``tolerance`` of a point, the nearest first."""
    box = (x - tolerance, y - tolerance, x + tolerance, y + tolerance)
    with database.reading() as connection:
        found = rows(
            connection,
            f"SELECT zs_uid, geom FROM {quoted(info.table)}"
            f" WHERE fid IN ({rtree_query(info.table)}) ORDER BY fid DESC",
            box_values(*box),
        )
    if not found:
        return []
    with np.errstate(invalid="ignore"):  # what has no finite place is near nothing
        distance = shapely.distance(decode_readable([row[1] for row in found]), shapely.Point(x, y))
    order = np.argsort(distance, kind="stable")
    return [found[i][0] for i in order.tolist() if distance[i] <= tolerance]


def _column_types(info: LayerInfo, columns: Sequence[str] | None) -> dict[str, FieldType]:
    types = {field.name: field.type for field in info.fields}
    if columns is None:
        return types
    known = {**types, _VERSION_COLUMN: FieldType.INTEGER}
    missing = [name for name in columns if name not in known]
    if missing:
        raise InputError(
            _("Layer “{layer}” has no column {names}.").format(layer=info.name, names=", ".join(missing)),
            remedy=_("Columns: {names}").format(names=", ".join(types)),
        )
    return {name: known[name] for name in columns}


def _condition(
    info: LayerInfo, uids: Collection[str] | None, bounds: Bounds | None
) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if uids is not None:
        conditions.append("zs_uid IN (SELECT value FROM json_each(:uids))")
        values["uids"] = json.dumps(list(uids))
    if bounds is not None:
        conditions.append(f"fid IN ({rtree_query(info.table)})")
        values.update(box_values(*bounds))
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), values


def _require_all(info: LayerInfo, uids: Collection[str], found: Sequence[tuple[Any, ...]]) -> None:
    present = {row[0] for row in found}
    for uid in uids:
        if uid not in present:
            raise _no_feature(info, uid)


def _no_feature(info: LayerInfo, uid: str) -> InputError:
    return InputError(
        _("Layer “{layer}” has no feature {uid}.").format(layer=info.name, uid=uid),
        remedy=_("It may have been deleted; look again in the layer's table."),
    )


def _meets(geometry: Any, bounds: Bounds) -> Any:
    # the R-tree holds 32-bit numbers rounded outward, so a few neighbours come with it
    west, south, east, north = bounds
    box = shapely.bounds(geometry)
    return (box[:, 2] >= west) & (box[:, 0] <= east) & (box[:, 3] >= south) & (box[:, 1] <= north)
