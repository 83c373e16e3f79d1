"""Whether a copy came in already: asked of the project that takes it in, not of the note in the copy.

The note can be missing: a copy that nobody may write to, or that is in use, goes without it. Merged once more
against the base of then, a copy would turn round what was decided in the project since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, Protocol

from layers.edits import EditKind
from layers.errors import InputError
from layers.store.working_copies import COPY_KEY
from layers.words import _
from zsgis.merging.model import Side
from zsgis.merging.origins import CAPABILITY, EditedSource, edits_since
from zsgis.merging.project_model import LOOKS, ProjectFacts
from zsgis.merging.sides import MergeSource, Sources

_PAGE = 500
_MARK_BYTES = 16
_OWN = ("window.view", COPY_KEY)
"""Settings that say nothing of the work: where somebody looked, and what the copy was taken from."""


class RecordedSource(EditedSource, Protocol):
    """A store as its merges are looked through."""

    def runs(self) -> tuple[dict[str, Any], ...]:
        """Return the records of all analyses, oldest first."""
        ...


def state_mark(source: MergeSource) -> str:
    """Return a mark of all a project file holds; what another program changed counts once it was noticed."""
    facts = ProjectFacts({info.uid: info for info in source.layers()})
    last = source.edits(limit=1)
    held = {
        "edit": last[0].uid if last else "",
        "layers": [
            [uid, info.version, info.feature_count, *(facts.look(uid, key) for key in LOOKS)]
            for uid, info in facts.layers.items()
        ],
        "settings": {key: value for key, value in source.settings().items() if key not in _OWN},
    }
    text = json.dumps(held, sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()


def coming_record(sources: Sources) -> dict[str, str]:
    """Return what a merge's record keeps of the files, to know them again."""
    return {
        "copy": sources[Side.MINE].uid,
        "copy_state": state_mark(sources[Side.MINE]),
        "base_state": state_mark(sources[Side.BASE]),
    }


def require_first_time(sources: Sources) -> None:
    """Refuse a copy whose work came in by an earlier merge that still stands.

    It did where one of its edits since base is among those of the merge; where another program worked in it,
    where the same copy was merged against the same base.

    Raises
    ------
    InputError
    """
    theirs = sources[Side.THEIRS]
    runs = _merges(theirs)
    if not runs:
        return
    own = {head.uid for head in edits_since(sources[Side.BASE], sources[Side.MINE])}
    told = coming_record(sources)
    for run in runs:
        if (own & _edits_of(run) or _is_same(run, told, theirs.uid)) and not _taken_back(theirs, run):
            raise InputError(
                _("The copy came into the project already, {time}.").format(time=_time_of(run)),
                where=str(run.get("mine", "")),
                remedy=_(
                    "Take a new working copy and go on in that one. To decide anew, first undo that merge in"
                    " the project."
                ),
            )


def brought_edits(store: RecordedSource) -> frozenset[str]:
    """Return the edits, by uid, that came into a project by merges which still stand."""
    standing = [run for run in _merges(store) if not _taken_back(store, run)]
    return frozenset().union(*(_edits_of(run) for run in standing))


def _merges(store: RecordedSource) -> list[Mapping[str, Any]]:
    return [run for run in store.runs() if run.get("capability") == CAPABILITY]


def _edits_of(run: Mapping[str, Any]) -> frozenset[str]:
    work = run.get("work")
    return frozenset(edit["uid"] for edit in work.get("edits", ())) if isinstance(work, dict) else frozenset()


def _is_same(run: Mapping[str, object], told: Mapping[str, str], project_uid: str) -> bool:
    if run.get("base_state") != told["base_state"]:
        return False
    # files copied with a file manager all have the project's own uid: only their state tells them apart
    is_copy = told["copy"] != project_uid and run.get("copy") == told["copy"]
    return is_copy or run.get("copy_state") == told["copy_state"]


def _taken_back(theirs: EditedSource, run: Mapping[str, object]) -> bool:
    """Tell whether the edit of a merge is undone; one that touched no feature cannot be."""
    uid = run.get("edit_uid")
    before = 0
    while uid and (page := theirs.edits(limit=_PAGE, before=before)):
        for head in page:
            if head.of == uid and head.count:
                return head.kind is EditKind.UNDO
            if head.uid == uid:
                return False
        before = page[-1].number
    return False


def _time_of(run: Mapping[str, object]) -> str:
    try:
        return datetime.fromisoformat(str(run.get("started"))).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return "-"
