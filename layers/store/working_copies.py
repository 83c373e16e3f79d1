"""Working copies: a project to work in elsewhere, that knows its origin and comes back by a merge.

Beside the working copy lies its base, the state it was taken from; a three-way merge needs both.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from layers.edits import Author
from layers.errors import InputError, ProjectFileError, SecrecyError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.store.backups.project_copies import ProjectCopies
from layers.store.database import Database, one
from layers.store.records import read_setting, write_setting
from layers.store.uids import new_uid
from layers.words import _

if TYPE_CHECKING:
    from layers.store.project import Project

COPY_KEY = "project.copy_of"
BASE_ENDING = ".base.gpkg"
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


class CopyOrigin(BaseModel):
    """What a working copy was taken from.

    Attributes
    ----------
    uid : str
        Of the project; the working copy has one of its own, its layers and features keep theirs.
    project : Path
        Where the project lay.
    base : str
        Name of the file beside the working copy that holds the state it was taken from.
    layers : mapping
        Versions of the layers at that time, by uid.
    journal : int
        Number of the last entry of the journal at that time.
    handed_in : datetime or None
        When it came back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    uid: str
    project: Path
    title: str
    taken: datetime
    by: str
    machine: str
    base: str
    layers: Mapping[str, int]
    journal: int
    handed_in: datetime | None = None


def origin_of(project: Project) -> CopyOrigin | None:
    """Return what a project is a working copy of; None for others."""
    return _as_origin(project.setting(COPY_KEY))


def read_origin(path: Path) -> CopyOrigin | None:
    """Return what a project file is a working copy of; None for others, and for what cannot be read."""
    try:
        database = Database(path, read_only=True)
    except ProjectFileError:
        return None
    try:
        with database.reading() as connection:
            return _as_origin(read_setting(connection, COPY_KEY))
    except ProjectFileError:
        return None
    finally:
        database.close()


def base_of(copy: Path, origin: CopyOrigin) -> Path:
    """Return where the base of a working copy lies.

    Raises
    ------
    InputError
        When it is missing: without it nobody can tell who changed what.
    """
    base = copy.with_name(Path(origin.base).name)
    if not base.is_file():
        raise InputError(
            _("The base of the working copy is missing."),
            where=str(base),
            remedy=_("Put the file back beside the working copy; it was made together with it."),
        )
    return base


def take_working_copy(
    project: Project,
    folder: Path,
    moment: datetime,
    *,
    secret_allowed: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Make a working copy of an open project, with its base, and return where it lies.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    moment : datetime
        Now, with its zone.
    secret_allowed : bool
        Whether layers that are 秘密 or higher may lie in that folder.

    Raises
    ------
    SecrecyError
        When they may not, and there are some.
    ProjectFileError
        When it cannot be written; no file is left.
    JobCancelled
    """
    reporter = progress or NoProgress()
    summary = project.copies.summary()
    if summary.secret and not secret_allowed:
        raise SecrecyError(
            _("The project holds layers marked {secrecy}; a working copy takes them along.").format(
                secrecy=summary.secrecy
            ),
            where=str(folder),
            remedy=_("Take it only into a folder where such data may lie, and say so."),
        )
    path, base = _places(project.path, folder, moment)
    try:
        summary = project.copies.copy_to(base, ProgressPart(reporter, 0.0, 0.5))
        origin = CopyOrigin(
            uid=project.uid,
            project=project.path.absolute(),
            title=project.title,
            taken=moment,
            by=Author.here().name,
            machine=Author.here().machine,
            base=base.name,
            layers={layer.uid: layer.version for layer in summary.layers},
            journal=0,
        )
        _make_own(base, path, origin, ProgressPart(reporter, 0.5, 1.0))
        base.chmod(stat.S_IMODE(base.stat().st_mode) & ~0o222)
    except BaseException:
        for leftover in (path, base):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)
        raise
    return path


def remove_working_copy(copy: Path) -> None:
    """Remove a working copy that was just taken, with its base; whatever cannot be removed stays."""
    origin = read_origin(copy)
    base = () if origin is None else (copy.with_name(Path(origin.base).name),)
    for path in (copy, *base):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def mark_handed_in(project: Project, moment: datetime) -> None:
    """Note in a working copy that it came back.

    Raises
    ------
    InputError
        When it is none.
    """
    origin = origin_of(project)
    if origin is None:
        raise InputError(_("The project is no working copy."), where=str(project.path))
    project.set_setting(COPY_KEY, origin.model_copy(update={"handed_in": moment}).model_dump(mode="json"))


def _make_own(base: Path, path: Path, origin: CopyOrigin, progress: Progress) -> None:
    """Copy the base once more, as a project of its own that knows where it comes from."""
    draft = path.with_name(f".{path.name}.new")
    source = Database(base, read_only=True)
    try:
        ProjectCopies(source).copy_to(draft, progress)
    finally:
        source.close()
    try:
        database = Database(draft)
        try:
            with database.writing() as connection:
                (last,) = one(connection, "SELECT coalesce(max(id), 0) FROM zs_journal") or (0,)
                known = origin.model_copy(update={"journal": last})
                write_setting(connection, "project.uid", new_uid())
                write_setting(connection, COPY_KEY, known.model_dump(mode="json"))
        finally:
            database.close()
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _places(project: Path, folder: Path, moment: datetime) -> tuple[Path, Path]:
    who = _UNFIT.sub("", Author.here().name)
    name = "_".join(part for part in (project.stem, "工作副本", who) if part)
    stem = f"{name}_{moment.astimezone().strftime('%Y%m%d-%H%M%S')}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectFileError(
            _("The folder cannot be made."),
            where=str(folder),
            remedy=_("Choose another folder."),
            details=str(error),
        ) from error
    path, base = folder / f"{stem}.gpkg", folder / f"{stem}{BASE_ENDING}"
    if path.exists() or base.exists():
        raise ProjectFileError(
            _("The file exists already; it was left as it is."),
            where=str(path),
            remedy=_("Wait a moment, then try again."),
        )
    return path, base


def _as_origin(value: object) -> CopyOrigin | None:
    try:
        return CopyOrigin.model_validate(value)
    except ValidationError:
        return None
