"""Adding a layer: everything is checked and made ready first, then written in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import apsw
import numpy as np
import pyproj
import shapely

from layers.errors import CrsError, InputError, UsageError
from layers.kind import Kind
from layers.kinds import KINDS, kind
from layers.progress import Progress
from layers.secrecy import rank
from layers.store.columns import TableColumn, plan_columns
from layers.store.database import one, rows
from layers.store.geometry import TableGeometry, check_geometries, for_table
from layers.store.layer_table import TableContent, create_table, fill_table
from layers.store.model import NewLayer
from layers.store.naming import quoted, table_name
from layers.store.qgis_styles import keep_styles
from layers.store.records import as_json, write_journal
from layers.store.registry import first_place, insert_layer, place, read_places
from layers.store.srs import crs_text, ensure_srs
from layers.store.uids import is_uid, new_uid, new_uids
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True)
class LayerDraft:
    """A layer that has been checked and is ready to be written."""

    new: NewLayer
    kind: Kind
    table: TableGeometry
    content: TableContent
    style: str
    given_uids: bool

    @classmethod
    def prepare(cls, new: NewLayer, frame: GeoDataFrame) -> LayerDraft:
        """Check a frame against what a layer can hold; nothing is written.

        Raises
        ------
        UsageError, InputError, CrsError
        """
        declared = kind(new.kind)
        _check(new, frame)
        geometry = np.asarray(frame.geometry.array, dtype=object)
        check_geometries(geometry, declared.geometry, new.name)
        held, table = for_table(geometry, declared.geometry)
        attributes = frame.drop(columns=[str(frame.geometry.name), "zs_uid"], errors="ignore")
        columns = plan_columns(declared, attributes, new.name)
        given = "zs_uid" in frame.columns
        uids = _given_uids(frame, new.name) if given else new_uids(len(frame))
        return cls(
            new=new,
            kind=declared,
            table=table,
            content=TableContent(uids, held, columns),
            style=_style(new, declared, columns),
            given_uids=given,
        )


def add_layer(connection: apsw.Connection, draft: LayerDraft, progress: Progress) -> str:
    """Write a layer inside the transaction that is open; return its uid."""
    new, content = draft.new, draft.content
    layers = read_places(connection)
    require_free_name(connection, new.name)
    if draft.given_uids:
        _require_unused(connection, content.uids, [info.table for info in layers])
    uid = new.uid or new_uid()
    taken = [row[0] for row in rows(connection, "SELECT name FROM sqlite_master")]
    table = table_name(new.name, taken)
    srs_id = ensure_srs(connection, new.crs)
    box = _total_bounds(content)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id)"
        " VALUES (?, 'features', ?, ?, ?, ?, ?, ?)",
        (table, new.name, *box, srs_id),
    )
    create_table(connection, table, content.columns, draft.table, srs_id)
    fill_table(connection, table, content, srs_id, progress)
    insert_layer(connection, _row(draft, uid, table))
    place(connection, uid, first_place(layers, draft.kind, KINDS))
    keep_styles(connection, [uid])
    write_journal(
        connection,
        "add_layer",
        layer_uid=uid,
        after={"name": new.name, "kind": new.kind, "features": len(content.uids), "source": dict(new.source)},
    )
    return uid


def _row(draft: LayerDraft, uid: str, table: str) -> dict[str, Any]:
    new = draft.new
    return {
        "uid": uid,
        "table_name": table,
        "name": new.name,
        "kind": new.kind,
        "geometry": draft.kind.geometry.value,
        "crs": crs_text(new.crs),
        "version": 1,
        "standard": new.standard,
        "demo": int(new.demo),
        "status": new.status,
        "secrecy": new.secrecy,
        "visible": int(new.visible),
        "opacity": float(new.opacity),
        "position": 0,
        "style": draft.style,
        "source": as_json(dict(new.source)),
    }


def check_name(name: str) -> None:
    """Refuse a layer name that nobody could read.

    Raises
    ------
    InputError
    """
    if not name.strip() or not name.isprintable():
        raise InputError(_("A layer needs a name of visible characters."), remedy=_("Give the layer a name."))


def require_free_name(connection: apsw.Connection, name: str) -> None:
    """Refuse a name that another layer has.

    Raises
    ------
    InputError
    """
    if one(connection, "SELECT 1 FROM gpkg_contents WHERE identifier = ?", (name,)) is not None:
        raise InputError(
            _("The project has a layer “{name}” already.").format(name=name),
            remedy=_("Give the new layer another name."),
        )


def check_opacity(opacity: float) -> None:
    """Refuse an opacity outside 0 to 1.

    Raises
    ------
    UsageError
    """
    if not 0.0 <= opacity <= 1.0:
        raise UsageError(_("Opacity lies between 0 and 1."), where=str(opacity))


def _check(new: NewLayer, frame: GeoDataFrame) -> None:
    check_name(new.name)
    check_opacity(new.opacity)
    rank(new.secrecy)
    if new.standard:
        from layers.classification import standard

        standard(new.standard)
    if not isinstance(new.crs, pyproj.CRS):
        raise CrsError(_("Layer “{layer}” has no coordinate system.").format(layer=new.name))
    if frame.crs is not None and frame.crs != new.crs:
        raise CrsError(
            _("The shapes are in {found}, but layer “{layer}” is said to be in {wanted}.").format(
                found=frame.crs.name, layer=new.name, wanted=new.crs.name
            ),
            remedy=_("Transform the shapes first, or name their own coordinate system."),
        )


def _given_uids(frame: GeoDataFrame, layer: str) -> list[str]:
    uids: list[str] = frame["zs_uid"].tolist()
    for number, uid in enumerate(uids, start=1):
        if not is_uid(uid):
            raise InputError(
                _("An identifier is no UUID in lower case: “{uid}”.").format(uid=uid),
                where=_("{layer}, feature {number}").format(layer=layer, number=number),
                remedy=_("Leave the column zs_uid out; identifiers are then made."),
            )
    if len(set(uids)) != len(uids):
        raise InputError(
            _("Two features of layer “{layer}” have the same identifier.").format(layer=layer),
            remedy=_("Leave the column zs_uid out; identifiers are then made."),
        )
    return uids


def _require_unused(connection: apsw.Connection, uids: Any, tables: list[str]) -> None:
    wanted = json.dumps(list(uids))
    for table in ["zs_retired", *tables]:
        found = one(
            connection,
            f"SELECT value FROM json_each(?) WHERE value IN (SELECT zs_uid FROM {quoted(table)}) LIMIT 1",
            (wanted,),
        )
        if found is not None:
            raise InputError(
                _("Identifier {uid} was used in this project before.").format(uid=found[0]),
                remedy=_("Leave the column zs_uid out; identifiers are then made."),
            )


def _style(new: NewLayer, declared: Kind, columns: tuple[TableColumn, ...]) -> str:
    if new.style is not None:
        return new.style.model_dump_json()
    from layers.store.default_style import default_style

    codes = {
        str(value)
        for column in columns
        if column.name == declared.class_field
        for value in column.values
        if value is not None
    }
    return default_style(declared, new.standard, codes).model_dump_json()


def _total_bounds(content: TableContent) -> tuple[float | None, ...]:
    boxes = shapely.bounds(content.geometry)
    placed = boxes[~np.isnan(boxes).any(axis=1)]
    if not placed.size:
        return (None,) * 4
    return (*placed[:, :2].min(axis=0).tolist(), *placed[:, 2:].max(axis=0).tolist())
