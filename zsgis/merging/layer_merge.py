"""One layer merged: what goes in by itself, and what must be decided, together where it hangs together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import shapely

from zsgis.merging.changes import Act, FeatureActs, acts_of, value_at
from zsgis.merging.grouping import Groups
from zsgis.merging.lineage import disputed_families
from zsgis.merging.model import (
    CHANGED_SIDES,
    GEOMETRY,
    Conflict,
    ConflictKind,
    LayerPlan,
    LayerSides,
    Member,
    Merged,
    Question,
    Side,
)
from zsgis.merging.partition import faults, sharing_ground

_TAKEN_WHOLE = frozenset({ConflictKind.LINEAGE, ConflictKind.REMOVAL, ConflictKind.SAME_PLACE})


@dataclass
class _Disputes:
    """Why features cannot merge by themselves, and which must be decided together."""

    kinds: dict[str, set[ConflictKind]] = field(default_factory=dict)
    together: Groups = field(default_factory=Groups)

    def add(self, kind: ConflictKind, uids: Iterable[str]) -> None:
        members = tuple(uids)
        self.together.join(members)
        for uid in members:
            self.kinds.setdefault(uid, set()).add(kind)

    def shapes(self) -> frozenset[str]:
        """Return the features whose shape or being is disputed."""
        return frozenset(uid for uid, kinds in self.kinds.items() if kinds != {ConflictKind.VALUE})


def merge_layer(layer: LayerSides) -> LayerPlan:
    """Bring the two sides of a layer together.

    Neither the order of features nor which side is called mine makes a difference.
    """
    touched = acts_of(layer)
    disputes = _direct_disputes(touched)
    for family in disputed_families(touched):
        disputes.add(ConflictKind.LINEAGE, family)
    twice = [] if layer.partition else _same_shapes(touched)
    for pair in twice:
        disputes.add(ConflictKind.SAME_PLACE, pair)
    if layer.partition:
        _dispute_partition(layer, touched, disputes)
    conflicts = tuple(_conflict(layer, touched, disputes, group) for group in disputes.together.all())
    merged = tuple(
        found for acts in touched.values() if (found := _merged(layer, acts, disputes)) is not None
    )
    return LayerPlan(layer, merged, conflicts)


def _direct_disputes(touched: Mapping[str, FeatureActs]) -> _Disputes:
    disputes = _Disputes()
    for uid, acts in touched.items():
        if acts.is_removal_disputed:
            disputes.add(ConflictKind.REMOVAL, [uid])
        if GEOMETRY in acts.disputed:
            disputes.add(ConflictKind.SHAPE, [uid])
        if acts.disputed - {GEOMETRY}:
            disputes.add(ConflictKind.VALUE, [uid])
    return disputes


def _same_shapes(touched: Mapping[str, FeatureActs]) -> list[tuple[str, ...]]:
    """Return new features of mine and of theirs that lie at exactly the same place."""
    places: dict[bytes, dict[Side, list[str]]] = {}
    for uid, acts in touched.items():
        for side in CHANGED_SIDES:
            state = acts.sides.on(side)
            if acts.acts[side] is not Act.ADDED or acts.acts[side.other] is not Act.NOTHING:
                continue
            if state is not None and state.geometry is not None and not state.geometry.is_empty:
                place = shapely.to_wkb(shapely.normalize(shapely.force_2d(state.geometry)))
                places.setdefault(place, {}).setdefault(side, []).append(uid)
    return [
        tuple(uid for uids in by_side.values() for uid in uids)
        for by_side in places.values()
        if len(by_side) == len(CHANGED_SIDES)
    ]


def _dispute_partition(layer: LayerSides, touched: Mapping[str, FeatureActs], disputes: _Disputes) -> None:
    for fault in faults(touched, disputes.shapes(), layer.tolerance):
        disputes.add(fault.kind, fault.uids)
    disputed = disputes.shapes()
    if not disputed:
        return
    neighbours = Groups()
    for pair in sharing_ground(touched, layer.tolerance):
        neighbours.join(pair)
    for group in neighbours.all():
        if not disputed.isdisjoint(group):
            disputes.together.join(group)
            for uid in group:
                disputes.kinds.setdefault(uid, set()).add(ConflictKind.SHAPE)


def _conflict(
    layer: LayerSides, touched: Mapping[str, FeatureActs], disputes: _Disputes, group: tuple[str, ...]
) -> Conflict:
    kinds = {kind for uid in group for kind in disputes.kinds[uid]}
    shaped = tuple(uid for uid in group if disputes.kinds[uid] != {ConflictKind.VALUE})
    members = tuple(Member(touched[uid].sides, bool(disputes.kinds[uid] & _TAKEN_WHOLE)) for uid in group)
    return Conflict(
        key=f"{layer.layer_uid}/{group[0]}",
        kinds=tuple(sorted(kinds)),
        layer_uid=layer.layer_uid,
        layer_name=layer.name,
        members=members,
        questions=(
            *_shape_questions(layer, kinds, shaped),
            *(question for member in members for question in _value_questions(layer, touched, member)),
        ),
    )


def _shape_questions(layer: LayerSides, kinds: set[ConflictKind], shaped: tuple[str, ...]) -> list[Question]:
    if not shaped:
        return []
    # outside partitions two things may well lie at one place: each is decided for itself
    apart = not layer.partition and kinds == {ConflictKind.SAME_PLACE}
    groups = [(uid,) for uid in shaped] if apart else [shaped]
    return [Question(f"{layer.layer_uid}/{uids[0]}/{GEOMETRY}", GEOMETRY, uids) for uids in groups]


def _value_questions(layer: LayerSides, touched: Mapping[str, FeatureActs], member: Member) -> list[Question]:
    if member.whole:
        return []
    uid = member.sides.zs_uid
    return [
        Question(
            key=f"{layer.layer_uid}/{uid}/{name}",
            name=name,
            uids=(uid,),
            values={side: value_at(layer, member.sides, side, name) for side in Side},
            own=True,
        )
        for name in sorted(touched[uid].disputed - {GEOMETRY})
    ]


def _merged(layer: LayerSides, acts: FeatureActs, disputes: _Disputes) -> Merged | None:
    """Return what merges by itself of a feature; None where nothing does."""
    uid = acts.sides.zs_uid
    kinds = disputes.kinds.get(uid, set())
    if kinds & _TAKEN_WHOLE:
        return None
    settled = GEOMETRY if kinds and kinds != {ConflictKind.VALUE} else ""
    one_sided = [side for side in CHANGED_SIDES if acts.acts[side] in (Act.ADDED, Act.REMOVED)]
    if one_sided:
        return _merged_being(layer, acts, one_sided) if not kinds else None
    fields = {
        name: _whose(acts, name)
        for name in sorted((acts.fields[Side.MINE] | acts.fields[Side.THEIRS]) - acts.disputed)
        if name != settled and not (name in acts.following and _whose(acts, name) is None)
    }
    return Merged(layer.layer_uid, uid, "changed", fields) if fields else None


def _merged_being(layer: LayerSides, acts: FeatureActs, sides: list[Side]) -> Merged:
    side = sides[0] if len(sides) == 1 else None
    action = "added" if acts.acts[sides[0]] is Act.ADDED else "removed"
    return Merged(layer.layer_uid, acts.sides.zs_uid, action, {}, side)


def _whose(acts: FeatureActs, name: str) -> Side | None:
    changed = [side for side in CHANGED_SIDES if name in acts.fields[side]]
    return changed[0] if len(changed) == 1 else None
