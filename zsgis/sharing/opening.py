"""Opening a project to work in it: with the right to write, or with the news who has it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from layers.errors import InputError, ProjectFileError
from layers.progress import NoProgress, Progress
from layers.store import Project
from layers.store.owner_lock import LockWatch, Owner, OwnerLock, Standing, lock_path
from layers.words import _
from zsgis import __version__
from zsgis.backups.settings import BackupSettings, BackupSettingsStore
from zsgis.sharing.guard import WorkGuard
from zsgis.sharing.words import owner_text, since_text

PROGRAM = f"zsgis {__version__}"
_OWN_CLOSING_S = 10.0
_LOOK_EVERY_S = 0.25


class ProjectInUseError(InputError):
    """Somebody else has the right to write to a project.

    Attributes
    ----------
    owner : Owner or None
        None where the lock cannot be read.
    """

    def __init__(self, path: Path, owner: Owner | None) -> None:
        since = "" if owner is None else since_text(owner)
        super().__init__(
            _("{who} is working in the project since {since}.").format(who=owner_text(owner), since=since)
            if owner is not None
            else _("Somebody is working in the project."),
            where=str(path),
            remedy=_("Open it for reading, take a working copy, or wait until it is free."),
        )
        self.path = path
        self.owner = owner


class Opener:
    """Opens one project for work; kept while somebody waits, as it remembers what it has seen of the lock.

    Parameters
    ----------
    settings : callable
        What the user has said about copies.
    """

    def __init__(
        self, path: Path, settings: Callable[[], BackupSettings] | None = None, *, program: str = PROGRAM
    ) -> None:
        self._path = path
        self._settings = settings or BackupSettingsStore().read
        self._program = program
        self.watch = LockWatch(lock_path(path))

    def open(self, progress: Progress | None = None) -> Project:
        """Open the project with the right to write; for reading where file and folder allow nothing else.

        A lock whose owner is known to be gone is taken over.

        Raises
        ------
        ProjectInUseError
            When somebody else has it.
        ProjectFileError
        """
        if not self._path.is_file() or not _lockable(self._path):
            return Project.open(self._path)
        lock = OwnerLock(self._path, self._program)
        try:
            taken = self._take(lock, progress or NoProgress())
        except OSError:
            # files may be written here but none made: without a lock nobody writes
            return Project.open(self._path, read_only=True)
        if not taken:
            raise ProjectInUseError(self._path, self.watch.owner)
        guard = WorkGuard(self._path, lock, self._settings)
        project = Project.open(self._path, guard=guard)
        if project.read_only:
            # nothing will be written, so nobody is kept from it
            guard.release()
        return project

    def wait(self, progress: Progress, sleep: Callable[[float], None] = time.sleep) -> Project:
        """Wait until nobody else has the project, then open it.

        Raises
        ------
        ProjectFileError, JobCancelled
        """
        while True:
            try:
                return self.open(progress)
            except ProjectInUseError as error:
                said = _("Waiting for {who}").format(who=owner_text(error.owner))
            progress.step(0.0, said)
            sleep(_LOOK_EVERY_S)

    def _take(self, lock: OwnerLock, progress: Progress) -> bool:
        until = time.monotonic() + _OWN_CLOSING_S
        while True:
            if lock.take():
                return True
            if self.watch.look() is Standing.STALE and lock.take_over(self.watch):
                return True
            owner = self.watch.owner
            if owner is None or not owner.is_here or time.monotonic() > until:
                # free by now: another look, but not for ever where others are faster
                return self.watch.look() is Standing.FREE and lock.take()
            # this very program is closing it
            progress.step(0.0)
            time.sleep(_LOOK_EVERY_S)


def open_to_write(path: Path, progress: Progress | None = None) -> Project:
    """Open a project for a command that writes.

    Raises
    ------
    ProjectInUseError
        When somebody else has it.
    ProjectFileError
        When it cannot be written.
    """
    project = Opener(path).open(progress)
    if project.read_only:
        project.close()
        raise ProjectFileError(
            _("The project can only be read here."),
            where=str(path),
            remedy=_("Ask for the right to write to file and folder, or work on a copy."),
        )
    return project


def open_as_allowed(path: Path, progress: Progress | None = None) -> Project:
    """Open a project to work out something: with the right to write where it is to be had, else for reading.

    Raises
    ------
    ProjectFileError
    """
    try:
        return Opener(path).open(progress)
    except ProjectInUseError:
        return Project.open(path, read_only=True)


def _lockable(path: Path) -> bool:
    """Tell whether file and folder may be written at all."""
    return os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
