"""One feature's part of an edit, checked and in the form in which the file holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.edits import AddFeature, Change, ChangeFeature, Keep, RemoveFeature
from layers.errors import InputError
from layers.kind import GeometryType
from layers.store.blob import encode
from layers.store.geometry import check_geometries, for_table
from layers.store.model import LayerInfo
from layers.store.uids import is_uid
from layers.store.values import convert
from layers.words import _

_MOST_TOGETHER = 1_000

Blob = bytes | None | Keep
"""A stored shape, none, or the one that is there."""


@dataclass(frozen=True)
class Put:
    """A feature to be added; ``fid`` 0 lets the file number it."""

    layer_uid: str
    zs_uid: str
    blob: bytes | None
    values: Mapping[str, Any]
    parents: tuple[str, ...] = ()
    fid: int = 0


@dataclass(frozen=True)
class Alter:
    """A feature to be changed; ``version`` 0 where any will do."""

    layer_uid: str
    zs_uid: str
    blob: Blob
    values: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Take:
    """A feature to be removed."""

    layer_uid: str
    zs_uid: str
    version: int = 0


Step = Put | Alter | Take


def step_of(change: Change, info: LayerInfo, srs_id: int, made_uid: str, blob: bytes | None = None) -> Step:
    """Return a change as the file is to hold it.

    Parameters
    ----------
    made_uid : str
        The identifier of a new feature that brings none.
    blob : bytes, optional
        The change's shape, where :func:`blobs_of` has made it.

    Raises
    ------
    InputError
        When a shape or a value cannot be held, or a field does not exist.
    """
    if isinstance(change, RemoveFeature):
        return Take(info.uid, change.zs_uid, change.version)
    values = held_values(info, change.values)
    if isinstance(change, AddFeature):
        if change.zs_uid:
            require_uid(change.zs_uid, info.name)
        blob = blob or held_shape(info, change.geometry, srs_id)
        return Put(info.uid, change.zs_uid or made_uid, blob, values, change.parents)
    held = blob or _changed_shape(info, change, srs_id)
    return Alter(info.uid, change.zs_uid, held, values, change.version, change.parents)


def blobs_of(changes: Sequence[Change], info: LayerInfo, srs_id: int) -> dict[int, bytes]:
    """Return the shapes of a few changes of one layer as its table holds them, by the change's number.

    Made together they take a fraction of the time. None are returned where one of them cannot be held:
    :func:`step_of` says which.
    """
    given = {
        number: change.geometry
        for number, change in enumerate(changes)
        if change.layer_uid == info.uid
        and isinstance(change, AddFeature | ChangeFeature)
        and change.geometry is not None
        and change.geometry is not Keep.SHAPE
    }
    # a point stays one beside others of several parts
    if info.geometry is GeometryType.POINT or not 1 < len(given) <= _MOST_TOGETHER:
        return {}
    shapes = np.empty(len(given), dtype=object)
    shapes[:] = list(given.values())
    try:
        check_geometries(shapes, info.geometry, info.name)
        blobs = encode(for_table(shapes, info.geometry)[0], srs_id)
    except InputError:
        return {}
    return {number: blob for number, blob in zip(given, blobs, strict=True) if blob is not None}


def require_uid(uid: str, where: str = "") -> None:
    """Refuse an identifier that is none.

    Raises
    ------
    InputError
    """
    if not is_uid(uid):
        raise InputError(
            _("An identifier is no UUID in lower case: “{uid}”.").format(uid=uid),
            where=where,
            remedy=_("Leave the column zs_uid out; identifiers are then made."),
        )


def _changed_shape(info: LayerInfo, change: ChangeFeature, srs_id: int) -> Blob:
    return Keep.SHAPE if change.geometry is Keep.SHAPE else held_shape(info, change.geometry, srs_id)


def held_shape(info: LayerInfo, geometry: Any | None, srs_id: int) -> bytes | None:
    """Return a shape as the layer's table holds it.

    Raises
    ------
    InputError
        When it is of another type than the layer's, or a coordinate is not a number.
    """
    shapes = np.empty(1, dtype=object)
    shapes[0] = geometry
    check_geometries(shapes, info.geometry, info.name)
    held, _table = for_table(shapes, info.geometry)
    return encode(held, srs_id)[0]


def held_values(info: LayerInfo, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the layer's table holds them.

    Raises
    ------
    InputError
        When a field does not exist or a value does not fit it.
    """
    types = {one.name: one for one in info.fields}
    held: dict[str, Any] = {}
    for name, value in values.items():
        if name not in types:
            raise InputError(
                _("Layer “{layer}” has no column {names}.").format(layer=info.name, names=name),
                remedy=_("Columns: {names}").format(names=", ".join(types)),
            )
        converted, failed = convert([value], types[name].type)
        if failed.any():
            raise InputError(
                _("“{value}” does not fit field “{field}”.").format(value=value, field=types[name].alias),
                where=info.name,
                remedy=_("Give a value of the field's type."),
            )
        held[name] = converted[0]
    return held


def touched(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return the uids of the layers that changes touch, each once, in their order."""
    return tuple(dict.fromkeys(change.layer_uid for change in changes))
