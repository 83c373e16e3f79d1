"""The map's picture: keeps what was drawn, asks for what is missing, shows what is known at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PyQt6.QtCore import QObject, QRect, QRectF, QTimer, pyqtSignal
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import Bounds, joint_extent
from layers.drawable_edits import FeatureLayer
from layers.kind import GeometryType
from layers.pictures.drawn import DrawnPicture
from ui.canvas.arrivals import Arrivals
from ui.canvas.edit_cover import GROUND_COLOR, EditCover, ShownEdit, place_of_edit
from ui.canvas.scheduler import DrawingScheduler, Job
from ui.canvas.shown_files import ShownFiles
from ui.canvas.states import MapStates
from ui.canvas.tile_grid import TileKey, lay, place_of, tile_bounds, tile_view
from ui.canvas.tiles import TileStore
from ui.painting.drawing_messages import ABOVE, GROUND, SELECTED
from ui.painting.label_places import SCREEN_MARGIN_PX
from ui.painting.layers import pen_margin_px
from ui.painting.rings import IntArray
from ui.painting.view import MapView

Shown = FeatureLayer | DrawnPicture

_OVERVIEW_PX = 640.0


@dataclass(frozen=True)
class PictureKey:
    """What a picture shows: of which state of the map there, of which selection, where."""

    what: str
    state: int
    place: TileKey | MapView
    overview: bool = False
    selection: int = 0


@dataclass(frozen=True)
class _Whole:
    """A picture of a whole view, and the state of the map it shows."""

    view: MapView
    image: QImage
    state: int


class MapPicture(QObject):
    """Areas and lines in tiles, symbols, words and selection per view; all drawn by other processes.

    Views given to this class count device pixels.
    """

    changed = pyqtSignal(QRectF)
    """Something new can be shown there (device pixels of the view last looked at)."""
    complete = pyqtSignal()
    """Everything the view needs has been drawn."""
    trouble = pyqtSignal(str)
    """A sentence for the user."""
    files_lost = pyqtSignal(str)
    """The folder of a layer's arrays, which cannot be read any more: the layer is to be given anew."""
    tiles_missing = pyqtSignal(str, object)
    """A picture's uid and the keys of what is still to be fetched of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = DrawingScheduler(GROUND_COLOR, parent=self)
        self._scheduler.drawn.connect(self.take_drawn)
        self._scheduler.failed.connect(self._on_failed)
        self._scheduler.trouble.connect(self.trouble)
        self._scheduler.files_lost.connect(self.files_lost)
        self._tiles = TileStore()
        self._whole: dict[str, _Whole] = {}
        self._states = MapStates()
        self._cover = EditCover()
        self._margin_px = 0.0
        self._selection = 0
        self._rows: Mapping[str, IntArray] = {}
        self._view: MapView | None = None
        self._layers: tuple[Shown, ...] = ()
        # as the cover paints it: with edits of which the drawing processes know nothing yet
        self._latest: tuple[Shown, ...] = ()
        self._uids: frozenset[str] = frozenset()
        self._extent: Bounds | None = None
        self._done: set[PictureKey] = set()
        self._said_complete = False
        self._arrivals = Arrivals(self)
        self._arrivals.due.connect(self._draw_arrived)
        # what is looked at may change several times before the window comes round: only the last is drawn
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.timeout.connect(self._ask)
        self._words = False
        self._files = ShownFiles()

    def start(self) -> None:
        """Start the drawing processes; may be called again."""
        self._scheduler.start()

    def set_layers(self, layers: Sequence[Shown]) -> None:
        """Show other layers and pictures, top first; what is known stays visible until it is drawn anew."""
        self._states.renew()
        self._cover.settle(self._states.everywhere)
        self._done.clear()
        self._tiles.age()
        self._arrivals.clear()
        uids = frozenset(layer.uid for layer in layers)
        if not uids & self._uids:  # another map altogether
            self._tiles.clear()
            self._whole.clear()
            self._cover.clear()
        self._uids = uids
        if layers:
            self.start()
        self._tell(layers)

    def prepare(self, layers: Sequence[Shown], edit: ShownEdit) -> None:
        """Get ready for :meth:`cover`; nothing looks different yet."""
        if self._view is not None:
            self._cover.prepare(edit, self._view, layers)

    def cover(self, layers: Sequence[Shown], edit: ShownEdit) -> QRect:
        """Paint an edit over what is known until :meth:`show_edit` is given it; return the pixels it touches.

        Parameters
        ----------
        layers : sequence
            The map with the edit, top first; the drawing processes are not told of it.
        """
        self._latest = tuple(layers)
        self._cover.add_ahead(edit, self._latest)
        return place_of_edit(edit, self._view) if self._view is not None else QRect()

    def show_edit(self, layers: Sequence[Shown], edit: ShownEdit) -> None:
        """Show the layers after an edit: what it touches at once, and drawn anew soon; the rest is right."""
        number = self._states.touch(edit.boxes)
        self._cover.add(number, edit)
        self._tell(layers)
        self._tiles.age_within(edit.boxes, self._margin_px)
        self._done = {key for key in self._done if key.state == self._state_at(key)}

    def _tell(self, layers: Sequence[Shown]) -> None:
        self._extent = joint_extent([layer.extent for layer in layers if layer.extent is not None])
        self._words = any(_stands_above(layer) for layer in layers)
        if not self._words:
            self._whole.pop(ABOVE, None)
        self._layers = self._latest = tuple(layers)
        self._scheduler.set_layers([self._files.of(layer) for layer in layers])
        self._files.keep(layers)
        if self._view is not None:
            self.look_at(self._view)

    def set_selection(self, rows: Mapping[str, IntArray]) -> None:
        """Have a selection drawn; empty takes the last one away, the very same rows change nothing."""
        if rows.keys() == self._rows.keys() and all(rows[uid] is self._rows[uid] for uid in rows):
            return
        self._rows = dict(rows)
        self._selection += 1
        self._whole.pop(SELECTED, None)
        self._scheduler.set_selection(rows)
        if self._view is not None:
            self.look_at(self._view)

    def look_at(self, view: MapView) -> None:
        """Ask for what a view needs, soon; what was asked for before and is not needed is dropped."""
        self._view = view
        margins = [
            pen_margin_px(layer, view) for layer in self._layers if not isinstance(layer, DrawnPicture)
        ]
        self._margin_px = max(margins, default=0.0)
        self._said_complete = False
        self._asking.start()

    def _ask(self) -> None:
        view = self._view
        if view is None or not self._uids:
            self._scheduler.want([])
        else:
            # once the view stands, its surroundings, so that a pan finds them; a map of the world has no end
            whole = self._overview(self._extent, view) if self._extent is not None else []
            needed = self._needed(view)
            known = {job.key for job in needed}
            more = [*whole, *self._tile_jobs(view, ring=1)]
            ahead = [replace(job, ahead=True) for job in more if job.key not in known and self._missing(job)]
            self._scheduler.want([*needed, *ahead])
        self._tell_if_complete()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is known of a view, in device pixels; over what is older than an edit, the edit."""
        if not self._uids:
            return
        self._tiles.paint(painter, view)
        tiles = self._tiles.states(view, self._states.newest)
        self._cover.paint(painter, view, tiles, self._latest, above=False)
        above = self._whole.get(ABOVE)
        if above is not None:
            lay(painter, above.image, above.view, view)
        state = above.state if above is not None else self._states.everywhere
        window = QRect(0, 0, round(view.width_px), round(view.height_px))
        self._cover.paint(painter, view, [(window, state)], self._latest, above=True)
        if SELECTED in self._whole:
            lay(painter, self._whole[SELECTED].image, self._whole[SELECTED].view, view)

    def covers(self, view: MapView) -> bool:
        """Tell whether painting a view, in device pixels, leaves nothing of what was there before."""
        return bool(self._uids) and self._tiles.covers(view)

    @property
    def is_complete(self) -> bool:
        """Whether all of the view is on the screen as it should be."""
        if self._view is None or self._cover.is_ahead:
            return False
        return not self._uids or not self._needed(self._view)

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return self._scheduler.process_ids

    def shut_down(self) -> None:
        """End the drawing processes and remove temporary files; may be called twice."""
        self._asking.stop()
        self._arrivals.stop()
        self._scheduler.shut_down()
        self._files.close()

    def _needed(self, view: MapView) -> list[Job]:
        jobs = self._tile_jobs(view)
        if any(len(chosen) for chosen in self._rows.values()):
            key = PictureKey(SELECTED, self._state_of(view), view, selection=self._selection)
            jobs.insert(0, Job(key, SELECTED, view))
        if self._words:
            jobs.append(Job(PictureKey(ABOVE, self._state_of(view), view), ABOVE, view))
        return [job for job in jobs if self._missing(job)]

    def _tile_jobs(self, view: MapView, ring: int = 0) -> list[Job]:
        keys = self._tiles.grid(view).tiles(view, ring)
        return [
            Job(PictureKey(GROUND, self._state_of(key), key), GROUND, tile_view(key, view)) for key in keys
        ]

    def _overview(self, extent: Bounds, view: MapView) -> list[Job]:
        size = (_OVERVIEW_PX, _OVERVIEW_PX)
        small = MapView.fitting(extent, size, px_per_mm=view.px_per_mm / 2, margin=0.01)
        # it stands in until tiles come: not worth drawing all of the map for every edit
        return [Job(PictureKey(GROUND, self._states.everywhere, small, overview=True), GROUND, small)]

    def _state_of(self, place: TileKey | MapView) -> int:
        """Return the state of the map that a picture of a place must show."""
        if isinstance(place, TileKey):
            return self._states.at(tile_bounds(place, self._margin_px))
        return self._states.at(place.bounds_with(self._margin_px + SCREEN_MARGIN_PX))

    def _state_at(self, key: PictureKey) -> int:
        return self._states.everywhere if key.overview else self._state_of(key.place)

    def _missing(self, job: Job) -> bool:
        key = job.key
        if not isinstance(key, PictureKey) or key in self._done:
            return False
        return not (isinstance(key.place, TileKey) and self._tiles.has(key.place))

    def redraw(self) -> None:
        """Have everything drawn anew; what is known stays visible until then."""
        self._states.renew()  # what is being drawn just now is not new enough
        self._done.clear()
        self._tiles.age()
        if self._view is not None:
            self.look_at(self._view)

    def pictures_arrived(self, uid: str) -> None:
        """Have drawn again what lacked a part of a picture: some of it has been fetched."""
        self._arrivals.arrive(uid)

    def _draw_arrived(self, places: Sequence[TileKey]) -> None:
        for place in places:
            self._tiles.age(place)
        if self._view is not None:
            self.look_at(self._view)

    def take_drawn(
        self, key: PictureKey, image: QImage, missing: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """Take in a picture that was asked for, and what could not be shown of it yet."""
        now = self._state_at(key)
        if key.state < self._states.everywhere or (key.what == SELECTED and key.selection != self._selection):
            return
        view = self._view
        if self._is_late(key):
            return
        if isinstance(key.place, TileKey):
            if key.state < self._tiles.state(key.place):
                return
            # one that an edit has overtaken is still newer than what is known
            self._tiles.put(key.place, image, key.state, is_right=key.state == now)
            self._note_missing(key.place, missing or {})
        elif key.overview:
            self._tiles.put_overview(key.place, image)
            self._done.add(key)
        else:
            self._take_whole(key, key.place, image, is_right=key.state == now)
        if view is not None:
            part = tile_view(key.place, view) if isinstance(key.place, TileKey) else view
            self.changed.emit(place_of(part, view))
        self._tell_if_complete()

    def _take_whole(self, key: PictureKey, view: MapView, image: QImage, *, is_right: bool) -> None:
        known = self._whole.get(key.what)
        if known is not None and key.state < known.state:
            return
        # one picture of words is kept; another view's is asked for again
        self._whole[key.what] = _Whole(view, image, key.state)
        others = {done for done in self._done if done.what != key.what or done.overview}
        self._done = others | {key} if is_right else others

    def _note_missing(self, place: TileKey, missing: Mapping[str, tuple[str, ...]]) -> None:
        self._arrivals.note(place, missing)
        for uid, keys in missing.items():
            self.tiles_missing.emit(uid, keys)

    def _is_late(self, key: PictureKey) -> bool:
        """Tell whether a picture of a view left since comes after that of the view now looked at."""
        whole = isinstance(key.place, MapView) and not key.overview
        return whole and self._view is not None and replace(key, place=self._view) in self._done - {key}

    def _on_failed(self, key: PictureKey, why: str) -> None:
        if key.state != self._state_at(key):
            return
        self._done.add(key)  # asking again would fail again
        self.trouble.emit(why)
        self._tell_if_complete()

    def _tell_if_complete(self) -> None:
        if not self._said_complete and self.is_complete:
            self._said_complete = True
            self.complete.emit()


def _stands_above(layer: Shown) -> bool:
    """Tell whether a layer has symbols or words, which are placed for a whole view."""
    if isinstance(layer, DrawnPicture):
        return False
    return layer.geometry is GeometryType.POINT or layer.style.label is not None
