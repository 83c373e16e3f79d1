"""Changes to layers that can be undone: order, visibility, opacity, name, style, secrecy, status."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QUndoCommand, QUndoStack

from layers.words import _
from ui.jobs import JobBridge
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.store import Project
    from layers.style import Style

PROJECT_LANE = "project"
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


class _OrderCommand(QUndoCommand):
    def __init__(self, edits: LayerEdits, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        super().__init__(_("Layer order"))
        self._edits = edits
        self._before = before
        self._after = after

    def redo(self) -> None:
        self._edits.apply_order(self._after)

    def undo(self) -> None:
        self._edits.apply_order(self._before)


@dataclass
class _Waiting:
    """What is shown already and not yet on disk."""

    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


class LayerEdits:
    """Shows a change at once and writes it aside, in the order in which it was made."""

    def __init__(self, session: Session, jobs: JobBridge, undo_stack: QUndoStack) -> None:
        self._session = session
        self._jobs = jobs
        self._stack = undo_stack
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def set_visible(self, uid: str, visible: bool) -> None:
        """Show or hide a layer."""
        self._push(uid, "visible", visible, _("Show layer") if visible else _("Hide layer"))

    def set_opacity(self, uid: str, opacity: float) -> None:
        """Make a layer more or less opaque, 0 to 1."""
        self._push(uid, "opacity", opacity, _("Opacity"))

    def rename(self, uid: str, name: str) -> None:
        """Give a layer another name."""
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

    def reorder(self, uids: tuple[str, ...]) -> None:
        """Put the layers into this order, top first."""
        before = tuple(layer.uid for layer in self._session.layers)
        if uids != before:
            self._stack.push(_OrderCommand(self, before, uids))

    def apply(self, uid: str, changes: Mapping[str, Any]) -> None:
        """Show changes of a layer and write them; not a step of undo of its own."""
        if self._session.layer(uid) is None:
            return
        self._session.change_layer(uid, **changes)
        self._write(lambda waiting: waiting.changes.setdefault(uid, {}).update(changes))

    def apply_order(self, uids: tuple[str, ...]) -> None:
        """Show an order and write it; layers that are gone or new keep their place among the rest."""
        known = [layer.uid for layer in self._session.layers]
        order = tuple(uid for uid in uids if uid in known)
        order += tuple(uid for uid in known if uid not in order)
        self._session.order_layers(order)
        self._write(lambda waiting: setattr(waiting, "order", order))

    def write_setting(self, key: str, value: Any) -> None:
        """Write a setting of the project aside; not a step of undo of its own."""
        self._write(lambda waiting: waiting.settings.update({key: value}))

    def _push(self, uid: str, name: str, value: Any, text: str) -> None:
        layer = self._session.layer(uid)
        if layer is not None and getattr(layer, name) != value:
            self._stack.push(_ChangeCommand(self, uid, name, (getattr(layer, name), value), text))

    def flush(self, project: Project) -> bool:
        """Write whatever waits for a project; several quick changes of one field become one.

        Safe from any thread; tells whether there was anything.
        """
        with self._lock:
            waiting = self._waiting.pop(project.uid, None)
        if waiting is None:
            return False
        for uid, changes in waiting.changes.items():
            project.update_layer(uid, **changes)
        present = [layer.uid for layer in project.layers()]
        for place, uid in enumerate(uid for uid in waiting.order if uid in present):
            if present[place] != uid:
                project.update_layer(uid, order=place + 1)
                present.remove(uid)
                present.insert(place, uid)
        for key, value in waiting.settings.items():
            project.set_setting(key, value)
        return True

    def _write(self, note: Callable[[_Waiting], None]) -> None:
        project = self._session.project
        if project is None or project.read_only:
            return
        with self._lock:
            note(self._waiting.setdefault(project.uid, _Waiting()))
        self._jobs.start(
            _("Saving"),
            lambda _progress: self.flush(project),
            done=self._note_saved,
            lane=PROJECT_LANE,
            quiet=True,
        )

    def _note_saved(self, wrote: bool) -> None:
        if wrote:
            self._session.mark_saved(datetime.now())
