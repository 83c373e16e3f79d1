"""Features that came from one another on one side: pieces of a split, what was merged into one."""

from __future__ import annotations

from collections.abc import Mapping

from zsgis.merging.changes import Act, FeatureActs
from zsgis.merging.grouping import Groups
from zsgis.merging.model import CHANGED_SIDES, Side


def disputed_families(touched: Mapping[str, FeatureActs]) -> list[tuple[str, ...]]:
    """Return the families of which the other side changed a member otherwise; those that share one are one.

    A family is a feature with the parents that gave land to it: whose shape changed with it or that are gone.
    A copy leaves its parent as it is and is no family.
    """
    families = {side: _families(touched, side) for side in CHANGED_SIDES}
    related = Groups()
    disputed: set[str] = set()
    for side in CHANGED_SIDES:
        others = _children_by_parent(touched, families[side.other])
        for child, parents in families[side].items():
            members = (child, *parents)
            related.join(members)
            if any(_is_disputed(touched[uid], side, others) for uid in members):
                disputed.update(members)
    return [group for group in related.all() if not disputed.isdisjoint(group)]


def _families(touched: Mapping[str, FeatureActs], side: Side) -> dict[str, tuple[str, ...]]:
    """Return the parents that gave land, by child, at one side."""
    families = {}
    for uid, acts in touched.items():
        parents = tuple(
            parent
            for parent in acts.sides.parents(side)
            if parent in touched and parent != uid and touched[parent].shape_changed(side)
        )
        if parents and acts.sides.on(side) is not None and acts.shape_changed(side):
            families[uid] = parents
    return families


def _children_by_parent(
    touched: Mapping[str, FeatureActs], families: Mapping[str, tuple[str, ...]]
) -> dict[str, set[str]]:
    """Return by parent what was made of it, but for what both sides made alike."""
    children: dict[str, set[str]] = {}
    for child, parents in families.items():
        if touched[child].is_same:
            continue
        for parent in parents:
            children.setdefault(parent, set()).add(child)
    return children


def _is_disputed(acts: FeatureActs, side: Side, children: Mapping[str, set[str]]) -> bool:
    """Tell whether the other side changed a member otherwise than this one did."""
    if acts.acts[side.other] is Act.NOTHING:
        return False
    return not acts.is_same or bool(children.get(acts.sides.zs_uid))
