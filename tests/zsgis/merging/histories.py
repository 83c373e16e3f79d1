"""Random histories as the merging engine takes them, and as the oracle does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.merge_histories import FIELDS, Cell, Hand, Parcel, chance_of, world
from benchmarks.merge_oracle import Verdict, judge, merged_field
from layers.edits import FeatureState
from zsgis.merging.model import Conflict, FeatureSides, LayerSides, Side

LAYER = "019313a0-0000-7000-8000-00000000aaaa"


@dataclass(frozen=True)
class Histories:
    """What two hands made of one world."""

    base: Mapping[str, Parcel]
    mine: Mapping[str, Parcel]
    theirs: Mapping[str, Parcel]
    families: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]

    def swapped(self) -> Histories:
        return Histories(self.base, self.theirs, self.mine, (self.families[1], self.families[0]))

    def layer(self, *, partition: bool, order: Random | None = None) -> LayerSides:
        uids = sorted({*self.base, *self.mine, *self.theirs})
        if order is not None:
            order.shuffle(uids)
        return LayerSides(
            LAYER,
            "图斑",
            {uid: self._sides(uid) for uid in uids},
            dict.fromkeys(Side, FIELDS),
            partition,
            0.01,
        )

    def verdict(self, *, partition: bool) -> Verdict:
        return judge(self.base, self.mine, self.theirs, self.families, partition=partition)

    def theirs_states(self) -> dict[str, FeatureState | None]:
        return {uid: parcel.state(uid) for uid, parcel in self.theirs.items()}

    def cells(self, uid: str, side: Side) -> frozenset[Cell]:
        parcels = {Side.BASE: self.base, Side.MINE: self.mine, Side.THEIRS: self.theirs}[side]
        return parcels[uid].cells if uid in parcels else frozenset()

    def merged_cells(self, uid: str) -> frozenset[Cell]:
        """Return the cells of a feature that merges by itself."""
        if uid in self.base and not (uid in self.mine and uid in self.theirs):
            return frozenset()
        found = merged_field(self.base, self.mine, self.theirs, uid, "cells")
        return frozenset(found or self.cells(uid, Side.MINE))

    def _sides(self, uid: str) -> FeatureSides:
        base, mine, theirs = (
            None if uid not in side else side[uid].state(uid) for side in (self.base, self.mine, self.theirs)
        )
        own, other = (
            tuple(dict.fromkeys(parent for parent, child in known if child == uid)) for known in self.families
        )
        return FeatureSides(uid, base, mine, theirs, own, other)


# an office, and surveyors at the edge of a town
HABITS = ((8, 6, 2, 2, 1, 1), (1, 2, 1, 1, 2, 12))


def random_histories(seed: int, *, columns: int = 4, rows: int = 3, edits: int = 8) -> Histories:
    """Return what two hands of one habit, told by the seed, made of a small world."""
    chance = chance_of(seed)
    base = world(columns, rows)
    hands = [
        Hand(dict(base), chance_of(chance.random()), LAYER, first, HABITS[seed % 2])
        for first in (10_000, 20_000)
    ]
    for hand in hands:
        for _edit in hand.edits(chance.randrange(edits)):
            pass
    mine, theirs = hands
    return Histories(base, mine.parcels, theirs.parcels, (mine.families, theirs.families))


def found_in(conflicts: Sequence[Conflict]) -> Verdict:
    """Return conflicts as the oracle tells them."""
    members = [member for conflict in conflicts for member in conflict.members]
    questions = [question for conflict in conflicts for question in conflict.questions]
    return Verdict(
        frozenset(frozenset(member.sides.zs_uid for member in conflict.members) for conflict in conflicts),
        frozenset((one.uids[0], one.name) for one in questions if one.name != "geometry"),
        frozenset(member.sides.zs_uid for member in members if member.whole),
        frozenset(uid for one in questions if one.name == "geometry" for uid in one.uids),
    )
