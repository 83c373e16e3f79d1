"""The copies of one project: listed, added to, thinned out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from layers.errors import ProjectFileError
from layers.progress import Progress
from layers.store.backups.copying import copy_project, size_of, summary_of
from layers.store.backups.index import read_index, write_index
from layers.store.backups.model import BackupCopy, CopyKind
from layers.store.backups.places import BackupPlace, folder_to_write, folders
from layers.store.backups.rule import BackupRule, superfluous
from layers.store.backups.summary import read_summary
from layers.store.database import Database
from layers.words import _

_NAME = re.compile(
    r"_(?P<time>\d{8}-\d{6})(?:-\d+)?_(?P<kind>" + "|".join(kind.value for kind in CopyKind) + r")\.gpkg$"
)
_TIME = "%Y%m%d-%H%M%S"
# two jobs of one program may add copies of the same project
_ADDING = threading.Lock()


class BackupShelf:
    """The copies of one project, wherever they lie.

    Parameters
    ----------
    project : Path
        The project file.
    uid : str
        The project's uid: folders may hold copies of others of the same name.
    """

    def __init__(self, project: Path, uid: str, place: BackupPlace) -> None:
        self._project = project
        self._uid = uid
        self._place = place

    def copies(self) -> tuple[BackupCopy, ...]:
        """Return all copies, the latest first; what cannot be read is among them and not good."""
        found: dict[Path, BackupCopy] = {}
        for folder in folders(self._project, self._place):
            found |= {copy.path: copy for copy in _copies_in(folder)}
        own = [copy for copy in found.values() if copy.summary is None or copy.summary.uid == self._uid]
        return tuple(sorted(own, key=lambda copy: (copy.taken, copy.path.name), reverse=True))

    def add(
        self, database: Database, kind: CopyKind, reason: str, moment: datetime, progress: Progress
    ) -> BackupCopy:
        """Take a copy of the open project and prove it.

        Parameters
        ----------
        reason : str
            What it is taken before, in the user's language.
        moment : datetime
            Now, with its zone.

        Raises
        ------
        ProjectFileError, SecrecyError
            When there is no place for it, or it cannot be written; no file is left.
        JobCancelled
        """
        with database.reading() as connection:
            secret = read_summary(connection).secret
        folder = folder_to_write(self._project, self._place, size=size_of(database), secret=secret)
        with _ADDING:
            path = _free_name(folder, self._project.stem, kind, moment)
            summary = copy_project(database, path, progress)
            copy = BackupCopy(path, moment, kind, reason, path.stat().st_size, summary)
            write_index(folder, {**read_index(folder), path: copy})
        return copy

    def remove(self, copy: BackupCopy) -> None:
        """Delete one copy.

        Raises
        ------
        ProjectFileError
        """
        try:
            copy.path.unlink(missing_ok=True)
        except OSError as error:
            raise ProjectFileError(
                _("The copy could not be deleted."),
                where=str(copy.path),
                remedy=_("Close it in other programs, then try again."),
                details=str(error),
            ) from error
        write_index(copy.path.parent, read_index(copy.path.parent))

    def tidy(self, rule: BackupRule) -> tuple[BackupCopy, ...]:
        """Delete what the rule no longer keeps and return it; what cannot be deleted goes the next time."""
        gone = []
        for copy in superfluous(self.copies(), rule):
            with suppress(ProjectFileError):
                self.remove(copy)
                gone.append(copy)
        return tuple(gone)


def _copies_in(folder: Path) -> Iterator[BackupCopy]:
    known = read_index(folder)
    try:
        paths = sorted(folder.glob("*.gpkg"))
    except OSError:
        return
    unknown = False
    for path in paths:
        named = _NAME.search(path.name)
        if named is None:
            continue
        if path not in known:
            unknown = True
            known[path] = _read(path, named)
        yield known[path]
    if unknown:
        write_index(folder, known)


def _read(path: Path, named: re.Match[str]) -> BackupCopy:
    """Return what a file and its name say of it, where no list does."""
    taken = datetime.strptime(named["time"], _TIME).astimezone()
    try:
        size, summary = path.stat().st_size, summary_of(path)
    except (OSError, ProjectFileError):
        return BackupCopy(path, taken, CopyKind(named["kind"]), "", 0, None)
    return BackupCopy(path, taken, CopyKind(named["kind"]), "", size, summary)


def _free_name(folder: Path, stem: str, kind: CopyKind, moment: datetime) -> Path:
    time = moment.astimezone().strftime(_TIME)
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        path = folder / f"{stem}_{time}{again}_{kind.value}.gpkg"
        if not path.exists():
            return path
    raise ProjectFileError(_("The copy could not be written or read."), where=str(folder))
