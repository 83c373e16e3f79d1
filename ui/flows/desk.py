"""What every flow works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ui.dialogs.port import Dialogs
from ui.jobs import JobBridge
from zsgis.session import Session

Notice = Callable[[str, Path | None], None]


@dataclass(frozen=True)
class Desk:
    """The open session, the jobs, and the two ways to speak to the officer.

    ``notice`` says once that something is done; a path is one click away.
    """

    session: Session
    jobs: JobBridge
    dialogs: Dialogs
    notice: Notice
