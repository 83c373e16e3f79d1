"""Changes to layers that can be undone: visibility, opacity, name, style, secrecy, status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QUndoCommand, QUndoStack

from layers.words import _
from ui.jobs import JobBridge
from ui.pending_writes import PROJECT_LANE, PendingWrites
from ui.tree_edits import TreeEdits
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.store import Project
    from layers.style import Style

__all__ = ["PROJECT_LANE", "LayerEdits"]
_MERGED = {"opacity": 1}


class _ChangeCommand(QUndoCommand):
    """One field of one layer, before and after."""

    def __init__(self, edits: LayerEdits, uid: str, name: str, values: tuple[Any, Any], text: str) -> None:
        super().__init__(text)
        self._edits = edits
        self._uid = uid
        self._name = name
        self._before, self._after = values

    def redo(self) -> None:
        """Show and write the new value."""
        self._edits.apply(self._uid, {self._name: self._after})

    def undo(self) -> None:
        """Show and write the old value."""
        self._edits.apply(self._uid, {self._name: self._before})

    def id(self) -> int:
        """Let neighbouring moves of a slider be one step of undo."""
        return _MERGED.get(self._name, -1)

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take the later value of the same field over."""
        if not isinstance(other, _ChangeCommand) or (other._uid, other._name) != (self._uid, self._name):
            return False
        self._after = other._after
        return True


class LayerEdits:
    """Shows a change at once and writes it aside, in the order in which it was made.

    Attributes
    ----------
    tree : TreeEdits
        The same for groups, order and pictures.
    """

    def __init__(self, session: Session, jobs: JobBridge, undo_stack: QUndoStack) -> None:
        self._session = session
        self._stack = undo_stack
        self._writes = PendingWrites(session, jobs)
        self.tree = TreeEdits(session, self._writes, undo_stack)

    def set_visible(self, uid: str, visible: bool) -> None:
        """Show or hide a layer, a picture or a group."""
        self.tree.set_visible(uid, visible)
        self._push(uid, "visible", visible, _("Show layer") if visible else _("Hide layer"))

    def set_opacity(self, uid: str, opacity: float) -> None:
        """Make a layer or a picture more or less opaque, 0 to 1."""
        self.tree.set_opacity(uid, opacity)
        self._push(uid, "opacity", opacity, _("Opacity"))

    def rename(self, uid: str, name: str) -> None:
        """Give a layer, a picture or a group another name."""
        self.tree.rename(uid, name)
        self._push(uid, "name", name, _("Rename layer"))

    def set_style(self, uid: str, style: Style) -> None:
        """Draw a layer another way."""
        self._push(uid, "style", style, _("Layer style"))

    def set_secrecy(self, uid: str, secrecy: str) -> None:
        """State a layer's secrecy, with its term; empty takes it away."""
        self._push(uid, "secrecy", secrecy, _("Secrecy"))

    def set_status(self, uid: str, status: str) -> None:
        """State how far a layer's data can be relied on."""
        self._push(uid, "status", status, _("Status of the data"))

    def apply(self, uid: str, changes: Mapping[str, Any]) -> None:
        """Show changes of a layer and write them; not a step of undo of its own."""
        if self._session.layer(uid) is None:
            return
        self._session.change_layer(uid, **changes)
        self._writes.note(lambda waiting: waiting.changes.setdefault(uid, {}).update(changes))

    def write_setting(self, key: str, value: Any) -> None:
        """Write a setting of the project aside; not a step of undo of its own."""
        self._writes.note(lambda waiting: waiting.settings.update({key: value}))

    def _push(self, uid: str, name: str, value: Any, text: str) -> None:
        layer = self._session.layer(uid)
        if layer is not None and getattr(layer, name) != value:
            self._stack.push(_ChangeCommand(self, uid, name, (getattr(layer, name), value), text))

    def flush(self, project: Project) -> bool:
        """Write whatever waits for a project; safe from any thread. Tell whether there was anything."""
        return self._writes.flush(project)
