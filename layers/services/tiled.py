"""Draws a picture that comes in tiles, from the tiles at hand; says which are missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyproj
from PIL import Image

from layers.crs import parse_crs
from layers.drawable import Bounds
from layers.errors import InputError
from layers.pictures.service_models import Frame, MBTilesPicture, NetworkPicture
from layers.pictures.source import Rendered, empty_rgba
from layers.pictures.warp import bounds_in
from layers.services.addresses import grid_of, identity_of
from layers.services.grids import (
    Tile,
    TileBlock,
    TileGrid,
    best_level,
    block_of,
    grid_extent,
    tile_bounds,
)
from layers.services.sampling import Net, drawn_through, net_over
from layers.services.tile_files import Stored, TileFiles
from layers.services.tile_picture import decoded_tile

ReadTile = Callable[[Tile], Stored | None]
# what one drawing takes at most: 16 million pixels of tiles are 64 MiB
_MOST_PIXELS = 16_777_216
_MOST_TILES = 400
_COARSER_TRIED = 6
_WORLD = 0.98


class TiledSource:
    """A picture in tiles: a :class:`layers.pictures.source.PictureSource`.

    Parameters
    ----------
    grid : TileGrid
    frame : str
        ``gcj02`` where the tiles are shifted as consumer maps are.
    read : callable
        Returns a tile's bytes; None where it is not at hand.
    can_fetch : bool
        Tiles that are not at hand can be fetched: they are told as missing.
    on_close : callable or None
        Lets go of what ``read`` reads from.
    """

    def __init__(
        self,
        grid: TileGrid,
        frame: Frame,
        read: ReadTile,
        *,
        can_fetch: bool,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self._grid = grid
        self._frame: Frame = frame
        self._read = read
        self._can_fetch = can_fetch
        self._on_close = on_close
        self._crs = parse_crs(grid.crs)

    def render(self, bounds: Bounds, width: int, height: int, crs: pyproj.CRS) -> Rendered:
        """Return the part inside ``bounds`` as ``width`` x ``height`` pixels, from the tiles at hand.

        The level whose pixels come nearest to the target's is shown; where a tile of it is missing, what a
        coarser one shows there. At scales for which the service is not made nothing is shown.

        Raises
        ------
        CrsError
            When no safe way leads from the grid's coordinate system to ``crs``.
        """
        net = net_over(bounds, width, height, crs, self._crs, self._frame)
        block = wanted_block(self._grid, net)
        if block is None:
            return Rendered(empty_rgba(width, height))
        mosaic, missing, trouble = self._mosaic(block)
        left, _bottom, _right, top = tile_bounds(
            self._grid, Tile(block.level, block.first_column, block.first_row)
        )
        step = self._grid.levels[block.level].resolution
        rgba = drawn_through(net, mosaic, (left, top), (step, step))
        return Rendered(rgba, missing if self._can_fetch else (), trouble)

    def extent(self, crs: pyproj.CRS) -> Bounds | None:
        """Return the rectangle around the grid in ``crs``; None where it covers the world."""
        left, bottom, right, top = grid_extent(self._grid)
        span = 360.0 if self._crs.is_geographic else 2 * math.pi * 6378137.0
        if right - left >= _WORLD * span:
            return None
        outline = ((left, top), (right, top), (right, bottom), (left, bottom))
        return bounds_in(outline, self._crs, crs)

    def close(self) -> None:
        """Let go of the file the tiles come from."""
        if self._on_close is not None:
            self._on_close()

    def _mosaic(self, block: TileBlock) -> tuple[Image.Image, tuple[str, ...], str]:
        wide, high = self._grid.tile_width, self._grid.tile_height
        columns = block.last_column - block.first_column + 1
        rows = block.last_row - block.first_row + 1
        mosaic = Image.new("RGBA", (columns * wide, rows * high))
        missing: list[str] = []
        trouble = ""
        for tile in block.tiles():
            stored = self._read(tile)
            found: Image.Image | None = None
            try:
                found = self._stand_in(tile) if stored is None else self._picture(stored)
            except InputError as error:
                trouble = str(error)
            if stored is None:
                missing.append(tile.key)
            if found is not None:
                place = ((tile.column - block.first_column) * wide, (tile.row - block.first_row) * high)
                mosaic.paste(found, place)
        return mosaic, tuple(missing), trouble

    def _picture(self, stored: Stored) -> Image.Image | None:
        if not stored.data:
            return None
        picture = decoded_tile(stored.data)
        size = (self._grid.tile_width, self._grid.tile_height)
        return picture if picture.size == size else picture.resize(size, Image.Resampling.BILINEAR)

    def _stand_in(self, tile: Tile) -> Image.Image | None:
        """Return what a coarser tile at hand shows in the place of one that is missing."""
        left, bottom, right, top = tile_bounds(self._grid, tile)
        for level in range(tile.level - 1, max(tile.level - 1 - _COARSER_TRIED, -1), -1):
            block = block_of(self._grid, level, (left, bottom, right, top))
            if block.count != 1:
                continue
            coarser = next(block.tiles())
            stored = self._read(coarser)
            picture = self._picture(stored) if stored is not None else None
            if picture is not None:
                west, _south, _east, north = tile_bounds(self._grid, coarser)
                step = self._grid.levels[level].resolution
                box = (
                    (left - west) / step,
                    (north - top) / step,
                    (right - west) / step,
                    (north - bottom) / step,
                )
                return _cut(picture, box, (self._grid.tile_width, self._grid.tile_height))
        return None


def wanted_block(grid: TileGrid, net: Net) -> TileBlock | None:
    """Return the tiles that show a target best; None where none do or far too many would be needed."""
    bounds, resolution = net.bounds, net.resolution
    if bounds is None or not math.isfinite(resolution):
        return None
    for level in range(best_level(grid, resolution), -1, -1):
        block = block_of(grid, level, bounds)
        if block.count <= _MOST_TILES and block.count * grid.tile_width * grid.tile_height <= _MOST_PIXELS:
            return block if block.count else None
    return None


def open_service(picture: NetworkPicture, cache_folder: Path) -> TiledSource:
    """Return a service as a source that reads the tiles in the cache and asks nobody.

    Parameters
    ----------
    cache_folder : Path
        Where fetched tiles are kept.
    """
    files = TileFiles(cache_folder)
    return TiledSource(
        grid_of(picture), picture.frame, partial(files.read, identity_of(picture)), can_fetch=True
    )


def open_tile_file(picture: MBTilesPicture) -> TiledSource:
    """Return an MBTiles file as a source.

    Raises
    ------
    InputError
        When it is missing, no MBTiles, or holds vector tiles.
    """
    from layers.formats.mbtiles import MBTilesFile

    file = MBTilesFile(Path(picture.path))
    return TiledSource(file.grid, picture.frame, file.read, can_fetch=False, on_close=file.close)


def _cut(picture: Image.Image, box: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
    left, top, right, bottom = box
    inside = (max(left, 0.0), max(top, 0.0), min(right, picture.width), min(bottom, picture.height))
    return picture.resize(size, Image.Resampling.BILINEAR, box=inside)
