"""The content of a copy put in the place of an open project's, without letting go of its file."""

from __future__ import annotations

from pathlib import Path

import apsw

from layers.errors import InputError, ProjectFileError
from layers.progress import Progress, ProgressPart
from layers.store.backups.copying import copy_project, prove_copy
from layers.store.database import Database, one, rows
from layers.store.migrations import migrate
from layers.store.records import read_setting, write_journal, write_setting
from layers.store.uids import new_uid
from layers.words import _

_PAGES_A_STEP = 2048
_UID = "project.uid"
_RESTORED = "project.restored_from"


def replace_content(database: Database, copy: Path, progress: Progress) -> None:
    """Make an open project what a copy of it holds, in one transaction: all of it or nothing.

    Layers get versions that none of them had before, so that nothing derived from either state is taken for
    the other's.

    Raises
    ------
    InputError
        When the copy is of another project.
    ProjectFileError
        When copy or project cannot be read or written; the project is as before.
    JobCancelled
        The project is as before.
    """
    prove_copy(copy, ProgressPart(progress, 0.0, 0.3))
    progress.step(0.3, _("Putting the copy in place"))
    source = Database(copy, read_only=True)
    try:
        source.detach()
        migrate(source)
        _adapt(source, database, copy)
        _replace(database, source, ProgressPart(progress, 0.4, 1.0))
    finally:
        source.close()


def _adapt(source: Database, database: Database, copy: Path) -> None:
    """Let what is in the temporary copy follow upon what is in the project now."""
    with database.reading() as connection:
        uid = read_setting(connection, _UID, "")
        highest = _highest_version(connection)
    with source.writing() as connection:
        if read_setting(connection, _UID, "") != uid:
            raise InputError(
                _("The copy is of another project."),
                where=str(copy),
                remedy=_("Open it as a project of its own instead."),
            )
        base = max(highest, _highest_version(connection)) + 1
        for layer_uid, version in rows(connection, "SELECT uid, version FROM zs_layers"):
            write_journal(
                connection,
                "restore_backup",
                layer_uid=layer_uid,
                before={"version": version},
                after={"version": base, "copy": copy.name},
            )
        connection.execute("UPDATE zs_layers SET version = ?", (base,))
        write_setting(connection, _RESTORED, copy.name)


def _highest_version(connection: apsw.Connection) -> int:
    """Return the highest version that any layer has or, as the journal tells, had."""
    (now,) = one(connection, "SELECT coalesce(max(version), 0) FROM zs_layers") or (0,)
    (before,) = one(connection, "SELECT coalesce(max(layer_version), 0) FROM zs_journal") or (0,)
    return max(int(now), int(before))


def _replace(database: Database, source: Database, progress: Progress) -> None:
    with source.reading() as content, database.replacing() as connection:
        backup = connection.backup("main", content, "main")
        try:
            while not backup.step(_PAGES_A_STEP):
                progress.step(1.0 - backup.remaining / max(backup.page_count, 1))
            backup.finish()
        finally:
            backup.close(True)
    with database.writing() as connection:
        # what was remembered of the file before is told apart by the count of this connection's changes
        write_setting(connection, _RESTORED, read_setting(connection, _RESTORED))


def save_as_project(copy: Path, target: Path, progress: Progress) -> None:
    """Write the content of a copy to a new file, as a project of its own.

    Its layers and features keep their identifiers; the project gets a new one, so that nothing derived from
    it is taken for the other's.

    Raises
    ------
    ProjectFileError
        When a file of that name exists, or it cannot be written; no file is left.
    JobCancelled
    """
    if target.exists():
        raise ProjectFileError(
            _("The file exists already; it was left as it is."),
            where=str(target),
            remedy=_("Choose another name."),
        )
    draft = target.with_name(f".{target.name}.new")
    try:
        source = Database(copy, read_only=True)
        try:
            copy_project(source, draft, progress)
        finally:
            source.close()
        database = Database(draft)
        try:
            migrate(database)
            with database.writing() as connection:
                write_setting(connection, _UID, new_uid())
                write_setting(connection, "project.title", target.stem)
        finally:
            database.close()
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
