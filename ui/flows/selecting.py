"""Clicking on the map, and what the inspector then shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from layers.progress import Progress
from layers.words import _
from ui.jobs import JobBridge
from zsgis.inspection import FeatureCard, Hit, SelectionSize
from zsgis.session import Change, Selection, Session

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

Other = tuple[str, str, str]
_LANE = "looking"
_OTHERS_SHOWN = 12


class Inspector(Protocol):
    """The inspector as this module uses it."""

    def show_nothing(self) -> None:
        """Show that nothing is selected."""
        ...

    def show_many(self, size: SelectionSize) -> None:
        """Sum up several features."""
        ...

    def show_card(self, card: FeatureCard, others: tuple[Other, ...] = ()) -> None:
        """Show one feature."""
        ...


class SelectingFlows:
    """Turns a click into a selection and a selection into what is shown of it; reading happens aside.

    Parameters
    ----------
    preferred_layer : callable
        The layer the officer works in; its features are found first.
    show_size : callable
        Shows how much is selected.
    """

    def __init__(
        self,
        *,
        session: Session,
        jobs: JobBridge,
        inspector: Inspector,
        preferred_layer: Callable[[], str],
        show_size: Callable[[SelectionSize], None],
    ) -> None:
        self._session = session
        self._jobs = jobs
        self._inspector = inspector
        self._preferred_layer = preferred_layer
        self._show_size = show_size
        self._hits: tuple[Hit, ...] = ()
        session.subscribe(self._take_change)

    def click(self, x: float, y: float, tolerance: float) -> None:
        """Select what stands at a place of the map."""
        project = self._session.project
        if project is None:
            return
        layers = self._session.shown_layers()
        preferred = self._preferred_layer()
        self._jobs.start(
            _("Looking"),
            lambda _progress: _look(project, layers, (x, y, tolerance), preferred),
            done=self._take_hits,
            lane=_LANE,
            quiet=True,
        )

    def select_one(self, layer_uid: str, zs_uid: str) -> None:
        """Select one feature; what else was found at its place stays offered."""
        self._session.select({layer_uid: (zs_uid,)})

    def _take_hits(self, hits: tuple[Hit, ...]) -> None:
        self._hits = hits
        self._session.select({hits[0].layer_uid: (hits[0].zs_uid,)} if hits else {})

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.SELECTION):
            self._inspect()

    def _inspect(self) -> None:
        project, selection, layers = self._session.project, self._session.selection, self._session.layers
        if project is None or not selection:
            self._inspector.show_nothing()
            self._show_size(SelectionSize(0, None))
            return
        found = any(hit.zs_uid in selection.get(hit.layer_uid, ()) for hit in self._hits)
        hits = self._hits if found else ()
        self._jobs.start(
            _("Looking"),
            lambda progress: _read(project, layers, selection, hits, progress),
            done=lambda found: self._show(selection, *found),
            lane=_LANE,
            quiet=True,
        )

    def _show(
        self, selection: Selection, size: SelectionSize, card: FeatureCard | None, others: tuple[Other, ...]
    ) -> None:
        if selection is not self._session.selection:
            return
        self._show_size(size)
        if card is not None:
            self._inspector.show_card(card, others)
        else:
            self._inspector.show_many(size)


def _look(
    project: Project, layers: tuple[LayerInfo, ...], place: tuple[float, float, float], preferred: str
) -> tuple[Hit, ...]:
    from zsgis.inspection import features_at

    return features_at(project, layers, *place, preferred=preferred)


def _read(
    project: Project,
    layers: tuple[LayerInfo, ...],
    selection: Selection,
    hits: tuple[Hit, ...],
    progress: Progress,
) -> tuple[SelectionSize, FeatureCard | None, tuple[Other, ...]]:
    from zsgis.inspection import feature_card, selection_size

    size = selection_size(project, layers, selection)
    progress.step(0.5)
    if size.count != 1:
        return size, None, ()
    by_uid = {layer.uid: layer for layer in layers}
    (layer_uid, (zs_uid,)) = next(iter(selection.items()))
    card = feature_card(project, by_uid[layer_uid], zs_uid)
    others = tuple(
        (hit.layer_uid, hit.zs_uid, _name(project, by_uid[hit.layer_uid], hit.zs_uid))
        for hit in hits[:_OTHERS_SHOWN]
        if (hit.layer_uid, hit.zs_uid) != (layer_uid, zs_uid) and hit.layer_uid in by_uid
    )
    return size, card, others


def _name(project: Project, layer: LayerInfo, zs_uid: str) -> str:
    from layers.kinds import kind

    name = project.feature(layer.uid, zs_uid).get(kind(layer.kind).name_field)
    return f"{layer.name} · {name}" if name else layer.name
