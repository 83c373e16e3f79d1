"""A layer's own coordinate system and that of the map, and the way between the two."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import coordinate_change, metres_per_unit, transform_known_points

FloatArray = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

# the edges of a box are bent on their way: so many places on each are followed
_ALONG_EDGE = 9


@dataclass(frozen=True)
class Systems:
    """Where edits are thought out, and where they are seen.

    Attributes
    ----------
    layer, map : pyproj.CRS
    same : bool
        Coordinates are the same numbers in both.
    """

    layer: pyproj.CRS
    map: pyproj.CRS
    same: bool

    @classmethod
    def between(cls, layer: pyproj.CRS, map_: pyproj.CRS) -> Systems:
        """Return the pair.

        Raises
        ------
        CrsError
            When no way leads from the one to the other without guessing.
        """
        return cls(layer, map_, coordinate_change(layer, map_).is_identity)

    def to_map(self, points: FloatArray) -> FloatArray:
        """Return points of the layer on the map, shape (n, 2); NaN where the map cannot show them."""
        return points if self.same else _changed(points, self.layer, self.map)

    def to_layer(self, points: FloatArray) -> FloatArray:
        """Return points of the map in the layer's own system, shape (n, 2)."""
        return points if self.same else _changed(points, self.map, self.layer)

    def point_to_layer(self, x: float, y: float) -> tuple[float, float]:
        """Return one place of the map in the layer's own system."""
        if self.same:
            return x, y
        east, north = self.to_layer(np.array([[x, y]]))[0].tolist()
        return east, north

    def point_to_map(self, x: float, y: float) -> tuple[float, float]:
        """Return one place of the layer on the map."""
        if self.same:
            return x, y
        east, north = self.to_map(np.array([[x, y]]))[0].tolist()
        return east, north

    def bounds_in(self, bounds: Bounds, target: pyproj.CRS) -> Bounds | None:
        """Return a box that holds, in another system, a box of the map; None where it has none there."""
        return box_in(bounds, self.map, target)


def box_in(bounds: Bounds, source: pyproj.CRS, target: pyproj.CRS) -> Bounds | None:
    """Return what holds a box in another system; None where nothing of it has a place there.

    Raises
    ------
    CrsError
        When no way leads there without guessing.
    """
    if coordinate_change(source, target).is_identity:
        return bounds
    xmin, ymin, xmax, ymax = bounds
    share = np.linspace(0.0, 1.0, _ALONG_EDGE)
    x, y = np.meshgrid(xmin + (xmax - xmin) * share, ymin + (ymax - ymin) * share)
    moved = _changed(np.column_stack([x.ravel(), y.ravel()]), source, target)
    moved = moved[np.isfinite(moved).all(axis=1)]
    if not len(moved):
        return None
    (west, south), (east, north) = moved.min(axis=0).tolist(), moved.max(axis=0).tolist()
    return west, south, east, north


def unit_metres(crs: pyproj.CRS, y: float) -> tuple[float, float]:
    """Return how many metres a unit to the east and a unit to the north are, at a northing or latitude."""
    unit = metres_per_unit(crs)
    return (unit * cos(radians(y)), unit) if crs.is_geographic else (unit, unit)


def _changed(points: FloatArray, source: pyproj.CRS, target: pyproj.CRS) -> FloatArray:
    x, y = transform_known_points(points[:, 0], points[:, 1], source, target)
    return np.column_stack([x, y])
