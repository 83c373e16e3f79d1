"""Fills the search box: commands and layers at once, named features when they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PyQt6.QtGui import QAction

from layers.words import _
from ui.actions import ActionSpec
from ui.flows.places import named_places
from ui.jobs import JobBridge
from ui.panels.search_box import SearchBox, SearchEntry
from zsgis.session import Session


class Finding:
    """Knows what can be found in the open project."""

    def __init__(
        self,
        box: SearchBox,
        *,
        session: Session,
        jobs: JobBridge,
        commands: Sequence[ActionSpec],
        actions: Mapping[str, QAction],
        go_to_feature: Callable[[str, str], None],
        go_to_layer: Callable[[str], object],
    ) -> None:
        self._box = box
        self._session = session
        self._jobs = jobs
        self._commands = [
            SearchEntry(_(spec.text), _("command"), actions[spec.key].trigger)
            for spec in commands
            if not spec.choice and spec.key != "search"
        ]
        self._go_to_feature = go_to_feature
        self._go_to_layer = go_to_layer
        self._places: tuple[SearchEntry, ...] = ()

    def begin(self) -> None:
        """Offer what is known, and look for named features aside."""
        project, layers = self._session.project, self._session.layers
        self._places = ()
        self._show()
        if project is not None:
            self._jobs.start(
                _("Looking"),
                lambda _progress: named_places(project, layers),
                done=self._take_places,
                failed=lambda _error: None,
                quiet=True,
            )

    def _take_places(self, places: Sequence[tuple[str, str, str, str]]) -> None:
        self._places = tuple(
            SearchEntry(name, what, partial(self._go_to_feature, layer, uid))
            for name, what, layer, uid in places
        )
        self._show()

    def _show(self) -> None:
        layers = [
            SearchEntry(layer.name, _("layer"), partial(self._go_to_layer, layer.uid))
            for layer in self._session.layers
        ]
        self._box.set_entries([*self._places, *layers, *self._commands])
