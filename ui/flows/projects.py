"""Opening, making and closing projects."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.progress import Progress
from layers.words import _
from ui.dialogs.port import Verb
from ui.flows.desk import Desk
from ui.flows.project_loading import (
    VIEW_SETTING,
    Load,
    MapPlace,
    OpenedProject,
    build_demo_project,
    make_project,
    open_to_work,
)
from ui.flows.sharing_ways import SharedWays
from zsgis.preferences import PreferenceStore

if TYPE_CHECKING:
    from layers.store import Project

DEMO_FILE = "演示工程.gpkg"
# beside the demonstration, where people find what the program keeps for them
_COPIES_FOLDER = "工作副本"

Opened = Callable[[], None]


class ProjectFlows:
    """What happens when an officer wants another project.

    Parameters
    ----------
    demo_folder : Path
        Where the demonstration project is kept.
    flush : callable
        Writes what is shown already and not yet on disk; called aside before a project is closed.
    current_view : callable
        The place of the map that is looked at, to be found again the next time.
    show_view : callable
        Shows a remembered place of the map as soon as there is something to see.
    recent_changed : callable
        Told that the list of recent projects is another.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        preferences: PreferenceStore,
        demo_folder: Path,
        flush: Callable[[Project], object],
        current_view: Callable[[], MapPlace | None],
        show_view: Callable[[MapPlace], None],
        recent_changed: Callable[[], None],
    ) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._preferences = preferences
        self._demo_folder = demo_folder
        self._flush = flush
        self._current_view = current_view
        self._show_view = show_view
        self._recent_changed = recent_changed
        self._notice = desk.notice
        self.ways = SharedWays(
            desk.dialogs,
            demo_folder / _COPIES_FOLDER,
            lambda title, work, failed: self._start(title, work, failed=failed),
        )

    @property
    def demo_file(self) -> Path:
        """Where the demonstration project is kept."""
        return self._demo_folder / DEMO_FILE

    def open_demo(self) -> None:
        """Open the demonstration project; build it first where it is missing, and say where it lies."""
        path = self.demo_file
        if path.exists():
            self.open_path(path)
        elif self._may_leave():
            self._start(
                _("Building the demonstration project"),
                partial(build_demo_project, path),
                opened=lambda: self._notice(
                    _("The demonstration project lies in {folder}").format(folder=path.parent), path.parent
                ),
            )

    def new_project(self, name: str = "", crs: str = "", *, opened: Opened | None = None) -> None:
        """Ask for a new project and make it; a name and a coordinate system may be proposed."""
        answer = self._dialogs.new_project(name, crs)
        if answer is not None and self._may_leave():
            self._start(_("Making the project"), partial(make_project, answer), opened=opened)

    def open_path(self, path: Path, *, opened: Opened | None = None) -> None:
        """Open the project at ``path``; ``opened`` is called when its layers are shown."""
        open_now = self._session.project
        if open_now is not None and open_now.holds(path):
            if opened is not None:
                opened()
        elif self._may_leave():
            self._start(
                _("Opening {name}").format(name=path.stem),
                partial(open_to_work, path),
                opened=opened,
                failed=lambda error: self._offer_remedy(error, path, opened),
            )

    def open_other(self, title: str, load: Load, failed: Callable[[BaseException], object]) -> None:
        """Open a project that lies in no file of this computer; the officer may rather stay."""
        if self._may_leave():
            self._start(title, load, failed=failed)

    def reopen(self, path: Path) -> None:
        """Open a project anew, to work in what was only read until now."""
        if self._may_leave():
            self._start(
                _("Opening {name}").format(name=path.stem),
                partial(open_to_work, path),
                failed=lambda error: self._offer_remedy(error, path, None),
            )

    def _offer_remedy(self, error: BaseException, path: Path, opened: Opened | None) -> None:
        """Show why a project cannot be opened, with what can be done about it here."""
        from zsgis.sharing.opening import ProjectInUseError

        if isinstance(error, ProjectInUseError):
            self.ways.ask(error)
            return
        preferences = self._preferences.current
        if path.exists():
            verb = self._dialogs.show_error(error, (Verb("again", _("Try again")),))
        elif path in preferences.recent:
            verb = self._dialogs.show_error(error, (Verb("forget", _("Remove from the list")),))
        else:
            verb = self._dialogs.show_error(error)
        if verb == "again":
            self.open_path(path, opened=opened)
        elif verb == "forget":
            self._preferences.change(preferences.without_recent(path))
            self._recent_changed()

    def close_project(self) -> bool:
        """Close the open project; False when the officer rather stays."""
        if not self._may_leave():
            return False
        self._release()
        self._session.close_project()
        return True

    def leave(self) -> bool:
        """Close everything before the window closes; False when the officer rather stays.

        Unlike :meth:`close_project` this waits: the program ends afterwards.
        """
        if not self._may_leave():
            return False
        project, view = self._session.project, self._current_view()
        if project is not None and not self._may_go_unsaved(project):
            return False
        self._session.close_project()
        self._jobs.close()
        if project is not None:
            with suppress(InputError):  # what could not be written has been said
                self._finish(project, view)
        return True

    def _may_go_unsaved(self, project: Project) -> bool:
        """Write what waits; where that fails, ask whether to go without it."""
        while True:
            try:
                self._flush(project)
            except InputError as error:
                verb = self._dialogs.choose(
                    _("The last changes are not saved: {why}").format(why=error),
                    _("Where the file can be written again, nothing is lost."),
                    (
                        Verb("again", _("Try again")),
                        Verb("stop", _("Close without saving them")),
                        Verb("stay", _("Back to the window")),
                    ),
                )
                if verb != "again":
                    return verb == "stop"
            else:
                return True

    def _may_leave(self) -> bool:
        running = self._jobs.visible()
        if not running:
            return True
        titles = "、".join(status.title for status in running)
        verb = self._dialogs.choose(
            _("Work is still running: {titles}").format(titles=titles),
            _("What is stopped leaves the project as it was before."),
            (Verb("stop", _("Stop the work")), Verb("stay", _("Let it finish"))),
        )
        return verb == "stop"

    def _start(
        self,
        title: str,
        work: Callable[[Progress], OpenedProject],
        *,
        opened: Opened | None = None,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        def done(found: OpenedProject) -> None:
            self._show(found)
            if opened is not None:
                opened()

        self._jobs.start(title, work, done=done, failed=failed)

    def _show(self, opened: OpenedProject) -> None:
        self._release()
        if opened.project.holds(opened.project.path):
            self._preferences.change(self._preferences.current.with_recent(opened.project.path))
        read_only = opened.project.read_only
        with self._jobs.gathered():
            self._session.open_project(
                opened.project,
                opened.layers,
                None if read_only else datetime.now(),
                opened.arrangement,
                opened.map_crs,
            )
        if read_only and opened.project.newer_format:
            text = _(
                "A newer version of the program made this project: what is known is shown, nothing changed."
            )
            self._notice(text, None)
        elif read_only:
            text = _("This project can only be read: what is changed in it will not be kept.")
            self._notice(f"{text}{opened.project.why_read_only}", None)
        for parted in opened.project.parted:
            text = _(
                "Another program copied {count} features into “{layer}”; they were given own identifiers."
            )
            self._notice(text.format(count=parted.count, layer=parted.layer), None)
        for finding in opened.arrangement.findings:
            self._notice(finding, None)
        if opened.view is not None:
            self._show_view(opened.view)

    def _finish(self, project: Project, view: MapPlace | None) -> None:
        """Write what waits and close the file."""
        try:
            if not project.read_only:
                self._flush(project)
                if view is not None:
                    project.set_setting(VIEW_SETTING, list(view))
        finally:
            project.close()

    def _release(self) -> None:
        """Let go of the open project: its jobs stop, then its file is closed, all aside."""
        project = self._session.project
        if project is None:
            return
        view = self._current_view()
        wait = self._jobs.abandon_all()

        def close(_progress: Progress) -> None:
            wait()
            self._finish(project, view)

        self._jobs.start(_("Closing"), close, lane="closing", quiet=True, lasting=True)
