"""One request to a service: with its key, checked before it is believed."""

from __future__ import annotations

import json

from layers.errors import InputError
from layers.pictures.service_models import NetworkPicture, ServiceKey
from layers.progress import Progress
from layers.services.addresses import tile_address, with_key
from layers.services.arcgis_description import TokenRequiredError, require_no_error
from layers.services.grids import Tile, TileGrid
from layers.services.tile_picture import decoded_tile
from layers.services.xml import parsed
from layers.words import _
from zsgis.services.answers import ServiceError, Trouble, forbidden, refused, unusable
from zsgis.services.secrets import Secrets
from zsgis.services.transport import Answer, Login, Transport

LARGEST_TILE = 8_000_000
LARGEST_DESCRIPTION = 30_000_000
# what servers write instead of a picture's media type
_UNSTATED = ("", "application/octet-stream", "binary/octet-stream", "tiles")


class Asker:
    """Fetches tiles and descriptions with the keys of this machine; safe from several threads."""

    def __init__(self, transport: Transport, secrets: Secrets) -> None:
        self._transport = transport
        self._secrets = secrets

    def tile(self, picture: NetworkPicture, grid: TileGrid, tile: Tile) -> bytes:
        """Return a tile as the server sent it; empty where it has nothing there.

        Raises
        ------
        ServiceError
        """
        address = tile_address(picture, grid, tile)
        try:
            answer = self._get(address, picture.key, picture.origin, LARGEST_TILE, None)
        except ServiceError as error:
            if error.trouble is Trouble.NOTHING:
                return b""
            if error.trouble is Trouble.KEY and picture.key.door == "open":
                raise forbidden(picture.host, error.what) from None
            raise
        host = picture.host
        if not answer.body:
            return b""
        if not answer.kind.startswith("image/") and answer.kind not in _UNSTATED:
            raise _no_picture(answer, host)
        try:
            decoded_tile(answer.body)
        except InputError as error:
            raise unusable(host, error.what, error.details) from error
        return answer.body

    def description(
        self, address: str, key: ServiceKey, origin: str, progress: Progress | None = None
    ) -> bytes:
        """Return what a server says of itself.

        Raises
        ------
        ServiceError
        """
        return self._get(address, key, origin, LARGEST_DESCRIPTION, progress).body

    def close(self) -> None:
        """Close the connections that are kept."""
        self._transport.close()

    def _get(
        self, address: str, key: ServiceKey, origin: str, limit: int, progress: Progress | None
    ) -> Answer:
        secret = self._secrets.get(key.label, origin) if key.door != "open" else ""
        if key.door != "open" and not secret:
            raise ServiceError(
                Trouble.KEY,
                _("The key “{label}” has not been entered on this machine.").format(label=key.label),
                where=origin.partition("//")[2],
                remedy=_("Enter it in “Base maps and services”."),
            )
        login = Login.of(secret) if key.door == "basic" else None
        return self._transport.get(
            with_key(address, key, secret), limit=limit, login=login, progress=progress
        )


def _no_picture(answer: Answer, host: str) -> ServiceError:
    """Return what a text says that came instead of a picture: ArcGIS and WMS answer so with status 200."""
    try:
        if "json" in answer.kind:
            require_no_error(json.loads(answer.body))
        elif "xml" in answer.kind:
            parsed(answer.body)
    except TokenRequiredError as error:
        return refused(host, error.details)
    except InputError as error:
        return ServiceError(Trouble.ANSWER, error.what, where=host, remedy=error.remedy)
    except (ValueError, RecursionError):
        pass
    return unusable(
        host,
        _("The server {host} sends “{kind}” instead of a picture.").format(host=host, kind=answer.kind[:60]),
    )
