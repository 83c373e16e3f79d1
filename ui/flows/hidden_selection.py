"""What is selected in a hidden layer: said above the map, with a button that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QTimer

from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench
from zsgis.session import Change

_SHOW = "show"
_LOOK_MS = 100


class HiddenSelection:
    """Watches the selection and the layers; an :class:`~ui.bench.Extension`."""

    specs: Sequence[ActionSpec] = ()

    def __init__(self, bench: Bench) -> None:
        self._session = bench.desk.session
        self._map = bench.map_layers
        self._tree = bench.edits.tree
        self._bar = bench.window.selection_bar
        self._bar.chosen.connect(self.show_layers)
        # the map goes there once it has read the layers
        self._drawing = QTimer(bench.window)
        self._drawing.setInterval(_LOOK_MS)
        self._drawing.timeout.connect(self._go_there)
        self._session.subscribe(self._take_change)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing: it has no commands of its own."""
        return {}

    def hidden(self) -> tuple[str, ...]:
        """Return the layers that hold something selected, could show it, and are not shown; top first."""
        selection = self._session.selection
        return tuple(
            layer.uid
            for layer in self._session.layers
            # a register of projects without sites has no place on the map
            if selection.get(layer.uid) and layer.bounds is not None and not self._session.shown(layer.uid)
        )

    def show_layers(self, _verb: str = _SHOW) -> None:
        """Show those layers, and the groups around them, as one step that can be undone; then go there."""
        self._tree.show_all(self.hidden())
        self._drawing.start()

    def _go_there(self) -> None:
        if not self._map.is_preparing:
            self._drawing.stop()
            self._map.zoom_to_features(self._session.selection)

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.SELECTION):
            self._drawing.stop()
        if change in (Change.PROJECT, Change.SELECTION, Change.LAYERS, Change.LOOK, Change.TREE):
            self._say()

    def _say(self) -> None:
        hidden = self.hidden()
        if not hidden:
            self._bar.say("")
            return
        names = "、".join(layer.name for layer in self._session.layers if layer.uid in hidden)
        count = sum(len(self._session.selection[uid]) for uid in hidden)
        text = _("{count} of what is selected cannot be seen: “{layers}” is hidden.")
        self._bar.say(text.format(count=f"{count:,}", layers=names), ((_SHOW, _("Show layer")),))
