"""The map's picture: keeps what was drawn, asks for what is missing, shows what is known at once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PyQt6.QtCore import QObject, QRectF, pyqtSignal
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import Bounds, DrawableLayer
from layers.drawable_files import save_drawable
from ui.canvas.scheduler import DrawingScheduler, Job
from ui.canvas.tiles import TileKey, TileStore, lay, place_of, tile_view, tiles_of
from ui.painting.tile_worker import ABOVE, GROUND, LayerFiles
from ui.painting.view import MapView

GROUND_COLOR = "#FFFFFF"
_OVERVIEW_PX = 640.0

_TILE, _ABOVE, _OVERVIEW = "tile", "above", "overview"


class MapPicture(QObject):
    """Areas and lines in tiles, symbols and words per view; all drawn by other processes.

    Views given to this class count device pixels.
    """

    changed = pyqtSignal(QRectF)
    """Something new can be shown there (device pixels of the view last looked at)."""
    complete = pyqtSignal()
    """Everything the view needs has been drawn."""
    trouble = pyqtSignal(str)
    """A sentence for the user."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = DrawingScheduler(GROUND_COLOR, parent=self)
        self._scheduler.drawn.connect(self._on_drawn)
        self._scheduler.failed.connect(self._on_failed)
        self._scheduler.trouble.connect(self.trouble)
        self._tiles = TileStore()
        self._above: tuple[MapView, QImage] | None = None
        self._state = 0
        self._view: MapView | None = None
        self._extent: Bounds | None = None
        self._done: set[Hashable] = set()
        self._said_complete = False
        self._files: TemporaryDirectory[str] | None = None
        self._written: dict[DrawableLayer, LayerFiles] = {}

    def set_layers(self, layers: Sequence[DrawableLayer]) -> None:
        """Show other layers, top first; what is known stays visible until it is drawn anew."""
        self._state += 1
        self._done.clear()
        if layers:
            self._tiles.age()
        else:
            self._tiles.clear()
            self._above = None
        extents = [layer.extent for layer in layers if layer.extent is not None]
        self._extent = _union(extents)
        self._scheduler.set_layers([self._as_files(layer) for layer in layers])
        self._written = {layer: files for layer, files in self._written.items() if layer in layers}
        if self._view is not None:
            self.look_at(self._view)

    def look_at(self, view: MapView) -> None:
        """Ask for what a view needs; what was asked for before and is not needed is dropped."""
        self._view = view
        self._said_complete = False
        needed = self._needed(view)
        # once the view stands, its surroundings, so that a pan finds them
        more = [*self._overview_job(), *(self._tile_job(key, view) for key in tiles_of(view, ring=1))]
        if self._extent is None:
            needed, more = [], []
        self._scheduler.want([*needed, *(job for job in more if self._missing(job) and job not in needed)])
        self._tell_if_complete()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is known of a view, in device pixels."""
        if self._extent is None:
            return
        self._tiles.paint(painter, view)
        if self._above is not None:
            lay(painter, self._above[1], self._above[0], view)

    @property
    def is_complete(self) -> bool:
        """Whether all of the view is on the screen as it should be."""
        return self._view is not None and (self._extent is None or not self._needed(self._view))

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return self._scheduler.process_ids

    def shut_down(self) -> None:
        """End the drawing processes and remove temporary files; may be called twice."""
        self._scheduler.shut_down()
        files, self._files = self._files, None
        self._written.clear()
        if files is not None:
            files.cleanup()

    def _needed(self, view: MapView) -> list[Job]:
        jobs = [self._tile_job(key, view) for key in tiles_of(view)]
        jobs.append(Job((_ABOVE, self._state, view), ABOVE, view))
        return [job for job in jobs if self._missing(job)]

    def _tile_job(self, key: TileKey, view: MapView) -> Job:
        return Job((_TILE, self._state, key), GROUND, tile_view(key, view))

    def _overview_job(self) -> list[Job]:
        if self._extent is None or self._view is None:
            return []
        size = (_OVERVIEW_PX, _OVERVIEW_PX)
        view = MapView.fitting(self._extent, size, px_per_mm=self._view.px_per_mm / 2, margin=0.01)
        return [Job((_OVERVIEW, self._state, view), GROUND, view)]

    def _missing(self, job: Job) -> bool:
        return job.key not in self._done and not (
            isinstance(job.key, tuple) and job.key[0] == _TILE and self._tiles.has(job.key[2])
        )

    def _on_drawn(self, key: tuple[str, int, object], image: QImage) -> None:
        what, state, place = key
        if state != self._state:
            return
        if what == _TILE and isinstance(place, TileKey):
            image.reinterpretAsFormat(QImage.Format.Format_RGB32)  # opaque: copied, not blended
            self._tiles.put(place, image)
            self._say_changed(tile_view(place, self._view) if self._view is not None else None)
        elif isinstance(place, MapView):
            self._keep_whole(what, place, image)
            self._done.add(key)
            self._say_changed(self._view)
        self._tell_if_complete()

    def _say_changed(self, part: MapView | None) -> None:
        if self._view is not None and part is not None:
            self.changed.emit(place_of(part, self._view))

    def _keep_whole(self, what: str, view: MapView, image: QImage) -> None:
        if what == _OVERVIEW:
            image.reinterpretAsFormat(QImage.Format.Format_RGB32)
            self._tiles.put_overview(view, image)
            return
        self._above = (view, image)
        # one picture of words is kept; another view's is asked for again
        self._done = {done for done in self._done if isinstance(done, tuple) and done[0] != _ABOVE}

    def _on_failed(self, key: tuple[str, int, object], why: str) -> None:
        if key[1] != self._state:
            return
        self._done.add(key)  # asking again would fail again
        self.trouble.emit(why)
        self._tell_if_complete()

    def _tell_if_complete(self) -> None:
        if not self._said_complete and self.is_complete:
            self._said_complete = True
            self.complete.emit()

    def _as_files(self, layer: DrawableLayer) -> LayerFiles:
        """Return a layer as files; one that is only in memory (a result, not saved) is written first."""
        if layer.folder is not None:
            return LayerFiles.of(layer)
        known = self._written.get(layer)
        if known is None:
            if self._files is None:
                self._files = TemporaryDirectory(prefix="zsgis-", ignore_cleanup_errors=True)
            folder = Path(self._files.name, f"{self._state}-{len(self._written)}")
            folder.mkdir()
            save_drawable(layer, folder, {})
            style = layer.style.model_dump(mode="json")
            known = LayerFiles(str(folder), layer.title, layer.opacity, style)
            self._written[layer] = known
        return known


def _union(extents: Sequence[Bounds]) -> Bounds | None:
    if not extents:
        return None
    xmin, ymin, xmax, ymax = zip(*extents, strict=True)
    return min(xmin), min(ymin), max(xmax), max(ymax)
