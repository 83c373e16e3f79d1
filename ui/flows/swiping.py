"""Comparing two states of the map: a divider, right of which the chosen layer or group is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from layers.words import N_, _
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from ui.flows.tools import check
from zsgis.session import Change

_SPECS = (
    ActionSpec(
        "swipe", N_("Swipe the chosen layer"), VIEW, "swipe", "F8", "project", -1, tool=True, mode="swipe"
    ),
    ActionSpec("turn_swipe", N_("Turn the swipe line"), VIEW, "", "Shift+F8", "project", -1),
)


class Swiping:
    """Begins and ends swiping, and says what is left out."""

    def __init__(self, bench: Bench) -> None:
        self._window = bench.window
        self._canvas = bench.window.canvas
        self._session = bench.desk.session
        self._notice = bench.desk.notice
        self._uid = ""
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"swipe": self._toggle, "turn_swipe": self._turn}

    def _toggle(self) -> None:
        if self._canvas.divider is not None:
            self._end()
        else:
            self._begin()

    def _begin(self) -> None:
        tree, chosen = self._session.tree, self._window.layer_tree.current_node()
        on_map = [layer.uid for layer in self._canvas.layers]
        self._uid = chosen if set(tree.members(chosen)) & set(on_map) else next(iter(on_map), "")
        if not self._uid:
            self._notice(_("There is no layer on the map to swipe."), None)
            self._end()
            return
        self._canvas.begin_swipe(tree.members(self._uid))
        self._show()

    def _turn(self) -> None:
        if self._canvas.divider is None:
            self._begin()
        if self._canvas.divider is not None:
            self._canvas.divider.turn()
            self._show()

    def _end(self) -> None:
        self._canvas.end_swipe()
        self._window.map_panel.set_hint("swipe", "")
        check(self._window, "swipe", False)

    def _show(self) -> None:
        divider = self._canvas.divider
        upright = divider is None or divider.is_upright
        text = (
            _("Right of the line without “{layer}”. Drag the line; Shift+F8 turns it, F8 ends.")
            if upright
            else _("Below the line without “{layer}”. Drag the line; Shift+F8 turns it, F8 ends.")
        )
        self._window.map_panel.set_hint("swipe", text.format(layer=self._name()))
        check(self._window, "swipe", True)

    def _name(self) -> str:
        group = self._session.tree.group(self._uid)
        entry = self._session.layer(self._uid) or self._session.picture(self._uid) or group
        return entry.name if entry is not None else ""

    def _take_change(self, change: Change) -> None:
        if self._canvas.divider is None or change in (Change.SELECTION, Change.RESULTS, Change.SAVED):
            return
        members = self._session.tree.members(self._uid)
        if change is Change.PROJECT or not any(self._session.shown(uid) for uid in members):
            self._end()
