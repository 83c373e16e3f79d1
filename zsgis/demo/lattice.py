"""The lattice under the land: every tile is three by three cells whose inner nodes are shifted by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.chance import stream
from zsgis.demo.towns import TILE_M, Tiles

CELLS_PER_TILE = 3
CELL_M = TILE_M / CELLS_PER_TILE
_SHIFT_M = 95.0


@dataclass(frozen=True)
class Lattice:
    """Nodes and cells; cells outside the city are not listed.

    Attributes
    ----------
    nodes : ndarray, shape (rows + 1, columns + 1, 2)
        East and north in metres, on a grid of 1 mm. Nodes on a tile's edge move along it only.
    number : ndarray of int64, shape (rows, columns)
        The cell's number, -1 outside the city.
    row, column : ndarray of int64, shape (cells,)
        Where a cell is.
    town : ndarray of int64, shape (cells,)
        Index of the cell's town.
    """

    nodes: NDArray[np.float64]
    number: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    town: NDArray[np.int64]

    @property
    def quads(self) -> NDArray[np.float64]:
        """Corners of every cell, shape (cells, 4, 2): south-west, south-east, north-east, north-west."""
        r, c = self.row, self.column
        return np.stack(
            [self.nodes[r, c], self.nodes[r, c + 1], self.nodes[r + 1, c + 1], self.nodes[r + 1, c]], axis=1
        )

    @property
    def centers(self) -> NDArray[np.float64]:
        """Mean of the corners of every cell, shape (cells, 2)."""
        centers: NDArray[np.float64] = self.quads.mean(axis=1)
        return centers


def lay_lattice(tiles: Tiles, seed: int) -> Lattice:
    """Lay the cells of all tiles, with one shared set of nodes so that neighbours fit exactly."""
    cell_town = np.repeat(np.repeat(tiles.town, CELLS_PER_TILE, axis=0), CELLS_PER_TILE, axis=1)
    rows, columns = cell_town.shape
    shift = stream(seed, "lattice").uniform(-_SHIFT_M, _SHIFT_M, size=(rows + 1, columns + 1, 2))
    shift[:, ::CELLS_PER_TILE, 0] = 0.0
    shift[::CELLS_PER_TILE, :, 1] = 0.0
    east, north = np.meshgrid(
        tiles.west + np.arange(columns + 1) * CELL_M, tiles.south + np.arange(rows + 1) * CELL_M
    )
    nodes = np.round(np.stack([east, north], axis=-1) + shift, 3)
    row, column = np.nonzero(cell_town >= 0)
    number = np.full(cell_town.shape, -1, dtype=np.int64)
    number[row, column] = np.arange(row.size)
    return Lattice(nodes, number, row, column, cell_town[row, column])


@dataclass(frozen=True)
class Edges:
    """The edges between cells: end points, the cell on either side (-1 outside), and tile borders marked."""

    ends: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    on_tile_border: NDArray[np.bool_]


def cell_edges(lattice: Lattice) -> Edges:
    """List every edge that has a cell of the city on at least one side."""
    framed = np.pad(lattice.number, 1, constant_values=-1)
    nodes = lattice.nodes
    # a flat edge lies between the cell below and the cell above it, an upright one between left and right
    flat = np.stack([nodes[:, :-1], nodes[:, 1:]], axis=2)
    below, above = framed[:-1, 1:-1], framed[1:, 1:-1]
    upright = np.stack([nodes[:-1], nodes[1:]], axis=2)
    left, right = framed[1:-1, :-1], framed[1:-1, 1:]
    flat_border = np.broadcast_to(np.arange(flat.shape[0])[:, None] % CELLS_PER_TILE == 0, below.shape)
    upright_border = np.broadcast_to(np.arange(upright.shape[1])[None] % CELLS_PER_TILE == 0, left.shape)
    ends = np.concatenate([flat.reshape(-1, 2, 2), upright.reshape(-1, 2, 2)])
    first = np.concatenate([below.ravel(), left.ravel()])
    second = np.concatenate([above.ravel(), right.ravel()])
    border = np.concatenate([flat_border.ravel(), upright_border.ravel()])
    used = (first >= 0) | (second >= 0)
    return Edges(ends[used], first[used], second[used], border[used])
