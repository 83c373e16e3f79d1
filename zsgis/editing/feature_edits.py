"""What is done to whole features, as one edit: moved, deleted, copied into a layer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.crs import transform
from layers.crs_routes import find_route
from layers.edits import AddFeature, ChangeFeature, Edit, FeatureState, RemoveFeature
from layers.errors import InputError
from layers.field_terms import FEATURE_ID
from layers.kind import Computation, GeometryType
from layers.kinds import kind
from layers.measures import at_places
from layers.progress import Progress
from layers.store.edits.losses import require_readable
from layers.store.interface import EditStore
from layers.store.model import LayerField, LayerInfo
from layers.words import _
from zsgis.editing.splitting_edits import Thought


@dataclass(frozen=True)
class Copied:
    """Features taken along to be put into a layer.

    Attributes
    ----------
    crs : pyproj.CRS
        The system of the shapes.
    """

    geometry: GeometryType
    crs: pyproj.CRS
    fields: tuple[LayerField, ...]
    states: tuple[FeatureState, ...]


def move_features(
    store: EditStore, info: LayerInfo, uids: Collection[str], shift: tuple[float, float]
) -> Thought:
    """Return the edit that moves features as they are.

    Parameters
    ----------
    shift : tuple of float
        To the east and to the north, in the unit of the layer.
    """
    found = store.states(info.uid, uids)
    for state in found:
        require_readable(info, state)
    states = [state for state in found if state.geometry is not None]
    if not states:
        raise InputError(_("None of the features has a shape."), remedy=_("Select others."))
    changes = tuple(
        ChangeFeature(info.uid, state.zs_uid, moved(state.geometry, shift), version=state.version)
        for state in states
    )
    return Thought(Edit(_("Move features"), changes))


def moved(shape: Any, shift: tuple[float, float]) -> Any:
    """Return a shape moved to the east and to the north; heights and M values stay."""
    if shapely.has_m(shape):
        return at_places(shape, shapely.get_coordinates(shape) + np.array(shift))
    step = np.array([*shift, 0.0] if shapely.has_z(shape) else shift)
    return shapely.transform(shape, lambda places: places + step, include_z=bool(shapely.has_z(shape)))


def delete_features(
    store: EditStore, layers: Sequence[tuple[LayerInfo, Collection[str]]], progress: Progress
) -> Thought:
    """Return the edit that deletes features of one or several layers."""
    changes = []
    for number, (info, uids) in enumerate(layers):
        progress.step(number / len(layers), _("Deleting"))
        changes += [
            RemoveFeature(info.uid, state.zs_uid, state.version) for state in store.states(info.uid, uids)
        ]
    note = _("{count} features deleted; undo brings them back.").format(count=f"{len(changes):,}")
    return Thought(Edit(_("Delete features"), tuple(changes)), (note,))


def copy_features(store: EditStore, info: LayerInfo, uids: Collection[str]) -> Copied:
    """Take features along.

    Raises
    ------
    GeometryError
        When one has a shape that cannot be read.
    """
    states = store.states(info.uid, uids)
    for state in states:
        require_readable(info, state)
    return Copied(info.geometry, info.crs, info.fields, states)


def paste_features(copied: Copied, target: LayerInfo) -> Thought:
    """Return the edit that puts copies into a layer: changed into its system, fields matched by name.

    Each copy names what it was made from. What is given once (标识码) is not copied; a value whose field the
    layer does not have, or has as another type, is left out and told of. An area that is computed in the
    plane (宗地面积) is measured anew in a layer of another projection, and told of: that of the old plane is
    not so wrong there that it would be noticed, and yet it is not the layer's.

    Raises
    ------
    InputError
        When the layer holds shapes of another type.
    CrsError
        When no way leads from the one system to the other without guessing.
    """
    if target.geometry is not copied.geometry:
        raise InputError(
            _("Layer “{layer}” holds shapes of another type than those copied.").format(layer=target.name),
            remedy=_("Paste them into a layer of the same type."),
        )
    types = {field.name: field.type for field in target.fields if field.name != FEATURE_ID.name}
    measured = _measured_anew(copied, target)
    taken = [
        field.name
        for field in copied.fields
        if types.get(field.name) is field.type and field.name not in measured
    ]
    lost = [
        field.alias
        for field in copied.fields
        if field.name not in taken
        and field.name not in measured
        and field.name != FEATURE_ID.name
        and any(state.values.get(field.name) is not None for state in copied.states)
    ]
    held = np.empty(len(copied.states), dtype=object)
    held[:] = [state.geometry for state in copied.states]
    shapes = transform(held, copied.crs, target.crs)
    changes = tuple(
        AddFeature(
            target.uid,
            shape,
            {name: state.values.get(name) for name in taken if state.values.get(name) is not None},
            parents=(state.zs_uid,),
        )
        for state, shape in zip(copied.states, shapes, strict=True)
    )
    notes: list[str] = []
    if lost:
        notes.append(
            _("Not copied, for the layer has no such fields: {fields}.").format(fields="、".join(lost))
        )
    if measured:
        notes.append(
            _("Measured anew in the layer's projection: {fields}.").format(
                fields="、".join(measured.values())
            )
        )
    return Thought(Edit(_("Paste features"), changes), tuple(notes))


def _measured_anew(copied: Copied, target: LayerInfo) -> dict[str, str]:
    """Return the fields, with what people call them, whose value was an area in another plane."""
    if not target.crs.is_projected or find_route(copied.crs, target.crs).change.is_identity:
        return {}
    planar = {
        field.name: field.alias
        for field in kind(target.kind).fields
        if field.computed is not None and field.computed.rule is Computation.PLANAR_AREA
    }
    return {
        name: alias
        for name, alias in planar.items()
        if any(state.values.get(name) is not None for state in copied.states)
    }
