"""What share of each cell of a grid polygons cover: exact, from their edges, for many polygons at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.pictures.raster_model import Affine6
from layers.pictures.warp import inverse_affine

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
_NOTHING = 1e-12


@dataclass(frozen=True)
class GridEdges:
    """The edges of polygons, in columns (u) and rows (v) of a grid.

    Attributes
    ----------
    polygon : ndarray of int64, shape (edges,)
        Place of the polygon that an edge belongs to, rising.
    u0, v0, u1, v1 : ndarray of float64, shape (edges,)
        Ends of an edge, counted from the outer corner of the first cell. Edges without height are left out:
        they bound no share.
    """

    polygon: IntArray
    u0: FloatArray
    v0: FloatArray
    u1: FloatArray
    v1: FloatArray

    def taken(self, chosen: NDArray[np.bool_] | slice) -> GridEdges:
        """Return some of the edges."""
        return GridEdges(
            self.polygon[chosen], self.u0[chosen], self.v0[chosen], self.u1[chosen], self.v1[chosen]
        )


@dataclass(frozen=True)
class CellShares:
    """Cells that polygons cover: one by one along their boundaries, in runs of whole cells within.

    Attributes
    ----------
    polygon, row, column : ndarray of int64, shape (cells,)
    share : ndarray of float64, shape (cells,)
        Of the cell, 0 to 1.
    run_polygon, run_row, run_first, run_end : ndarray of int64, shape (runs,)
        Columns from ``run_first`` up to, not including, ``run_end`` are covered by ``run_share``.
    run_share : ndarray of float64, shape (runs,)
    """

    polygon: IntArray
    row: IntArray
    column: IntArray
    share: FloatArray
    run_polygon: IntArray
    run_row: IntArray
    run_first: IntArray
    run_end: IntArray
    run_share: FloatArray


def edges_on_grid(geometry: NDArray[np.object_], transform: Affine6) -> GridEdges:
    """Return the edges of polygons on a grid.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons and multipolygons in the grid's system; None, empty ones and other shapes have no edges. One
        that is not valid counts as GEOS makes it valid.
    transform : tuple of 6 floats
        From columns and rows to coordinates.
    """
    shapes = np.array(geometry, dtype=object)
    wrong = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[wrong] = shapely.make_valid(shapes[wrong])
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygons = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    rings, of_part = shapely.get_rings(parts[polygons], return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    a, b, c, d, e, f = inverse_affine(transform)
    u, v = a * points[:, 0] + b * points[:, 1] + c, d * points[:, 0] + e * points[:, 1] + f
    joined = np.flatnonzero(of_ring[1:] == of_ring[:-1])
    u0, v0, u1, v1, ring = u[joined], v[joined], u[joined + 1], v[joined + 1], of_ring[joined]
    turns = np.bincount(ring, weights=(u0 + u1) * (v1 - v0), minlength=len(rings)) > 0
    shell = np.diff(of_part, prepend=-1) != 0
    # shells have their inside right of a rising edge (in columns and rows), holes left of it
    turned = (turns == shell)[ring]
    u0, u1 = np.where(turned, u1, u0), np.where(turned, u0, u1)
    v0, v1 = np.where(turned, v1, v0), np.where(turned, v0, v1)
    rises = v0 != v1
    polygon = owner[polygons][of_part][ring].astype(np.int64)
    return GridEdges(polygon[rises], u0[rises], v0[rises], u1[rises], v1[rises])


def cell_shares(edges: GridEdges, rows: tuple[int, int], columns: int) -> CellShares:
    """Return the shares of cells in some rows of a grid.

    Every edge adds to the cell it crosses the area between itself and the cell's right side, and to all cells
    right of that its height: summed along a row, that is what lies within. The signs of shells and holes are
    opposite.

    Parameters
    ----------
    rows : tuple of int
        The first row, and the one after the last.
    columns : int
        Of the grid. What lies beside it is left out.
    """
    top, bottom = rows
    edges = edges.taken(
        (np.maximum(edges.v0, edges.v1) > top)
        & (np.minimum(edges.v0, edges.v1) < bottom)
        & (np.minimum(edges.u0, edges.u1) < columns)
    )
    owner, v0, u0, v1, u1 = _cut(edges.v0, edges.u0, edges.v1, edges.u1)
    row = np.floor((v0 + v1) / 2).astype(np.int64)
    inside = (row >= top) & (row < bottom)
    owner, row = owner[inside], row[inside]
    piece, u0, v0, u1, v1 = _cut(u0[inside], v0[inside], u1[inside], v1[inside])
    polygon, row = edges.polygon[owner[piece]], row[piece]
    middle = (u0 + u1) / 2
    column = np.clip(np.floor(middle), -1, columns).astype(np.int64)
    cover = v1 - v0
    within = cover * (column + 1 - middle)
    key = (polygon * (bottom - top) + row - top) * (columns + 2) + column + 1
    return _summed(key, cover, within, rows, columns)


def centre_counts(edges: GridEdges, size: tuple[int, int]) -> IntArray:
    """Return how many of the polygons cover the centre of each cell, shape ``size`` (rows, columns)."""
    rows, columns = size
    first = np.clip(np.ceil(np.minimum(edges.v0, edges.v1) - 0.5), 0, rows).astype(np.int64)
    end = np.clip(np.ceil(np.maximum(edges.v0, edges.v1) - 0.5), 0, rows).astype(np.int64)
    count = end - first
    owner = np.repeat(np.arange(len(count)), count)
    row = first[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    slant = (edges.u1 - edges.u0) / (edges.v1 - edges.v0)
    u = edges.u0[owner] + slant[owner] * (row + 0.5 - edges.v0[owner])
    column = np.clip(np.ceil(u - 0.5), 0, columns).astype(np.int64)
    # right of a rising edge is inside
    enters = np.where(edges.v1 > edges.v0, 1.0, -1.0)[owner]
    place = row * (columns + 1) + column
    steps = np.bincount(place, weights=enters, minlength=rows * (columns + 1))
    covered = np.cumsum(steps.reshape(rows, columns + 1), axis=1)[:, :columns]
    return np.rint(covered).astype(np.int64)


def _summed(
    key: IntArray, cover: FloatArray, within: FloatArray, rows: tuple[int, int], columns: int
) -> CellShares:
    """Add up what edges add to each cell, and follow each row of each polygon from left to right."""
    # neighbouring edges mostly lie in one cell: fewer are to be sorted
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    key, cover, within = key[starts], _added(cover, starts), _added(within, starts)
    order = np.argsort(key, kind="stable")
    key, cover, within = key[order], cover[order], within[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    key, cover, within = key[starts], _added(cover, starts), _added(within, starts)
    line, column = key // (columns + 2), key % (columns + 2) - 1
    polygon, row = line // (rows[1] - rows[0]), line % (rows[1] - rows[0]) + rows[0]
    first = np.diff(line, prepend=-1) != 0
    after = np.cumsum(cover)
    base = (after - cover)[first]
    after = after - np.repeat(base, np.diff(np.append(np.flatnonzero(first), len(line))))
    share = after - cover + within
    on_grid = (column >= 0) & (column < columns) & (np.abs(share) > _NOTHING)
    last = np.append(first[1:], True)
    end = np.where(last, columns, np.append(column[1:], columns))
    runs = (end > column + 1) & (np.abs(after) > _NOTHING) & (column < columns)
    return CellShares(
        polygon[on_grid],
        row[on_grid],
        column[on_grid],
        share[on_grid],
        polygon[runs],
        row[runs],
        column[runs] + 1,
        end[runs],
        after[runs],
    )


def _added(values: FloatArray, starts: IntArray) -> FloatArray:
    return np.add.reduceat(values, starts) if len(starts) else values


def _cut(
    a0: FloatArray, b0: FloatArray, a1: FloatArray, b1: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Cut edges where ``a`` is a whole number; return each piece's edge and its ends, in the edge's order."""
    low, high = np.floor(np.minimum(a0, a1)) + 1, np.ceil(np.maximum(a0, a1)) - 1
    crossings = np.maximum(high - low + 1, 0).astype(np.int64)
    owner = np.repeat(np.arange(len(a0)), crossings + 1)
    if len(owner) == len(a0):
        return owner, a0, b0, a1, b1
    place = np.arange(len(owner)) - np.repeat(np.cumsum(crossings + 1) - crossings - 1, crossings + 1)
    rising = (a1 > a0)[owner]
    line = np.where(rising, low[owner] + place, high[owner] - place)
    length = a1 - a0
    slant = np.divide(b1 - b0, length, out=np.zeros_like(length), where=length != 0)
    at_end = place == crossings[owner]
    end_a = np.where(at_end, a1[owner], line)
    end_b = np.where(at_end, b1[owner], b0[owner] + slant[owner] * (line - a0[owner]))
    start_a, start_b = np.roll(end_a, 1), np.roll(end_b, 1)
    begins = place == 0
    start_a[begins], start_b[begins] = a0, b0
    return owner, start_a, start_b, end_a, end_b
