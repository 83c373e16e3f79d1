"""What becomes of the features selected before when others are selected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zsgis.session import Selection


class Combination(StrEnum):
    """What becomes of the features that were selected before."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    INTERSECT = "intersect"


def combined(
    before: Selection, found: Mapping[str, frozenset[str]], how: Combination
) -> dict[str, frozenset[str]]:
    """Return what is selected after a selection met the one before."""
    if how is Combination.REPLACE:
        return dict(found)
    joins: dict[Combination, Callable[[frozenset[str], frozenset[str]], frozenset[str]]] = {
        Combination.ADD: frozenset.union,
        Combination.REMOVE: frozenset.difference,
        Combination.INTERSECT: frozenset.intersection,
    }
    nothing: frozenset[str] = frozenset()
    both = {uid: joins[how](before.get(uid, nothing), found.get(uid, nothing)) for uid in (*before, *found)}
    return {uid: chosen for uid, chosen in both.items() if chosen}
