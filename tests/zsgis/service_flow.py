"""A service from its server to the picture: asked, kept, drawn."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path

from layers.pictures.opening import open_source
from layers.pictures.service_models import NetworkPicture
from layers.pictures.source import Rendered
from layers.services.tile_files import TileFiles
from tests.layers.service_samples import around
from zsgis.services.answers import ServiceError
from zsgis.services.asking import Asker
from zsgis.services.fetching import TileFetcher
from zsgis.services.secrets import Secrets
from zsgis.services.transport import Patience, Transport

SECRET = "0123456789abcdef-secret"
_LONGEST_S = 90.0


class Flow:
    """A fetcher with what it tells, and the map's side of it."""

    def __init__(self, folder: Path, *, permitted: bool = True, patience: Patience | None = None) -> None:
        self.folder = folder
        self.permitted = permitted
        self.secrets = Secrets(lambda: None)
        self.troubles: list[ServiceError] = []
        self.arrived = 0
        self._news = threading.Condition()
        self.fetcher = TileFetcher(
            Asker(Transport(patience or Patience()), self.secrets),
            TileFiles(folder),
            permitted=lambda _picture: self.permitted,
            arrived=self._count,
            failed=self._hear,
            pause_s=0.05,
        )

    def close(self) -> None:
        self.fetcher.close()

    def look(self, picture: NetworkPicture, metres_per_pixel: float) -> Rendered:
        """Return what the map shows now."""
        source = open_source(picture, self.folder)
        try:
            return around(source, metres_per_pixel)
        finally:
            source.close()

    def show(self, picture: NetworkPicture, metres_per_pixel: float) -> Rendered:
        """Fetch what the map misses until it misses nothing."""
        shown = self.look(picture, metres_per_pixel)
        until = time.monotonic() + _LONGEST_S
        while shown.missing and time.monotonic() < until:
            wanted = self.arrived + len(shown.missing)
            self.fetcher.want(picture, shown.missing)
            self.wait(partial(self._is_settled, wanted))
            if self.troubles:
                raise self.troubles[0]
            shown = self.look(picture, metres_per_pixel)
        return shown

    def wait(self, until: object) -> None:
        """Wait for the threads to have done something."""
        assert callable(until)
        last = time.monotonic() + _LONGEST_S
        with self._news:
            while not until():
                assert time.monotonic() < last, "nothing came"
                self._news.wait(0.05)

    def _is_settled(self, wanted: int) -> bool:
        return self.arrived >= wanted or bool(self.troubles)

    def _count(self, _uid: str) -> None:
        with self._news:
            self.arrived += 1
            self._news.notify_all()

    def _hear(self, _uid: str, error: ServiceError) -> None:
        with self._news:
            self.troubles.append(error)
            self._news.notify_all()
