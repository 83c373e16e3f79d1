"""Where copies of a project may lie: beside it, in a folder the user chose, or in the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from layers.errors import ProjectFileError, SecrecyError, ZsgisError
from layers.store.backups.copying import require_space
from layers.words import _

_ENDING = ".备份"


@dataclass(frozen=True)
class BackupPlace:
    """Which folders are taken, in their order.

    Attributes
    ----------
    chosen : Path or None
        A folder the user wants copies in; each project has its own in it.
    secret_allowed : bool
        Whether what is 秘密 or higher may lie in that folder too.
    """

    chosen: Path | None = None
    secret_allowed: bool = False


def folders(project: Path, place: BackupPlace) -> tuple[Path, ...]:
    """Return every folder in which copies of a project may be found, the wanted one first."""
    return tuple(folder for folder, _secret in _candidates(project, place))


def folder_to_write(project: Path, place: BackupPlace, *, size: int, secret: bool) -> Path:
    """Return the first folder that takes a copy, made if it is missing.

    Parameters
    ----------
    size : int
        Bytes the copy will have.
    secret : bool
        Whether a layer is 秘密 or higher: then it stays beside the project, or where that was allowed.

    Raises
    ------
    SecrecyError
        When only folders are left in which secret layers may not lie.
    ProjectFileError
        When no folder can be written or has room.
    """
    trouble: ZsgisError | None = None
    withheld = False
    for folder, for_secret in _candidates(project, place):
        if secret and not for_secret:
            withheld = True
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(folder)
            require_space(folder, size)
        except OSError as error:
            trouble = trouble or _not_writable(folder, error)
        except ProjectFileError as error:
            trouble = error
        else:
            return folder
    if withheld:
        raise SecrecyError(
            _("The project holds secret layers: a copy may lie only beside it, or where that was allowed."),
            where=str(folders(project, place)[0]),
            remedy=_(
                "Make its folder writable, or choose a folder for copies and allow secret layers there."
            ),
        ) from trouble
    raise trouble or _not_writable(project.parent, OSError())


def _candidates(project: Path, place: BackupPlace) -> Iterator[tuple[Path, bool]]:
    """Give folders, each with whether secret layers may lie there."""
    name = f"{project.stem}{_ENDING}"
    if place.chosen is not None:
        yield place.chosen / name, place.secret_allowed
    yield project.absolute().parent / name, True
    yield platformdirs.user_data_path("zsgis", appauthor=False) / "backups" / name, False


def _not_writable(folder: Path, error: OSError) -> ProjectFileError:
    return ProjectFileError(
        _("No copy can be written into this folder."),
        where=str(folder),
        remedy=_("Choose another folder for copies."),
        details=str(error),
    )
