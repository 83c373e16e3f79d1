"""The boundaries of some features of a level, each once, in pixels: for fills and outlines alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.drawable import DrawableLayer
from layers.levels import LINES_PER_BLOCK, NO_FEATURE, Level
from ui.painting.clip import FloatArray
from ui.painting.level_rings import level_pixels
from ui.painting.qlines import FARTHEST_PX, SEGMENTS_AT_ONCE, QLines, qlines
from ui.painting.rings import IntArray, ranges
from ui.painting.view import Bounds, MapView

_POINTS_OF_A_SEGMENT = 2


@dataclass(frozen=True, eq=False)
class LevelLines:
    """Lines of a level.

    Attributes
    ----------
    level : Level
    view : MapView
        In whose pixels.
    lines : ndarray of int64, shape (n,)
        Ascending.
    sides : ndarray of int32, shape (n, 2)
        The features left and right of each line, ``NO_FEATURE`` where there is none.
    filled : ndarray of int32, shape (n, 2)
        The same without those that are not to be filled.
    """

    level: Level
    view: MapView
    lines: IntArray
    sides: NDArray[np.int32]
    filled: NDArray[np.int32]

    @cached_property
    def segments(self) -> FloatArray:
        """Each segment of the lines: x and y of both ends, in pixels, shape (segments, 4)."""
        firsts = _firsts(self.level, self.lines)
        found = np.empty((len(firsts), 4))
        _put_segments(self.level, firsts, self.view, found)
        return found

    def segments_of(self, chosen: NDArray[np.bool_]) -> Iterator[QLines]:
        """Return the segments of some of the lines, some ten thousand at a time.

        They come in stretches that fit a processor's cache: a million at once take twice as long.
        """
        firsts = _firsts(self.level, self.lines[chosen])
        for start in range(0, len(firsts), SEGMENTS_AT_ONCE):
            part = firsts[start : start + SEGMENTS_AT_ONCE]
            array, memory = qlines(len(part))
            _put_segments(self.level, part, self.view, memory)
            if max(memory.max(), -memory.min()) > FARTHEST_PX:  # Qt cannot count very far coordinates
                near = memory[np.abs(memory).max(axis=1) <= FARTHEST_PX]
                array, memory = qlines(len(near))
                memory[:] = near
            yield array

    def of_segments(self, of_lines: NDArray[Any]) -> NDArray[Any]:
        """Return for each segment what is given for each line."""
        if len(self.segments) == len(of_lines):
            return of_lines
        offsets = self.level.line_offsets
        return np.repeat(of_lines, offsets[self.lines + 1] - offsets[self.lines] - 1, axis=0)


def lines_in(level: Level, view: MapView, margin_px: float) -> LevelLines:
    """Return the lines of all blocks that meet the view with its margin."""
    lines = _in_blocks(level, view.bounds_with(margin_px))
    sides = level.line_sides[lines]
    return LevelLines(level, view, lines, sides, sides)


def lines_beside(
    layer: DrawableLayer, level: Level, rows: IntArray, view: MapView, margin_px: float
) -> LevelLines:
    """Return the lines beside some features, which are to be filled, but for those above and below the view.

    Parameters
    ----------
    rows : ndarray of int64
        The features that meet the view with its margin.
    """
    wanted = np.zeros(len(layer) + 1, dtype=bool)  # the last entry serves NO_FEATURE
    wanted[rows] = True
    west = layer.bounds[rows, 0].min(initial=np.inf) - level.tolerance
    east = layer.bounds[rows, 2].max(initial=-np.inf) + level.tolerance
    _xmin, south, _xmax, north = view.bounds_with(margin_px)
    lines = _in_blocks(level, (west, south, east, north))
    sides = level.line_sides[lines]
    mine = wanted[sides]
    beside = mine.any(axis=1)
    lines, sides, mine = lines[beside], sides[beside], mine[beside]
    return LevelLines(level, view, lines, sides, np.where(mine, sides, np.int32(NO_FEATURE)))


def _in_blocks(level: Level, bounds: Bounds) -> IntArray:
    """Return the lines of all blocks that meet the given bounds."""
    xmin, ymin, xmax, ymax = bounds
    boxes = level.block_bounds
    meets = (boxes[:, 0] <= xmax) & (boxes[:, 2] >= xmin) & (boxes[:, 1] <= ymax) & (boxes[:, 3] >= ymin)
    firsts = np.flatnonzero(meets) * LINES_PER_BLOCK
    lines = (firsts[:, None] + np.arange(LINES_PER_BLOCK)).ravel()
    return lines[lines < len(level.line_offsets) - 1]


def _firsts(level: Level, lines: IntArray) -> IntArray:
    """Return the first point of each segment of some lines."""
    starts, ends = level.line_offsets[lines], level.line_offsets[lines + 1]
    if int((ends - starts).max(initial=0)) <= _POINTS_OF_A_SEGMENT:  # so are those of coarse levels
        return starts
    return ranges(starts, ends - 1)[0]


def _put_segments(level: Level, firsts: IntArray, view: MapView, found: FloatArray) -> None:
    """Write the segments that begin with some points of a level's lines."""
    points = np.ascontiguousarray(level.line_coords).view(np.complex64)[:, 0]
    left, top = view.to_pixel(*level.origin)
    for end in (0, 1):
        at = points[firsts + end]
        x, y = found[:, 2 * end], found[:, 2 * end + 1]
        np.multiply(at.real, 1 / view.units_per_px, out=x)
        np.multiply(at.imag, -1 / view.units_per_px, out=y)
        x += left
        y += top


def line_pixels(level: Level, lines: IntArray, view: MapView) -> tuple[FloatArray, IntArray]:
    """Return the points of some lines one behind the other, in pixels, and the offsets of each line."""
    places, offsets = ranges(level.line_offsets[lines], level.line_offsets[lines + 1])
    return level_pixels(level, level.line_coords[places], view), offsets
