"""Where each service of the project stands: switched on, key known, what was said of it last."""

from __future__ import annotations

from layers.pictures.model import Picture
from layers.pictures.service_models import MBTilesPicture, NetworkPicture
from layers.services.addresses import identity_of
from layers.services.tile_files import TileFiles
from layers.words import _
from ui.dialogs.services.rows import ServiceRow, ServiceState
from zsgis.services.permissions import Permissions
from zsgis.services.secrets import Secrets

Facts = dict[str, tuple[bool, float]]


class ServiceStates:
    """Remembers what was found out about services; asks no server."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self._said: dict[str, tuple[str, bool]] = {}
        self._facts: Facts = {}

    def say(self, uid: str, text: str, *, trouble: bool) -> None:
        """Remember what a test or the fetcher said of a service."""
        self._said[uid] = (text, trouble)

    def unsay(self, uid: str) -> None:
        """Forget what was said: something has changed."""
        self._said.pop(uid, None)

    def is_troubled(self, uid: str) -> bool:
        """Tell whether the last that was said of a service is trouble."""
        return self._said.get(uid, ("", False))[1]

    def take(self, facts: Facts) -> None:
        """Take over which keys are known and how much is cached."""
        self._facts = facts

    def trouble(self, service: NetworkPicture) -> str:
        """Return what goes wrong with a service that is switched on, for the layer tree; else empty."""
        troubled = self._permissions.is_on(service) and self.is_troubled(service.uid)
        return self._said[service.uid][0] if troubled else ""

    def why_off(self, service: NetworkPicture) -> str:
        """Return that a service is not switched on, and where that is done; empty where it is."""
        if self._permissions.is_on(service):
            return ""
        return _("Not switched on: see “Base maps and services” (F9).")

    def row(self, picture: Picture) -> ServiceRow | None:
        """Return a picture as the dialog shows it; None for what is no service."""
        if isinstance(picture, MBTilesPicture):
            name = picture.path.replace("\\", "/").rpartition("/")[2]
            return ServiceRow(picture.uid, picture.name, picture.type, name, ServiceState.FILE)
        if not isinstance(picture, NetworkPicture):
            return None
        key_known, cached = self._facts.get(picture.uid, (True, 0.0))
        needs_key = picture.key.door != "open"
        return ServiceRow(
            uid=picture.uid,
            name=picture.name,
            kind=picture.type,
            host=picture.host,
            state=self._state(picture, key_known),
            key_label=picture.key.label if needs_key else "",
            key_known=key_known and needs_key,
            said=self._said.get(picture.uid, ("", False))[0],
            cached_mb=cached,
        )

    def _state(self, picture: NetworkPicture, key_known: bool) -> ServiceState:
        if not self._permissions.is_on(picture):
            return ServiceState.OFF
        if self._permissions.is_offline:
            return ServiceState.OFFLINE
        if not key_known:
            return ServiceState.NO_KEY
        return ServiceState.TROUBLE if self.is_troubled(picture.uid) else ServiceState.ON


def facts_of(service: NetworkPicture, secrets: Secrets, files: TileFiles) -> tuple[bool, float]:
    """Return whether a service's key is known here and how many megabytes of it are cached.

    May wait for the key store and the disk.
    """
    known = service.key.door == "open" or bool(secrets.get(service.key.label, service.origin))
    return known, files.size(identity_of(service)) / 1e6
