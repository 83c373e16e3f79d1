"""Whose work a merge brought in: the edits of the copy, kept with the merge for each feature they touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from layers.edits import Author, EditHead
from layers.words import _

CAPABILITY = "merge"
_LISTED_AUTHORS = 5
_PAGE = 500


class EditedSource(Protocol):
    """A store as its edits are listed."""

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits, the latest first."""
        ...


class RunKeeper(Protocol):
    """A store as its runs are listed."""

    def runs(self) -> tuple[dict[str, Any], ...]:
        """Return the records of all runs, oldest first."""
        ...


@dataclass(frozen=True)
class Origin:
    """An edit of a copy that came in by a merge; ``merge_uid`` is the edit that brought it."""

    merge_uid: str
    author: Author
    time: datetime
    title: str


def edits_since(base: EditedSource, side: EditedSource) -> tuple[EditHead, ...]:
    """Return what was edited at a side since base, the oldest first."""
    last = base.edits(limit=1)
    known = last[0].uid if last else ""
    found: list[EditHead] = []
    before = 0
    while page := side.edits(limit=_PAGE, before=before):
        for head in page:
            if head.uid == known:
                return tuple(reversed(found))
            found.append(head)
        before = page[-1].number
    return tuple(reversed(found))


def authors_words(heads: Iterable[EditHead]) -> str:
    """Return who edited how often, from when to when."""
    by_author: dict[Author, list[EditHead]] = {}
    for head in heads:
        by_author.setdefault(head.author, []).append(head)
    told = [
        _("{who}: {count} edits, {first} to {last}").format(
            who=author_words(author),
            count=len(known),
            first=_minute(min(head.time for head in known)),
            last=_minute(max(head.time for head in known)),
        )
        for author, known in list(by_author.items())[:_LISTED_AUTHORS]
    ]
    return "；".join(told)


def author_words(author: Author) -> str:
    """Return a person and the computer, as far as known."""
    return "@".join(part for part in (author.name, author.machine) if part) or "-"


def record_of(heads: Sequence[EditHead], touched: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """Return what a merge's record keeps of the copy's edits, JSON-able."""
    numbers = {head.uid: number for number, head in enumerate(heads)}
    features: dict[str, dict[str, list[int]]] = {}
    for edit, layer, feature in touched:
        known = features.setdefault(layer, {}).setdefault(feature, [])
        if numbers[edit] not in known:
            known.append(numbers[edit])
    return {
        "edits": [
            {
                "uid": head.uid,
                "time": head.time.isoformat(),
                "who": head.author.name,
                "machine": head.author.machine,
                "kind": head.kind.value,
                "title": head.title,
                "reason": head.reason,
            }
            for head in heads
        ],
        "features": features,
    }


def origins_of(store: RunKeeper, layer_uid: str, zs_uid: str) -> tuple[Origin, ...]:
    """Return the edits of copies that came to a feature by merges, the oldest merge first."""
    found: list[Origin] = []
    for run in store.runs():
        if run.get("capability") != CAPABILITY:
            continue
        work: Mapping[str, Any] = run.get("work", {})
        for number in work.get("features", {}).get(layer_uid, {}).get(zs_uid, ()):
            edit = work["edits"][number]
            found.append(
                Origin(
                    run.get("edit_uid", ""),
                    Author(edit["who"], edit["machine"]),
                    datetime.fromisoformat(edit["time"]),
                    edit["title"],
                )
            )
    return tuple(found)


def origin_document(origin: Origin) -> dict[str, str]:
    """Return an origin for programs."""
    return {
        "merge": origin.merge_uid,
        "who": origin.author.name,
        "machine": origin.author.machine,
        "time": origin.time.isoformat(),
        "title": origin.title,
    }


def origin_line(origin: Origin) -> str:
    """Return an origin for people."""
    return _("in a working copy: {time}  {who}  {title}").format(
        time=_minute(origin.time), who=author_words(origin.author), title=origin.title
    )


def _minute(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
