"""What an officer may do with a project that somebody else has: read it, copy it, wait for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import SecrecyError
from layers.progress import Progress
from layers.words import _
from ui.dialogs.port import Dialogs, Verb
from ui.flows.project_loading import OpenedProject, copy_and_open, open_to_read, open_when_free

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.sharing.opening import ProjectInUseError

Load = Callable[[Progress], OpenedProject]
Failed = Callable[[BaseException], object]
Start = Callable[[str, Load, Failed | None], object]


class SharedWays:
    """Asks which way to go and goes it.

    Parameters
    ----------
    copies_folder : Path
        Where working copies are put.
    start : callable
        Runs what loads a project aside and shows it; gets a title, the work, and who handles an error.
    """

    def __init__(self, dialogs: Dialogs, copies_folder: Path, start: Start) -> None:
        self._dialogs = dialogs
        self._start = start
        self.copies_folder = copies_folder

    def ask(self, error: ProjectInUseError) -> None:
        """Say who has a project and go the way that is chosen."""
        verb = self._dialogs.choose(
            error.what,
            _(
                "Reading shows what the other one writes. A working copy is yours, and comes back later by a"
                " merge. Whoever waits opens the project as soon as it is free."
            ),
            (
                Verb("wait", _("Wait until it is free")),
                Verb("copy", _("Take a working copy")),
                Verb("read", _("Open for reading")),
            ),
        )
        if verb == "read":
            self.read(error.path)
        elif verb == "copy":
            self.copy(error.path)
        elif verb == "wait":
            self.wait(error.path)

    def read(self, path: Path) -> None:
        """Open a project for reading."""
        self._start(
            _("Opening {name}").format(name=path.stem), lambda progress: open_to_read(path, progress), None
        )

    def wait(self, path: Path) -> None:
        """Open a project as soon as it is free."""
        from zsgis.sharing.opening import Opener

        opener = Opener(path)
        self._start(
            _("Waiting for {name}").format(name=path.stem),
            lambda progress: open_when_free(opener, progress),
            None,
        )

    def copy(self, path: Path, project: Project | None = None, *, secret_allowed: bool = False) -> None:
        """Take a working copy and open it; what is secret is taken along only where that is confirmed.

        Parameters
        ----------
        project : Project, optional
            Where it is open here.
        """
        self._start(
            _("Taking a working copy"),
            lambda progress: copy_and_open(
                path, self.copies_folder, progress, secret_allowed=secret_allowed, project=project
            ),
            lambda error: self._ask_secret(error, path, project),
        )

    def _ask_secret(self, error: BaseException, path: Path, project: Project | None) -> None:
        if not isinstance(error, SecrecyError):
            self._dialogs.show_error(error)
            return
        verb = self._dialogs.choose(
            error.what,
            _("It would lie in {folder}. Secret data may lie only on computers approved for it.").format(
                folder=self.copies_folder
            ),
            (
                Verb("leave", _("Take no copy")),
                Verb("take", _("This computer is approved, take it")),
            ),
        )
        if verb == "take":
            self.copy(path, project, secret_allowed=True)
