"""From a typed address to a service: what is asked of the server, and the choices it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from layers.errors import InputError
from layers.pictures.service_models import (
    ArcgisPicture,
    Frame,
    ServiceBase,
    ServiceKey,
    WmsPicture,
    WmtsPicture,
    XyzPicture,
)
from layers.progress import Progress
from layers.services.addresses import with_parameters, without_key
from layers.services.arcgis_description import ArcgisOffer, read_arcgis
from layers.services.grids import mercator_grid
from layers.services.wms_capabilities import WmsLayer, WmsOffer, bounds_of_layers, read_wms
from layers.services.wmts_capabilities import WmtsLayer, WmtsOffer, at_typed_host, read_wmts
from layers.store.uids import new_uid
from layers.words import _
from zsgis.services.asking import Asker

ServiceKind = Literal["xyz", "wmts", "wms", "arcgis"]
Offer = WmtsOffer | WmsOffer | ArcgisOffer
_RANGE = re.compile(r"\{([a-z0-9])-([a-z0-9])\}")
Made = TypeVar("Made", bound=ServiceBase)


@dataclass(frozen=True)
class ServiceDraft:
    """What somebody typed of a service, with the key taken out of the address.

    Attributes
    ----------
    address : str
        Without a key.
    key : ServiceKey
        How it is opened.
    hosts : tuple of str
        What stands in for ``{s}`` in the address.
    """

    kind: ServiceKind
    address: str
    key: ServiceKey
    name: str = ""
    frame: Frame = "true"
    hosts: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """What its key is tied to: scheme, host and port."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc.lower()}"


def draft_of(kind: ServiceKind, typed: str, name: str, key: ServiceKey, frame: Frame) -> ServiceDraft:
    """Return a draft from what was typed; ``{a-c}`` or ``{0-7}`` in a host's name are its variants.

    Raises
    ------
    InputError
        When the address is none of http or https, or still holds a key.
    """
    address, _parameter, secret = without_key(typed)
    if secret:
        raise InputError(
            _("The address holds a key."), remedy=_("Leave it out of the address and enter it as the key.")
        )
    address, hosts = _variants(address)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            _("The address of a service begins with http:// or https://."), remedy=_("Check the address.")
        )
    if parts.username or parts.password:
        raise InputError(
            _("The address holds a password."), remedy=_("Choose “user and password” and enter it there.")
        )
    return ServiceDraft(kind, address, key, name.strip() or parts.hostname, frame, hosts)


def ask_offer(draft: ServiceDraft, asker: Asker, progress: Progress) -> Offer:
    """Ask a server what it offers: one request.

    Raises
    ------
    InputError
        When it does not answer, or offers nothing that can be shown.
    """
    read: Callable[[bytes], Offer]
    if draft.kind == "wmts":
        address, read = _capabilities(draft.address, "WMTS"), read_wmts
    elif draft.kind == "wms":
        address, read = _capabilities(draft.address, "WMS"), read_wms
    else:
        address, read = with_parameters(draft.address.rstrip("/"), {"f": "json"}), read_arcgis
    return read(asker.description(address, draft.key, draft.origin, progress))


def xyz_service(draft: ServiceDraft, finest: int) -> XyzPicture:
    """Return tiles at an address with ``{z}``, ``{x}``, ``{y}``.

    Raises
    ------
    InputError
    """
    try:
        return XyzPicture(**_common(draft), grid=mercator_grid(finest))
    except ValidationError as error:
        raise InputError(
            _("The address of tiles needs {z}, {x} and {y}."), remedy=_("Check the address.")
        ) from error


def wmts_service(draft: ServiceDraft, offer: WmtsOffer, layer: WmtsLayer, grid: str) -> WmtsPicture:
    """Return a layer of a WMTS in one of its grids.

    Raises
    ------
    InputError
    """
    template = next((url for _format, url in layer.templates), "")
    # a description that was read from a file tells nothing of where parameters are taken
    is_file = urlsplit(draft.address).path.lower().endswith(".xml")
    by_parameters = not template or (offer.takes_parameters and not is_file)
    common = _common(draft)
    if not by_parameters:
        common["url"] = at_typed_host(template, draft.address)
    return _checked(
        lambda: WmtsPicture(
            **common,
            encoding="kvp" if by_parameters else "rest",
            layer=layer.name,
            style=layer.styles[0],
            format=_best_format(layer.formats),
            dimensions=tuple((name, value) for name, value in layer.dimensions if value),
            grid=offer.grid(grid),
        )
    )


def wms_service(draft: ServiceDraft, offer: WmsOffer, layers: Sequence[WmsLayer], crs: str) -> WmsPicture:
    """Return layers of a WMS in one of their systems.

    Raises
    ------
    InputError
    """
    chosen = tuple(layers)
    bounds = bounds_of_layers(chosen, crs)
    return _checked(
        lambda: WmsPicture(
            **_common(draft),
            version=offer.version,
            layers=tuple(layer.name for layer in chosen),
            styles=("",) * len(chosen),
            format=_best_format(offer.formats),
            crs=crs,
            bounds=bounds,
        )
    )


def arcgis_service(draft: ServiceDraft, offer: ArcgisOffer, layers: Sequence[int]) -> ArcgisPicture:
    """Return a MapServer: its finished tiles, or drawn where it has none or single layers are wanted.

    Raises
    ------
    InputError
    """
    return _checked(
        lambda: ArcgisPicture(
            **_common(draft),
            grid=None if layers else offer.grid,
            layers=f"show:{','.join(str(number) for number in layers)}" if layers else "",
            crs=offer.crs,
            bounds=offer.bounds,
        ).model_copy(update={"attribution": offer.attribution})
    )


def systems_of(layers: Sequence[WmsLayer], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the systems that all of several layers come in, those of ``wanted`` first."""
    if not layers:
        return ()
    common = [crs for crs in layers[0].crs if all(crs in layer.crs for layer in layers)]
    first = [crs for crs in wanted if crs in common]
    return tuple(dict.fromkeys([*first, *common]))


def _capabilities(address: str, service: str) -> str:
    return with_parameters(address, {"SERVICE": service, "REQUEST": "GetCapabilities"})


def _common(draft: ServiceDraft) -> dict[str, Any]:
    return {
        "uid": new_uid(),
        "name": draft.name,
        "url": draft.address,
        "hosts": draft.hosts,
        "key": draft.key,
        "frame": draft.frame,
    }


def _variants(address: str) -> tuple[str, tuple[str, ...]]:
    found = _RANGE.search(address)
    if found is None:
        return address, ("a", "b", "c") if "{s}" in address else ()
    first, last = ord(found[1]), ord(found[2])
    names = tuple(chr(code) for code in range(first, min(last, first + 19) + 1))
    return address.replace(found[0], "{s}"), names


def _best_format(formats: Sequence[str]) -> str:
    wanted = ("image/png", "image/webp", "image/jpeg", "image/jpg", "image/gif", "tiles")
    return next((one for one in wanted if one in formats), formats[0])


def _checked(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except ValidationError as error:
        raise InputError(
            _("What the server says of itself does not fit together."),
            remedy=_("Ask whoever runs the service."),
            details=str(error)[:300],
        ) from error
