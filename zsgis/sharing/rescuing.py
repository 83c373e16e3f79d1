"""What could not be written any more, put into a working copy: each edit once, none lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers.edits import Edit
from layers.errors import InputError
from layers.progress import Progress
from layers.store import Project
from layers.store.working_copies import remove_working_copy, take_working_copy
from layers.words import _
from zsgis.backups.keeping import now_here
from zsgis.forms.completing import complete


@dataclass(frozen=True)
class RescueCopy:
    """A working copy with edits that could not be saved.

    Attributes
    ----------
    count : int
        How many edits it holds.
    troubles : tuple of str
        What was refused, why, and in which file it is kept.
    """

    copy: Path
    count: int
    troubles: tuple[str, ...]


def copy_with_edits(
    project: Project,
    folder: Path,
    edits: Sequence[Edit],
    set_aside: Callable[[Edit], Path],
    progress: Progress,
) -> RescueCopy:
    """Take a working copy and make edits in it; each that it refuses is kept in a file of its own.

    Parameters
    ----------
    folder : Path
        Where working copies lie; one with secret layers lies beside the project.
    set_aside : callable
        Keeps an edit in a file of its own.

    Raises
    ------
    ProjectFileError, OSError
        When copy or file cannot be written; no copy is left then.
    """
    secret = project.copies.summary().secret
    copy = take_working_copy(
        project,
        project.path.parent if secret else folder,
        now_here(),
        secret_allowed=secret,
        progress=progress,
    )
    try:
        troubles = _make(copy, edits, set_aside)
    except BaseException:
        # half of the edits in a copy and all of them with the project: only one of the two may be
        remove_working_copy(copy)
        raise
    return RescueCopy(copy, len(edits) - len(troubles), tuple(troubles))


def _make(copy: Path, edits: Sequence[Edit], set_aside: Callable[[Edit], Path]) -> list[str]:
    troubles: list[str] = []
    with Project.open(copy) as opened:
        for edit in edits:
            try:
                opened.apply(complete(edit, opened))
            except InputError as error:
                kept = _("kept in {file}").format(file=set_aside(edit))
                troubles.append(f"{edit.title}：{error}（{kept}）")
    return troubles
