"""How an open project stands among several people, looked at again and again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from layers.store import Project
from layers.store.owner_lock import LockWatch, Owner, Standing, lock_path
from layers.store.working_copies import CopyOrigin, origin_of
from zsgis.sharing.guard import WorkGuard, lost_text


class Role(StrEnum):
    """How the project is open here.

    ``OWNER`` may write; ``LOST`` could until somebody took the lock; ``READER`` reads while another writes;
    ``FREE`` reads although nobody writes any more; ``NEWER`` is a file of a newer program; ``PLAIN`` a file
    that cannot be written here at all.
    """

    OWNER = "owner"
    LOST = "lost"
    READER = "reader"
    FREE = "free"
    NEWER = "newer"
    PLAIN = "plain"


@dataclass(frozen=True)
class SharedState:
    """What is known at one moment.

    Attributes
    ----------
    owner : Owner or None
        Who else has the project.
    why_lost : str
        What happened to our right to write.
    updated : bool
        Whether somebody has written since the project was read.
    origin : CopyOrigin or None
        What it is a working copy of.
    """

    role: Role
    owner: Owner | None = None
    why_lost: str = ""
    updated: bool = False
    origin: CopyOrigin | None = None


class SharedProject:
    """Looks how one open project stands. Its calls are made from one thread at a time, never the window's."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._watch = LockWatch(lock_path(project.path))
        self._read = project.copies.sign_of_change()

    def look(self) -> SharedState:
        """Look once.

        Raises
        ------
        ProjectFileError
            When the file does not answer.
        """
        if not self.project.holds(self.project.path):
            return SharedState(Role.OWNER)  # in a database nobody waits for anybody
        guard = self.project.guard
        if isinstance(guard, WorkGuard) and not self.project.newer_format:
            if guard.lost:
                return SharedState(Role.LOST, guard.lock.lost, lost_text(guard.lock))
            return SharedState(Role.OWNER, origin=origin_of(self.project))
        updated = self.project.copies.sign_of_change() != self._read
        if self.project.newer_format:
            return SharedState(Role.NEWER, updated=updated)
        standing = self._watch.look()
        if standing is Standing.HELD:
            return SharedState(Role.READER, self._watch.owner, updated=updated)
        role = Role.FREE if _writable(self.project.path) else Role.PLAIN
        return SharedState(role, updated=updated)

    def note_read(self) -> None:
        """Count what is in the file now as read."""
        self._read = self.project.copies.sign_of_change()


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
