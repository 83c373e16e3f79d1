"""Which feature covers the middle of each cell of a grid, found row of cells by row of cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.levels.model import NO_FEATURE, Cells
from layers.levels.topology import Rings

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_BYTES_PER_CELL = 4
_MOST_CELLS = 16_000_000
# Grids for smaller scales, each half as fine, cost a third more.
_PYRAMID = 4 / 3
# Of what the coordinates take.
_SHARE_OF_COORDS = 0.5
_SMALLEST_SIDE = 512
_EDGES_AT_ONCE = 1_000_000
# Where features are larger than this they are few enough to be drawn one by one.
_CELLS_PER_FEATURE = 256
# Features that lie upon each other are drawn class by class, which cells cannot show.
_OVERLAP = 1.02


class Grid:
    """The cells of a layer while they are being filled.

    Parameters
    ----------
    left, top : float
        East and north of the upper left corner.
    size : float
        Side of a cell.
    shape : tuple of int
        Lines and columns.
    """

    def __init__(self, left: float, top: float, size: float, shape: tuple[int, int]) -> None:
        self.size = size
        self.left, self.top = left, top
        self.down, self.across = shape
        self.rows = np.full(self.across * self.down, NO_FEATURE, dtype=np.int32)
        self.met = 0

    def fill(self, coords: FloatArray, offsets: IntArray, features: IntArray) -> None:
        """Write the features of some rings over what is there; rings of a feature come together.

        Parameters
        ----------
        coords, offsets
            Closed rings.
        features : ndarray of int64, shape (rings,)
            Row of each ring's feature, ascending.
        """
        line, east, row = self._crossings(coords, offsets, features)
        order = np.lexsort((east, line, row))  # a pair of crossings is a stretch inside one feature
        line, east, row = line[order], east[order], row[order]
        columns = np.clip(np.ceil(east - 0.5), 0, self.across).astype(np.int64)
        first, last = columns[::2], columns[1::2]
        places = offsets_of(last - first)
        self.met += int(places[-1])
        # of equal places the last one written stays: the later row
        self.rows[runs(line[::2] * self.across + first, places)] = np.repeat(row[::2], last - first)

    def _crossings(
        self, coords: FloatArray, offsets: IntArray, features: IntArray
    ) -> tuple[IntArray, FloatArray, IntArray]:
        """Return where edges cross the middle of rows: the row, columns from the left, the feature."""
        x = (coords[:, 0] - self.left) / self.size
        y = (self.top - coords[:, 1]) / self.size
        up = np.ceil(y - 0.5)  # the first row whose middle is not above a vertex
        edge = np.flatnonzero(up[:-1] != up[1:])
        ring = np.searchsorted(offsets, edge, side="right") - 1
        inside = edge + 1 < offsets[ring + 1]
        edge, ring = edge[inside], ring[inside]
        # always from the upper end: an edge of two neighbours gives both the very same crossing
        upper = np.where(y[edge] <= y[edge + 1], edge, edge + 1)
        lower = 2 * edge + 1 - upper
        start = up[upper].astype(np.int64)
        places = offsets_of(up[lower].astype(np.int64) - start)
        line = runs(start, places)
        of = np.repeat(np.arange(len(edge)), np.diff(places))
        upper, lower = upper[of], lower[of]
        share = (line + 0.5 - y[upper]) / (y[lower] - y[upper])
        east = x[upper] + share * (x[lower] - x[upper])
        within = (line >= 0) & (line < self.down)
        return line[within], east[within], features[ring[of]][within]

    def cells(self) -> Cells:
        """Return what was filled."""
        return Cells(self.size, self.left, self.top, self.rows.reshape(self.down, self.across))


def _cell_size(rings: Rings, bounds: tuple[float, float, float, float]) -> float:
    """Return the side of the finest cells that memory allows."""
    share = rings.coords.nbytes * _SHARE_OF_COORDS / _BYTES_PER_CELL / _PYRAMID
    most = min(_MOST_CELLS, share, _CELLS_PER_FEATURE * len(np.unique(rings.features)))
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    return max(float(np.sqrt(width * height / most)), max(width, height) / most)


def _halved(cells: Cells) -> Cells:
    """Return cells of twice the side, whose middles are the middles of every second cell."""
    aside = cells.size / 2
    rows = np.ascontiguousarray(cells.rows[::2, ::2])
    return Cells(2 * cells.size, cells.left - aside, cells.top + aside, rows)


def make_cells(
    rings: Rings, bounds: tuple[float, float, float, float], step: Callable[[float], None]
) -> tuple[Cells, ...]:
    """Return the cells of a layer, the finest first; none where they would not show it rightly.

    Parameters
    ----------
    rings : Rings
        Its rings, in the order of its rows.
    bounds : tuple of float
        Of all rings.
    step : callable
        Told the share done, 0 to 1; may raise to stop.
    """
    size = _cell_size(rings, bounds)
    if not np.isfinite(size) or size <= 0:
        return ()
    shape = int((bounds[3] - bounds[1]) / size) + 1, int((bounds[2] - bounds[0]) / size) + 1
    grid = Grid(bounds[0], bounds[3], size, shape)
    first = 0
    while first < len(rings):
        step(first / len(rings))
        last = _whole_features(rings, first)
        low, high = rings.offsets[first], rings.offsets[last]
        grid.fill(rings.coords[low:high], rings.offsets[first : last + 1] - low, rings.features[first:last])
        first = last
    if grid.met > _OVERLAP * np.count_nonzero(grid.rows != NO_FEATURE):
        return ()
    found = [grid.cells()]
    while min(found[-1].rows.shape) >= _SMALLEST_SIDE:
        found.append(_halved(found[-1]))
    return tuple(found)


def rows_in_cells(
    rings: Rings, cells: Cells, top: int, left: int, shape: tuple[int, ...]
) -> NDArray[np.int32]:
    """Return which of some features covers the middle of each cell of a part of a grid.

    Parameters
    ----------
    rings : Rings
        Of the features, in the order of their rows.
    top, left : int
        First line and column of the part.
    shape : tuple of int
        Its lines and columns.

    Returns
    -------
    ndarray of int32
        Row of the feature, ``NO_FEATURE`` for none.
    """
    corner = cells.left + left * cells.size, cells.top - top * cells.size
    grid = Grid(*corner, cells.size, (shape[0], shape[1]))
    if len(rings):
        grid.fill(rings.coords, rings.offsets, rings.features)
    return grid.cells().rows


def _whole_features(rings: Rings, first: int) -> int:
    """Return the ring after a batch of whole features that starts with a ring."""
    last = int(np.searchsorted(rings.offsets, rings.offsets[first] + _EDGES_AT_ONCE, side="right")) - 1
    last = min(max(last, first + 1), len(rings)) - 1
    if last == len(rings) - 1:
        return len(rings)
    start = int(np.searchsorted(rings.features, rings.features[last + 1]))
    return (
        start if start > first else int(np.searchsorted(rings.features, rings.features[first], side="right"))
    )
