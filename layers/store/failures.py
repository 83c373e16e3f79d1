"""What went wrong with the project file, as sentences: SQLite's errors, and why a file is only read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import apsw

from layers.errors import ProjectFileError
from layers.words import N_, _


def _kinds(*kinds: type[Exception]) -> Callable[[Exception], bool]:
    return lambda error: isinstance(error, kinds)


def _codes(*codes: int) -> Callable[[Exception], bool]:
    # errors that this binding raises by itself carry no code
    return lambda error: getattr(error, "extendedresult", 0) in codes


_SENTENCES: tuple[tuple[Callable[[Exception], bool], str, str], ...] = (
    (
        _codes(apsw.SQLITE_READONLY_DBMOVED),
        N_("The project file was moved, deleted or replaced while it was open; nothing was changed."),
        N_("Put it back under its old name and try again, or save a copy of the project elsewhere."),
    ),
    (
        _codes(apsw.SQLITE_READONLY_ROLLBACK, apsw.SQLITE_READONLY_RECOVERY, apsw.SQLITE_READONLY_CANTINIT),
        N_("The project file was left in the middle of a change, and cannot be set right here."),
        N_("Copy it and the file of the same name ending in -journal to where you may write; open it there."),
    ),
    (
        _kinds(apsw.BusyError, apsw.LockedError),
        N_("The project file is in use by another program."),
        N_("Wait until the other program has finished or close the project there, then try again."),
    ),
    (
        _kinds(apsw.NotADBError),
        N_("The file is not a project: it is no GeoPackage at all."),
        N_("Choose a project file made by this program."),
    ),
    (
        _kinds(apsw.FullError),
        N_("The disk is full; nothing was changed."),
        N_("Free some space, then do it again."),
    ),
    (
        # text that is none: SQLite hands over what stands there
        _kinds(apsw.CorruptError, UnicodeDecodeError),
        N_("The project file is damaged."),
        N_("Go back to a copy, and check the disk it lay on."),
    ),
    (
        _kinds(apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError),
        N_("The project file cannot be opened or written here."),
        N_("Check that file and folder exist and that you may write to them."),
    ),
    (
        _kinds(apsw.ConnectionClosedError),
        N_("The project is closed."),
        N_("Open it again."),
    ),
    (
        _kinds(apsw.Error),
        N_("The project file could not be read or written; nothing was changed."),
        N_("Check the disk or the network drive, then try again."),
    ),
)


class UnsettledError(ProjectFileError):
    """Whether a change reached the disk cannot be told, as the file cannot be reached any more."""


def spoken(error: apsw.Error | UnicodeDecodeError, path: Path) -> ProjectFileError:
    """Return an error of the library as a sentence: what happened, where, what to do about it."""
    what, remedy = next((what, remedy) for fits, what, remedy in _SENTENCES if fits(error))
    return ProjectFileError(_(what), where=str(path), remedy=_(remedy), details=str(error))


def unsettled(error: BaseException, path: Path) -> UnsettledError:
    """Return the error for a change of which nobody knows whether it is on the disk."""
    return UnsettledError(
        _("The disk or network drive failed at the last moment: the change may be on it or not."),
        where=str(path),
        remedy=_("Try again when it can be reached: what has arrived is not done a second time."),
        details=str(error),
    )


def why_unwritable(path: Path) -> str:
    """Return why a project file cannot be written, as a sentence; empty where it can, or does not exist."""
    if not path.exists():
        return ""
    if not os.access(path, os.W_OK):
        return _("You may not write to this file.")
    # the rollback journal is made beside the file, so the folder must allow it too
    if not os.access(path.parent, os.W_OK):
        return _("You may not write to the folder that the file lies in.")
    return ""
