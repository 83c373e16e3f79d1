"""What a merge must come to, worked out cell by cell and field by field: slow, plain, without geometry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from benchmarks.merge_histories import FIELDS, Cell, Parcel

Parcels = Mapping[str, Parcel]


@dataclass(frozen=True)
class Verdict:
    """What must be decided.

    Attributes
    ----------
    groups : frozenset of frozenset of str
        Features that are decided together.
    values : frozenset of (str, str)
        Fields that both sides changed to different values, where the feature is not decided whole.
    wholes : frozenset of str
        Features of which a side is taken with all fields.
    shaped : frozenset of str
        Features whose shape or being is decided.
    """

    groups: frozenset[frozenset[str]]
    values: frozenset[tuple[str, str]]
    wholes: frozenset[str]
    shaped: frozenset[str]


def judge(
    base: Parcels,
    mine: Parcels,
    theirs: Parcels,
    families: Sequence[Sequence[Sequence[str]]],
    *,
    partition: bool,
) -> Verdict:
    """Return what must be decided.

    Parameters
    ----------
    families : sequence
        For mine and for theirs: the features of each split and merge that was done.
    """
    uids = {*base, *mine, *theirs}
    wholes = {uid for uid in uids if _removal(base, mine, theirs, uid)}
    links: list[Iterable[str]] = [[uid] for uid in wholes]
    for family in _disputed_families(base, mine, theirs, families):
        wholes |= family
        links.append(family)
    if not partition:
        for pair in _same_places(base, mine, theirs):
            wholes |= pair
            links.append(pair)
    shaped = wholes | {uid for uid in uids if _field_disputed(base, mine, theirs, uid, "cells")}
    if partition:
        overlaps = _overlaps(base, mine, theirs, shaped)
        links += overlaps
        twice = {uid for pair in overlaps if _twice(base, mine, theirs, pair) for uid in pair}
        wholes |= twice
        shaped |= {uid for pair in overlaps for uid in pair}
        for ground in _ground_groups(base, mine, theirs):
            if ground & shaped:
                shaped |= ground
                links.append(ground)
    values = {
        (uid, name)
        for uid in uids - wholes
        for name in FIELDS
        if _field_disputed(base, mine, theirs, uid, name)
    }
    links += [[uid] for uid, _name in values]
    links += [[uid] for uid in shaped]
    return Verdict(frozenset(_joined(links)), frozenset(values), frozenset(wholes), frozenset(shaped))


def value(parcel: Parcel | None, name: str) -> Any:
    """Return a field of a parcel, ``cells`` among them."""
    return None if parcel is None else parcel.cells if name == "cells" else parcel.values[name]


def merged_field(base: Parcels, mine: Parcels, theirs: Parcels, uid: str, name: str) -> Any:
    """Return what a field becomes by itself: whoever changed it wins."""
    old = value(base.get(uid), name)
    own = value(mine.get(uid), name)
    return own if own != old else value(theirs.get(uid), name)


def _field_disputed(base: Parcels, mine: Parcels, theirs: Parcels, uid: str, name: str) -> bool:
    if uid not in mine or uid not in theirs:
        return False
    own, other = value(mine[uid], name), value(theirs[uid], name)
    if uid not in base:
        return bool(own != other)
    old = value(base[uid], name)
    return old not in (own, other) and bool(own != other)


def _removal(base: Parcels, mine: Parcels, theirs: Parcels, uid: str) -> bool:
    if uid not in base:
        return False
    return (uid not in mine and uid in theirs and theirs[uid] != base[uid]) or (
        uid not in theirs and uid in mine and mine[uid] != base[uid]
    )


def _disputed_families(
    base: Parcels, mine: Parcels, theirs: Parcels, families: Sequence[Sequence[Sequence[str]]]
) -> list[frozenset[str]]:
    sides = (mine, theirs)
    real = [
        [pair for pair in families[number] if _gave_land(base, side, *pair)]
        for number, side in enumerate(sides)
    ]
    disputed: set[str] = set()
    for number in (0, 1):
        other = sides[1 - number]
        for pair in real[number]:
            for uid in pair:
                if other.get(uid) == base.get(uid):
                    continue
                divided = any(
                    parent == uid and mine.get(child) != theirs.get(child)
                    for parent, child in real[1 - number]
                )
                if mine.get(uid) != theirs.get(uid) or divided:
                    disputed |= set(pair)
    return [group for group in _joined([*real[0], *real[1]]) if group & disputed]


def _gave_land(base: Parcels, side: Parcels, parent: str, child: str) -> bool:
    """Tell whether child stands on land of parent, as seen in the end."""
    return (
        child in side
        and side[child].cells != value(base.get(child), "cells")
        and value(side.get(parent), "cells") != value(base.get(parent), "cells")
    )


def _same_places(base: Parcels, mine: Parcels, theirs: Parcels) -> list[frozenset[str]]:
    return [
        frozenset({one, other})
        for one in mine.keys() - base.keys() - theirs.keys()
        for other in theirs.keys() - base.keys() - mine.keys()
        if mine[one].cells == theirs[other].cells
    ]


def _overlaps(base: Parcels, mine: Parcels, theirs: Parcels, disputed: set[str]) -> list[frozenset[str]]:
    """Return pairs that both hold a cell after the merge, but neither at mine nor at theirs."""
    holders: dict[Cell, set[str]] = defaultdict(set)
    for uid in {*base, *mine, *theirs} - disputed:
        for cell in merged_field(base, mine, theirs, uid, "cells") or ():
            holders[cell].add(uid)
    found = set()
    for cell, uids in holders.items():
        for one, other in combinations(sorted(uids), 2):
            if not any(_hold(side, cell, one) and _hold(side, cell, other) for side in (mine, theirs)):
                found.add(frozenset({one, other}))
    return sorted(found, key=sorted)


def _hold(side: Parcels, cell: Cell, uid: str) -> bool:
    return uid in side and cell in side[uid].cells


def _twice(base: Parcels, mine: Parcels, theirs: Parcels, pair: frozenset[str]) -> bool:
    if any(uid in base for uid in pair):
        return False
    one, other = (value(mine.get(uid), "cells") or value(theirs.get(uid), "cells") for uid in sorted(pair))
    return len(one & other) > 0.9 * max(len(one), len(other))


def _ground_groups(base: Parcels, mine: Parcels, theirs: Parcels) -> list[frozenset[str]]:
    """Return features that gained or lost a cell, together where it was the same one."""
    movers: dict[Cell, set[str]] = defaultdict(set)
    for uid in {*base, *mine, *theirs}:
        old = value(base.get(uid), "cells") or frozenset()
        for side in (mine, theirs):
            for cell in old ^ (value(side.get(uid), "cells") or frozenset()):
                movers[cell].add(uid)
    return _joined(movers.values())


def _joined(links: Iterable[Iterable[str]]) -> list[frozenset[str]]:
    groups: list[set[str]] = []
    for link in links:
        found = set(link)
        if not found:
            continue
        apart = [group for group in groups if not group & found]
        for group in groups:
            if group & found:
                found |= group
        groups = [*apart, found]
    return [frozenset(group) for group in groups]
