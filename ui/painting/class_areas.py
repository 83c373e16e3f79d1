"""The polygons of a view by class, gathered once for fills, hatches and outlines."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainterPath, QPolygonF

from layers.drawable import DrawableLayer
from layers.levels import Level
from ui.painting.clip import FloatArray, clip_ring
from ui.painting.level_rings import far_rings_of_level, rings_of_level
from ui.painting.paths import path_of, polygon, whole_path
from ui.painting.rings import GRID_PX, IntArray, Rings, far_rings, near_rings, near_view, reach
from ui.painting.view import MapView

# More at once cost more: Qt sorts all edges of a polygon.
_RINGS_AT_ONCE = 512


class ClassAreas:
    """Some features of a layer as rings in pixels, class after class.

    Parameters
    ----------
    level : Level or None
        Whose rings; None takes the layer's own.
    rows : ndarray of int64
        The features that meet the view.
    codes : collection of int
        Which classes are wanted; -1 is no class.
    view : MapView
        In whose pixels; may be finer than what is painted.
    finer : float
        How many of them make a pixel that is painted.
    """

    def __init__(
        self,
        layer: DrawableLayer,
        level: Level | None,
        rows: IntArray,
        codes: Collection[int],
        view: MapView,
        finer: float,
    ) -> None:
        self._layer, self._level, self._view = layer, level, view
        ordered, groups, self._numbers = _by_code(layer, rows, codes)
        near = near_view(layer, ordered, view)
        # a group of rings is a feature: a hole is not to be parted from what it lies in
        self._near_groups = groups[near]
        features = np.arange(len(self._near_groups))
        if level is not None:
            self._rings = rings_of_level(level, ordered[near], view, features)
        else:
            self._rings = near_rings(
                layer, ordered[near], view, fewest=2, groups=features, grid_px=finer * GRID_PX
            )
        self._far, self._far_groups = ordered[~near], groups[~near]

    @property
    def codes(self) -> list[int]:
        """The classes there are, -1 first."""
        return list(self._numbers)

    def path(self, code: int, scale: float = 1.0) -> QPainterPath:
        """Return a class as one path; what reaches far out is cut to what Qt can count.

        Parameters
        ----------
        scale : float
            Pixels of the path in a pixel of the view.
        """
        xy, offsets = self.near(code)
        path = whole_path(xy if scale == 1.0 else xy * scale, offsets)
        path.setFillRule(Qt.FillRule.WindingFill)
        for part in self.far_paths(code, scale):
            path.addPath(part)
        return path

    def near(self, code: int) -> tuple[FloatArray, IntArray]:
        """Return the points of a class's rings near the view, and the offsets of the rings."""
        return self._rings.between(*self._features_of(code))

    def polygons(self, code: int) -> Iterator[QPolygonF]:
        """Return the rings of a class near the view, to be filled by winding, some hundred to a polygon.

        It fills what the rings fill: from the end of each it goes on to the next, and back in the end the way
        it came, so that what joins them encloses nothing. Qt fills such polygons three times as fast.
        """
        first, end = self._features_of(code)
        for start, stop in self._rings.stretches(first, end, _RINGS_AT_ONCE):
            xy, offsets = self._rings.between(start, stop)
            yield polygon(np.concatenate([xy, xy[offsets[-2::-1]]]))

    def far_paths(self, code: int, scale: float = 1.0) -> Iterator[QPainterPath]:
        """Return each feature of a class that reaches far out, cut to what Qt can count."""
        rect = reach(self._view)
        for rings in self.far(code):
            cut = [clip_ring(ring, rect) * scale for ring in rings]
            yield path_of(Rings.of([ring for ring in cut if len(ring)]))

    def _features_of(self, code: int) -> tuple[int, int]:
        number = self._numbers[code]
        first, end = np.searchsorted(self._near_groups, [number, number + 1]).tolist()
        return first, end

    def far(self, code: int) -> list[list[FloatArray]]:
        """Return the rings of each feature of a class that reaches far beyond the view."""
        rows = self._far[self._far_groups == self._numbers[code]].tolist()
        if self._level is not None:
            return [far_rings_of_level(self._level, row, self._view) for row in rows]
        return [far_rings(self._layer, row, self._view) for row in rows]


def _by_code(
    layer: DrawableLayer, rows: IntArray, codes: Collection[int]
) -> tuple[IntArray, NDArray[np.int64], dict[int, int]]:
    """Return the rows of some classes in the classes' order, the group of each, and each class's group."""
    found = layer.class_index[rows]
    wanted = np.zeros(len(layer.style.rules) + 1, dtype=bool)
    wanted[list(codes)] = True
    kept = wanted[found]
    rows, found = rows[kept], found[kept]
    order = np.argsort(found, kind="stable")
    present, groups = np.unique(found[order], return_inverse=True)
    numbers = {code: number for number, code in enumerate(present.tolist())}
    return rows[order], groups.astype(np.int64), numbers
