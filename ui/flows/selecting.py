"""Clicking on the map, and what the inspector then shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PyQt6.QtCore import QTimer

from layers.progress import Progress
from layers.words import _
from ui.jobs import JobBridge, Work
from zsgis.identifying import LayerHits, MapPlace, PictureValues, PlaceFound
from zsgis.inspection import FeatureCard, Hit, SelectionSize, selection_count
from zsgis.map_crs import map_crs
from zsgis.session import Change, Selection, Session

if TYPE_CHECKING:
    from layers.pictures.model import Picture
    from layers.store import LayerInfo, Project
    from zsgis.selected_areas import SelectedAreas

_LANE = "looking"
_SUMMING_LANE = "summing"
# measuring more takes longer than half a second
_MANY = 5_000
# the map shows an edit first; of edits that follow one another only the last is read
_AFTER_EDIT_MS = 150


class Inspector(Protocol):
    """The inspector as this module uses it."""

    def show_nothing(self, pictures: tuple[PictureValues, ...] = ()) -> None:
        """Show that nothing is selected, and what rasters hold at the place."""
        ...

    def show_many(self, size: SelectionSize, *, summing: bool = False) -> None:
        """Sum up several features; ``summing`` while their area is not known yet."""
        ...

    def show_card(
        self,
        card: FeatureCard,
        place: tuple[LayerHits, ...] = (),
        pictures: tuple[PictureValues, ...] = (),
    ) -> None:
        """Show one feature, and what else lies at its place."""
        ...


class SelectingFlows:
    """Turns a click into a selection and a selection into what is shown of it; reading happens aside.

    Parameters
    ----------
    preferred_layer : callable
        The layer the officer works in; its features are found first.
    denominator : callable
        The map's scale: what it leaves out is not found.
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
        denominator: Callable[[], float],
        show_size: Callable[[SelectionSize], None],
    ) -> None:
        self._session = session
        self._jobs = jobs
        self._inspector = inspector
        self._preferred_layer = preferred_layer
        self._denominator = denominator
        self._show_size = show_size
        self._after_edit = QTimer(jobs)
        self._after_edit.setSingleShot(True)
        self._after_edit.setInterval(_AFTER_EDIT_MS)
        self._after_edit.timeout.connect(self._inspect)
        self._found = PlaceFound()
        self._looking: int | None = None
        self._reading: int | None = None
        session.subscribe(self._take_change)

    def click(self, x: float, y: float, tolerance: float) -> None:
        """Select what stands at a place of the map; the newest click wins."""
        project, crs = self._session.project, map_crs(self._session)
        if project is None or crs is None:
            return
        denominator = self._denominator()
        self._looking = self._start_instead(
            self._looking,
            partial(
                _look,
                project,
                self._session.shown_layers(denominator),
                self._shown_pictures(),
                MapPlace(x, y, tolerance, crs, denominator),
                self._preferred_layer(),
            ),
            self._take_found,
            _LANE,
        )

    def select_one(self, layer_uid: str, zs_uid: str) -> None:
        """Select one feature; what else was found at its place stays offered."""
        self._session.select({layer_uid: (zs_uid,)})

    def _shown_pictures(self) -> tuple[Picture, ...]:
        return tuple(picture for picture in self._session.pictures if self._session.shown(picture.uid))

    def _start_instead(self, running: int | None, work: Work, done: Callable[[Any], None], lane: str) -> int:
        """Stop what runs, for nobody waits for it any more, and start this."""
        if running is not None:
            self._jobs.cancel(running)
        return self._jobs.start(_("Looking"), work, done=done, lane=lane, quiet=True)

    def _sum(self, project: Project, selection: Selection, count: int) -> None:
        """Have the size of several features summed; of many one sees how far it is, and can stop it."""
        if self._reading is not None:
            self._jobs.cancel(self._reading)
        self._reading = self._jobs.start(
            _("Measuring the selection"),
            partial(_read_size, project, self._session.layers, selection, self._session.areas),
            done=lambda read: self._show(selection, (), *read),
            cancelled=lambda: self._show(selection, (), SelectionSize(count, None), None, ()),
            lane=_SUMMING_LANE,
            quiet=count < _MANY,
        )

    def _take_found(self, found: PlaceFound) -> None:
        self._found = found
        before = self._session.selection
        hits = found.hits
        self._session.select({hits[0].layer_uid: (hits[0].zs_uid,)} if hits else {})
        if self._session.selection is before:  # the same again: its place may hold something else
            self._inspect()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._found = PlaceFound()
        if change in (Change.PROJECT, Change.SELECTION):
            self._inspect()
        elif change is Change.FEATURES and self._touches_selection():
            self._after_edit.start()

    def _touches_selection(self) -> bool:
        """Tell whether the last edit changed anything that is selected."""
        record, selection = self._session.last_record, self._session.selection
        return record is not None and any(
            change.zs_uid in selection.get(change.layer_uid, ()) for change in record.changes
        )

    def _inspect(self) -> None:
        self._after_edit.stop()
        project, selection = self._session.project, self._session.selection
        if self._reading is not None:
            self._jobs.cancel(self._reading)
        if project is None or not selection:
            self._inspector.show_nothing(() if project is None else self._found.pictures)
            self._show_size(SelectionSize(0, None))
            return
        layers, count = self._session.layers, selection_count(selection)
        if count > 1:
            # how many is known at once; how much takes reading
            self._show_size(SelectionSize(count, None))
            self._inspector.show_many(SelectionSize(count, None), summing=True)
            self._sum(project, selection, count)
            return
        here = any(hit.zs_uid in selection.get(hit.layer_uid, ()) for hit in self._found.hits)
        found = self._found if here else PlaceFound()
        self._reading = self._start_instead(
            self._reading,
            partial(_read_card, project, layers, selection, self._session.areas, found.hits),
            lambda read: self._show(selection, found.pictures, *read),
            _LANE,
        )

    def _show(
        self,
        selection: Selection,
        pictures: tuple[PictureValues, ...],
        size: SelectionSize,
        card: FeatureCard | None,
        place: tuple[LayerHits, ...],
    ) -> None:
        if selection is not self._session.selection:
            return
        self._show_size(size)
        if card is not None:
            self._inspector.show_card(card, place, pictures)
        else:
            self._inspector.show_many(size)


