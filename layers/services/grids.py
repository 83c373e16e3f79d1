"""Tile grids: where the tiles of a service lie, and which of them fit a map best.

A tile is named by its level, column and row; rows count southward from the grid's top left corner.
Coordinates are x east, y north in the grid's own coordinate system, whatever order a service speaks in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, field_validator

from layers.errors import InputError
from layers.words import _

WEB_MERCATOR = "EPSG:3857"
# half the equator of the sphere of EPSG:3857: pi * 6378137 m
MERCATOR_HALF = math.pi * 6378137.0
_MOST_LEVELS = 40
# one grid step below the smallest ground size anybody prints: 5 cm
_FINEST_M = 0.05

Bounds = tuple[float, float, float, float]


class GridLevel(BaseModel):
    """One level of a grid.

    Attributes
    ----------
    name : str
        What the service calls it.
    resolution : float
        Units of the coordinate system to a tile's pixel.
    left, top : float
        The corner from which columns and rows count.
    columns, rows : int
        How many tiles there are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    resolution: float = Field(gt=0.0, allow_inf_nan=False)
    left: float = Field(allow_inf_nan=False)
    top: float = Field(allow_inf_nan=False)
    columns: int = Field(ge=1, le=1 << 40)
    rows: int = Field(ge=1, le=1 << 40)


class TileGrid(BaseModel):
    """A pyramid of tiles (OGC: tile matrix set), coarsest level first.

    Attributes
    ----------
    name : str
        What the service calls it.
    crs : str
        Coordinate system as ``EPSG:4490`` or WKT.
    tile_width, tile_height : int
        Pixels of a tile.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=200)
    crs: str = Field(min_length=1, max_length=20_000)
    tile_width: int = Field(default=256, ge=16, le=4096)
    tile_height: int = Field(default=256, ge=16, le=4096)
    levels: tuple[GridLevel, ...] = Field(min_length=1, max_length=_MOST_LEVELS)

    @field_validator("levels")
    @classmethod
    def _coarsest_first(cls, levels: tuple[GridLevel, ...]) -> tuple[GridLevel, ...]:
        return tuple(sorted(levels, key=lambda level: -level.resolution))


@dataclass(frozen=True, order=True)
class Tile:
    """One tile: place of its level in the grid, column, row."""

    level: int
    column: int
    row: int

    @property
    def key(self) -> str:
        """The tile as text: ``level/column/row``."""
        return f"{self.level}/{self.column}/{self.row}"


def tile_of(key: str) -> Tile:
    """Return the tile that a key names.

    Raises
    ------
    ValueError
        When it is no key.
    """
    level, column, row = (int(part) for part in key.split("/"))
    return Tile(level, column, row)


def mercator_grid(finest: int = 19, tile_size: int = 256, coarsest: int = 0) -> TileGrid:
    """Return the grid of XYZ maps: level ``z`` has ``2**z`` by ``2**z`` tiles of EPSG:3857."""
    levels = tuple(
        GridLevel(
            name=str(zoom),
            resolution=2 * MERCATOR_HALF / tile_size / 2**zoom,
            left=-MERCATOR_HALF,
            top=MERCATOR_HALF,
            columns=2**zoom,
            rows=2**zoom,
        )
        for zoom in range(coarsest, finest + 1)
    )
    return TileGrid(name="w", crs=WEB_MERCATOR, tile_width=tile_size, tile_height=tile_size, levels=levels)


def degrees_grid(crs: str = "EPSG:4490", finest: int = 18, coarsest: int = 1) -> TileGrid:
    """Return the grid ``c`` of 天地图: level ``z`` has ``2**z`` by ``2**(z-1)`` tiles of degrees."""
    levels = tuple(
        GridLevel(
            name=str(zoom),
            resolution=360.0 / 256 / 2**zoom,
            left=-180.0,
            top=90.0,
            columns=2**zoom,
            rows=2 ** (zoom - 1),
        )
        for zoom in range(coarsest, finest + 1)
    )
    return TileGrid(name="c", crs=crs, levels=levels)


def grid_over(bounds: Bounds, crs: str, metres_per_unit: float, tile_size: int = 512) -> TileGrid:
    """Return a grid of our own for a service that draws any extent (WMS, ArcGIS export).

    The coarsest tile holds the whole extent, each level halves the pixel down to 5 cm, so that what was
    fetched once can be kept and found again.

    Parameters
    ----------
    bounds : tuple
        Left, bottom, right, top of the service, in units of ``crs``.
    metres_per_unit : float
        Length of a unit.

    Raises
    ------
    InputError
        When the extent is empty.
    """
    left, bottom, right, top = bounds
    side = max(right - left, top - bottom)
    if not math.isfinite(side) or side <= 0:
        raise InputError(_("The service states no usable extent."), remedy=_("Ask whoever runs the service."))
    count = min(
        max(math.ceil(math.log2(side / tile_size * metres_per_unit / _FINEST_M)) + 1, 1), _MOST_LEVELS
    )
    levels = []
    for step in range(count):
        tile = side / 2**step
        columns = max(math.ceil((right - left) / tile - 1e-9), 1)
        rows = max(math.ceil((top - bottom) / tile - 1e-9), 1)
        levels.append(
            GridLevel(
                name=str(step), resolution=tile / tile_size, left=left, top=top, columns=columns, rows=rows
            )
        )
    return TileGrid(name="", crs=crs, tile_width=tile_size, tile_height=tile_size, levels=tuple(levels))


def tile_bounds(grid: TileGrid, tile: Tile) -> Bounds:
    """Return left, bottom, right, top of a tile, in units of the grid's coordinate system."""
    level = grid.levels[tile.level]
    width, height = level.resolution * grid.tile_width, level.resolution * grid.tile_height
    left, top = level.left + tile.column * width, level.top - tile.row * height
    return left, top - height, left + width, top


