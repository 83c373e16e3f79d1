"""The part of a project that is copied and put back: what backups and working copies ask of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from layers.progress import NoProgress, Progress
from layers.store.backups.copying import copy_project
from layers.store.backups.layers_back import bring_layers_back
from layers.store.backups.model import BackupCopy, CopyKind, Summary
from layers.store.backups.places import BackupPlace
from layers.store.backups.restoring import replace_content
from layers.store.backups.shelf import BackupShelf
from layers.store.backups.summary import read_mark, read_summary
from layers.store.database import Database, state
from layers.store.model import LayerInfo
from layers.store.records import read_setting


class ProjectCopies:
    """Copies of an open project, made and taken back through its own connection.

    Reached as :attr:`layers.store.Project.copies`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """Where the project lies."""
        return self._database.path

    def shelf(self, place: BackupPlace) -> BackupShelf:
        """Return the copies of the project."""
        with self._database.reading() as connection:
            uid = str(read_setting(connection, "project.uid", ""))
        return BackupShelf(self.path, uid, place)

    def summary(self) -> Summary:
        """Return the project in figures."""
        with self._database.reading() as connection:
            return read_summary(connection)

    def mark(self) -> str:
        """Return what stays the same as long as nothing is done to the project but looking at it."""
        with self._database.reading() as connection:
            return read_mark(connection)

    def sign_of_change(self) -> tuple[int, int]:
        """Return what is another after anybody, another program too, has written to the file; quick."""
        with self._database.reading() as connection:
            return state(connection)

    def back_up(
        self,
        shelf: BackupShelf,
        kind: CopyKind,
        reason: str,
        moment: datetime,
        progress: Progress | None = None,
    ) -> BackupCopy:
        """Put a copy of the present state on a shelf; see :meth:`BackupShelf.add`."""
        return shelf.add(self._database, kind, reason, moment, progress or NoProgress())

    def copy_to(self, path: Path, progress: Progress | None = None) -> Summary:
        """Write a copy of the present state to a new file; see :func:`copy_project`."""
        return copy_project(self._database, path, progress or NoProgress())

    def replace_by(self, copy: Path, progress: Progress | None = None) -> None:
        """Put the content of a copy in the place of the present one; see :func:`replace_content`."""
        replace_content(self._database, copy, progress or NoProgress())

    def bring_layers_back(
        self, copy: Path, layer_uids: Collection[str], progress: Progress | None = None
    ) -> tuple[LayerInfo, ...]:
        """Take layers of a copy back into the project; see :func:`bring_layers_back`."""
        return bring_layers_back(self._database, copy, layer_uids, progress or NoProgress())
