"""Taking copies of an open project when they are due, and keeping their number within the rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from layers.progress import Progress
from layers.store.backups import BackupCopy, CopyKind
from layers.store.backups.project_copies import ProjectCopies
from zsgis.backups.settings import BackupSettings

Clock = Callable[[], datetime]


def now_here() -> datetime:
    """Return the present moment with its zone."""
    return datetime.now().astimezone()


def back_up(
    copies: ProjectCopies,
    settings: BackupSettings,
    kind: CopyKind,
    reason: str,
    progress: Progress,
    *,
    clock: Clock = now_here,
) -> BackupCopy:
    """Take a copy, then delete those that the rule no longer keeps.

    Raises
    ------
    ProjectFileError, SecrecyError
        When it cannot be taken; older ones stay.
    JobCancelled
    """
    shelf = copies.shelf(settings.place)
    copy = copies.back_up(shelf, kind, reason, clock(), progress)
    shelf.tidy(settings.whole_rule)
    return copy


def back_up_daily(
    copies: ProjectCopies, settings: BackupSettings, progress: Progress, *, clock: Clock = now_here
) -> BackupCopy | None:
    """Take the copy of the day, where none was taken today and something changed since the last one.

    Raises
    ------
    ProjectFileError, SecrecyError, JobCancelled
    """
    today = clock().astimezone().date()
    good = [copy for copy in copies.shelf(settings.place).copies() if copy.good]
    daily = (copy for copy in good if copy.kind is CopyKind.DAILY)
    if any(copy.taken.astimezone().date() == today for copy in daily) or not copies.summary().layers:
        return None
    if _is_latest(copies, good):
        return None
    return back_up(copies, settings, CopyKind.DAILY, "", progress, clock=clock)


def back_up_before(
    copies: ProjectCopies,
    settings: BackupSettings,
    title: str,
    features: int | None,
    progress: Progress,
    *,
    clock: Clock = now_here,
) -> BackupCopy | None:
    """Take a copy before an operation, where the rule asks for one and the latest copy is not the same.

    Parameters
    ----------
    features : int or None
        How many features it touches; None for what always asks for a copy.

    Raises
    ------
    ProjectFileError, SecrecyError, JobCancelled
    """
    if features is not None and features <= settings.whole_rule.many_features:
        return None
    good = [copy for copy in copies.shelf(settings.place).copies() if copy.good]
    if not copies.summary().layers or _is_latest(copies, good):
        return None
    return back_up(copies, settings, CopyKind.RISKY, title, progress, clock=clock)


def _is_latest(copies: ProjectCopies, newest_first: list[BackupCopy]) -> bool:
    """Tell whether the latest copy holds the present state already."""
    latest = newest_first[0].summary if newest_first else None
    return latest is not None and latest.mark == copies.mark()
