"""Editing of features in the window: every edit is written aside, in order, and told once it is on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoStack

from layers.edits import Edit, EditHead, EditRecord
from layers.errors import BlockedUndoError, InputError, ProjectFileError
from layers.progress import Progress
from layers.store.uids import new_uid
from layers.words import _
from ui.dialogs.port import Verb
from ui.jobs import JobBridge
from ui.pending_writes import PROJECT_LANE
from ui.undo_order import UndoOrder
from zsgis.edit_queue import EditQueue, Task, Write, Written
from zsgis.kept_edits import KeptEdits
from zsgis.rescued_edits import RescueFolder
from zsgis.session import Change, Session

if TYPE_CHECKING:
    from layers.store import Project

Done = Callable[[EditRecord], object]

_GO_ON = "go on below"


class ShowError(Protocol):
    """What shows an error, with remedies to choose from; see ``Dialogs.show_error``."""

    def __call__(self, error: BaseException, remedies: Sequence[Verb] = ()) -> str:
        """Return the key of the remedy that was chosen, if any."""
        ...


class Editing(QObject):
    """What tools, forms and dialogs hand their edits to.

    Parameters
    ----------
    show_error : callable
        Shows why an edit was refused, with what can be done about it.
    rescue : RescueFolder
        Keeps edits that the project file does not take.
    """

    foretold = pyqtSignal(object)
    """An :class:`EditRecord` that is on its way to the disk: to be got ready for, and not yet to be shown."""
    written = pyqtSignal(object)
    """An :class:`EditRecord`, once it is on disk and the session has the layers as they are then."""
    refused = pyqtSignal(object, object)
    """An :class:`Edit` (None where the edit was not known before) and why; nothing was changed."""
    stuck = pyqtSignal(object)
    """The error because of which edits wait in memory, or None once they are written or given up."""
    waiting_changed = pyqtSignal(int)
    """How many edits are not on disk yet."""
    layer_changed = pyqtSignal(str)
    """The uid of the layer that is edited now, empty for none."""

    def __init__(
        self,
        session: Session,
        jobs: JobBridge,
        undo_stack: QUndoStack,
        show_error: ShowError,
        rescue: RescueFolder,
    ) -> None:
        super().__init__()
        self._session = session
        self._jobs = jobs
        self._show_error = show_error
        self._kept = KeptEdits(rescue, self._post_error)
        self._queue: EditQueue | None = None
        self._done: dict[int, Done] = {}
        self._layer = ""
        self._uids: set[str] = set()
        self._told_stuck = False
        self._earlier: set[str] = set()
        self.order = UndoOrder(undo_stack, self._undo, self._redo)
        session.subscribe(self._take_change)

    @property
    def layer(self) -> str:
        """The uid of the layer that is edited, empty for none."""
        return self._layer

    @property
    def waiting(self) -> tuple[Task, ...]:
        """What is not on disk yet."""
        return self._queue.waiting if self._queue is not None else ()

    @property
    def trouble(self) -> ProjectFileError | None:
        """Why edits wait in memory; None where nothing stands in the way."""
        return self._queue.stuck if self._queue is not None else None

    def set_layer(self, uid: str) -> bool:
        """Edit a layer, or none; tell whether that is possible, and show why not."""
        project = self._session.project
        if uid and (project is None or project.read_only or self._session.layer(uid) is None):
            self._show_error(_read_only(project))
            return False
        if uid != self._layer:
            self._layer = uid
            self.layer_changed.emit(uid)
        return True

    def submit(self, edit: Edit, done: Done | None = None) -> None:
        """Write an edit, with the fields that follow from it; ``done`` is told what it did."""
        named = edit if edit.uid else replace(edit, uid=new_uid())

        def write(project: Project, progress: Progress) -> EditRecord | None:
            from zsgis.forms.completing import complete

            return project.apply(complete(named, project), progress, partial(self._post_foretold, project))

        self._put(Task(named.title, write, named), done)

    def run(self, title: str, write: Write, done: Done | None = None) -> None:
        """Do something that writes one edit by itself: a merge, a join, a restoring."""
        self._put(Task(title, write), done)

    def adopt(self, project: Project, record: EditRecord) -> None:
        """Tell of an edit that something else wrote into the open project."""
        task = Task(record.head.title, lambda _store, _progress: record)
        self._jobs.start(
            _("Reading the list of edits"),
            lambda _progress: Written(
                task, record, None, project.layers(), project.undoable(), project.redoable()
            ),
            done=partial(self._take, project),
            lane=PROJECT_LANE,
            quiet=True,
        )

    def undo(self) -> None:
        """Take back what was done last, be it an edit or a change of looks."""
        self.order.undo()

    def redo(self) -> None:
        """Make again what was taken back last."""
        self.order.redo()

    def retry(self) -> None:
        """Try to write once more what waits."""
        if self._queue is not None:
            self._drain(self._queue)

    def give_up(self) -> tuple[Edit, ...]:
        """Drop what waits; return the edits it held."""
        if self._queue is None:
            return ()
        dropped = self._queue.drop()
        self._kept.keep(self._queue)
        self._tell_stuck(None)
        self.waiting_changed.emit(0)
        return tuple(task.edit for task in dropped if task.edit is not None)

    def flush(self, project: Project) -> bool:
        """Write what waits, here and now; tell whether there was anything. Safe from any thread.

        Raises
        ------
        ProjectFileError
            When the file does not take it.
        """
        queue = self._queue
        if queue is None or queue.project is not project or not queue.waiting:
            return False
        self._drain_and_keep(queue, None)
        return True

    def keep_aside(self) -> None:
        """Keep what waits in the user's folder while the file does not answer, until all is written."""
        queue = self._queue
        if queue is not None:
            self._kept.hold(queue.project)
            self._jobs.start(_("Saving"), lambda _progress: self._kept.keep(queue), quiet=True, lasting=True)

    def set_aside(self, project: Project, edit: Edit) -> Path:
        """Keep an edit that cannot be made in a file of its own; return where. Safe from any thread.

        Raises
        ------
        InputError, OSError
        """
        return self._kept.set_aside(project, edit)

    def kept_file(self) -> Path | None:
        """Keep what waits in the user's folder; return where."""
        return None if self._queue is None else self._kept.keep(self._queue)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._begin(self._session.project)
        elif change is Change.LAYERS:
            if self._layer and self._session.layer(self._layer) is None:
                self.set_layer("")
            self._look_for_gone_layers()

    def _look_for_gone_layers(self) -> None:
        """Ask anew what is undone next where a layer is gone: its edits are passed over from now on."""
        uids = {layer.uid for layer in self._session.layers}
        gone, self._uids = self._uids - uids, uids
        project = self._session.project
        if gone and project is not None and not project.read_only:
            self._jobs.start(
                _("Reading the list of edits"),
                lambda _progress: (project, project.undoable(), project.redoable()),
                done=self._take_next,
                lane=PROJECT_LANE,
                quiet=True,
            )

    def _take_next(self, found: tuple[Project, EditHead | None, EditHead | None]) -> None:
        project, undoable, redoable = found
        if project is self._session.project:
            self.order.set_next(undoable, redoable)

    def _begin(self, project: Project | None) -> None:
        self.set_layer("")
        self._uids = {layer.uid for layer in self._session.layers}
        self._done.clear()
        self.order.clear()
        self.waiting_changed.emit(0)
        self._queue = None if project is None else EditQueue(project, self._answer_of(project))
        if project is not None and not project.read_only:
            self._kept.expect(project)
            self._jobs.start(
                _("Reading the list of edits"),
                lambda _progress: (
                    self._kept.earlier(project),
                    project,
                    project.undoable(),
                    project.redoable(),
                ),
                done=self._begun,
                quiet=True,
            )

    def _begun(self, found: tuple[tuple[Edit, ...], Project, EditHead | None, EditHead | None]) -> None:
        kept, project, undoable, redoable = found
        if self._queue is None or self._queue.project is not project:
            return
        self.order.set_below(undoable, redoable)
        self._earlier |= {edit.uid for edit in kept}
        self._kept.hand_over(project, kept, self.submit)

    def _put(self, task: Task, done: Done | None) -> None:
        queue, project = self._queue, self._session.project
        if queue is None or project is None or project.read_only:
            self._show_error(_read_only(project))
            self.refused.emit(task.edit, _read_only(project))
            return
        if done is not None:
            self._done[id(task)] = done
        queue.put(task)
        self.waiting_changed.emit(len(queue.waiting))
        if queue.stuck is None:
            self._drain(queue)
        else:
            self._jobs.start(_("Saving"), lambda _progress: self._kept.keep(queue), quiet=True, lasting=True)

    def _drain(self, queue: EditQueue) -> None:
        self._jobs.start(
            _("Saving"),
            partial(self._drain_and_keep, queue),
            done=lambda _nothing: self._unstick(),
            failed=self._stick,
            lane=PROJECT_LANE,
            quiet=True,
            lasting=True,
        )

    def _drain_and_keep(self, queue: EditQueue, progress: Progress | None) -> None:
        was_stuck = queue.stuck is not None
        try:
            queue.drain(progress)
        except ProjectFileError:
            try:
                self._kept.keep(queue)
            except (InputError, OSError) as unkept:
                # a full disk may hold both; that the project file takes nothing is what matters more
                if not self._told_stuck:
                    self._post_error(unkept)
            raise
        self._kept.let_go(queue, was_stuck=was_stuck)

    def _post_error(self, error: BaseException) -> None:
        def show() -> None:
            self._show_error(error)

        self._jobs.post(show)

    def _stick(self, error: BaseException) -> None:
        if isinstance(error, ProjectFileError):
            self._tell_stuck(error)
        else:
            self._show_error(error)

    def _unstick(self) -> None:
        if self._queue is not None and not self._queue.waiting:
            self._tell_stuck(None)

    def _tell_stuck(self, error: ProjectFileError | None) -> None:
        if error is not None or self._told_stuck:
            self._told_stuck = error is not None
            self.stuck.emit(error)

    def _answer_of(self, project: Project) -> Callable[[Written], None]:
        return lambda written: self._jobs.post(partial(self._take, project, written))

    def _post_foretold(self, project: Project, record: EditRecord) -> None:
        self._jobs.post(partial(self._foretell, project, record))

    def _foretell(self, project: Project, record: EditRecord) -> None:
        if self._queue is not None and self._queue.project is project:
            self.foretold.emit(record)

    def _take(self, project: Project, written: Written) -> None:
        if self._queue is None or self._queue.project is not project:
            return
        done = self._done.pop(id(written.task), None)
        self.waiting_changed.emit(len(self._queue.waiting))
        if written.error is not None:
            edit = written.task.edit
            self.order.set_next(written.undoable, written.redoable)
            self.refused.emit(edit, written.error)
            if edit is not None and edit.uid in self._earlier:
                self._put_aside(project, edit, written.error)
            elif isinstance(written.error, BlockedUndoError):
                self._offer_to_pass(written.task.title, written.error)
            else:
                self._show_error(written.error)
            return
        if written.record is not None:
            # the map first: nobody waits for the words on buttons
            self._session.take_record(written.record, written.layers)
        self.order.take(written.record, written.undoable, written.redoable)
        if written.record is not None:
            self._session.mark_saved(datetime.now())
            self.written.emit(written.record)
            if done is not None:
                done(written.record)

    def _offer_to_pass(self, title: str, error: BlockedUndoError) -> None:
        """Say why an edit cannot be undone, and let undo go on below it where that is wanted."""
        chosen = self._show_error(error, (Verb(_GO_ON, _("Pass over this edit")),))
        if chosen == _GO_ON:
            self.run(title, lambda project, _progress: project.pass_over(error.edit_uid, error.what))

    def _put_aside(self, project: Project, edit: Edit, why: Exception) -> None:
        """Keep an edit of an earlier sitting that can no longer be made; nobody can repeat it by hand."""

        def tell(path: Path) -> None:
            text = _("An edit that was kept from last time cannot be made any more: {why}").format(why=why)
            remedy = _("It is kept in this file. Make it again by hand where it is still wanted.")
            self._show_error(InputError(text, where=str(path), remedy=remedy))

        self._jobs.start(
            _("Saving"),
            lambda _progress: self.set_aside(project, edit),
            done=tell,
            quiet=True,
            lasting=True,
        )

    def _undo(self, title: str) -> None:
        self.run(title, lambda project, progress: project.undo(progress))

    def _redo(self, title: str) -> None:
        self.run(title, lambda project, progress: project.redo(progress))


def _read_only(project: Project | None) -> InputError:
    if project is None:
        return InputError(_("No project is open."), remedy=_("Open or make one first."))
    return InputError(
        _("The project is open for reading only."),
        where=str(project.path),
        remedy=_("Ask for the right to write to file and folder, or work on a copy."),
    )
