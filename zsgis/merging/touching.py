"""Which features a side touched since base: told by its journal where that reaches, else by comparing all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from layers.edits import EditHead, FeatureChange, FeatureState
from layers.progress import Progress
from layers.store.model import LayerInfo
from zsgis.merging.model import Side
from zsgis.merging.sameness import same_shape, same_value


class TouchedSource(Protocol):
    """A store as it is asked what was touched."""

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits, the latest first."""
        ...

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its version; None where edits alone do not tell."""
        ...

    def states(self, layer_uid: str, uids: tuple[str, ...]) -> tuple[FeatureState, ...]:
        """Return features as they stand."""
        ...

    def fingerprints(self, layer_uid: str, progress: Progress | None = None) -> dict[str, bytes]:
        """Return a mark of each feature, alike where shape and values are."""
        ...


@dataclass
class Touching:
    """Looks for touched features of one layer; reads what all features hold only where it must."""

    sources: Mapping[Side, TouchedSource]
    infos: Mapping[Side, LayerInfo]
    progress: Progress
    _marks: dict[Side, dict[str, bytes]] = field(default_factory=dict)

    def by(self, side: Side) -> frozenset[str]:
        """Return the features a side added, changed or removed; all where base has no such layer."""
        told = self._told(side)
        if told is not None:
            return told
        before, after = self._marks_of(Side.BASE), self._marks_of(side)
        return frozenset(uid for uid in before.keys() | after.keys() if before.get(uid) != after.get(uid))

    def _told(self, side: Side) -> frozenset[str] | None:
        """Return what the side's journal tells; None where it does not go back to base unbroken."""
        base, info = self.infos.get(Side.BASE), self.infos.get(side)
        if base is None or info is None or not self._goes_on(side):
            return None
        changes = self.sources[side].changes_since(info.uid, base.version)
        if changes is None:
            return None
        come = sum(change.before is None for change in changes)
        gone = sum(change.after is None for change in changes)
        if base.feature_count + come - gone != info.feature_count or not self._begins_at_base(changes):
            return None
        return frozenset(change.zs_uid for change in changes)

    def _goes_on(self, side: Side) -> bool:
        """Tell whether the side's list of edits is that of base, continued."""
        last = self.sources[Side.BASE].edits(limit=1)
        if not last:
            return True
        found = self.sources[side].edits(limit=1, before=last[0].number + 1)
        return bool(found) and found[0].uid == last[0].uid

    def _begins_at_base(self, changes: tuple[FeatureChange, ...]) -> bool:
        uids = tuple(change.zs_uid for change in changes)
        known = {
            state.zs_uid: state for state in self.sources[Side.BASE].states(self.infos[Side.BASE].uid, uids)
        }
        return all(_alike(change.before, known.get(change.zs_uid)) for change in changes)

    def _marks_of(self, side: Side) -> dict[str, bytes]:
        if side not in self._marks:
            info = self.infos.get(side)
            found = {} if info is None else self.sources[side].fingerprints(info.uid, self.progress)
            self._marks[side] = found
        return self._marks[side]


def _alike(told: FeatureState | None, found: FeatureState | None) -> bool:
    if told is None or found is None:
        return told is found
    # a column that came later has no value before
    names = told.values.keys() | found.values.keys()
    return same_shape(told.geometry, found.geometry) and all(
        same_value(told.values.get(name), found.values.get(name)) for name in names
    )
