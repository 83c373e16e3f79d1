"""What is open now: the project, its layers as last read, the selection and the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.result import Result

Selection = Mapping[str, frozenset[str]]

_LOOK = {"visible", "opacity"}


class Change(StrEnum):
    """What changed in a session; ``LOOK`` is only whether and how strongly layers are shown."""

    PROJECT = "project"
    LAYERS = "layers"
    LOOK = "look"
    SELECTION = "selection"
    RESULTS = "results"
    SAVED = "saved"


class Session:
    """What is open now; whoever shows it subscribes.

    All calls come from one thread. The layers are a snapshot, so that showing them never waits for the file.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []
        self._project: Project | None = None
        self._layers: tuple[LayerInfo, ...] = ()
        self._selection: Selection = {}
        self._results: tuple[Result, ...] = ()
        self._saved_at: datetime | None = None

    @property
    def project(self) -> Project | None:
        """The open project, if any."""
        return self._project

    @property
    def layers(self) -> tuple[LayerInfo, ...]:
        """The project's layers, top first, as last read or changed."""
        return self._layers

    @property
    def selection(self) -> Selection:
        """The selected features: a layer's uid to their ``zs_uid``."""
        return self._selection

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of this sitting, oldest first."""
        return self._results

    @property
    def saved_at(self) -> datetime | None:
        """When the last change reached the disk."""
        return self._saved_at

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Tell ``listener`` of every change; the returned call ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def open_project(self, project: Project, layers: tuple[LayerInfo, ...], saved_at: datetime) -> None:
        """Show another project; what was selected or computed before is gone from the sitting."""
        self._project = project
        self._layers = layers
        self._selection = {}
        self._results = ()
        self._saved_at = saved_at
        self._tell(Change.PROJECT)

    def close_project(self) -> None:
        """Show no project. Closing the file itself is the caller's part."""
        self._project = None
        self._layers = ()
        self._selection = {}
        self._results = ()
        self._saved_at = None
        self._tell(Change.PROJECT)

    def layer(self, uid: str) -> LayerInfo | None:
        """Return the layer with this uid."""
        return next((layer for layer in self._layers if layer.uid == uid), None)

    def set_layers(self, layers: tuple[LayerInfo, ...]) -> None:
        """Take over the layers as read from the file; features of layers that are gone are deselected."""
        self._layers = layers
        known = {layer.uid for layer in layers}
        self._tell(Change.LAYERS)
        if not set(self._selection) <= known:
            self.select({uid: chosen for uid, chosen in self._selection.items() if uid in known})

    def change_layer(self, uid: str, **changes: Any) -> None:
        """Show a layer with some fields changed, before the file has them."""
        layers = tuple(replace(layer, **changes) if layer.uid == uid else layer for layer in self._layers)
        if set(changes) <= _LOOK:
            self._layers = layers
            self._tell(Change.LOOK)
        else:
            self.set_layers(layers)

    def order_layers(self, uids: tuple[str, ...]) -> None:
        """Show the layers in this order, top first."""
        place = {uid: number for number, uid in enumerate(uids)}
        self.set_layers(tuple(sorted(self._layers, key=lambda layer: place[layer.uid])))

    def select(self, features: Mapping[str, Collection[str]]) -> None:
        """Select these features and no others."""
        selection = {uid: frozenset(chosen) for uid, chosen in features.items() if chosen}
        if selection != self._selection:
            self._selection = selection
            self._tell(Change.SELECTION)

    def add_result(self, result: Result) -> None:
        """Keep a result for this sitting."""
        self._results = (*self._results, result)
        self._tell(Change.RESULTS)

    def remove_result(self, run_uid: str) -> None:
        """Forget the result of a run; the record of the run stays in the project."""
        self._results = tuple(result for result in self._results if result.run.uid != run_uid)
        self._tell(Change.RESULTS)

    def mark_saved(self, moment: datetime) -> None:
        """Note that everything up to now is on disk."""
        self._saved_at = moment
        self._tell(Change.SAVED)

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)
