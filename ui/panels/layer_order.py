"""The layer tree's arithmetic: headings over neighbouring layers, and what a move does to the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby


def runs(uids: Sequence[str], group_of: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    """Return the headings of the tree, top first, each with its layers.

    A heading stands over neighbours only, so that the tree never shows another order than the map draws.
    """
    return [(group, list(members)) for group, members in groupby(uids, key=group_of)]


def moved(order: Sequence[str], moving: Sequence[str], target: str | None, *, after: bool) -> tuple[str, ...]:
    """Return the order after ``moving`` was put before or after ``target``; None means the end.

    The moved layers keep their order among themselves. A target that is itself moved changes nothing.
    """
    chosen = set(moving)
    if target in chosen:
        return tuple(order)
    staying = [uid for uid in order if uid not in chosen]
    travelling = [uid for uid in order if uid in chosen]
    place = len(staying) if target is None else staying.index(target) + (1 if after else 0)
    return (*staying[:place], *travelling, *staying[place:])


def stepped(order: Sequence[str], uid: str, step: int) -> tuple[str, ...]:
    """Return the order after one layer went ``step`` places down (negative: up); the ends hold it."""
    place = order.index(uid)
    goal = min(max(place + step, 0), len(order) - 1)
    rest = [other for other in order if other != uid]
    return (*rest[:goal], uid, *rest[goal:])
