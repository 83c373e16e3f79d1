"""Where two sides of a partition cannot both be right: land that would be covered twice, or by nothing.

Only features whose shape a side changed need to be looked at. Where a feature that nobody changed covers the
ground, a new overlap would need a second feature there on one side already, and a gap cannot arise.

Let D be the ground that a feature gained or lost on either side. Outside the D of others a feature's change
leaves the partition as that side left it. So features whose D share ground are decided together as soon as
one of them is disputed; whatever is decided, for mine, theirs or base, the partition is as sound as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.edits import FeatureState
from zsgis.merging.changes import Act, FeatureActs
from zsgis.merging.model import CHANGED_SIDES, ConflictKind, Side

SAME_PLACE_SHARE = 0.9
"""New features of both sides that share more of the larger one are the same plot, surveyed twice."""

Shapes = NDArray[np.object_]
_NOTHING = shapely.Polygon()


@dataclass(frozen=True)
class Fault:
    """Two features that would overlap, or leave a gap, by ``area`` in the layer's unit squared."""

    kind: ConflictKind
    uids: tuple[str, str]
    area: float


def faults(touched: Mapping[str, FeatureActs], disputed: frozenset[str], tolerance: float) -> list[Fault]:
    """Return what a merge without decisions would spoil and neither side did.

    Parameters
    ----------
    disputed : frozenset of str
        Features whose shape or being both sides changed otherwise; they merge by no means.
    tolerance : float
        Overlaps and gaps up to this area count as none.
    """
    alone = {side: _changed_alone(touched, disputed, side) for side in CHANGED_SIDES}
    mine, theirs = (alone[side] for side in CHANGED_SIDES)
    found = _overlaps(mine, theirs, tolerance)
    found += _gaps(mine, theirs, tolerance)
    return sorted(found, key=lambda fault: (fault.uids, fault.kind))


def sharing_ground(touched: Mapping[str, FeatureActs], tolerance: float) -> list[tuple[str, str]]:
    """Return pairs of features that gained or lost the same ground, on whichever side."""
    uids = [uid for uid, acts in touched.items() if any(acts.shape_changed(side) for side in CHANGED_SIDES)]
    moved = _moved_ground([touched[uid] for uid in uids])
    return [(uids[one], uids[other]) for one, other, _area in _shared(moved, moved, tolerance) if one < other]


def _changed_alone(
    touched: Mapping[str, FeatureActs], disputed: frozenset[str], side: Side
) -> list[FeatureActs]:
    """Return the features whose shape or being only this side changed."""
    return [
        acts
        for uid, acts in touched.items()
        if uid not in disputed and acts.shape_changed(side) and not acts.shape_changed(side.other)
    ]


def _overlaps(mine: Sequence[FeatureActs], theirs: Sequence[FeatureActs], tolerance: float) -> list[Fault]:
    new_mine = shapes_of([acts.sides.mine for acts in mine])
    new_theirs = shapes_of([acts.sides.theirs for acts in theirs])
    found = []
    for one, other, area in _shared(new_mine, new_theirs, tolerance):
        first, second = mine[one].sides, theirs[other].sides
        known = max(_common_area(first.on(side), second.on(side)) for side in CHANGED_SIDES)
        if area - known > tolerance:
            both_new = Act.ADDED is mine[one].acts[Side.MINE] and Act.ADDED is theirs[other].acts[Side.THEIRS]
            larger = max(new_mine[one].area, new_theirs[other].area)
            twice = both_new and area > SAME_PLACE_SHARE * larger
            kind = ConflictKind.SAME_PLACE if twice else ConflictKind.OVERLAP
            found.append(_fault(kind, first.zs_uid, second.zs_uid, area))
    return found


def _gaps(mine: Sequence[FeatureActs], theirs: Sequence[FeatureActs], tolerance: float) -> list[Fault]:
    """Return ground that two features shared at base and that each of them lost on another side."""
    lost_mine = _lost(mine, Side.MINE)
    lost_theirs = _lost(theirs, Side.THEIRS)
    return [
        _fault(ConflictKind.GAP, mine[one].sides.zs_uid, theirs[other].sides.zs_uid, area)
        for one, other, area in _shared(lost_mine, lost_theirs, tolerance)
    ]


def _fault(kind: ConflictKind, one: str, other: str, area: float) -> Fault:
    return Fault(kind, (min(one, other), max(one, other)), area)


def _lost(features: Sequence[FeatureActs], side: Side) -> Shapes:
    base = shapes_of([acts.sides.base for acts in features])
    after = shapes_of([acts.sides.on(side) for acts in features])
    return np.asarray(shapely.difference(base, after), dtype=np.object_)


def _moved_ground(features: Sequence[FeatureActs]) -> Shapes:
    """Return the ground that each feature gained or lost on either side."""
    base, mine, theirs = (
        shapes_of([acts.sides.on(side) for acts in features]) for side in (Side.BASE, *CHANGED_SIDES)
    )
    return np.asarray(
        shapely.union(shapely.symmetric_difference(base, mine), shapely.symmetric_difference(base, theirs)),
        dtype=np.object_,
    )


def _shared(one: Shapes, other: Shapes, tolerance: float) -> list[tuple[int, int, float]]:
    """Return pairs that share more ground than the tolerance, with its area."""
    if not len(one) or not len(other):
        return []
    first, second = shapely.STRtree(other).query(one, predicate="intersects")
    areas = shapely.area(shapely.intersection(one[first], other[second]))
    large = np.flatnonzero(areas > tolerance)
    order = large[np.lexsort((second[large], first[large]))]
    return [(int(first[at]), int(second[at]), float(areas[at])) for at in order]


def _common_area(one: FeatureState | None, other: FeatureState | None) -> float:
    first, second = shapes_of([one, other])
    return float(shapely.area(shapely.intersection(first, second)))


def shapes_of(states: Sequence[FeatureState | None]) -> Shapes:
    """Return shapes to calculate with: nothing where there is none, repaired where they are invalid."""
    shapes = np.empty(len(states), dtype=np.object_)
    shapes[:] = [_NOTHING if state is None or state.geometry is None else state.geometry for state in states]
    broken = ~np.isfinite(shapely.bounds(shapes)).all(axis=1) & ~shapely.is_empty(shapes)
    shapes[broken] = _NOTHING
    invalid = ~shapely.is_valid(shapes)
    if invalid.any():
        shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    return np.asarray(shapely.force_2d(shapes), dtype=np.object_)
