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
from zsgis.editing.reshaping import follow, reshape
from zsgis.editing.settings import GuardMode
from zsgis.editing.shared_edges import SAME_PLACE_M, joined_move, joined_removal, turning_box
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.systems import Bounds, unit_metres
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


@dataclass(frozen=True, eq=False)
class Held:
    """A feature as whoever changes it knows it: its shape in the layer's own system, and its version."""

    zs_uid: str
    version: int
    shape: Any


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
    store: Store, info: LayerInfo, held: Held, old: FloatArray, new: FloatArray, manner: Manner
) -> Thought:
    """Return the edit that moves vertices, or puts them in where there are none.

    Parameters
    ----------
    old, new : ndarray of float64, shape (k, 2)
        From where to where, in the layer's own system; a place on an edge becomes a vertex.

    Raises
    ------
    FaultyShapeError
        When a shape could not stand so; nothing is to be written.
    """
    same = _same(info, old)
    near = _turning(store, info, held, old, same) if manner.joined else {}
    moved = joined_move([held.shape, *(each.shape for each in near.values())], old, new, same)
    places = np.concatenate([old, new])
    return _thought(store, info, held, near, moved, places, manner, _("Move vertices"))


def remove_place(store: Store, info: LayerInfo, held: Held, place: FloatArray, manner: Manner) -> Thought:
    """Return the edit that deletes the vertex at a place, shape (1, 2).

    Raises
    ------
    FaultyShapeError
        When too few vertices are left, or several boundaries meet there that are kept joined.
    """
    same = _same(info, place)
    near = _turning(store, info, held, place, same) if manner.joined else {}
    shapes = joined_removal([held.shape, *(each.shape for each in near.values())], place, same)
    return _thought(store, info, held, near, shapes, place, manner, _("Delete a vertex"))


def reshape_feature(store: Store, info: LayerInfo, held: Held, line: FloatArray, manner: Manner) -> Thought:
    """Return the edit that lets a boundary follow a line, shape (n, 2), drawn across it.

    Raises
    ------
    FaultyShapeError
        When the line does not cross the boundary twice, or a shape could not stand so.
    """
    same = _same(info, line)
    after = reshape(held.shape, line, same)
    near: dict[str, Held] = {}
    shapes = [after]
    if manner.joined and info.geometry is GeometryType.POLYGON:
        changed_box = _box_of(np.concatenate([line, _changed_places(held.shape, after)]), same)
        near = _near(store, info, changed_box, held.zs_uid)
        others = {uid: each.shape for uid, each in near.items()}
        own, changed = follow(held.shape, after, others, same)
        shapes = [own, *(changed.get(uid, shape) for uid, shape in others.items())]
    return _thought(store, info, held, near, shapes, line, manner, _("Reshape"))


def _thought(
    store: Store,
    info: LayerInfo,
    held: Held,
    near: Mapping[str, Held],
    shapes: Sequence[Any],
    places: FloatArray,
    manner: Manner,
    title: str,
) -> Thought:
    """Return the edit that gives a feature and its neighbours new shapes, those that are others."""
    own, *others = [sound(shape) for shape in shapes]
    changed = {
        uid: shape for (uid, each), shape in zip(near.items(), others, strict=True) if shape is not each.shape
    }
    known = dict(near)
    notes: tuple[str, ...] = ()
    if manner.guard is not GuardMode.OFF and info.geometry is GeometryType.POLYGON:
        same = _same(info, places)
        reach = Reach(same, manner.gap_m / SAME_PLACE_M * same)
        box = _box_of(np.concatenate([places, _changed_places(held.shape, own)]), max(reach.gap, same))
        known = {**_near(store, info, box, held.zs_uid), **known}
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


def _turning(store: Store, info: LayerInfo, held: Held, places: FloatArray, same: float) -> dict[str, Held]:
    """Return the neighbours that share an edge or a vertex that turns, and all that touch those edges."""
    box = turning_box([held.shape], places, same)
    near = _near(store, info, box, held.zs_uid)
    wider = turning_box([held.shape, *(each.shape for each in near.values())], places, same)
    if box is None or wider is None or _holds(box, wider):
        return near
    return _near(store, info, wider, held.zs_uid)


def _near(store: Store, info: LayerInfo, box: Bounds | None, besides: str) -> dict[str, Held]:
    """Return the features whose box meets one, but for one of them and those without a shape."""
    if box is None:
        return {}
    return {
        one.zs_uid: Held(one.zs_uid, one.version, one.geometry)
        for one in store.shapes_in(info.uid, box)
        if one.zs_uid != besides
    }


def _same(info: LayerInfo, places: FloatArray) -> float:
    """Return what is one place, in the unit of the layer."""
    return SAME_PLACE_M / unit_metres(info.crs, float(places[0, 1]))[1]


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


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
