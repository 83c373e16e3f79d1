"""Means of cells over polygons, and the cells under points: read in stripes, whatever the raster's size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.formats.raster import CellWindow
from layers.hilbert import hilbert_distances
from layers.pictures.raster_model import Affine6
from layers.pictures.warp import inverse_affine
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.rasters.cells import CellValues
from zsgis.analysis.rasters.shares import (
    CellShares,
    GridEdges,
    cell_shares,
    centre_counts,
    edges_on_grid,
)

FloatArray = NDArray[np.float64]
_CELLS_AT_ONCE = 4_000_000
# so many edges, or cells that they cross, are followed at once
_WORK_AT_ONCE = 500_000


@dataclass(frozen=True)
class CellMeans:
    """What cells say of polygons.

    Attributes
    ----------
    mean : ndarray of float64, shape (n,)
        Mean of the cells with a value, each weighing as much of it as the polygon covers; NaN where none has
        one.
    known : ndarray of float64, shape (n,)
        Share of the polygon's area on cells with a value, 0 to 1; NaN for one without area.
    """

    mean: FloatArray
    known: FloatArray


def cell_means(geometry: NDArray[np.object_], cells: CellValues, progress: Progress) -> CellMeans:
    """Return the mean of a raster over each polygon.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        In the raster's own system: cells are not resampled.
    """
    count = len(geometry)
    weight, total = np.zeros(count), np.zeros(count)
    batches = _batches(geometry, cells.transform)
    for number, places in enumerate(batches):
        edges = edges_on_grid(geometry[places], cells.transform)
        for done, window in _stripes(edges, cells.size):
            progress.step((number + done) / len(batches), _("Measuring cells"))
            covered, held = _sums(edges, window, cells.values(window), len(places))
            weight[places] += covered
            total[places] += held
    a, b, _c, d, e, _f = cells.transform
    area = np.nan_to_num(shapely.area(geometry)) / abs(a * e - b * d)
    known = np.divide(weight, area, out=np.full(count, np.nan), where=area > 0)
    mean = np.divide(total, weight, out=np.full(count, np.nan), where=weight > 0)
    return CellMeans(mean, np.clip(known, 0.0, 1.0))


def centres_inside(
    geometry: NDArray[np.object_], transform: Affine6, size: tuple[int, int], progress: Progress
) -> NDArray[np.bool_]:
    """Return the cells of a grid whose centres lie in any of the polygons, shape ``size`` (rows, columns)."""
    inside = np.zeros(size, dtype=np.bool_)
    batches = _batches(geometry, transform)
    for number, places in enumerate(batches):
        progress.step(number / len(batches), _("Measuring cells"))
        edges = edges_on_grid(geometry[places], transform)
        if len(edges.polygon):
            top = max(math.floor(min(edges.v0.min(), edges.v1.min())), 0)
            bottom = min(math.ceil(max(edges.v0.max(), edges.v1.max())), size[0])
            moved = GridEdges(edges.polygon, edges.u0, edges.v0 - top, edges.u1, edges.v1 - top)
            inside[top:bottom] |= centre_counts(moved, (max(bottom - top, 0), size[1])) > 0
    return inside


def cells_at(x: FloatArray, y: FloatArray, cells: CellValues, progress: Progress) -> FloatArray:
    """Return the value of the cell that each point lies in, shape (n,); NaN beside the raster.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        In the raster's own system.
    """
    a, b, c, d, e, f = inverse_affine(cells.transform)
    rows, columns = cells.size
    column, row = np.floor(a * x + b * y + c), np.floor(d * x + e * y + f)
    out = np.full(len(x), np.nan)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    if not inside.any():
        return out
    column, row = column[inside].astype(np.int64), row[inside].astype(np.int64)
    left, width = int(column.min()), int(column.max() - column.min()) + 1
    order = np.argsort(row, kind="stable")
    picked = np.empty(len(row))
    height = max(_CELLS_AT_ONCE // width, 1)
    top, bottom = int(row.min()), int(row.max()) + 1
    for first in range(top, bottom, height):
        progress.step((first - top) / (bottom - top), _("Measuring cells"))
        end = min(first + height, bottom)
        low, high = np.searchsorted(row[order], [first, end])
        mine = order[low:high]
        if len(mine):
            values = cells.values(CellWindow(left, first, width, end - first))
            picked[mine] = values[row[mine] - first, column[mine] - left]
    out[inside] = picked
    return out


def _batches(geometry: NDArray[np.object_], transform: Affine6) -> list[NDArray[np.int64]]:
    """Return the places of polygons, neighbours together, whose edges cross about so many cells."""
    bounds = shapely.bounds(geometry)
    there = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    bounds = bounds[there]
    order = np.argsort(hilbert_distances((bounds[:, :2] + bounds[:, 2:]) / 2), kind="stable")
    a, b, _c, d, e, _f = transform
    side = min(math.hypot(a, d), math.hypot(b, e))
    crossed = (
        shapely.get_num_coordinates(geometry[there]) + (bounds[:, 2:] - bounds[:, :2]).sum(axis=1) / side
    )
    batch = np.floor(np.cumsum(crossed[order]) / _WORK_AT_ONCE)
    return [part for part in np.split(there[order], np.flatnonzero(np.diff(batch)) + 1) if len(part)]


def _stripes(edges: GridEdges, size: tuple[int, int]) -> Iterator[tuple[float, CellWindow]]:
    """Yield windows of the raster's cells under some polygons, with the share of them that is done."""
    if not len(edges.polygon):
        return
    rows, columns = size
    top = max(math.floor(min(edges.v0.min(), edges.v1.min())), 0)
    bottom = min(math.ceil(max(edges.v0.max(), edges.v1.max())), rows)
    left = max(math.floor(min(edges.u0.min(), edges.u1.min())), 0)
    right = min(math.ceil(max(edges.u0.max(), edges.u1.max())), columns)
    if bottom <= top or right <= left:
        return
    height = max(_CELLS_AT_ONCE // (right - left), 1)
    for first in range(top, bottom, height):
        end = min(first + height, bottom)
        yield (first - top) / (bottom - top), CellWindow(left, first, right - left, end - first)


def _sums(
    edges: GridEdges, window: CellWindow, values: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """Return how many cells with a value each polygon covers in a window, and the sum of their values."""
    moved = GridEdges(edges.polygon, edges.u0 - window.column, edges.v0, edges.u1 - window.column, edges.v1)
    shares = cell_shares(moved, (window.row, window.row + window.height), window.width)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    row = shares.row - window.row
    covered = shares.share * known[row, shares.column]
    held = covered * filled[row, shares.column]
    along, along_held = _along(shares, window.row, known), _along(shares, window.row, filled)
    return (
        _by_polygon(shares.polygon, covered, count) + _by_polygon(shares.run_polygon, along, count),
        _by_polygon(shares.polygon, held, count) + _by_polygon(shares.run_polygon, along_held, count),
    )


def _by_polygon(polygon: NDArray[np.int64], values: FloatArray, count: int) -> FloatArray:
    return np.bincount(polygon, weights=values, minlength=count).astype(np.float64)


def _along(shares: CellShares, top: int, cells: NDArray[np.generic]) -> FloatArray:
    """Return the sum of cells along each run, times the share it covers."""
    summed = np.zeros((cells.shape[0], cells.shape[1] + 1))
    np.cumsum(cells, axis=1, dtype=np.float64, out=summed[:, 1:])
    row = shares.run_row - top
    found: FloatArray = shares.run_share * (summed[row, shares.run_end] - summed[row, shares.run_first])
    return found