def best_level(grid: TileGrid, resolution: float) -> int:
    """Return the level whose pixel is nearest to ``resolution`` in ratio: between 0.71 and 1.41 of it.

    With levels that halve, the nearest in ratio is never farther off than the square root of two.
    """
    away = [abs(math.log(level.resolution / resolution)) for level in grid.levels]
    return away.index(min(away))


@dataclass(frozen=True)
class TileBlock:
    """The tiles of one level in a rectangle: columns ``first_column`` to ``last_column``, and rows so."""

    level: int
    first_column: int
    last_column: int
    first_row: int
    last_row: int

    @property
    def count(self) -> int:
        """How many tiles it holds; 0 when the rectangle lies outside the grid."""
        wide, high = self.last_column - self.first_column + 1, self.last_row - self.first_row + 1
        return max(wide, 0) * max(high, 0)

    def tiles(self) -> Iterator[Tile]:
        """Yield the tiles, row by row."""
        for row in range(self.first_row, self.last_row + 1):
            for column in range(self.first_column, self.last_column + 1):
                yield Tile(self.level, column, row)


def block_of(grid: TileGrid, level: int, bounds: Bounds) -> TileBlock:
    """Return the tiles of a level that touch ``bounds`` (left, bottom, right, top in the grid's units)."""
    declared = grid.levels[level]
    width, height = declared.resolution * grid.tile_width, declared.resolution * grid.tile_height
    left, bottom, right, top = bounds

    def place(value: float, most: int) -> int:
        return int(min(max(value, -1.0), float(most)))

    # a hair inside: an edge that lies on a tile's edge does not touch the next tile
    return TileBlock(
        level=level,
        first_column=max(place(math.floor((left - declared.left) / width + 1e-6), declared.columns), 0),
        last_column=min(
            place(math.ceil((right - declared.left) / width - 1e-6) - 1, declared.columns),
            declared.columns - 1,
        ),
        first_row=max(place(math.floor((declared.top - top) / height + 1e-6), declared.rows), 0),
        last_row=min(
            place(math.ceil((declared.top - bottom) / height - 1e-6) - 1, declared.rows), declared.rows - 1
        ),
    )


def grid_extent(grid: TileGrid) -> Bounds:
    """Return what the finest level covers: left, bottom, right, top."""
    level = grid.levels[-1]
    width = level.resolution * grid.tile_width * level.columns
    height = level.resolution * grid.tile_height * level.rows
    return level.left, level.top - height, level.left + width, level.top
