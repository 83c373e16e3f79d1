"""Which layer is edited: begun and ended, and what the bar above the map says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PyQt6.QtGui import QAction

from layers.errors import InputError
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.flows.tools import check
from zsgis.session import Change

_SPECS = (
    ActionSpec(
        "edit_layer",
        N_("Edit layer"),
        EDIT,
        "edit_layer",
        "Ctrl+Alt+L",
        "layer",
        3,
        tip=N_("Edit the layer chosen in the list, or stop editing it"),
        mode="edit_layer",
    ),
)


class LayerChoice:
    """Begins and ends the editing of a layer."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._window = bench.window
        self._bar = bench.window.editing_bar
        self._bar.end_asked.connect(self.end)
        bench.editing.layer_changed.connect(self._show)
        bench.editing.written.connect(lambda _record: self._show_written())
        bench.editing.waiting_changed.connect(self._show_waiting)
        bench.editing.stuck.connect(self._show_trouble)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its command."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what it does."""
        return {"edit_layer": self.switch}

    def switch(self) -> None:
        """Edit the layer chosen in the list; if it is edited already, end that."""
        chosen, edited = self._window.layer_tree.current_layer(), self._bench.editing.layer
        if edited and chosen in ("", edited):
            self.end()
        elif chosen:
            self.begin(chosen)

    def begin(self, uid: str) -> None:
        """Edit a layer, or show why it cannot be."""
        self._bench.editing.set_layer(uid)
        self._show()

    def end(self) -> None:
        """Stop editing; what was drawn and not finished is dropped."""
        self._bench.editing.set_layer("")
        self._show()

    def _show(self, *_uid: object) -> None:
        """Show another layer, or none; a tool in hand was one for the layer before."""
        layer = self._session.layer(self._bench.editing.layer)
        self._bar.show_layer(layer.name if layer is not None else "")
        check(self._window, "edit_layer", layer is not None)
        self._put_tool_away()
        if layer is not None:
            self._bar.show_state(_("Every edit is saved at once"))

    def _put_tool_away(self) -> None:
        canvas = self._window.canvas
        action = self._window.findChild(QAction, canvas.tool.key)
        if action is not None and self._bar.offers(action):
            canvas.take_tool()

    def _show_written(self) -> None:
        self._bar.show_state(_("Saved {time}").format(time=datetime.now().strftime("%H:%M:%S")))

    def _show_waiting(self, count: int) -> None:
        if count and self._bench.editing.trouble is None:
            self._bar.show_state(_("Saving…"))

    def _show_trouble(self, error: object) -> None:
        if isinstance(error, InputError):
            waiting = len(self._bench.editing.waiting)
            text = _("Not saved, {count} edits kept: {reason}").format(count=waiting, reason=error.what)
            self._bar.show_state(text, wrong=True)

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.LAYERS):
            layer = self._session.layer(self._bench.editing.layer)
            self._bar.show_layer(layer.name if layer is not None else "")
            check(self._window, "edit_layer", layer is not None)
