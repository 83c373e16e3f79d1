"""What stands between a project and its writing: the owner's lock, and a copy before what is a risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from layers.progress import Progress

if TYPE_CHECKING:
    from layers.store.backups.project_copies import ProjectCopies


class ProjectGuard(Protocol):
    """Asked by an open project; every call is safe from any thread."""

    @property
    def lost(self) -> bool:
        """Whether the right to write was taken away while the project was open; it never comes back."""
        ...

    def require(self) -> None:
        """Raise where nothing may be written now.

        Raises
        ------
        ProjectFileError
        """
        ...

    def before_risk(
        self, copies: ProjectCopies, title: str, features: int | None, progress: Progress, /
    ) -> bool:
        """Take a copy where an operation is worth it, and tell whether one was taken.

        Parameters
        ----------
        title : str
            What is about to be done, in the user's language.
        features : int or None
            How many features it touches; None for what always asks for a copy.

        Raises
        ------
        ProjectFileError, SecrecyError
            When no copy can be taken: the operation is not begun.
        JobCancelled
        """
        ...

    def release(self) -> None:
        """Let go of the right to write; doing so twice does no harm."""
        ...


class Unguarded:
    """For projects nobody else can have open: new files, copies, tests."""

    lost = False

    def require(self) -> None:
        """Let everything be written."""

    def before_risk(
        self, _copies: ProjectCopies, _title: str, _features: int | None, _progress: Progress, /
    ) -> bool:
        """Take no copy."""
        return False

    def release(self) -> None:
        """Hold nothing."""
