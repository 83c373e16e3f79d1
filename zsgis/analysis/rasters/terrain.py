"""What a terrain model says beside its slopes: how high the ground rises around a cell, and its grade."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.formats.raster import CellWindow
from layers.pictures.raster_model import Affine6
from zsgis.analysis.rasters.cells import FloatArray, SlopeCells, with_border


class ReliefCells:
    """The relief (地形起伏度) around each cell: the highest less the lowest height in a square, in metres.

    The square has the cell in its middle and an odd number of cells a side, as near to ``window_m`` as that
    can be. Cells without a height, and those beside the raster, do not count; a cell without one of its own
    has no relief.

    Parameters
    ----------
    slopes : SlopeCells
        Of the model; it knows what heights and cells are in metres.
    window_m : float
        Side of the square.
    """

    def __init__(self, slopes: SlopeCells, window_m: float) -> None:
        self._slopes = slopes
        across, down = slopes.cell_m
        self._columns, self._rows = _reach(window_m, across), _reach(window_m, down)
        self.crs: pyproj.CRS = slopes.crs
        self.transform: Affine6 = slopes.transform
        self.size = slopes.size

    @property
    def square(self) -> tuple[int, int]:
        """Rows and columns of the square."""
        return 2 * self._rows + 1, 2 * self._columns + 1

    def values(self, window: CellWindow) -> FloatArray:
        """Return the relief of a window; NaN where a cell holds no height."""
        from scipy.ndimage import maximum_filter, minimum_filter

        heights = with_border(self._slopes.heights, window, self._rows, self._columns)
        none = np.isnan(heights)
        inner = (
            slice(self._rows, self._rows + window.height),
            slice(self._columns, self._columns + window.width),
        )
        high = maximum_filter(np.where(none, -np.inf, heights), size=self.square, mode="nearest")[inner]
        low = minimum_filter(np.where(none, np.inf, heights), size=self.square, mode="nearest")[inner]
        out: FloatArray = np.where(none[inner], np.nan, (high - low) * self._slopes.metres_per_height)
        return out


def _reach(window_m: float, cell_m: float) -> int:
    """Return how many cells a square reaches beyond its middle, one at least."""
    return max(round((window_m / cell_m - 1) / 2), 1)


class Grading(Protocol):
    """How slope and relief make a score."""

    def graded(self, slope: FloatArray, relief: FloatArray) -> NDArray[np.float64]:
        """Return the scores of slopes in degrees and reliefs in metres, NaN where either is not known."""
        ...


class GradeCells:
    """The score of each cell by the class of its slope, lowered by the relief around it.

    Parameters
    ----------
    slopes : SlopeCells
        In degrees.
    """

    def __init__(self, slopes: SlopeCells, relief: ReliefCells, grading: Grading) -> None:
        self._slopes, self.relief, self._grading = slopes, relief, grading
        self.crs: pyproj.CRS = slopes.crs
        self.transform: Affine6 = slopes.transform
        self.size = slopes.size

    def values(self, window: CellWindow) -> FloatArray:
        """Return the scores of a window; NaN where slope or relief is not known."""
        return self._grading.graded(self._slopes.values(window), self.relief.values(window))
