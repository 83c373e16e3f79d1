"""What a lock file says, and how it is read and written."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from layers.edits import Author
from layers.store.owner_lock.processes import machine_mark, process_start, sitting_mark
from layers.store.uids import new_uid

LOCK_ENDING = ".lock"
_LARGEST = 8192
# every writing of a lock file has this length, so that one is replaced by the next at a single stroke
_LENGTH = 1024


class Owner(BaseModel):
    """Who holds a project.

    Attributes
    ----------
    token : str
        Never the same for two holdings.
    machine_mark, sitting_mark : str
        Which computer, and since which start of it; see :mod:`layers.store.owner_lock.processes`.
    started : str
        When the process began, in the computer's own count.
    since : datetime
        By the owner's clock, for people only: it is compared with nothing.
    beat : int
        Rises while the owner is there.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    token: str
    name: str
    machine: str
    machine_mark: str
    sitting_mark: str
    pid: int
    started: str
    program: str
    since: datetime
    beat: int = 0

    @classmethod
    def here(cls, program: str) -> Owner:
        """Return this process as an owner from now on."""
        author = Author.here()
        return cls(
            token=new_uid(),
            name=author.name[:80],
            machine=(author.machine or platform.node())[:80],
            machine_mark=machine_mark(),
            sitting_mark=sitting_mark(),
            pid=os.getpid(),
            started=process_start(os.getpid()),
            program=program[:40],
            since=datetime.now().astimezone(),
        )

    @property
    def is_here(self) -> bool:
        """Whether this very process is the owner."""
        return bool(self.machine_mark) and (self.machine_mark, self.pid, self.started) == (
            machine_mark(),
            os.getpid(),
            process_start(os.getpid()),
        )


def lock_path(project: Path) -> Path:
    """Return where the lock of a project lies: beside it, also when it is called by a link."""
    real = project.resolve()
    return real.with_name(f"{real.name}{LOCK_ENDING}")


def read_owner(path: Path) -> Owner | None:
    """Return what a lock file says; None where it is missing, or says nothing that can be understood."""
    try:
        with path.open("rb") as file:
            return as_owner(file.read(_LARGEST))
    except OSError:
        return None


def as_owner(data: bytes) -> Owner | None:
    """Return the owner in a lock file's bytes."""
    try:
        return Owner.model_validate_json(data)
    except ValidationError:
        return None


def as_bytes(owner: Owner) -> bytes:
    """Return a lock file's bytes: JSON, filled up with blanks to one length."""
    return owner.model_dump_json().encode().ljust(_LENGTH - 1) + b"\n"


def create_lock(path: Path, owner: Owner) -> None:
    """Make a lock file that was not there.

    Raises
    ------
    FileExistsError
        When there is one: exactly one of several who try at the same time succeeds.
    OSError
        When none can be made here.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        os.write(handle, as_bytes(owner))
        os.fsync(handle)
    except OSError:
        os.close(handle)
        with suppress(OSError):
            path.unlink()
        raise
    os.close(handle)
