"""From a level's arrays to rings in pixels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layers.levels import Level
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray, Rings, ranges
from ui.painting.view import MapView


def level_pixels(level: Level, coords: NDArray[np.float32], view: MapView) -> FloatArray:
    """Return pixels of a level's coordinates, which count from its origin."""
    east, north = level.origin
    found = np.empty((len(coords), 2))
    np.multiply(coords[:, 0], 1 / view.units_per_px, out=found[:, 0])
    np.multiply(coords[:, 1], -1 / view.units_per_px, out=found[:, 1])
    found += view.to_pixel(east, north)
    return found


def rings_of_level(level: Level, rows: IntArray, view: MapView, groups: IntArray) -> Rings:
    """Return the rings of features that do not reach far beyond the view.

    Parameters
    ----------
    groups : ndarray of int64
        The group of each row, ascending.
    """
    starts = level.ring_starts
    rings, _ = ranges(starts[rows], starts[rows + 1])
    places, offsets = ranges(level.ring_offsets[rings], level.ring_offsets[rings + 1])
    of_ring = np.repeat(groups, starts[rows + 1] - starts[rows])
    return Rings(level_pixels(level, level.coords[places], view), offsets, of_ring)


def far_rings_of_level(level: Level, row: int, view: MapView) -> list[FloatArray]:
    """Return the rings of one feature in pixels."""
    offsets = level.ring_offsets[level.ring_starts[row] : level.ring_starts[row + 1] + 1]
    return [level_pixels(level, level.coords[a:b], view) for a, b in pairwise(offsets.tolist())]
