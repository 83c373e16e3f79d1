"""Fetching an area for work without a network: counted before, stopped at any time, kept until removed."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

import pyproj

from layers.crs import parse_crs
from layers.drawable import Bounds
from layers.errors import InputError
from layers.pictures.service_models import NetworkPicture
from layers.progress import Progress
from layers.services.addresses import grid_of, identity_of
from layers.services.grids import Tile, TileBlock, TileGrid, block_of
from layers.services.sampling import net_over
from layers.services.tile_files import TileFiles
from layers.words import _
from zsgis.services.answers import ServiceError
from zsgis.services.asking import Asker

MOST_TILES = 50_000
_TILE_BYTES = 20_000
_AT_ONCE = 4
_TRIES = 3
_NET_PX = 256


@dataclass(frozen=True)
class AreaPlan:
    """What would be fetched.

    Attributes
    ----------
    blocks : tuple of TileBlock
        The tiles of each level.
    bytes_expected : int
        From the tiles of the service that were fetched already; 20 kB each where none was.
    """

    picture: NetworkPicture
    grid: TileGrid
    blocks: tuple[TileBlock, ...]
    bytes_expected: int

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return sum(block.count for block in self.blocks)

    @property
    def is_allowed(self) -> bool:
        """Tell whether it is not more than is fetched in one go."""
        return 0 < self.count <= MOST_TILES

    def tiles(self) -> Iterator[Tile]:
        """Yield the tiles, coarse levels first."""
        for block in self.blocks:
            yield from block.tiles()


@dataclass(frozen=True)
class AreaResult:
    """What came of it.

    Attributes
    ----------
    fetched, at_hand, failed : int
        Tiles that came, that were kept before, and that the server did not give.
    """

    fetched: int
    at_hand: int
    failed: int


def plan_area(
    picture: NetworkPicture,
    bounds: Bounds,
    crs: pyproj.CRS,
    finest_m: float,
    files: TileFiles,
) -> AreaPlan:
    """Return the tiles of an area from the coarsest level that shows it whole down to a pixel's size.

    Parameters
    ----------
    bounds : tuple
        Left, bottom, right, top in ``crs``.
    finest_m : float
        The pixel of the finest level wanted, in metres of the map.

    Raises
    ------
    InputError
        When the service shows nothing of the area.
    """
    grid = grid_of(picture)
    net = net_over(bounds, _NET_PX, _NET_PX, crs, parse_crs(grid.crs), picture.frame)
    covered = net.bounds
    if covered is None or not math.isfinite(net.resolution):
        raise InputError(_("The service shows nothing of this area."))
    # how many metres of the map a unit of the grid is, here
    metres = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / _NET_PX / net.resolution
    finest = finest_m / metres
    blocks: list[TileBlock] = []
    for place, level in enumerate(grid.levels):
        block = block_of(grid, place, covered)
        if block.count and (level.resolution >= finest * 0.7 or not blocks):
            blocks.append(block)
    if not blocks:
        raise InputError(_("The service shows nothing of this area."))
    count = sum(block.count for block in blocks)
    return AreaPlan(picture, grid, tuple(blocks), count * files.mean_size(identity_of(picture), _TILE_BYTES))


def fetch_area(plan: AreaPlan, asker: Asker, files: TileFiles, progress: Progress) -> AreaResult:
    """Fetch an area, four tiles at a time; stopped, it keeps what has come.

    Raises
    ------
    InputError
        When it is too large.
    ServiceError
        When the server refuses the key, or cannot be reached.
    JobCancelled
        When the user stops it.
    """
    if not plan.is_allowed:
        raise InputError(
            _("{count} tiles are too many: at most {most} are fetched in one go.").format(
                count=f"{plan.count:,}", most=f"{MOST_TILES:,}"
            ),
            remedy=_("Choose a smaller area or a coarser level."),
        )
    return _AreaFetch(plan, asker, files, progress).run()


class _AreaFetch:
    def __init__(self, plan: AreaPlan, asker: Asker, files: TileFiles, progress: Progress) -> None:
        self._plan, self._asker, self._files, self._progress = plan, asker, files, progress
        self._identity = identity_of(plan.picture)
        self._stop = threading.Event()
        self._done = {"fetched": 0, "at_hand": 0, "failed": 0}

    def run(self) -> AreaResult:
        tiles = self._plan.tiles()
        running: set[Future[str]] = set()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="zsgis-area") as threads:
            try:
                while True:
                    self._progress.step(sum(self._done.values()) / self._plan.count, self._words())
                    for tile in islice(tiles, 2 * _AT_ONCE - len(running)):
                        running.add(threads.submit(self._one, tile))
                    if not running:
                        return AreaResult(**self._done)
                    finished, running = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                    for future in finished:
                        self._done[future.result()] += 1
            finally:
                self._stop.set()
                threads.shutdown(wait=False, cancel_futures=True)

    def _one(self, tile: Tile) -> str:
        if self._files.has(self._identity, tile, kept=True):
            return "at_hand"
        for turn in range(_TRIES):
            if self._stop.is_set():
                return "failed"
            try:
                data = self._asker.tile(self._plan.picture, self._plan.grid, tile)
            except ServiceError as error:
                if error.stops_all or (error.is_passing and turn == _TRIES - 1):
                    raise
                if not error.is_passing:
                    return "failed"
                self._stop.wait(2.0**turn / 2)
            else:
                self._files.write(self._identity, tile, data, keep=True)
                return "fetched"
        return "failed"

    def _words(self) -> str:
        return _("{done} of {count} tiles").format(
            done=f"{sum(self._done.values()):,}", count=f"{self._plan.count:,}"
        )
