"""The guard of a project that is worked in: the owner's lock, and copies before what is a risk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.errors import ProjectFileError
from layers.progress import Progress
from layers.store.backups.project_copies import ProjectCopies
from layers.store.owner_lock import OwnerLock
from layers.words import _
from zsgis.backups.keeping import back_up_before
from zsgis.backups.settings import BackupSettings
from zsgis.sharing.words import owner_text


class WorkGuard:
    """Holds a project's lock for as long as it is open.

    Parameters
    ----------
    lock : OwnerLock
        Taken.
    settings : callable
        What the user has said about copies, asked anew for each.
    """

    def __init__(self, path: Path, lock: OwnerLock, settings: Callable[[], BackupSettings]) -> None:
        self._path = path
        self._settings = settings
        self._released = False
        self.lock = lock

    @property
    def lost(self) -> bool:
        """Whether somebody else has taken the lock, or removed it."""
        return not self.lock.held and not self._released

    def require(self) -> None:
        """Raise where nothing may be written now.

        Raises
        ------
        ProjectFileError
        """
        if self.lock.require() or self._released:
            return
        if self.lock.held:
            raise ProjectFileError(
                _("The network drive does not answer: it is not certain that the project is still yours."),
                where=str(self._path),
                remedy=_("Wait until it answers, then try again; nothing was changed."),
            )
        raise ProjectFileError(
            lost_text(self.lock),
            where=str(self._path),
            remedy=_("Keep what is not saved yet in a working copy."),
        )

    def before_risk(
        self, copies: ProjectCopies, title: str, features: int | None, progress: Progress
    ) -> bool:
        """Take a copy where the rule asks for one."""
        return back_up_before(copies, self._settings(), title, features, progress) is not None

    def release(self) -> None:
        """Give the lock back."""
        self._released = True
        self.lock.release()


def lost_text(lock: OwnerLock) -> str:
    """Return what happened to a lock that is no longer ours."""
    if lock.lost is None:
        return _("The lock of the project was removed; the project can only be read now.")
    return _("{who} has taken over the project; it can only be read here now.").format(
        who=owner_text(lock.lost)
    )
