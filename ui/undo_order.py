"""One order of undoing for edits, which the project file remembers, and looks, which the window does.

An edit that is written is a step on the window's stack as well, so that both are taken back in the order in
which they were made. Below the stack's first step lie the edits of earlier sittings.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

from layers.edits import EditHead, EditKind, EditRecord

_OWN_KINDS = (EditKind.EDIT, EditKind.RESTORE, EditKind.MERGE)


class _EditStep(QUndoCommand):
    """Where an edit stands among the steps; the edit itself is taken back by the store."""

    def __init__(self, head: EditHead) -> None:
        super().__init__(head.title)
        self.uid = head.uid


class UndoOrder(QObject):
    """Tells what comes next, and asks the store or the stack for it.

    Parameters
    ----------
    undo, redo : callable
        Ask the store to take back or make again its next edit; given the edit's title.
    """

    changed = pyqtSignal()

    def __init__(self, stack: QUndoStack, undo: Callable[[str], None], redo: Callable[[str], None]) -> None:
        super().__init__(stack)
        self._stack = stack
        self._ask_undo = undo
        self._ask_redo = redo
        self._undoable: EditHead | None = None
        self._redoable: EditHead | None = None
        self._asked = False
        # where each edit's step was put: the stack has no search, and there may be thousands
        self._places: dict[str, int] = {}

    @property
    def undo_text(self) -> str | None:
        """What would be taken back; None for nothing."""
        step = self._step(self._stack.index() - 1)
        if step is not None and not isinstance(step, _EditStep):
            return step.text()
        return None if self._undoable is None else self._undoable.title

    @property
    def redo_text(self) -> str | None:
        """What would be made again; None for nothing."""
        if self._look_is_next():
            return self._stack.redoText()
        return None if self._redoable is None else self._redoable.title

    def clear(self) -> None:
        """Know nothing of edits: another project, or none."""
        self._places.clear()
        self.set_next(None, None)

    def set_below(self, undoable: EditHead | None, redoable: EditHead | None) -> None:
        """Take note of what earlier sittings left."""
        self.set_next(undoable, redoable)

    def set_next(self, undoable: EditHead | None, redoable: EditHead | None) -> None:
        """Take note of what the store would take back and make again next."""
        self._undoable, self._redoable = undoable, redoable
        self._asked = False
        self.changed.emit()

    def take(self, record: EditRecord | None, undoable: EditHead | None, redoable: EditHead | None) -> None:
        """Take note of what the store did."""
        if record is not None and record.head.kind in _OWN_KINDS:
            self._stack.push(_EditStep(record.head))
            self._places[record.head.uid] = self._stack.index() - 1
        elif record is not None:
            self._follow(record.head)
        self.set_next(undoable, redoable)

    def undo(self) -> None:
        """Take back what was done last; while the store is at it, nothing else is asked of it."""
        step = self._step(self._stack.index() - 1)
        if step is not None and not isinstance(step, _EditStep):
            self._stack.undo()
        elif self._undoable is not None and not self._asked:
            self._asked = True
            self._ask_undo(self._undoable.title)

    def redo(self) -> None:
        """Make again what was taken back last."""
        if self._look_is_next():
            self._stack.redo()
        elif self._redoable is not None and not self._asked:
            self._asked = True
            self._ask_redo(self._redoable.title)

    def _look_is_next(self) -> bool:
        """Tell whether the step made again next is one of the window's own.

        An edit that the store would make again comes first where it has no step ahead on the stack: it was
        taken back below the first one.
        """
        ahead = self._step(self._stack.index())
        if ahead is None or isinstance(ahead, _EditStep):
            return False
        return self._redoable is None or self._is_ahead(self._redoable.uid)

    def _is_ahead(self, uid: str) -> bool:
        place = self._places.get(uid, -1)
        step = self._step(place)
        return isinstance(step, _EditStep) and step.uid == uid and place >= self._stack.index()

    def _follow(self, head: EditHead) -> None:
        """Move over the step of an edit that was taken back or made again."""
        before, after = self._step(self._stack.index() - 1), self._step(self._stack.index())
        if head.kind is EditKind.UNDO and isinstance(before, _EditStep) and before.uid == head.of:
            self._stack.undo()
        elif head.kind is EditKind.REDO and isinstance(after, _EditStep) and after.uid == head.of:
            self._stack.redo()

    def _step(self, place: int) -> QUndoCommand | None:
        """Return a step of the stack, if there is one."""
        if not 0 <= place < self._stack.count():
            return None
        return self._stack.command(place)
