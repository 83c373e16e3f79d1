"""The picture in pieces: which tiles a view needs, which are known, what to show until the rest comes."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter, QRegion

from ui.painting.view import MapView

TILE_PX = 384
# Steps of scale: so many to a doubling. Coming back to a scale finds its tiles again.
STEPS_PER_DOUBLING = 16
_MOST_BYTES = 256 * 1024 * 1024
_MOST_OTHER_LEVELS = 2


@dataclass(frozen=True, order=True)
class TileKey:
    """A tile: its scale (map units per device pixel) and its place in the grid, counted right and down."""

    units_per_px: float
    column: int
    row: int


def stepped(units_per_px: float, steps: int = 0) -> float:
    """Return the scale of the ladder next to a given one, ``steps`` coarser (or finer when negative)."""
    return float(2.0 ** ((round(math.log2(units_per_px) * STEPS_PER_DOUBLING) + steps) / STEPS_PER_DOUBLING))


def coarser_step(units_per_px: float) -> float:
    """Return the first scale of the ladder at which as much is seen as at the given one."""
    step = math.ceil(math.log2(units_per_px) * STEPS_PER_DOUBLING - 1e-9)
    return float(2.0 ** (step / STEPS_PER_DOUBLING))


def aligned(view: MapView) -> MapView:
    """Return the view moved by less than a pixel so that tiles fall on whole pixels."""
    units = view.units_per_px
    left, top = round(view.left / units) * units, round(view.top / units) * units
    return replace(view, center_x=left + view.width_px / 2 * units, center_y=top - view.height_px / 2 * units)


def tile_view(key: TileKey, view: MapView) -> MapView:
    """Return the view of one tile, with the symbol sizes of ``view``."""
    side = TILE_PX * key.units_per_px
    return MapView(
        (key.column + 0.5) * side,
        -(key.row + 0.5) * side,
        key.units_per_px,
        TILE_PX,
        TILE_PX,
        view.px_per_mm,
        view.metres_per_unit,
    )


def tiles_of(view: MapView, ring: int = 0) -> list[TileKey]:
    """Return the tiles that cover a view (in device pixels), nearest to the middle first.

    Parameters
    ----------
    ring : int
        How many rows and columns of tiles around the view are added.
    """
    units = view.units_per_px
    side = TILE_PX * units
    left, bottom, right, top = view.bounds
    hair = units * 0.01  # an edge that lies on the grid must not ask for a row of nothing
    columns = range(math.floor((left + hair) / side) - ring, math.floor((right - hair) / side) + 1 + ring)
    rows = range(math.floor((-top + hair) / side) - ring, math.floor((-bottom - hair) / side) + 1 + ring)
    middle_x, middle_y = view.center_x / side - 0.5, -view.center_y / side - 0.5
    keys = [TileKey(units, column, row) for row in rows for column in columns]
    return sorted(keys, key=lambda key: math.hypot(key.column - middle_x, key.row - middle_y))


class TileStore:
    """Pictures of tiles, the least recently shown dropped first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._images: OrderedDict[TileKey, QImage] = OrderedDict()
        self._fresh: set[TileKey] = set()
        self._bytes = 0
        self._most_bytes = most_bytes
        self._overview: tuple[MapView, QImage] | None = None

    def put(self, key: TileKey, image: QImage) -> None:
        """Keep a picture of the map as it is now."""
        old = self._images.pop(key, None)
        self._bytes += image.sizeInBytes() - (old.sizeInBytes() if old is not None else 0)
        self._images[key] = image
        self._fresh.add(key)
        while self._bytes > self._most_bytes and len(self._images) > 1:
            dropped, gone = self._images.popitem(last=False)
            self._fresh.discard(dropped)
            self._bytes -= gone.sizeInBytes()

    def put_overview(self, view: MapView, image: QImage) -> None:
        """Keep a small picture of everything: never let the user look into nothing."""
        self._overview = (view, image)

    def has(self, key: TileKey) -> bool:
        """Tell whether a tile is known as the map is now."""
        return key in self._fresh

    def age(self) -> None:
        """Note that the map has changed: what is known may be shown until it is drawn again."""
        self._fresh.clear()

    def clear(self) -> None:
        """Forget everything: another map."""
        self._images.clear()
        self._fresh.clear()
        self._bytes = 0
        self._overview = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is known of a view (in device pixels): other scales under the right one."""
        wanted = tiles_of(view)
        left, top = round(view.left / view.units_per_px), round(-view.top / view.units_per_px)
        missing = QRegion()
        for key in wanted:
            if key not in self._images:
                place = QRect(key.column * TILE_PX - left, key.row * TILE_PX - top, TILE_PX, TILE_PX)
                missing = missing.united(place)
        if not missing.isEmpty():
            painter.save()
            painter.setClipRegion(missing, Qt.ClipOperation.IntersectClip)
            self._paint_known(painter, view)
            painter.restore()
        for key in wanted:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
                painter.drawImage(key.column * TILE_PX - left, key.row * TILE_PX - top, image)

    def _paint_known(self, painter: QPainter, view: MapView) -> None:
        if self._overview is not None:
            lay(painter, self._overview[1], self._overview[0], view)
        for units in self._other_levels(view):
            for key in tiles_of(_same_area(view, units)):
                image = self._images.get(key)
                if image is not None:
                    lay(painter, image, tile_view(key, view), view)

    def _other_levels(self, view: MapView) -> Iterator[float]:
        """Return the scales shown last, the older ones first, none so fine that it means a thousand tiles."""
        recent: dict[float, None] = {}
        for key in reversed(self._images):
            finest = view.units_per_px / 8
            if key.units_per_px != view.units_per_px and key.units_per_px > finest:
                recent.setdefault(key.units_per_px)
            if len(recent) >= _MOST_OTHER_LEVELS:
                break
        yield from reversed(list(recent))


def _same_area(view: MapView, units_per_px: float) -> MapView:
    ratio = view.units_per_px / units_per_px
    return replace(
        view, units_per_px=units_per_px, width_px=view.width_px * ratio, height_px=view.height_px * ratio
    )


def place_of(part: MapView, view: MapView) -> QRectF:
    """Return where a picture of ``part`` lies in the pixels of ``view``."""
    left, bottom, right, top = part.bounds
    return QRectF(QPointF(*view.to_pixel(left, top)), QPointF(*view.to_pixel(right, bottom)))


def lay(painter: QPainter, image: QImage, part: MapView, view: MapView) -> None:
    """Paint a picture of ``part`` where it lies in ``view``; at the same scale pixel on pixel."""
    place = place_of(part, view)
    if part.units_per_px == view.units_per_px:
        painter.drawImage(place.topLeft().toPoint(), image)
    else:
        painter.drawImage(place, image)
