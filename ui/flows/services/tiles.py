"""Between the map, which says what it misses, and the fetcher, which works in threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.pictures.service_models import NetworkPicture
from layers.services.tile_files import TileFiles
from zsgis.services.answers import ServiceError
from zsgis.services.asking import Asker
from zsgis.services.fetching import TileFetcher
from zsgis.services.permissions import Permissions

# what arrives within this time is drawn at once
_GATHER_MS = 150


class ServiceTiles(QObject):
    """Fetches for the map what may be fetched.

    Parameters
    ----------
    permissions : Permissions
    asker : Asker
    files : TileFiles
        The cache the map is drawn from.
    find : callable
        Returns the service of the project with a uid, None where there is none.
    """

    arrived = pyqtSignal(str)
    """Tiles of the picture with this uid lie in the cache."""
    failed = pyqtSignal(str, object)
    """A picture's uid and the ServiceError, once until its host answers again."""
    _came = pyqtSignal(str)

    def __init__(
        self,
        permissions: Permissions,
        asker: Asker,
        files: TileFiles,
        find: Callable[[str], NetworkPicture | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._gathered: dict[str, None] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GATHER_MS)
        self._timer.timeout.connect(self._tell)
        # signals carry the news from the fetcher's threads to the window's
        self._came.connect(self._gather)
        self._fetcher = TileFetcher(
            asker,
            files,
            permitted=permissions.may_ask,
            arrived=self._came.emit,
            failed=partial(_emit_error, self.failed.emit),
        )
        self.destroyed.connect(self._fetcher.close)

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is asked of anybody now."""
        return self._fetcher.is_idle

    def want(self, uid: str, keys: Sequence[str]) -> None:
        """Fetch what the map misses, as far as it may be fetched."""
        picture = self._find(uid)
        if picture is not None:
            self._fetcher.want(picture, keys)

    def forget(self, uid: str) -> None:
        """Fetch nothing more of a picture."""
        self._fetcher.forget(uid)

    def keep_only(self, uids: Collection[str]) -> None:
        """Fetch nothing more of all other pictures."""
        self._fetcher.keep_only(uids)

    def resume(self, picture: NetworkPicture) -> None:
        """Ask a picture's host again."""
        self._fetcher.resume(picture)

    def close(self) -> None:
        """Fetch nothing more."""
        self._fetcher.close()

    def _gather(self, uid: str) -> None:
        self._gathered[uid] = None
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        gathered, self._gathered = tuple(self._gathered), {}
        for uid in gathered:
            self.arrived.emit(uid)


def _emit_error(emit: Callable[[str, object], None], uid: str, error: ServiceError) -> None:
    emit(uid, error)
