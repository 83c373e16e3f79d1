"""From a level's arrays to rings and lines in pixels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layers.levels import LINES_PER_BLOCK, Level
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray, Rings, ranges
from ui.painting.view import MapView


def _pixels(level: Level, coords: NDArray[np.float32], view: MapView) -> FloatArray:
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
    return Rings(_pixels(level, level.coords[places], view), offsets, of_ring)


def far_rings_of_level(level: Level, row: int, view: MapView) -> list[FloatArray]:
    """Return the rings of one feature in pixels."""
    offsets = level.ring_offsets[level.ring_starts[row] : level.ring_starts[row + 1] + 1]
    return [_pixels(level, level.coords[a:b], view) for a, b in pairwise(offsets.tolist())]


def lines_in(level: Level, view: MapView, margin_px: float) -> IntArray:
    """Return the lines of all blocks that meet the view, ascending."""
    xmin, ymin, xmax, ymax = view.bounds_with(margin_px)
    boxes = level.block_bounds
    meets = (boxes[:, 0] <= xmax) & (boxes[:, 2] >= xmin) & (boxes[:, 1] <= ymax) & (boxes[:, 3] >= ymin)
    firsts = np.flatnonzero(meets) * LINES_PER_BLOCK
    lines = (firsts[:, None] + np.arange(LINES_PER_BLOCK)).ravel()
    return lines[lines < len(level.line_offsets) - 1]


def line_pixels(level: Level, lines: IntArray, view: MapView) -> tuple[FloatArray, IntArray]:
    """Return the points of some lines one behind the other, in pixels, and the offsets of each line."""
    places, offsets = ranges(level.line_offsets[lines], level.line_offsets[lines + 1])
    return _pixels(level, level.line_coords[places], view), offsets
