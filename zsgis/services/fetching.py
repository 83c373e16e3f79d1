"""Fetches the tiles that the map misses, in threads, into the cache; the map is told what has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from layers.pictures.service_models import NetworkPicture
from layers.services.addresses import grid_of, identity_of
from layers.services.grids import Tile, TileGrid, tile_of
from layers.services.tile_files import TileFiles
from zsgis.services.answers import ServiceError
from zsgis.services.asking import Asker
from zsgis.services.lane import Lane

CACHE_LIMIT = 1_000_000_000
_TIDY_EVERY = 500


@dataclass(frozen=True)
class _Wanted:
    """A tile of a picture, told apart by the picture's uid and the tile."""

    uid: str
    identity: str
    tile: Tile


class TileFetcher:
    """Takes what is missing and puts it into the cache, as far as it is permitted.

    Parameters
    ----------
    permitted : callable
        Asked before every request whether a picture may be fetched.
    arrived : callable
        Told a picture's uid when a tile of it lies in the cache; from a thread of the fetcher.
    failed : callable
        Told a picture's uid and what is wrong, once until the host answers again; from such a thread too.
    """

    def __init__(
        self,
        asker: Asker,
        files: TileFiles,
        *,
        permitted: Callable[[NetworkPicture], bool],
        arrived: Callable[[str], None],
        failed: Callable[[str, ServiceError], None],
        pause_s: float = 1.0,
    ) -> None:
        self._asker, self._files = asker, files
        self._permitted, self._arrived, self._failed = permitted, arrived, failed
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._tidying = threading.Lock()
        self._lanes: dict[str, Lane[_Wanted]] = {}
        self._pictures: dict[str, tuple[NetworkPicture, TileGrid, str]] = {}
        self._written = 0

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is asked of anybody now."""
        with self._lock:
            lanes = tuple(self._lanes.values())
        return all(lane.is_idle for lane in lanes)

    def want(self, picture: NetworkPicture, keys: Sequence[str]) -> None:
        """Fetch these tiles, the newest wish first; nothing happens where it is not permitted."""
        if not keys or not self._permitted(picture):
            return
        with self._lock:
            known = self._pictures.get(picture.uid)
            if known is None or known[0] != picture:
                known = (picture, grid_of(picture), identity_of(picture))
                self._pictures[picture.uid] = known
            name = _lane_name(picture)
            lane = self._lanes.get(name)
            if lane is None:
                lane = self._lanes[name] = Lane(self._fetch, self._tell, pause_s=self._pause_s)
        lane.want([_Wanted(picture.uid, known[2], tile_of(key)) for key in keys])

    def forget(self, uid: str) -> None:
        """Fetch nothing more of a picture."""
        with self._lock:
            self._pictures.pop(uid, None)
            lanes = tuple(self._lanes.values())
        for lane in lanes:
            lane.drop(lambda wanted: wanted.uid == uid)

    def keep_only(self, uids: Collection[str]) -> None:
        """Fetch nothing more of all other pictures: another project is open, or some were removed."""
        with self._lock:
            gone = [uid for uid in self._pictures if uid not in uids]
        for uid in gone:
            self.forget(uid)

    def resume(self, picture: NetworkPicture) -> None:
        """Ask a host again after a refusal or trouble."""
        with self._lock:
            lane = self._lanes.get(_lane_name(picture))
        if lane is not None:
            lane.resume()

    def close(self) -> None:
        """Fetch nothing more at all."""
        with self._lock:
            lanes = tuple(self._lanes.values())
            self._pictures.clear()
        for lane in lanes:
            lane.close()

    def _fetch(self, wanted: _Wanted) -> None:
        with self._lock:
            known = self._pictures.get(wanted.uid)
        if known is None or known[2] != wanted.identity:
            return
        picture, grid, identity = known
        if not self._files.has(identity, wanted.tile):
            if not self._permitted(picture):
                return
            self._files.write(identity, wanted.tile, self._asker.tile(picture, grid, wanted.tile))
            self._tidy()
        self._arrived(wanted.uid)

    def _tell(self, wanted: _Wanted, failure: ServiceError, first: bool) -> None:
        if first:
            self._failed(wanted.uid, failure)

    def _tidy(self) -> None:
        with self._lock:
            self._written += 1
            due = self._written % _TIDY_EVERY == 1
        if due and self._tidying.acquire(blocking=False):
            try:
                self._files.tidy(CACHE_LIMIT)
            finally:
                self._tidying.release()


def _lane_name(picture: NetworkPicture) -> str:
    """Return what shares a queue: one host, and one key, so that a wrong key stops only what needs it."""
    return f"{picture.origin} {picture.key.model_dump_json()}"
