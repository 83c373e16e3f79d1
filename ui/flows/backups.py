"""Copies of the open project: taken by themselves and when asked for, compared, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from layers.errors import ZsgisError
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import FILE, ActionSpec
from ui.bench import Bench
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.port import PROJECT_FILES, Verb
from ui.flows import backups_work as work
from ui.flows.project_loading import OpenedProject
from ui.pending_writes import PROJECT_LANE
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.backups import BackupCopy
    from zsgis.backups.comparing import LayerDifference
    from zsgis.backups.settings import BackupSettingsStore

_LANE = "backups"
# a project that was just opened is drawn first; a map that is never whole puts the copy off a minute at most
_DAILY_AFTER_MS, _MOST_PUT_OFF = 5000, 12


class BackupFlows(QObject):
    """What happens around copies of the project."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_DAILY_AFTER_MS)
        self.timer.timeout.connect(self._take_daily)
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._dialogs = bench.desk.dialogs
        self._notice = bench.desk.notice
        self._day: date | None = None
        self._put_off = 0
        self._comparing = 0
        self.dialog: BackupsDialog | None = None
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return (
            ActionSpec(
                "backups",
                N_("Copies of the project…"),
                FILE,
                "backups",
                "Ctrl+Shift+F3",
                "project",
                2,
                tip=N_("Copies that were taken, and going back to one of them"),
            ),
            ActionSpec(
                "back_up",
                N_("Take a copy now"),
                FILE,
                "",
                "Shift+F2",
                "project",
                2,
                tip=N_("A copy of the project as it is, beside it"),
            ),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"backups": self.show, "back_up": self.back_up}

    def back_up(self) -> None:
        """Take a copy now."""
        project = self._project
        if project is not None:
            self._jobs.start(
                _("Taking a copy"), partial(work.back_up, project), done=self._tell_copy, lane=_LANE
            )

    def show(self) -> None:
        """Show the copies."""
        if self._project is None:
            return
        if self.dialog is None:
            dialog = BackupsDialog(self._bench.window)
            self.dialog = dialog
            dialog.copy_chosen.connect(self._compare)
            dialog.back_up_asked.connect(self.back_up)
            dialog.restore_asked.connect(self._ask_restore)
            dialog.save_as_asked.connect(self._ask_save_as)
            dialog.layers_asked.connect(self._bring_back)
            dialog.remove_asked.connect(self._ask_remove)
            dialog.folder_asked.connect(self._ask_folder)
        self._renew()
        self.dialog.show()
        self.dialog.raise_()

    def _renew(self) -> None:
        """List the copies anew, where they are shown."""
        project, dialog = self._project, self.dialog
        if project is None or dialog is None:
            return
        self._jobs.start(
            _("Looking for copies"),
            lambda _progress: work.list_copies(project),
            done=lambda found: dialog.show_copies(*found, may_write=not project.read_only),
            lane=_LANE,
            quiet=True,
        )

    def _compare(self, copy: BackupCopy) -> None:
        project, dialog = self._project, self.dialog
        if project is None or dialog is None:
            return
        self._jobs.cancel(self._comparing)
        self._comparing = self._jobs.start(
            _("Comparing with the copy"),
            lambda progress: work.compare_with(project, copy, progress),
            done=lambda layers: self._show_comparison(copy, layers),
            failed=lambda error: dialog.show_trouble(str(error)),
            lane=_LANE,
            derived=True,
        )

    def _show_comparison(self, copy: BackupCopy, layers: tuple[LayerDifference, ...]) -> None:
        if self.dialog is not None:
            self.dialog.show_comparison(copy, layers)

    def _ask_restore(self, copy: BackupCopy) -> None:
        project = self._project
        if project is None:
            return
        taken = f"{copy.taken.astimezone():%Y-%m-%d %H:%M}"
        verb = self._dialogs.choose(
            _("Make the project what it was at {time}?").format(time=taken),
            _("The present state is copied first: nothing is lost, and you can come back to it."),
            (Verb("stay", _("Leave it as it is")), Verb("restore", _("Go back to this copy"))),
        )
        if verb != "restore":
            return

        def restore(progress: Progress) -> OpenedProject:
            self._bench.edits.flush(project)
            self._bench.editing.flush(project)
            return work.restore(project, copy, progress)

        self._jobs.start(
            _("Going back to the copy of {time}").format(time=taken),
            restore,
            done=lambda opened: self._show_restored(opened, taken),
            lane=PROJECT_LANE,
        )

    def _show_restored(self, opened: OpenedProject, taken: str) -> None:
        if opened.project is not self._session.project:
            return
        self._session.open_project(
            opened.project, opened.layers, datetime.now(), opened.arrangement, opened.map_crs
        )
        self._notice(_("The project is as it was at {time}").format(time=taken), None)

    def _ask_save_as(self, copy: BackupCopy) -> None:
        path = self._dialogs.save_file(_("Save as a new project"), copy.path.name, (PROJECT_FILES,))
        if path is not None:
            self._jobs.start(
                _("Saving {name}").format(name=path.stem),
                partial(work.save_as, copy, path),
                done=lambda _none: self._notice(
                    _("The copy is saved as {name}").format(name=path.name), path.parent
                ),
                failed=lambda error: self._bench.desk.offer_place(
                    error, path, lambda: self._ask_save_as(copy)
                ),
                lane=_LANE,
            )

    def _bring_back(self, copy: BackupCopy, uids: list[str]) -> None:
        project = self._project
        if project is not None:
            self._jobs.start(
                _("Taking layers back"),
                lambda progress: work.bring_back(project, copy, uids, progress),
                done=lambda found: self._show_brought(project, *found),
                lane=PROJECT_LANE,
            )

    def _show_brought(self, project: Project, names: tuple[str, ...], layers: tuple[LayerInfo, ...]) -> None:
        if project is not self._session.project:
            return
        self._session.renew_layers(layers)
        self._session.mark_saved(datetime.now())
        self._notice(_("Taken back: {names}").format(names="、".join(names)), None)
        self._renew()

    def _ask_remove(self, copy: BackupCopy) -> None:
        project = self._project
        verb = self._dialogs.choose(
            _("Delete the copy of {time}?").format(time=f"{copy.taken.astimezone():%Y-%m-%d %H:%M}"),
            str(copy.path),
            (Verb("keep", _("Keep it")), Verb("remove", _("Delete this copy"))),
        )
        if verb == "remove" and project is not None:
            self._jobs.start(
                _("Deleting a copy"),
                lambda _progress: work.remove(project, copy),
                done=lambda _none: self._renew(),
                lane=_LANE,
            )

    def _ask_folder(self) -> None:
        from zsgis.backups.settings import BackupSettings

        folder = self._dialogs.open_folder(_("Folder for copies"))
        if folder is None:
            return
        allowed = self._dialogs.choose(
            _("May copies of secret projects lie there too?"),
            _("Otherwise what is 秘密 or higher is copied only beside the project itself."),
            (Verb("no", _("Only what is not secret")), Verb("yes", _("Secret projects too"))),
        )
        if allowed:
            kept = self._settings.read()
            self._settings.write(
                BackupSettings(folder=folder, secret_allowed=allowed == "yes", rule=kept.rule)
            )
            self._renew()

    @property
    def _settings(self) -> BackupSettingsStore:
        from zsgis.backups.settings import BackupSettingsStore

        return BackupSettingsStore()

    def _tell_copy(self, copy: BackupCopy) -> None:
        self._notice(_("Copied to {name}").format(name=copy.path.name), copy.path.parent)
        self._renew()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._day = None
            if self.dialog is not None:
                self.dialog.close()
        if change in (Change.PROJECT, Change.SAVED) and self._due():
            self._put_off = 0
            self.timer.start()

    @property
    def _project(self) -> Project | None:
        """The open project where it is a file of its own; a shared database has backups of its own."""
        project = self._session.project
        if project is None:
            return None
        from layers.store import Project

        return project if isinstance(project, Project) else None

    def _due(self) -> bool:
        """Tell whether a project was opened, or written to for the first time of a day."""
        project = self._project
        return project is not None and not project.read_only and self._day != _today()

    @property
    def _map_stands(self) -> bool:
        """Whether all layers are on the map and drawn; a map that waits for its first layer is not."""
        return self._bench.window.canvas.is_complete and not self._bench.map_layers.is_preparing

    def _take_daily(self) -> None:
        """Take the copy of the day."""
        project = self._project
        if project is None or not self._due():
            return
        if not self._map_stands and self._put_off < _MOST_PUT_OFF:
            self._put_off += 1
            self.timer.start()
            return
        self._day = _today()
        self._jobs.start(
            _("Daily copy"),
            lambda progress: work.back_up_today(project, progress),
            done=lambda _copy: self._renew(),
            failed=self._tell_trouble,
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def _tell_trouble(self, error: BaseException) -> None:
        """Say once that no copy could be taken: work goes on, and the next day it is tried again."""
        words = str(error) if isinstance(error, ZsgisError) else _("Daily copy")
        self._notice(_("No daily copy: {why}").format(why=words), None)


def _today() -> date:
    return datetime.now().astimezone().date()
