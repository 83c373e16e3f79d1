"""What is open now: the project, its layers as last read, the selection and the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from layers.tree import LayerTree
from zsgis.arrangement import Arrangement, same_but_look, tree_of
from zsgis.selected_areas import SelectedAreas

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.edits import EditRecord
    from layers.pictures.model import Picture
    from layers.store import LayerInfo, Project
    from zsgis.result import Result

Selection = Mapping[str, frozenset[str]]

_LOOK = {"visible", "opacity"}
# what changes here first and in the file after it
_EDITED = ("name", "visible", "opacity", "style", "secrecy", "status")


class Change(StrEnum):
    """What changed in a session.

    ``LOOK`` is only whether and how strongly layers, pictures and groups are shown, or that one cannot be;
    ``TREE`` is their order, grouping and names of groups; ``PICTURES`` which pictures there are and what they
    are; ``CRS`` the coordinate system of the map.
    """

    PROJECT = "project"
    LAYERS = "layers"
    FEATURES = "features"
    PICTURES = "pictures"
    TREE = "tree"
    LOOK = "look"
    CRS = "crs"
    SELECTION = "selection"
    RESULTS = "results"
    SAVED = "saved"


class Session:
    """What is open now; whoever shows it subscribes.

    All calls come from one thread. The layers are a snapshot, so that showing them never waits for the file.
    """

    def __init__(self) -> None:
        self.areas = SelectedAreas()
        """The areas of what is selected, measured once for all who show them."""
        self._listeners: list[Callable[[Change], None]] = []
        self._project: Project | None = None
        self._layers: tuple[LayerInfo, ...] = ()
        self._pictures: tuple[Picture, ...] = ()
        self._tree = LayerTree()
        self._unread: tuple[Any, ...] = ()
        self._troubles: Mapping[str, str] = {}
        self._off: Mapping[str, str] = {}
        self._map_crs: CRS | None = None
        self._selection: Selection = {}
        self._results: tuple[Result, ...] = ()
        self._saved_at: datetime | None = None
        self._last_record: EditRecord | None = None

    @property
    def project(self) -> Project | None:
        """The open project, if any."""
        return self._project

    @property
    def map_crs(self) -> CRS | None:
        """The coordinate system of the map, the project's own unless another was chosen; None without one."""
        return self._map_crs

    @property
    def layers(self) -> tuple[LayerInfo, ...]:
        """The project's layers, top first, as last read or changed."""
        return self._layers

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The project's rasters and services, top first."""
        return self._pictures

    @property
    def tree(self) -> LayerTree:
        """Layers and pictures in their groups; its order is the drawing order."""
        return self._tree

    @property
    def troubles(self) -> Mapping[str, str]:
        """Why a layer or a picture cannot be shown, by its uid."""
        return self._troubles

    @property
    def off(self) -> Mapping[str, str]:
        """Why a picture that is not switched on here shows nothing, by its uid: no trouble, told quietly."""
        return self._off

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

    @property
    def last_record(self) -> EditRecord | None:
        """What the last edit did that was written in this sitting."""
        return self._last_record

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Tell ``listener`` of every change; the returned call ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def open_project(
        self,
        project: Project,
        layers: tuple[LayerInfo, ...],
        saved_at: datetime | None,
        arrangement: Arrangement | None = None,
        map_crs: CRS | None = None,
    ) -> None:
        """Show another project; what was selected or computed before is gone from the sitting.

        ``saved_at`` is None for one that can only be read: nothing in it is ever saved.
        """
        given = arrangement or Arrangement()
        self._project = project
        self._map_crs = map_crs or project.crs
        self._unread = given.unread
        self._troubles = {}
        self._off = {}
        self._take(layers, given.pictures, given.tree)
        self._selection = {}
        self._results = ()
        self._saved_at = saved_at
        self._tell(Change.PROJECT)

    def close_project(self) -> None:
        """Show no project. Closing the file itself is the caller's part."""
        self._project = None
        self._map_crs = None
        self._unread = ()
        self._troubles = {}
        self._off = {}
        self._take((), (), LayerTree())
        self._selection = {}
        self._results = ()
        self._saved_at = None
        self._last_record = None
        self._tell(Change.PROJECT)

    @property
    def arrangement(self) -> Arrangement:
        """Tree and pictures as they are now, to be kept in the project."""
        return Arrangement(self._tree, self._pictures, self._unread)

    def layer(self, uid: str) -> LayerInfo | None:
        """Return the layer with this uid."""
        return next((layer for layer in self._layers if layer.uid == uid), None)

    def picture(self, uid: str) -> Picture | None:
        """Return the picture with this uid."""
        return next((picture for picture in self._pictures if picture.uid == uid), None)

    def shown(self, uid: str) -> bool:
        """Tell whether a layer or picture is to be seen: it is visible, and so is every group around it."""
        entry = self.layer(uid) or self.picture(uid)
        return entry is not None and entry.visible and self._tree.shown(uid)

    def shown_layers(self, denominator: float | None = None) -> tuple[LayerInfo, ...]:
        """Return the layers that are to be seen, top first; at 1:``denominator`` where one is given."""
        hidden = self._tree.hidden()
        return tuple(
            layer
            for layer in self._layers
            if layer.visible
            and layer.uid not in hidden
            and (denominator is None or layer.style.shown_at(denominator))
        )

    def set_layers(self, layers: tuple[LayerInfo, ...]) -> None:
        """Take over the layers as read from the file; features of layers that are gone are deselected."""
        self._take(layers, self._pictures, self._tree)
        known = {layer.uid for layer in layers}
        self._tell(Change.LAYERS)
        if not set(self._selection) <= known:
            self.select({uid: chosen for uid, chosen in self._selection.items() if uid in known})

    def renew_layers(self, read: tuple[LayerInfo, ...]) -> None:
        """Take over the layers as the file has them now, but for what is changed here and not written yet."""
        known = {layer.uid: layer for layer in self._layers}
        self.set_layers(
            tuple(_edited(known[layer.uid], layer) if layer.uid in known else layer for layer in read)
        )

    def take_record(self, record: EditRecord, read: tuple[LayerInfo, ...]) -> None:
        """Take over what an edit did, with the layers as the file has them after it.

        Features that it removed are deselected.
        """
        touched = {layer.uid: layer for layer in read if layer.uid in record.layer_versions}
        self._layers = tuple(_edited(layer, touched.get(layer.uid)) for layer in self._layers)
        self._last_record = record
        gone = {change.zs_uid for change in record.changes if change.after is None}
        self._tell(Change.FEATURES)
        if any(gone & chosen for chosen in self._selection.values()):
            self.select({uid: chosen - gone for uid, chosen in self._selection.items()})

    def change_layer(self, uid: str, **changes: Any) -> None:
        """Show a layer with some fields changed, before the file has them."""
        layers = tuple(replace(layer, **changes) if layer.uid == uid else layer for layer in self._layers)
        if set(changes) <= _LOOK:
            self._layers = layers
            self._tell(Change.LOOK)
        else:
            self.set_layers(layers)

    def show_layers(self, visible: Mapping[str, bool]) -> None:
        """Show and hide layers, all at once."""
        self._layers = tuple(
            replace(layer, visible=visible.get(layer.uid, layer.visible)) for layer in self._layers
        )
        self._tell(Change.LOOK)

    def arrange(self, tree: LayerTree, pictures: tuple[Picture, ...]) -> None:
        """Show layers and pictures in this order and grouping, and these pictures.

        What exists and does not stand in ``tree`` is put into it; what does not exist leaves it.
        """
        before, earlier = self._tree, self._pictures
        self._take(self._layers, pictures, tree)
        if not same_but_look(earlier, self._pictures):
            self._tell(Change.PICTURES)
        elif not same_but_look(before, self._tree):
            self._tell(Change.TREE)
        elif (before, earlier) != (self._tree, self._pictures):
            self._tell(Change.LOOK)

    def note_trouble(self, uid: str, text: str) -> None:
        """Keep why a layer or picture cannot be shown; an empty text takes that back."""
        if self._troubles.get(uid, "") != text:
            self._troubles = _said(self._troubles, uid, text)
            self._tell(Change.LOOK)

    def note_off(self, uid: str, text: str) -> None:
        """Keep why a picture is not switched on; an empty text takes that back."""
        if self._off.get(uid, "") != text:
            self._off = _said(self._off, uid, text)
            self._tell(Change.LOOK)

    def set_map_crs(self, crs: CRS) -> None:
        """Show the map in a coordinate system; layers keep their own."""
        if self._project is not None and crs != self._map_crs:
            self._map_crs = crs
            self._tell(Change.CRS)

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

    def _take(self, layers: tuple[LayerInfo, ...], pictures: tuple[Picture, ...], tree: LayerTree) -> None:
        """Keep layers and pictures in the order of the tree."""
        self._tree = tree_of(tree, layers, pictures)
        place = {uid: number for number, uid in enumerate(self._tree.order())}
        self._layers = tuple(sorted(layers, key=lambda layer: place[layer.uid]))
        self._pictures = tuple(sorted(pictures, key=lambda picture: place[picture.uid]))

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)


def _edited(known: LayerInfo, read: LayerInfo | None) -> LayerInfo:
    """Return a layer as read, but for what is changed here and not written yet."""
    return known if read is None else replace(read, **{name: getattr(known, name) for name in _EDITED})


def _said(before: Mapping[str, str], uid: str, text: str) -> dict[str, str]:
    rest = {known: said for known, said in before.items() if known != uid}
    return {**rest, uid: text} if text else rest
