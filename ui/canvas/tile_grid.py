"""The picture in pieces: which tiles a view needs, and where they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRect, QRectF
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import Bounds
from ui.painting.view import MapView

# A view just come to a scale is divided into tiles of about this size, none of which reaches beyond it.
_WIDTH_PX, _HEIGHT_PX = 640, 540
# Steps of scale: so many to a doubling. Coming back to a scale finds its tiles again.
STEPS_PER_DOUBLING = 16


@dataclass(frozen=True, order=True)
class TileKey:
    """A tile: its scale (map units per device pixel) and its place in pixels of that scale.

    Pixels count right and down from the map's origin.
    """

    units_per_px: float
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class TileGrid:
    """How a scale is divided into tiles: one corner and the size of all."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def fitting(cls, view: MapView) -> TileGrid:
        """Return the grid in which a view (in device pixels) is a whole number of tiles."""
        left, top = corner(view)
        across = max(round(view.width_px / _WIDTH_PX), 1)
        down = max(round(view.height_px / _HEIGHT_PX), 1)
        width, height = math.ceil(view.width_px / across), math.ceil(view.height_px / down)
        return cls(left, top, max(width, 1), max(height, 1))

    def tiles(self, view: MapView, ring: int = 0) -> list[TileKey]:
        """Return the tiles that cover a view, nearest to the middle first.

        Parameters
        ----------
        ring : int
            How many rows and columns of tiles around the view are added.
        """
        left, top = corner(view)
        hair = 0.01  # an edge that lies on the grid must not ask for a row of nothing
        first_x = math.floor((left - self.left + hair) / self.width) - ring
        last_x = math.floor((left - self.left + view.width_px - hair) / self.width) + ring
        first_y = math.floor((top - self.top + hair) / self.height) - ring
        last_y = math.floor((top - self.top + view.height_px - hair) / self.height) + ring
        keys = [
            TileKey(
                view.units_per_px,
                self.left + column * self.width,
                self.top + row * self.height,
                self.width,
                self.height,
            )
            for row in range(first_y, last_y + 1)
            for column in range(first_x, last_x + 1)
        ]
        middle_x, middle_y = left + (view.width_px - self.width) / 2, top + (view.height_px - self.height) / 2
        return sorted(keys, key=lambda key: math.hypot(key.left - middle_x, key.top - middle_y))


def stepped(units_per_px: float, steps: int = 0) -> float:
    """Return the scale of the ladder next to a given one, ``steps`` coarser (or finer when negative)."""
    return float(2.0 ** ((round(math.log2(units_per_px) * STEPS_PER_DOUBLING) + steps) / STEPS_PER_DOUBLING))


def coarser_step(units_per_px: float) -> float:
    """Return the first scale of the ladder at which as much is seen as at the given one."""
    step = math.ceil(math.log2(units_per_px) * STEPS_PER_DOUBLING - 1e-9)
    return float(2.0 ** (step / STEPS_PER_DOUBLING))


def corner(view: MapView) -> tuple[int, int]:
    """Return the pixel of its scale that is a view's upper left one."""
    return round(view.left / view.units_per_px), round(-view.top / view.units_per_px)


def aligned(view: MapView) -> MapView:
    """Return the view moved by less than a pixel so that tiles fall on whole pixels."""
    units = view.units_per_px
    left, top = round(view.left / units) * units, round(view.top / units) * units
    return replace(view, center_x=left + view.width_px / 2 * units, center_y=top - view.height_px / 2 * units)


def tile_view(key: TileKey, view: MapView) -> MapView:
    """Return the view of one tile, with the symbol sizes of ``view``."""
    units = key.units_per_px
    return MapView(
        (key.left + key.width / 2) * units,
        -(key.top + key.height / 2) * units,
        units,
        key.width,
        key.height,
        view.px_per_mm,
        view.metres_per_unit,
    )


def tile_bounds(key: TileKey, margin_px: float) -> Bounds:
    """Return the map coordinates of a tile's edges moved outward by ``margin_px``: xmin, ymin, xmax, ymax."""
    units = key.units_per_px
    return (
        (key.left - margin_px) * units,
        -(key.top + key.height + margin_px) * units,
        (key.left + key.width + margin_px) * units,
        -(key.top - margin_px) * units,
    )


def place_of(part: MapView, view: MapView) -> QRectF:
    """Return where a picture of ``part`` lies in the pixels of ``view``."""
    left, bottom, right, top = part.bounds
    return QRectF(QPointF(*view.to_pixel(left, top)), QPointF(*view.to_pixel(right, bottom)))


def pixel_place(key: TileKey, view: MapView) -> QRect:
    """Return where a tile lies in the pixels of a view of the same scale."""
    left, top = corner(view)
    return QRect(key.left - left, key.top - top, key.width, key.height)


def lay(painter: QPainter, image: QImage, part: MapView, view: MapView) -> None:
    """Paint a picture of ``part`` where it lies in ``view``; at the same scale pixel on pixel."""
    place = place_of(part, view)
    if part.units_per_px == view.units_per_px:
        painter.drawImage(place.topLeft().toPoint(), image)
    else:
        painter.drawImage(place, image)
