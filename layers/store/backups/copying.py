"""A consistent copy of an open project, in steps between which others work on.

SQLite's backup interface carries what the same connection writes meanwhile into the copy; what another
process writes makes it begin anew.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from layers.errors import ProjectFileError
from layers.progress import Progress, ProgressPart
from layers.store.backups.model import Summary
from layers.store.backups.summary import read_summary
from layers.store.database import Database, one
from layers.store.functions import register_functions
from layers.words import _

# 2 MB of pages of 4 KB: a few milliseconds in which an edit waits
_PAGES_A_STEP = 512
_BREATH_S = 0.001
# after so many beginnings anew the rest is copied at one go, and the other process waits
_MOST_RESTARTS = 3
_MOST_REFUSALS = 20
_REFUSED_WAIT_S = 0.25
_OPCODES_A_REPORT = 200_000
# beside the copy itself: room for what else is written in the same minutes
_SPARE_BYTES = 64 * 1024 * 1024


def copy_project(database: Database, target: Path, progress: Progress) -> Summary:
    """Copy what an open project holds into a new file, and prove the copy.

    Parameters
    ----------
    target : Path
        Must not exist; appears whole or not at all.

    Returns
    -------
    Summary
        What the copy holds: the state of the moment in which the last page was copied.

    Raises
    ------
    ProjectFileError
        When it cannot be read or written, or the copy is not in order; no file is left.
    JobCancelled
    """
    require_space(target.parent, size_of(database))
    draft = target.with_name(f".{target.name}.part")
    try:
        with _speaking(target):
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600, exist_ok=False)
            expected = _copy(database, draft, ProgressPart(progress, 0.0, 0.6))
            found = prove_copy(draft, ProgressPart(progress, 0.6, 1.0))
            if found != expected:
                raise _not_in_order(target, "counts differ")
            _keep_rights(database.path, draft)
            draft.rename(target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
            draft.with_name(f"{draft.name}-journal").unlink(missing_ok=True)
    return found


def prove_copy(path: Path, progress: Progress) -> Summary:
    """Return what a project file that nobody has open holds, after a check of every page of it.

    Raises
    ------
    ProjectFileError
        When it is damaged or cannot be read.
    JobCancelled
    """
    progress.step(0.0, _("Checking the copy"))
    with _speaking(path), _only_reading(path) as connection:
        share = 0.0

        def report() -> bool:
            nonlocal share
            share += (1.0 - share) * 0.02
            progress.step(share)
            return False

        connection.set_progress_handler(report, _OPCODES_A_REPORT)
        found = one(connection, "PRAGMA integrity_check(1)")
        connection.set_progress_handler(None)
        if found != ("ok",):
            raise _not_in_order(path, str(found))
        return read_summary(connection)


def summary_of(path: Path) -> Summary:
    """Return what a project file holds, as it says itself.

    Raises
    ------
    ProjectFileError
    """
    with _speaking(path), _only_reading(path) as connection:
        return read_summary(connection)


def size_of(database: Database) -> int:
    """Return how large a project file is, in bytes."""
    with database.reading() as connection:
        (pages,) = one(connection, "PRAGMA page_count") or (0,)
        (size,) = one(connection, "PRAGMA page_size") or (0,)
    return int(pages) * int(size)


def require_space(folder: Path, size: int) -> None:
    """Refuse to begin a file that its disk cannot hold.

    Raises
    ------
    ProjectFileError
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if free < size + _SPARE_BYTES:
        raise ProjectFileError(
            _("There is no room for a copy: {need} MB are needed, {free} MB are free.").format(
                need=f"{(size + _SPARE_BYTES) / 1e6:,.0f}", free=f"{free / 1e6:,.0f}"
            ),
            where=str(folder),
            remedy=_("Free some space, or choose another folder for copies."),
        )


def _copy(database: Database, draft: Path, progress: Progress) -> Summary:
    progress.step(0.0, _("Copying the project"))
    target = apsw.Connection(str(draft))
    try:
        with database.reading() as source:
            backup = target.backup("main", source, "main")
        try:
            expected = _step_through(database, backup, progress)
            backup.finish()
        finally:
            backup.close(True)
    finally:
        target.close()
    return expected


def _step_through(database: Database, backup: apsw.Backup, progress: Progress) -> Summary:
    restarts, refusals, least = 0, 0, None
    while True:
        at_one_go = restarts > _MOST_RESTARTS
        try:
            with database.reading() as source:
                if backup.step(-1 if at_one_go else _PAGES_A_STEP):
                    # inside the same hold: what the copy is proven against is the state that was copied
                    return read_summary(source)
        except ProjectFileError as error:
            refusals += 1
            if refusals > _MOST_REFUSALS or not isinstance(error.__cause__, apsw.BusyError):
                raise
            time.sleep(_REFUSED_WAIT_S)
            continue
        if least is not None and backup.remaining >= least:
            restarts += 1
        least = backup.remaining
        progress.step(1.0 - backup.remaining / max(backup.page_count, 1))
        time.sleep(_BREATH_S)


@contextmanager
def _only_reading(path: Path) -> Iterator[apsw.Connection]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        register_functions(connection)
        yield connection
    finally:
        connection.close()


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    try:
        yield
    except (apsw.Error, OSError) as error:
        raise ProjectFileError(
            _("The copy could not be written or read."),
            where=str(path),
            remedy=_("Check the disk and your rights to its folder, or choose another folder for copies."),
            details=str(error),
        ) from error


def _not_in_order(path: Path, details: str) -> ProjectFileError:
    return ProjectFileError(
        _("The copy is not in order and does not count."),
        where=str(path),
        remedy=_("Check the disk, and make another copy."),
        details=details,
    )


def _keep_rights(source: Path, copy: Path) -> None:
    """Let the same people read the copy as the project."""
    with suppress(OSError):
        shutil.copymode(source, copy)
