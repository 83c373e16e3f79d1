"""One request that tells whether a service works here."""

from __future__ import annotations

import time

import pyproj

from layers.crs import parse_crs
from layers.drawable import Bounds
from layers.pictures.service_models import NetworkPicture
from layers.services.addresses import grid_of, identity_of
from layers.services.grids import Tile, TileGrid
from layers.services.sampling import net_over
from layers.services.tile_files import TileFiles
from layers.services.tiled import wanted_block
from layers.words import _
from zsgis.services.asking import Asker

_LOOKED_AT_PX = 256


def try_service(
    service: NetworkPicture, asker: Asker, files: TileFiles, bounds: Bounds, crs: pyproj.CRS
) -> str:
    """Fetch the tile in the middle of an area into the cache, and say what came of it.

    Parameters
    ----------
    bounds : tuple
        Left, bottom, right, top in ``crs``.

    Raises
    ------
    ServiceError
        When the service does not work.
    """
    grid = grid_of(service)
    tile = _middle(service, grid, bounds, crs)
    started = time.monotonic()
    data = asker.tile(service, grid, tile)
    files.write(identity_of(service), tile, data)
    milliseconds = round((time.monotonic() - started) * 1000)
    if not data:
        return _("The service answers ({milliseconds} ms), but has nothing here.").format(
            milliseconds=milliseconds
        )
    return _("The service works: a map tile came in {milliseconds} ms.").format(milliseconds=milliseconds)


def _middle(service: NetworkPicture, grid: TileGrid, bounds: Bounds, crs: pyproj.CRS) -> Tile:
    net = net_over(bounds, _LOOKED_AT_PX, _LOOKED_AT_PX, crs, parse_crs(grid.crs), service.frame)
    block = wanted_block(grid, net)
    if block is None:
        return Tile(0, 0, 0)
    tiles = list(block.tiles())
    return tiles[len(tiles) // 2]
