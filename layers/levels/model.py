"""What coarser forms of a polygon layer consist of, and which of them serves a scale.

Boundaries are simplified once for both neighbours, so a level has neither gaps nor overlaps that the
layer itself does not have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]

# The bounds of so many lines are known together.
LINES_PER_BLOCK = 256
# Nobody's side of a line; nobody's cell.
NO_FEATURE = -1
# A level may be drawn where a pixel is so many times its tolerance, cells where a pixel holds so many across.
_PIXELS_PER_TOLERANCE = 3.0
_CELLS_PER_PIXEL = 1.7


@dataclass(frozen=True, eq=False)
class Level:
    """A layer's polygons simplified, and each boundary once.

    Rows are those of the layer's arrays. Coordinates are map units east and north of ``origin``.

    Attributes
    ----------
    tolerance : float
        How far a simplified boundary may lie from the real one, in map units.
    origin : tuple of float
        East and north.
    coords : ndarray of float32, shape (n, 2)
        Closed rings; a feature too small for the tolerance may have none.
    ring_offsets : ndarray of int64, shape (rings + 1,)
        Ring ``r`` is ``coords[ring_offsets[r]:ring_offsets[r + 1]]``.
    ring_starts : ndarray of int64, shape (features + 1,)
        First ring of each feature.
    line_coords : ndarray of float32, shape (m, 2)
        Boundaries, each once, in the order of the features beside them.
    line_offsets : ndarray of int64, shape (lines + 1,)
        Line ``i`` is ``line_coords[line_offsets[i]:line_offsets[i + 1]]``.
    line_sides : ndarray of int32, shape (lines, 2)
        The features left and right of a line as it runs; ``NO_FEATURE`` where there is none.
    block_bounds : ndarray of float64, shape (ceil(lines / LINES_PER_BLOCK), 4)
        xmin, ymin, xmax, ymax of each run of lines, in map coordinates.
    """

    tolerance: float
    origin: tuple[float, float]
    coords: NDArray[np.float32]
    ring_offsets: NDArray[np.int64]
    ring_starts: NDArray[np.int64]
    line_coords: NDArray[np.float32]
    line_offsets: NDArray[np.int64]
    line_sides: NDArray[np.int32]
    block_bounds: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Which feature covers the middle of each cell of a grid.

    Attributes
    ----------
    size : float
        Side of a cell in map units.
    left, top : float
        East and north of the upper left corner.
    rows : ndarray of int32, shape (down, across)
        Row of the feature, ``NO_FEATURE`` for none; where features overlap, the later row.
    """

    size: float
    left: float
    top: float
    rows: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Levels:
    """All coarser forms of a layer: levels by rising tolerance, cells by rising size."""

    levels: tuple[Level, ...] = ()
    cells: tuple[Cells, ...] = ()

    @property
    def is_partition(self) -> bool:
        """Whether features do not lie upon each other: where many do there are no cells."""
        return bool(self.cells)

    def level_at(self, units_per_px: float) -> Level | None:
        """Return the coarsest level that looks like the layer itself at a scale; None for none."""
        fit = [level for level in self.levels if level.tolerance * _PIXELS_PER_TOLERANCE <= units_per_px]
        return fit[-1] if fit else None

    def cells_at(self, units_per_px: float) -> Cells | None:
        """Return the coarsest cells that are fine enough for a scale; None for none."""
        fit = [cells for cells in self.cells if cells.size * _CELLS_PER_PIXEL <= units_per_px]
        return fit[-1] if fit else None
