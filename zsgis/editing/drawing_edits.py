"""New features as one edit: as they were drawn, or as the neighbours leave room for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.crs import metres_per_unit
from layers.edits import AddFeature, Change, ChangeFeature, Edit, FeatureState
from layers.errors import GeometryError
from layers.kind import GeometryType
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.guarding import Guarded, Reach, guard
from zsgis.editing.settings import GuardMode
from zsgis.editing.splitting_edits import Thought, same_place

M2_TEXT = "{area:,.2f} m²"


@dataclass(frozen=True)
class NewFeature:
    """A shape in the layer's own system, and what is known of it by field."""

    shape: Any
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """The features of the layer near new ones, and what the guard is to do about them.

    Attributes
    ----------
    gap_m : float
        Gaps narrower than this are closed.
    """

    neighbours: Sequence[FeatureState] = ()
    mode: GuardMode = GuardMode.OFF
    gap_m: float = 0.0


def new_features(title: str, layer: LayerInfo, new: Sequence[NewFeature], around: Surroundings) -> Thought:
    """Return the edit that adds features.

    In a layer that is guarded, each is clipped to the land that its neighbours and those added before it
    leave free, or only what they have in common is told; lines and points are never guarded.

    Raises
    ------
    GeometryError
        When nothing of a shape is left.
    """
    guarded = layer.geometry is GeometryType.POLYGON and around.mode is not GuardMode.OFF
    if not guarded:
        added = tuple(AddFeature(layer.uid, each.shape, each.values) for each in new)
        return Thought(Edit(title, added))
    return _Guarding(layer, around).added(title, new)


class _Guarding:
    """Adds one feature after the other to what stands there."""

    def __init__(self, layer: LayerInfo, around: Surroundings) -> None:
        self._layer = layer
        self._mode = around.mode
        self._reach = Reach(same_place(layer), around.gap_m / metres_per_unit(layer.crs))
        self._versions = {state.zs_uid: state.version for state in around.neighbours}
        self._shapes = {state.zs_uid: state.geometry for state in around.neighbours}
        self._changed: set[str] = set()
        self._values: dict[str, Mapping[str, Any]] = {}
        self._notes: list[str] = []

    def added(self, title: str, new: Sequence[NewFeature]) -> Thought:
        for number, each in enumerate(new):
            found = guard(each.shape, self._shapes, self._reach)
            name = f"\0{number}"  # no zs_uid: it has none yet
            self._shapes[name] = self._taken(each.shape, found)
            self._values[name] = each.values
        changes: list[Change] = [
            AddFeature(self._layer.uid, self._shapes[name], values) for name, values in self._values.items()
        ]
        changes += [
            ChangeFeature(self._layer.uid, uid, self._shapes[uid], version=self._versions[uid])
            for uid in sorted(self._changed)
        ]
        return Thought(Edit(title, tuple(changes)), tuple(dict.fromkeys(self._notes)))

    def _taken(self, shape: Any, found: Guarded) -> Any:
        common = sum(overlap.area for overlap in found.overlaps) * metres_per_unit(self._layer.crs) ** 2
        area = M2_TEXT.format(area=common)
        if self._mode is GuardMode.WARN:
            if found.overlaps:
                self._notes.append(_("It overlaps its neighbours: {area}.").format(area=area))
            return shape
        if found.free is None:
            raise GeometryError(
                _("Nothing of the new shape is free: other features lie in all of it."),
                remedy=_("Draw it where no feature is, or switch the guard against overlaps off."),
            )
        if found.overlaps:
            self._notes.append(_("Clipped where neighbours lie: {area}.").format(area=area))
        if found.gaps:
            self._notes.append(_("Narrow gaps to neighbours were closed."))
        for uid, other in found.neighbours.items():
            self._shapes[uid] = other
            if uid in self._versions:
                self._changed.add(uid)
        return found.free
