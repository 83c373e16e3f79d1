"""What is done aside for copies of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.flows.project_loading import OpenedProject, loaded_again

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.backups import BackupCopy
    from zsgis.backups.comparing import LayerDifference
    from zsgis.backups.settings import BackupSettings


def list_copies(project: Project) -> tuple[tuple[BackupCopy, ...], Path]:
    """Return the copies of a project, the latest first, and the folder where the next one goes."""
    from layers.store.backups.places import folders

    place = _settings().place
    return project.copies.shelf(place).copies(), folders(project.path, place)[0]


def back_up(project: Project, progress: Progress) -> BackupCopy:
    """Take a copy because it was asked for."""
    from layers.store.backups import CopyKind
    from zsgis.backups.keeping import back_up as take

    return take(project.copies, _settings(), CopyKind.BY_HAND, "", progress)


def back_up_today(project: Project, progress: Progress) -> BackupCopy | None:
    """Take the copy of the day, where it is due."""
    from zsgis.backups.keeping import back_up_daily

    return back_up_daily(project.copies, _settings(), progress)


def compare_with(project: Project, copy: BackupCopy, progress: Progress) -> tuple[LayerDifference, ...]:
    """Compare a copy with the present state."""
    from zsgis.backups.comparing import compare

    return compare(project, copy.path, progress)


def restore(project: Project, copy: BackupCopy, progress: Progress) -> OpenedProject:
    """Copy the present state, then make the project what a copy of it holds."""
    from zsgis.backups.keeping import back_up_before

    title = _("Going back to the copy of {time}").format(time=f"{copy.taken.astimezone():%Y-%m-%d %H:%M}")
    back_up_before(project.copies, _settings(), title, None, ProgressPart(progress, 0.0, 0.4))
    project.copies.replace_by(copy.path, ProgressPart(progress, 0.4, 0.9))
    return loaded_again(project, ProgressPart(progress, 0.9, 1.0))


def bring_back(
    project: Project, copy: BackupCopy, uids: Sequence[str], progress: Progress
) -> tuple[tuple[str, ...], tuple[LayerInfo, ...]]:
    """Take layers back; return what they are called, and all layers of the project."""
    brought = project.copies.bring_layers_back(copy.path, uids, progress)
    return tuple(info.name for info in brought), project.layers()


def save_as(copy: BackupCopy, path: Path, progress: Progress) -> None:
    """Write a copy to a new file, as a project of its own."""
    from layers.store.backups.restoring import save_as_project

    save_as_project(copy.path, path, progress)


def remove(project: Project, copy: BackupCopy) -> None:
    """Delete a copy."""
    project.copies.shelf(_settings().place).remove(copy)


def _settings() -> BackupSettings:
    from zsgis.backups.settings import BackupSettingsStore

    return BackupSettingsStore().read()
