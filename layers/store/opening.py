"""Opening a project file of whatever format: older ones are brought up to date, newer ones only read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import apsw

from layers.errors import ProjectFileError
from layers.progress import NoProgress
from layers.store.backups.model import CopyKind
from layers.store.backups.places import BackupPlace
from layers.store.backups.shelf import BackupShelf
from layers.store.database import Database
from layers.store.founding import check_project
from layers.store.migrations import migrate, written_format
from layers.store.records import read_setting
from layers.store.registry import read_layers
from layers.store.schema import FORMAT_VERSION
from layers.words import _


def open_database(
    path: Path, *, read_only: bool = False, permit: Callable[[], None] | None = None
) -> Database:
    """Open a project file.

    An older one that may be written is copied first and then brought up to date; of one that may only be
    read a copy that is gone afterwards is brought up to date and shown. A newer one is shown as far as it is
    known.

    Parameters
    ----------
    permit : callable, optional
        Asked before every transaction that writes.

    Raises
    ------
    ProjectFileError
        When the file is missing, no project, damaged, in use, or so new that it cannot be read.
    """
    if not path.is_file():
        raise ProjectFileError(
            _("There is no project file here."),
            where=str(path),
            remedy=_("Check the path, or make a new project."),
        )
    database = Database(path, read_only=read_only, permit=permit)
    try:
        with database.reading() as connection:
            check_project(connection, path)
            written = written_format(connection)
        if written > FORMAT_VERSION:
            database.close()
            database = Database(path, read_only=True)
            _require_known(database, written)
        elif written < FORMAT_VERSION:
            _bring_up_to_date(database, written)
    except BaseException:
        database.close()
        raise
    return database


def newer_format(database: Database) -> int:
    """Return the format of a file that a newer program made; 0 for others."""
    with database.reading() as connection:
        written = written_format(connection)
    return written if written > FORMAT_VERSION else 0


def _bring_up_to_date(database: Database, written: int) -> None:
    if database.read_only:
        database.detach()
        migrate(database)
        database.seal()
        return
    with database.reading() as connection:
        uid = str(read_setting(connection, "project.uid", ""))
    reason = _("Bringing the file from format {old} to {new}").format(old=written, new=FORMAT_VERSION)
    shelf = BackupShelf(database.path, uid, BackupPlace())
    shelf.add(database, CopyKind.RISKY, reason, datetime.now().astimezone(), NoProgress())
    migrate(database)


def _require_known(database: Database, written: int) -> None:
    """Refuse a newer file whose layers cannot be listed."""
    try:
        with database.reading() as connection:
            read_layers(connection)
    except (ProjectFileError, ValueError, TypeError) as error:
        known = isinstance(error, ValueError | TypeError) or isinstance(error.__cause__, apsw.SQLError)
        if not known:
            raise
        raise ProjectFileError(
            _(
                "The project was made by a newer version of the program (format {found}, known {known})."
            ).format(found=written, known=FORMAT_VERSION),
            where=str(database.path),
            remedy=_("Update the program; the file was not changed."),
            details=str(error),
        ) from error
