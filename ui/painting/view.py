"""Which part of the map is looked at, and at what size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class MapView:
    """A rectangle of pixels over the map; north is up, pixel (0, 0) is the upper left corner.

    Attributes
    ----------
    center_x, center_y : float
        Map coordinates of the middle (east, north).
    units_per_px : float
        Map units in one pixel of the painter's coordinate system.
    width_px, height_px : float
        Size in pixels.
    px_per_mm : float
        Pixels in a millimetre on paper or screen: turns symbol sizes into pixels.
    metres_per_unit : float
        1 for metres; about 111,320 for degrees. Only the scale's denominator needs it.
    """

    center_x: float
    center_y: float
    units_per_px: float
    width_px: float
    height_px: float
    px_per_mm: float = 96 / MM_PER_INCH
    metres_per_unit: float = 1.0

    @classmethod
    def at_scale(
        cls,
        center: tuple[float, float],
        denominator: float,
        size_px: tuple[float, float],
        *,
        px_per_mm: float,
        metres_per_unit: float = 1.0,
    ) -> MapView:
        """Return the view at 1:``denominator``."""
        units_per_px = denominator / px_per_mm / 1000 / metres_per_unit
        return cls(*center, units_per_px, *size_px, px_per_mm, metres_per_unit)

    @classmethod
    def fitting(
        cls,
        bounds: Bounds,
        size_px: tuple[float, float],
        *,
        px_per_mm: float = 96 / MM_PER_INCH,
        margin: float = 0.04,
        metres_per_unit: float = 1.0,
    ) -> MapView:
        """Return the view that shows all of ``bounds`` with a margin (share of the size) around."""
        xmin, ymin, xmax, ymax = bounds
        inner = 1 - 2 * margin
        units = max((xmax - xmin) / (size_px[0] * inner), (ymax - ymin) / (size_px[1] * inner))
        if units <= 0:  # a single point: a window of a hundred metres
            units = 100 / metres_per_unit / min(size_px)
        return cls((xmin + xmax) / 2, (ymin + ymax) / 2, units, *size_px, px_per_mm, metres_per_unit)

    @property
    def scale_denominator(self) -> float:
        """The number behind 1: of the scale."""
        return self.units_per_px * self.metres_per_unit * self.px_per_mm * 1000

    @property
    def left(self) -> float:
        """East coordinate of the left edge."""
        return self.center_x - self.width_px / 2 * self.units_per_px

    @property
    def top(self) -> float:
        """North coordinate of the upper edge."""
        return self.center_y + self.height_px / 2 * self.units_per_px

    @property
    def bounds(self) -> Bounds:
        """Map coordinates of the edges: xmin, ymin, xmax, ymax."""
        return self.bounds_with(0)

    def bounds_with(self, margin_px: float) -> Bounds:
        """Return the map coordinates of the edges moved outward by ``margin_px``."""
        half_x = (self.width_px / 2 + margin_px) * self.units_per_px
        half_y = (self.height_px / 2 + margin_px) * self.units_per_px
        return self.center_x - half_x, self.center_y - half_y, self.center_x + half_x, self.center_y + half_y

    def to_pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel of a map point."""
        return (x - self.left) / self.units_per_px, (self.top - y) / self.units_per_px

    def to_map(self, px: float, py: float) -> tuple[float, float]:
        """Return the map point under a pixel."""
        return self.left + px * self.units_per_px, self.top - py * self.units_per_px

    def pixels(self, coords: FloatArray) -> FloatArray:
        """Return the pixels of map points, shape (n, 2)."""
        found = np.empty((len(coords), 2))
        np.subtract(coords[:, 0], self.left, out=found[:, 0])
        np.subtract(self.top, coords[:, 1], out=found[:, 1])
        found /= self.units_per_px
        return found

    def zoomed(self, factor: float, about_px: tuple[float, float] | None = None) -> MapView:
        """Return the view enlarged by ``factor``; the map point under ``about_px`` stays there."""
        px, py = about_px or (self.width_px / 2, self.height_px / 2)
        x, y = self.to_map(px, py)
        units = self.units_per_px / factor
        return replace(
            self,
            center_x=x + (self.width_px / 2 - px) * units,
            center_y=y - (self.height_px / 2 - py) * units,
            units_per_px=units,
        )

    def panned(self, dx_px: float, dy_px: float) -> MapView:
        """Return the view after the map was moved by so many pixels to the right and down."""
        return replace(
            self,
            center_x=self.center_x - dx_px * self.units_per_px,
            center_y=self.center_y + dy_px * self.units_per_px,
        )

    def resized(self, width_px: float, height_px: float) -> MapView:
        """Return the view with the same middle and scale in another size."""
        return replace(self, width_px=width_px, height_px=height_px)

    def at_ratio(self, ratio: float) -> MapView:
        """Return the same part of the map with ``ratio`` times as many pixels each way."""
        return replace(
            self,
            units_per_px=self.units_per_px / ratio,
            width_px=self.width_px * ratio,
            height_px=self.height_px * ratio,
            px_per_mm=self.px_per_mm * ratio,
        )
