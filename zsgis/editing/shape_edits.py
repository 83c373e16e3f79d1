"""What is done to the shape of one feature, as one edit: with its neighbours where they are kept joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.edits import Change, ChangeFeature, Edit
from layers.errors import StaleEditError
from layers.kind import GeometryType
from layers.store.edits.losses import require_readable, require_unmeasured
from layers.store.interface import EditStore, Store
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.guarding import Guarded, Reach, guard
from zsgis.editing.near_features import Held, Shapes, features_near, same_place
from zsgis.editing.reshaping import follow, reshape
from zsgis.editing.settings import GuardMode
from zsgis.editing.shared_edges import SAME_PLACE_M, joined_removal
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.systems import Bounds, unit_metres
from zsgis.editing.taking_hold import Grasp, KnownShapes, turning
from zsgis.editing.vertices import FloatArray, Vertices, sound

__all__ = ["EditStore", "Held", "Manner", "Thought", "move_places", "remove_place", "reshape_feature"]


_MANY = 2_000


@dataclass(frozen=True)
class Manner:
    """How shapes are changed.

    Attributes
    ----------
    joined : bool
        Neighbours of the same layer that share a vertex or an edge follow.
    gap_m : float
        Narrower gaps are closed where the guard clips.
    """

    joined: bool = False
    guard: GuardMode = GuardMode.OFF
    gap_m: float = 0.0


def read_held(store: Store, info: LayerInfo, zs_uid: str) -> Held:
    """Return a feature as it stands now.

    Raises
    ------
    GeometryError
        When its shape cannot be read, or carries M values that another shape could not keep.
    StaleEditError
        When it is gone.
    """
    for state in store.states(info.uid, (zs_uid,)):
        require_readable(info, state)
        require_unmeasured(info, state)
        return Held(state.zs_uid, state.version, state.geometry)
    raise StaleEditError(_("The feature is gone."), where=info.name, remedy=_("Select another one."))


def move_places(
    store: Store,
    info: LayerInfo,
    held: Held,
    old: FloatArray,
    new: FloatArray,
    manner: Manner,
    grasp: Grasp | None = None,
) -> Thought:
    """Return the edit that moves vertices, or puts them in where there are none.

    Parameters
    ----------
    old, new : ndarray of float64, shape (k, 2)
        From where to where, in the layer's own system; a place on an edge becomes a vertex.
    grasp : Grasp, optional
        What was read when the places were taken hold of; not used where something was edited since.

    Raises
    ------
    FaultyShapeError
        When a shape could not stand so; nothing is to be written.
    """
    if grasp is None or not grasp.serves(store, held, old, joined=manner.joined):
        grasp = Grasp.of(store, info, held, old, joined=manner.joined, look=False)
    moved = grasp.joined.to(new)
    places, known = np.concatenate([old, new]), KnownShapes(store, grasp)
    return _thought(known, info, held, grasp.near, moved, places, manner, _("Move vertices"))


def remove_place(store: Store, info: LayerInfo, held: Held, place: FloatArray, manner: Manner) -> Thought:
    """Return the edit that deletes the vertex at a place, shape (1, 2).

    Raises
    ------
    FaultyShapeError
        When too few vertices are left, or several boundaries meet there that are kept joined.
    """
    same = same_place(info, place)
    near = turning(store, info, held, place, same) if manner.joined else {}
    shapes = joined_removal([held.shape, *(each.shape for each in near.values())], place, same)
    return _thought(store, info, held, near, shapes, place, manner, _("Delete a vertex"))


def reshape_feature(store: Store, info: LayerInfo, held: Held, line: FloatArray, manner: Manner) -> Thought:
    """Return the edit that lets a boundary follow a line, shape (n, 2), drawn across it.

    Raises
    ------
    FaultyShapeError
        When the line does not cross the boundary twice, or a shape could not stand so.
    """
    same = same_place(info, line)
    after = reshape(held.shape, line, same)
    near: dict[str, Held] = {}
    shapes = [after]
    if manner.joined and info.geometry is GeometryType.POLYGON:
        changed_box = _box_of(np.concatenate([line, _changed_places(held.shape, after)]), same)
        near = features_near(store, info, changed_box, held.zs_uid)
        others = {uid: each.shape for uid, each in near.items()}
        own, changed = follow(held.shape, after, others, same)
        shapes = [own, *(changed.get(uid, shape) for uid, shape in others.items())]
    return _thought(store, info, held, near, shapes, line, manner, _("Reshape"))


def _thought(
    store: Shapes,
    info: LayerInfo,
    held: Held,
    near: Mapping[str, Held],
    shapes: Sequence[Any],
    places: FloatArray,
    manner: Manner,
    title: str,
) -> Thought:
    """Return the edit that gives a feature and its neighbours new shapes, those that are others."""
    own, *others = shapes
    own = sound(own)
    changed = {
        uid: sound(shape)
        for (uid, each), shape in zip(near.items(), others, strict=True)
        if shape is not each.shape
    }
    known = dict(near)
    notes: tuple[str, ...] = ()
    if manner.guard is not GuardMode.OFF and info.geometry is GeometryType.POLYGON:
        same = same_place(info, places)
        reach = Reach(same, manner.gap_m / SAME_PLACE_M * same)
        box = _box_of(np.concatenate([places, _changed_places(held.shape, own)]), max(reach.gap, same))
        known = {**features_near(store, info, box, held.zs_uid), **known}
        around = {uid: changed.get(uid, each.shape) for uid, each in known.items()}
        found = _guarded(own, around, reach, held.shape, box)
        notes = guard_notes(info, found, clipped=manner.guard is GuardMode.CLIP)
        if manner.guard is GuardMode.CLIP and found.free is not None:
            own = sound(found.free)
            changed |= found.neighbours
    changes: list[Change] = [ChangeFeature(info.uid, held.zs_uid, own, version=held.version)]
    changes += [
        ChangeFeature(info.uid, uid, shape, version=known[uid].version) for uid, shape in changed.items()
    ]
    return Thought(Edit(title, tuple(changes)), notes)


def _guarded(own: Any, around: Mapping[str, Any], reach: Reach, before: Any, box: Bounds) -> Guarded:
    """Return what the guard finds; of very many vertices only those about the change are looked at first."""
    shapes = [own, before, *around.values()]
    if shapely.get_num_coordinates(np.array(shapes, dtype=object)).sum() > _MANY:
        own_here, before_here, *others = [_here(shape, box) for shape in shapes]
        if all(shapely.is_valid(shape) for shape in (own_here, before_here, *others)):
            here = guard(own_here, dict(zip(around, others, strict=True)), reach, before_here)
            if not here.overlaps and not here.gaps:
                return Guarded(own)
    return guard(own, around, reach, before)


def _here(shape: Any, box: Bounds) -> Any:
    """Return what of a shape lies in the box and some way around."""
    west, south, east, north = box
    room = max(east - west, north - south)
    return shapely.clip_by_rect(shape, west - room, south - room, east + room, north + room)


def guard_notes(info: LayerInfo, found: Guarded, *, clipped: bool) -> tuple[str, ...]:
    """Return what the guard found, one sentence each.

    Parameters
    ----------
    clipped : bool
        Whether the shape was clipped, or the overlap stays.
    """
    unit = unit_metres(info.crs, found.overlaps[0].shape.bounds[1])[0] if found.overlaps else 1.0
    notes = []
    area = sum(overlap.area for overlap in found.overlaps) * unit**2
    if found.overlaps:
        text = (
            _("{area} m² on {count} neighbours were cut off.")
            if clipped
            else _("{area} m² lie on {count} neighbours.")
        )
        notes.append(text.format(area=f"{area:,.2f}", count=len(found.overlaps)))
    if found.gaps and clipped:
        notes.append(_("{count} narrow gaps to neighbours were closed.").format(count=len(found.gaps)))
    elif found.gaps:
        notes.append(_("{count} narrow gaps to neighbours are left.").format(count=len(found.gaps)))
    return tuple(notes)


def _changed_places(before: Any, after: Any) -> FloatArray:
    """Return the vertices that only one of two shapes has."""
    one, other = Vertices.of(before).xy, Vertices.of(after).xy
    # east and north as one number: both have to differ by no bit
    own, found = (np.ascontiguousarray(each).view(np.complex128).ravel() for each in (one, other))
    return np.setxor1d(own, found).view(np.float64).reshape(-1, 2)


def _box_of(places: FloatArray, reach: float) -> Bounds:
    (west, south), (east, north) = (
        (places.min(axis=0) - reach).tolist(),
        (places.max(axis=0) + reach).tolist(),
    )
    return west, south, east, north
