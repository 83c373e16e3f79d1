"""Edits of a project with a copy taken before those that touch much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from layers.edits import Author, Edit, EditRecord, Foretell
from layers.progress import NoProgress, Progress, ProgressPart
from layers.store.backups.project_copies import ProjectCopies
from layers.store.column_writing import ColumnValues
from layers.store.database import Database
from layers.store.guarding import ProjectGuard
from layers.store.merging import ProjectChanges, ProjectMerging
from layers.words import _

# of an operation that begins with a copy
_COPY_SHARE = 0.5


class GuardedEdits(ProjectMerging):
    """What :class:`ProjectMerging` does, after the guard was asked."""

    def __init__(self, database: Database, author: Author, guard: ProjectGuard) -> None:
        super().__init__(database, author)
        self.guard = guard
        self.copies = ProjectCopies(database)

    def apply(
        self, edit: Edit, progress: Progress | None = None, foretell: Foretell | None = None
    ) -> EditRecord:
        """Make all changes of an edit; many of them at once begin with a copy."""
        return super().apply(edit, self._after_copy(edit.title, len(edit.changes), progress), foretell)

    def write_columns(
        self,
        uid: str,
        columns: Sequence[ColumnValues],
        reason: Mapping[str, Any],
        title: str,
        progress: Progress | None = None,
    ) -> EditRecord:
        """Write values into columns of a layer, as one edit, after a copy was taken."""
        return super().write_columns(uid, columns, reason, title, self._after_copy(title, None, progress))

    def restore(self, moment: datetime, progress: Progress | None = None) -> EditRecord | None:
        """Put the features of all layers back to how they stood at a moment, after a copy was taken."""
        title = _("Put back to {time}").format(time=moment.astimezone().strftime("%Y-%m-%d %H:%M:%S"))
        return super().restore(moment, self._after_copy(title, None, progress))

    def merge(
        self, changes: ProjectChanges, edit: Edit, progress: Progress | None = None
    ) -> EditRecord | None:
        """Write a merge, in one transaction, after a copy was taken."""
        return super().merge(changes, edit, self._after_copy(edit.title, None, progress))

    def _after_copy(self, title: str, features: int | None, progress: Progress | None) -> Progress:
        """Let the guard take its copy where it wants one; return what the operation reports to."""
        whole = progress or NoProgress()
        part = ProgressPart(whole, 0.0, _COPY_SHARE)
        copied = self.guard.before_risk(self.copies, title, features, part)
        return ProgressPart(whole, _COPY_SHARE, 1.0) if copied else whole