_Read = tuple[SelectionSize, FeatureCard | None, tuple[LayerHits, ...]]


def _look(
    project: Project,
    layers: tuple[LayerInfo, ...],
    pictures: tuple[Picture, ...],
    place: MapPlace,
    preferred: str,
    progress: Progress,
) -> PlaceFound:
    from layers.pictures.paths import resolved
    from zsgis.identifying import features_at, pictures_at

    hits = features_at(project, layers, place, preferred=preferred, progress=progress)
    folder = project.path.parent
    return PlaceFound(hits, pictures_at([resolved(picture, folder) for picture in pictures], place))


def _read_size(
    project: Project,
    layers: tuple[LayerInfo, ...],
    selection: Selection,
    areas: SelectedAreas,
    progress: Progress,
) -> _Read:
    from zsgis.inspection import selection_size

    return selection_size(project, layers, selection, progress, areas), None, ()


def _read_card(
    project: Project,
    layers: tuple[LayerInfo, ...],
    selection: Selection,
    areas: SelectedAreas,
    hits: tuple[Hit, ...],
    progress: Progress,
) -> _Read:
    from zsgis.identifying import by_layer
    from zsgis.inspection import feature_card, selection_size

    size = selection_size(project, layers, selection, progress, areas)
    (layer_uid, (zs_uid,)) = next(iter(selection.items()))
    card = feature_card(project, next(layer for layer in layers if layer.uid == layer_uid), zs_uid)
    return size, card, by_layer(project, layers, hits)
