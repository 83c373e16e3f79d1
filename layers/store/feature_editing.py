"""Features of a layer changed: shape and values, each written down before and after."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw
import numpy as np
import shapely

from layers.errors import InputError
from layers.progress import Progress
from layers.store.blob import decode, encode
from layers.store.database import one, rows
from layers.store.geometry import check_geometries, for_table, from_table
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.records import write_journal
from layers.store.registry import change_layer
from layers.store.values import convert
from layers.words import _


@dataclass(frozen=True)
class FeatureEdit:
    """What is to become of one feature.

    Attributes
    ----------
    geometry : shapely geometry or None
        The new shape, in the layer's own coordinate system; None leaves the shape.
    values : mapping
        New values by field; other fields keep theirs.
    version : int
        The feature's ``zs_version`` that the edit was thought out for; 0 where any will do.
    """

    zs_uid: str
    geometry: Any | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0


def change_features(
    connection: apsw.Connection,
    info: LayerInfo,
    edits: Sequence[FeatureEdit],
    reason: str,
    progress: Progress,
) -> tuple[FeatureEdit, ...]:
    """Change features inside the transaction that is open; return the edits that take it back.

    Raises
    ------
    InputError
        When a feature is gone or was changed since, a field does not exist, or a shape or a value cannot be
        held.
    """
    shapes = _held_shapes(info, edits)
    values = [_held_values(info, edit) for edit in edits]
    (srs_id,) = one(
        connection, "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (info.table,)
    ) or (0,)
    taken_back = []
    for number, (edit, shape, held) in enumerate(zip(edits, shapes, values, strict=True)):
        progress.step(number / len(edits), _("Writing changes"))
        blob = None if shape is None else encode(np.array([shape], dtype=object), srs_id)[0]
        taken_back.append(_change(connection, info, edit, blob, held, reason))
    _spread_bounds(connection, info, shapes)
    change_layer(connection, info.uid, {"version": info.version + 1})
    return tuple(taken_back)


def _held_shapes(info: LayerInfo, edits: Sequence[FeatureEdit]) -> list[Any]:
    shapes = np.empty(len(edits), dtype=object)
    shapes[:] = [edit.geometry for edit in edits]
    check_geometries(shapes, info.geometry, info.name)
    held, _table = for_table(shapes, info.geometry)
    return list(held)


def _held_values(info: LayerInfo, edit: FeatureEdit) -> dict[str, Any]:
    fields = {one_.name: one_ for one_ in info.fields}
    held: dict[str, Any] = {}
    for name, value in edit.values.items():
        if name not in fields:
            raise InputError(
                _("Layer “{layer}” has no column {names}.").format(layer=info.name, names=name),
                remedy=_("Columns: {names}").format(names=", ".join(fields)),
            )
        converted, failed = convert([value], fields[name].type)
        if failed.any():
            raise InputError(
                _("“{value}” does not fit field “{field}”.").format(value=value, field=fields[name].alias),
                where=info.name,
                remedy=_("Give a value of the field's type."),
            )
        held[name] = converted[0]
    return held


def _change(
    connection: apsw.Connection,
    info: LayerInfo,
    edit: FeatureEdit,
    blob: bytes | None,
    values: Mapping[str, Any],
    reason: str,
) -> FeatureEdit:
    names = list(values)
    columns = ", ".join(["zs_version", "geom", *(quoted(name) for name in names)])
    found = rows(connection, f"SELECT {columns} FROM {quoted(info.table)} WHERE zs_uid = ?", (edit.zs_uid,))
    if not found or (edit.version and found[0][0] != edit.version):
        raise InputError(
            _("A feature of layer “{layer}” was changed or deleted meanwhile.").format(layer=info.name),
            where=edit.zs_uid,
            remedy=_("Check the layer again."),
        )
    version, old_blob, *old = found[0]
    changes = dict(values)
    new = {"geom": blob, **changes} if blob is not None else changes
    settings = ", ".join(f"{quoted(name)} = ?" for name in ["zs_version", *new])
    connection.execute(
        f"UPDATE {quoted(info.table)} SET {settings} WHERE zs_uid = ?",
        (version + 1, *new.values(), edit.zs_uid),
    )
    before = dict(zip(names, old, strict=True))
    write_journal(
        connection,
        "change_feature",
        layer_uid=info.uid,
        feature_uid=edit.zs_uid,
        before=_state(version, old_blob if blob is not None else None, before),
        after={**_state(version + 1, blob, changes), "reason": reason},
    )
    old_shape = None
    if blob is not None:
        old_shape = from_table(decode([old_blob], info.name))[0]
    return FeatureEdit(edit.zs_uid, old_shape, before, version + 1)


def _state(version: int, blob: bytes | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal keeps of a feature: the shape as it is stored, in base 64."""
    state: dict[str, Any] = {"version": version, "values": dict(values)}
    if blob is not None:
        state["geometry"] = base64.b64encode(blob).decode("ascii")
    return state


def _spread_bounds(connection: apsw.Connection, info: LayerInfo, shapes: Sequence[Any]) -> None:
    """Let the layer's extent hold the new shapes; it is not made smaller, which would need all of them."""
    given = np.array([shape for shape in shapes if shape is not None], dtype=object)
    connection.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?",
        (info.table,),
    )
    if not len(given):
        return
    west, south, east, north = shapely.total_bounds(given).tolist()
    if np.isnan(west):
        return
    connection.execute(
        "UPDATE gpkg_contents SET min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2),"
        " max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5",
        (west, south, east, north, info.table),
    )
