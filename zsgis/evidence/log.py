"""The log: who did what to the project and when, its edits, and what was exported from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import _
from zsgis.evidence.model import LOG
from zsgis.evidence.packing import Packer
from zsgis.run_records.exports import export_lines, exports_of

if TYPE_CHECKING:
    from layers.edits import EditHead
    from layers.store import Project

MOST_ENTRIES = 100_000
"""Of a longer log the latest are put in."""
_AT_ONCE = 5_000


def pack_log(
    packer: Packer, project: Project, names: Mapping[str, str], progress: Progress
) -> tuple[str, ...]:
    """Write journal, edits and register of exports; return what is not in them, a sentence each.

    Values and shapes before and after are not in the extract: the project itself keeps them.
    """
    progress.step(0.0, _("Log of the project"))
    entries = project.log(MOST_ENTRIES + 1)
    edits = _edits(project, progress)
    rows: list[list[object]] = [[_("When"), _("Who"), _("What"), _("Layer"), _("Feature")]]
    for entry in entries[-MOST_ENTRIES:]:
        layer = str(entry["layer_uid"] or "")
        rows.append(
            [entry["time"], entry["who"], entry["action"], names.get(layer, layer), entry["feature_uid"]]
        )
    packer.rows(f"{LOG}/journal.csv", rows)
    packer.rows(f"{LOG}/edits.csv", _edit_rows(edits[:MOST_ENTRIES], names))
    packer.rows(f"{LOG}/exports.csv", export_lines(exports_of(project)))
    if max(len(entries), len(edits)) > MOST_ENTRIES:
        text = _("The log is longer than {count} entries; the latest are in it.")
        return (text.format(count=f"{MOST_ENTRIES:,}"),)
    return ()


def _edits(project: Project, progress: Progress) -> list[EditHead]:
    """Return the edits, the latest first, one more than are put in where there are more."""
    found: list[EditHead] = []
    before = 0
    while len(found) <= MOST_ENTRIES:
        progress.step(0.5)
        part = project.edits(limit=_AT_ONCE, before=before)
        found += part
        if len(part) < _AT_ONCE:
            break
        before = part[-1].number
    return found


def _edit_rows(edits: list[EditHead], names: Mapping[str, str]) -> list[list[object]]:
    rows: list[list[object]] = [
        [_("When"), _("Who"), _("Computer"), _("Edit"), _("Sort"), _("Features"), _("Layers"), _("Reason")]
    ]
    for edit in reversed(edits):
        layers = "、".join(names.get(uid, uid) for uid in edit.layer_uids)
        rows.append(
            [
                edit.time.isoformat(),
                edit.author.name,
                edit.author.machine,
                edit.title,
                edit.kind.value,
                edit.count,
                layers,
                edit.reason,
            ]
        )
    return rows
