"""One project and several people: who writes, what is new, working copies, a right that was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.progress import Progress
from layers.words import N_, _
from ui.actions import FILE, ActionSpec
from ui.bench import Bench
from ui.dialogs.working_copies import WorkingCopiesDialog
from ui.flows.sharing_words import said_of
from zsgis.arrangement import read_arrangement
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.edits import Edit
    from layers.store import LayerInfo, Project
    from zsgis.arrangement import Arrangement
    from zsgis.sharing.handing_in import HandIn, KnownCopy
    from zsgis.sharing.rescuing import RescueCopy
    from zsgis.sharing.standing import SharedProject, SharedState

LOOK_EVERY_MS = 4000
_LANE = "sharing"


class SharingFlows(QObject):
    """Watches over the open project and says above the map what its user should know of the others."""

    hand_in_asked = pyqtSignal(object)
    """A :class:`HandIn`: base, working copy and project that are to be merged."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._dialogs = bench.desk.dialogs
        self._bar = bench.window.sharing_bar
        self._shared: SharedProject | None = None
        self._looking = False
        self.state: SharedState | None = None
        self.dialog: WorkingCopiesDialog | None = None
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_EVERY_MS)
        self.timer.timeout.connect(self.look)
        self._bar.chosen.connect(self._take_verb)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return (
            ActionSpec(
                "take_working_copy",
                N_("Take a working copy"),
                FILE,
                "working_copy",
                "Ctrl+F2",
                "project",
                2,
                tip=N_("A copy to work in elsewhere; it comes back by a merge"),
            ),
            ActionSpec(
                "working_copies",
                N_("Working copies…"),
                FILE,
                "",
                "Ctrl+Shift+F2",
                "",
                2,
                tip=N_("Working copies that were taken here: open one, or hand it in"),
            ),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"take_working_copy": self.take_copy, "working_copies": self.show_copies}

    @property
    def _file(self) -> Project | None:
        """The open project where it is a file; of a shared database others learn by themselves."""
        project = self._session.project
        if project is None:
            return None
        from layers.store import Project

        return project if isinstance(project, Project) else None

    def take_copy(self) -> None:
        """Take a working copy of the open project and open it."""
        project = self._file
        if project is not None:
            self._bench.projects.ways.copy(project.path, project)

    def show_copies(self) -> None:
        """List the working copies, to open one or hand it in."""
        folder = self._bench.projects.ways.copies_folder
        self._jobs.start(
            _("Looking for working copies"),
            lambda _progress: _copies(folder),
            done=lambda found: self._show_copies(folder, found),
            quiet=True,
        )

    def hand_in(self, copy: Path) -> None:
        """Ask for the merge of a working copy into its project."""
        self._jobs.start(
            _("Handing in {name}").format(name=copy.stem),
            lambda _progress: _hand_in(copy),
            done=self.hand_in_asked.emit,
        )

    def look(self) -> None:
        """Look how the project stands, aside."""
        shared = self._shared
        if shared is None or self._looking:
            return
        self._looking = True
        self._jobs.start(
            _("Looking who else is there"),
            lambda _progress: shared.look(),
            done=lambda state: self._show(shared, state),
            failed=lambda _error: self._looked(),
            cancelled=self._looked,
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def reload(self) -> None:
        """Show what somebody else has written."""
        shared = self._shared
        if shared is None:
            return
        self._jobs.start(
            _("Reading what is new"),
            lambda _progress: _read_again(shared),
            done=lambda found: self._show_again(shared, *found),
            lane=_LANE,
        )

    def _take_change(self, change: Change) -> None:
        if change is not Change.PROJECT:
            return
        project = self._file
        self._shared, self.state, self._looking = None, None, False
        self._bar.say("")
        self.timer.stop()
        if project is None:
            return
        self._jobs.start(
            _("Looking who else is there"),
            lambda _progress: _watched(project),
            done=self._watch,
            failed=lambda _error: None,
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def _watch(self, shared: SharedProject) -> None:
        if shared.project is self._session.project:
            self._shared = shared
            self.timer.start()
            self.look()

    def _looked(self) -> None:
        self._looking = False

    def _show(self, shared: SharedProject, state: SharedState) -> None:
        self._looked()
        if shared is not self._shared:
            return
        self.state = state
        text, verbs = said_of(state)
        self._bar.say(text, verbs)
        if state.why_lost:
            self._bench.window.show_title(_("{name} (read only)").format(name=shared.project.path.stem))

    def _take_verb(self, key: str) -> None:
        project = self._file
        if project is None:
            return
        do: Mapping[str, Callable[[], object]] = {
            "reload": self.reload,
            "copy": self.take_copy,
            "edit": lambda: self._bench.projects.reopen(project.path),
            "wait": lambda: self._bench.projects.ways.wait(project.path),
            "rescue": lambda: self._rescue(project),
            "hand_in": lambda: self.hand_in(project.path),
        }
        do[key]()

    def _rescue(self, project: Project) -> None:
        """Put what could not be written any more into a working copy, and go on in it."""
        editing = self._bench.editing
        edits = tuple(task.edit for task in editing.waiting if task.edit is not None)
        folder = self._bench.projects.ways.copies_folder
        set_aside = partial(editing.set_aside, project)
        self._jobs.start(
            _("Taking a working copy"),
            lambda progress: _copy_with(project, folder, edits, set_aside, progress),
            done=self._go_on_in,
        )

    def _go_on_in(self, rescued: RescueCopy) -> None:
        # all of them lie in the copy or in files of their own: kept here, they would come in a second time
        self._bench.editing.give_up()
        if rescued.troubles:
            self._dialogs.show_findings(
                _("Not all edits fit what the other one has written"), rescued.troubles
            )
        self._bench.projects.open_path(rescued.copy)
        self._bench.desk.notice(
            _("Working copy with {count} edits that were not saved").format(count=rescued.count),
            rescued.copy.parent,
        )

    def _show_again(
        self, shared: SharedProject, layers: tuple[LayerInfo, ...], arrangement: Arrangement
    ) -> None:
        if shared is not self._shared:
            return
        self._session.set_layers(layers)
        self._session.arrange(arrangement.tree, arrangement.pictures)
        self.look()

    def _show_copies(self, folder: Path, found: tuple[KnownCopy, ...]) -> None:
        dialog = WorkingCopiesDialog(folder, found, self._bench.window)
        self.dialog = dialog
        dialog.open_asked.connect(self._bench.projects.open_path)
        dialog.hand_in_asked.connect(self.hand_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _watched(project: Project) -> SharedProject:
    from zsgis.sharing.standing import SharedProject

    return SharedProject(project)


def _read_again(shared: SharedProject) -> tuple[tuple[LayerInfo, ...], Arrangement]:
    shared.note_read()
    return shared.project.layers(), read_arrangement(shared.project)


def _copies(folder: Path) -> tuple[KnownCopy, ...]:
    from zsgis.sharing.handing_in import working_copies_in

    return working_copies_in(folder)


def _hand_in(copy: Path) -> HandIn:
    from layers.store.working_copies import read_origin
    from zsgis.sharing.handing_in import hand_in_of

    return hand_in_of(copy, read_origin(copy))


def _copy_with(
    project: Project,
    folder: Path,
    edits: Sequence[Edit],
    set_aside: Callable[[Edit], Path],
    progress: Progress,
) -> RescueCopy:
    from zsgis.sharing.rescuing import copy_with_edits

    return copy_with_edits(project, folder, edits, set_aside, progress)
