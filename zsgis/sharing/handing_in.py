"""Giving a working copy back: which three files the merge needs, and what is noted afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from layers.errors import InputError
from layers.store import Project
from layers.store.working_copies import (
    BASE_ENDING,
    CopyOrigin,
    base_of,
    mark_handed_in,
    read_origin,
)
from layers.words import _
from zsgis.backups.keeping import now_here


@dataclass(frozen=True)
class HandIn:
    """What the merge of a working copy works on.

    Attributes
    ----------
    base : Path
        The state the copy was taken from.
    mine : Path
        The working copy.
    theirs : Path
        The project it was taken from, as it is now.
    """

    base: Path
    mine: Path
    theirs: Path
    origin: CopyOrigin


@dataclass(frozen=True)
class KnownCopy:
    """A working copy in a folder."""

    path: Path
    origin: CopyOrigin


def hand_in_of(copy: Path, origin: CopyOrigin | None) -> HandIn:
    """Return what is merged when a working copy comes back.

    Raises
    ------
    InputError
        When the file is no working copy or came back already, its base is missing, or its project is not
        where it was.
    """
    if origin is None:
        raise InputError(_("The project is no working copy."), where=str(copy))
    if origin.handed_in is not None:
        # against the base of then, what others have decided since would be turned round again
        raise InputError(
            _("The working copy was handed in already, {time}.").format(
                time=origin.handed_in.astimezone().strftime("%Y-%m-%d %H:%M")
            ),
            where=str(copy),
            remedy=_("Take a new working copy of the project, and go on in that one."),
        )
    base = base_of(copy, origin)
    theirs = read_project_uid(origin.project)
    if theirs != origin.uid:
        raise InputError(
            _("The project of the working copy is not where it was."),
            where=str(origin.project),
            remedy=_("Connect the network drive, or put the project back; the working copy stays as it is."),
        )
    return HandIn(base, copy, origin.project, origin)


def read_project_uid(path: Path) -> str:
    """Return the uid of a project file; empty where there is none."""
    try:
        with Project.open(path, read_only=True) as project:
            return project.uid
    except InputError:
        return ""


def settle(project: Project, clock: Callable[[], datetime] = now_here) -> None:
    """Note in an open working copy that it was merged into its project.

    Raises
    ------
    InputError
    """
    mark_handed_in(project, clock())


def working_copies_in(folder: Path) -> tuple[KnownCopy, ...]:
    """Return the working copies in a folder, the latest first."""
    found = []
    for path in folder.glob("*.gpkg"):
        if not path.name.endswith(BASE_ENDING):
            origin = read_origin(path)
            if origin is not None:
                found.append(KnownCopy(path, origin))
    return tuple(sorted(found, key=lambda copy: copy.origin.taken, reverse=True))
