"""Pictures of tiles: which are known, which are right, what to show until the rest comes."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import replace

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from ui.canvas.states import FloatArray, meets
from ui.canvas.tile_grid import TileGrid, TileKey, lay, pixel_place, place_of, tile_bounds, tile_view
from ui.painting.view import MapView

_MOST_BYTES = 256 * 1024 * 1024
_MOST_OTHER_LEVELS = 2


class TileStore:
    """Pictures of tiles, the least recently shown dropped first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._images: OrderedDict[TileKey, QImage] = OrderedDict()
        self._fresh: set[TileKey] = set()
        self._states: dict[TileKey, int] = {}
        self._grids: dict[float, TileGrid] = {}
        self._kept: Counter[float] = Counter()
        self._bytes = 0
        self._most_bytes = most_bytes
        self._overview: tuple[MapView, QImage] | None = None

    def grid(self, view: MapView) -> TileGrid:
        """Return how the view's scale is divided; a scale of which nothing is kept fits the view anew."""
        units = view.units_per_px
        if units not in self._grids or not self._kept[units]:
            self._grids[units] = TileGrid.fitting(view)
        return self._grids[units]

    def put(self, key: TileKey, image: QImage, state: int = 0, *, is_right: bool = True) -> None:
        """Keep a picture of the map in some state: as it is now, or at least newer than the one known."""
        self._drop(key)
        self._states[key] = state
        self._bytes += image.sizeInBytes()
        self._images[key] = image
        self._kept[key.units_per_px] += 1
        if is_right:
            self._fresh.add(key)
        while self._bytes > self._most_bytes and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def put_overview(self, view: MapView, image: QImage) -> None:
        """Keep a small picture of everything: never let the user look into nothing."""
        self._overview = (view, image)

    def has(self, key: TileKey) -> bool:
        """Tell whether a tile is known as the map is now."""
        return key in self._fresh

    def age(self, key: TileKey | None = None) -> None:
        """Note that the map, or a tile of it, has changed: what is known may be shown until drawn again."""
        if key is None:
            self._fresh.clear()
        else:
            self._fresh.discard(key)

    def age_within(self, boxes: FloatArray, margin_px: float) -> None:
        """Note that the map has changed within some boxes (in map units), and so far around."""
        for key in [key for key in self._fresh if meets(boxes, tile_bounds(key, margin_px))]:
            self._fresh.discard(key)

    def state(self, key: TileKey) -> int:
        """Return the state of the map that a tile shows; -1 for one that is not known."""
        return self._states.get(key, -1)

    def states(self, view: MapView, now: int) -> list[tuple[QRect, int]]:
        """Return the tiles of a view, each with the state it shows: ``now`` where it is right."""
        keys = self.grid(view).tiles(view)
        return [(pixel_place(key, view), now if self.has(key) else self.state(key)) for key in keys]

    def covers(self, view: MapView) -> bool:
        """Tell whether all of a view is known at its own scale, right or not: nothing shines through."""
        return all(key in self._images for key in self.grid(view).tiles(view))

    def clear(self) -> None:
        """Forget everything: another map."""
        self._states.clear()
        self._images.clear()
        self._fresh.clear()
        self._grids.clear()
        self._kept.clear()
        self._bytes = 0
        self._overview = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is known of a view (in device pixels): other scales under the right one."""
        wanted = self.grid(view).tiles(view)
        window = QRect(0, 0, round(view.width_px), round(view.height_px))
        missing = [pixel_place(key, view) & window for key in wanted if key not in self._images]
        if missing:
            self._paint_known(painter, view, [window] if len(missing) == len(wanted) else missing)
        for key in wanted:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
                painter.drawImage(pixel_place(key, view).topLeft(), image)

    def _drop(self, key: TileKey) -> None:
        image = self._images.pop(key, None)
        if image is not None:
            self._fresh.discard(key)
            self._states.pop(key, None)
            self._kept[key.units_per_px] -= 1
            self._bytes -= image.sizeInBytes()

    def _paint_known(self, painter: QPainter, view: MapView, missing: list[QRect]) -> None:
        """Paint what other scales know, the best first, each only where nothing has been painted yet."""
        known = [
            (self._images[key], tile_view(key, view))
            for units in self._other_levels(view)
            for key in self._grids[units].tiles(_same_area(view, units))
            if key in self._images
        ]
        if self._overview is not None:
            known.append((self._overview[1], self._overview[0]))
        for image, part in known:
            if not missing:
                return
            place = place_of(part, view)
            # a rectangle at a time: Qt enlarges pictures quickly only where it cuts to a single one
            touched = place.toAlignedRect()
            for rect in missing:
                if rect.intersects(touched):
                    painter.save()
                    painter.setClipRect(rect & touched, Qt.ClipOperation.IntersectClip)
                    lay(painter, image, part, view)
                    painter.restore()
            missing = [piece for rect in missing for piece in _without(rect, _painted_pixels(place))]

    def _other_levels(self, view: MapView) -> Iterator[float]:
        """Return the scales shown last, the latest first, none so fine that it means a thousand tiles."""
        recent: dict[float, None] = {}
        for key in reversed(self._images):
            finest = view.units_per_px / 8
            if key.units_per_px != view.units_per_px and key.units_per_px > finest:
                recent.setdefault(key.units_per_px)
            if len(recent) >= _MOST_OTHER_LEVELS:
                break
        yield from recent


def _same_area(view: MapView, units_per_px: float) -> MapView:
    ratio = view.units_per_px / units_per_px
    return replace(
        view, units_per_px=units_per_px, width_px=view.width_px * ratio, height_px=view.height_px * ratio
    )


def _without(rect: QRect, hole: QRect) -> list[QRect]:
    """Return what is left of a rectangle beside another one: above, below, left, right."""
    cut = rect & hole
    if cut.isEmpty():
        return [rect]
    pieces = (
        QRect(rect.left(), rect.top(), rect.width(), cut.top() - rect.top()),
        QRect(rect.left(), cut.bottom() + 1, rect.width(), rect.bottom() - cut.bottom()),
        QRect(rect.left(), cut.top(), cut.left() - rect.left(), cut.height()),
        QRect(cut.right() + 1, cut.top(), rect.right() - cut.right(), cut.height()),
    )
    return [piece for piece in pieces if not piece.isEmpty()]


def _painted_pixels(place: QRectF) -> QRect:
    """Return the pixels that a picture laid there fills: neighbours leave none between them."""
    left, top = _pixel(place.left()), _pixel(place.top())
    return QRect(left, top, _pixel(place.right()) - left, _pixel(place.bottom()) - top)


def _pixel(edge: float) -> int:
    """Return the first pixel behind an edge: those whose middle lies before it belong to the other side."""
    return math.floor(edge + 0.5)
