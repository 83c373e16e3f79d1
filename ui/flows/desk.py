"""What every flow works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from layers.errors import ZsgisError
from layers.words import _
from ui.dialogs.port import Dialogs, Verb
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

    def offer_place(self, error: BaseException, path: Path, again: Callable[[], None]) -> None:
        """Show why ``path`` was not written, and ask for another place where the place was the trouble."""
        about_place = isinstance(error, OSError) or (
            isinstance(error, ZsgisError) and error.where in (str(path), str(path.parent))
        )
        remedies = (Verb("elsewhere", _("Choose another place")),) if about_place else ()
        if self.dialogs.show_error(error, remedies) == "elsewhere":
            again()
