"""Towns as heaps of square tiles about their points: outlines stepped so that nobody takes them for real."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.seeds import Towns

TILE_M = 1500.0
CITY_AREA_M2 = 1783.67e6
# Filling the notches between towns adds tiles afterwards; the claims start that much smaller.
_BEFORE_FILLING = 0.96
_MARGIN_M = 7500.0
_ROUNDS = 260


@dataclass(frozen=True)
class Tiles:
    """The grid of square tiles.

    Attributes
    ----------
    west, south : float
        Lower left corner of the grid in EPSG:4547, metres; multiples of the tile.
    town : ndarray of int64, shape (rows, columns)
        Index of the tile's town, -1 outside the city; row 0 is the southernmost.
    """

    west: float
    south: float
    town: NDArray[np.int64]

    def centers(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return east and north of every tile's centre, each of the grid's shape, in metres."""
        rows, columns = self.town.shape
        east, north = np.meshgrid(
            self.west + (np.arange(columns) + 0.5) * TILE_M, self.south + (np.arange(rows) + 0.5) * TILE_M
        )
        return east, north

    def town_at(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the index of the town at each place, -1 outside the city."""
        column = np.floor((east - self.west) / TILE_M).astype(np.int64)
        row = np.floor((north - self.south) / TILE_M).astype(np.int64)
        rows, columns = self.town.shape
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        found = np.full(column.shape, -1, dtype=np.int64)
        found[inside] = self.town[row[inside], column[inside]]
        return found


def lay_tiles(towns: Towns) -> Tiles:
    """Give each tile to a town so that towns come close to their target areas.

    Each town claims the discs about its points; where discs meet, the distance in radii decides. The claims
    grow and shrink until every town has about its number of tiles; the best of the rounds is kept, then
    holes are filled and stray tiles go to the neighbour they lie in.
    """
    target = towns.area_target_m2 * (_BEFORE_FILLING * CITY_AREA_M2 / towns.area_target_m2.sum()) / TILE_M**2
    low = np.floor((towns.points.min(axis=0) - _MARGIN_M) / TILE_M) * TILE_M
    columns, rows = np.ceil((towns.points.max(axis=0) + _MARGIN_M - low) / TILE_M).astype(int)
    grid = Tiles(float(low[0]), float(low[1]), np.full((rows, columns), -1, dtype=np.int64))
    east, north = grid.centers()
    distance = np.full((len(towns.names), rows, columns), np.inf)
    for (x, y), town in zip(towns.points, towns.point_town, strict=True):
        distance[town] = np.minimum(distance[town], (east - x) ** 2 + (north - y) ** 2)
    tile_town = _balance(distance, target)
    return Tiles(grid.west, grid.south, _tidy(tile_town))


def _balance(distance: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.int64]:
    claim = target * TILE_M**2 / np.pi
    best_error = np.inf
    best = np.empty(distance.shape[1:], dtype=np.int64)
    for turn in range(_ROUNDS):
        power = distance / claim[:, None, None] - 1.0
        nearest = power.argmin(axis=0)
        tile_town = np.where(power.min(axis=0) < 0.0, nearest, -1)
        count = np.bincount(tile_town[tile_town >= 0], minlength=len(target))
        error = target - count
        if np.abs(error).sum() < best_error:
            best_error, best = float(np.abs(error).sum()), tile_town
        claim = claim * (1 + error / target * (0.3 / (1 + turn / 100)))
    return best


def _neighbours(tile_town: NDArray[np.int64]) -> NDArray[np.int64]:
    framed = np.pad(tile_town, 1, constant_values=-1)
    return np.stack([framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:]])


def _neighbours8(tile_town: NDArray[np.int64]) -> NDArray[np.int64]:
    framed = np.pad(tile_town, 1, constant_values=-1)
    corners = np.stack([framed[:-2, :-2], framed[:-2, 2:], framed[2:, :-2], framed[2:, 2:]])
    return np.concatenate([_neighbours(tile_town), corners])


def _tidy(tile_town: NDArray[np.int64]) -> NDArray[np.int64]:
    town = tile_town.copy()
    for _round in range(8):
        around = _neighbours(town)
        hole = (town < 0) & ((_neighbours8(town) >= 0).sum(axis=0) >= 5)
        stray = (town >= 0) & (around != town).all(axis=0)
        change = hole | stray
        if not change.any():
            break
        for row, column in np.argwhere(change):
            candidates = around[:, row, column]
            candidates = candidates[candidates >= 0]
            town[row, column] = np.bincount(candidates).argmax() if candidates.size else -1
    return town
