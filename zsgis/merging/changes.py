"""What each side did to a feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from layers.edits import FeatureState
from zsgis.merging.model import CHANGED_SIDES, GEOMETRY, FeatureSides, LayerSides, Side
from zsgis.merging.sameness import same_shape, same_value


class Act(StrEnum):
    """What one side did."""

    NOTHING = "nothing"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class FeatureActs:
    """What both sides did to a feature.

    Attributes
    ----------
    acts : mapping
        By side, mine and theirs.
    fields : mapping
        The fields each side changed, ``geometry`` among them; none where it was added or removed.
    differing : frozenset of str
        Fields whose values differ between mine and theirs, where it stands at both.
    following : frozenset of str
        Those of them that are computed from what a side changed.
    """

    sides: FeatureSides
    acts: Mapping[Side, Act]
    fields: Mapping[Side, frozenset[str]]
    differing: frozenset[str]
    following: frozenset[str] = frozenset()

    @property
    def is_touched(self) -> bool:
        """Whether any side did anything."""
        return any(act is not Act.NOTHING for act in self.acts.values())

    @property
    def is_same(self) -> bool:
        """Whether it stands alike at mine and theirs."""
        gone = [self.sides.on(side) is None for side in CHANGED_SIDES]
        return all(gone) or (not any(gone) and not self.differing)

    def shape_changed(self, side: Side) -> bool:
        """Tell whether a side changed shape or being."""
        return self.acts[side] in (Act.ADDED, Act.REMOVED) or GEOMETRY in self.fields[side]

    @property
    def disputed(self) -> frozenset[str]:
        """The fields that both sides changed, to different values."""
        both_stand = all(self.sides.on(side) is not None for side in CHANGED_SIDES)
        if not both_stand:
            return frozenset()
        if self.sides.base is None:
            return self.differing - self.following
        return (self.differing - self.following) & self.fields[Side.MINE] & self.fields[Side.THEIRS]

    @property
    def is_removal_disputed(self) -> bool:
        """Whether one side removed what the other changed."""
        return {self.acts[side] for side in CHANGED_SIDES} == {Act.REMOVED, Act.CHANGED}


def acts_of(layer: LayerSides) -> dict[str, FeatureActs]:
    """Return what was done to each feature that was touched, in the order of their uids."""
    found = {uid: acts_of_feature(layer, layer.features[uid]) for uid in sorted(layer.features)}
    return {uid: acts for uid, acts in found.items() if acts.is_touched}


def value_at(layer: LayerSides, feature: FeatureSides, side: Side, name: str) -> Any:
    """Return a field's value at a side; where the side lacks the field, what it was at base."""
    state = feature.on(side)
    if state is None:
        return None
    if name in layer.fields[side] or feature.base is None:
        return state.values.get(name)
    return feature.base.values.get(name)


def acts_of_feature(layer: LayerSides, feature: FeatureSides) -> FeatureActs:
    """Return what was done to one feature."""
    acts: dict[Side, Act] = {}
    changed: dict[Side, frozenset[str]] = {}
    for side in CHANGED_SIDES:
        acts[side], changed[side] = _act(feature, side, layer.fields)
    differing = _differing(feature, layer.fields)
    moved = changed[Side.MINE] | changed[Side.THEIRS] | differing
    following = frozenset(name for name in differing if not moved.isdisjoint(layer.follows.get(name, ())))
    return FeatureActs(feature, acts, changed, differing, following)


def _act(
    feature: FeatureSides, side: Side, fields: Mapping[Side, tuple[str, ...]]
) -> tuple[Act, frozenset[str]]:
    base, state = feature.base, feature.on(side)
    if base is None or state is None:
        if base is state:
            return Act.NOTHING, frozenset()
        return (Act.ADDED if base is None else Act.REMOVED), frozenset()
    changed = _unlike(base, state, fields[side])
    return (Act.CHANGED if changed else Act.NOTHING), changed


def _differing(feature: FeatureSides, fields: Mapping[Side, tuple[str, ...]]) -> frozenset[str]:
    mine, theirs = feature.mine, feature.theirs
    if mine is None or theirs is None:
        return frozenset()
    common = _unlike(mine, theirs, tuple(name for name in fields[Side.MINE] if name in fields[Side.THEIRS]))
    alone: set[str] = set()
    for side, state in ((Side.MINE, mine), (Side.THEIRS, theirs)):
        others = fields[side.other]
        base = feature.base.values if feature.base is not None else {}
        alone |= {
            name
            for name in fields[side]
            if name not in others and not same_value(state.values.get(name), base.get(name))
        }
    return common | alone


def _unlike(one: FeatureState, other: FeatureState, fields: tuple[str, ...]) -> frozenset[str]:
    found = {name for name in fields if not same_value(one.values.get(name), other.values.get(name))}
    if not same_shape(one.geometry, other.geometry):
        found.add(GEOMETRY)
    return frozenset(found)
