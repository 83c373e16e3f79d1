"""What a WMS offers: its layers, systems and formats (OGC 01-068r3 for 1.1.1, OGC 06-042 for 1.3.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from xml.etree.ElementTree import Element

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs
from layers.drawable import Bounds
from layers.errors import InputError
from layers.services.crs_names import service_crs
from layers.services.xml import attribute, numbers, parsed, part, parts, text_of
from layers.words import _

_MOST_LAYERS = 5_000
_DEEPEST = 30
_SHOWN_FORMATS = ("image/png", "image/png8", "image/jpeg", "image/webp", "image/gif")


@dataclass(frozen=True)
class WmsLayer:
    """One layer that can be asked for.

    Attributes
    ----------
    crs : tuple of str
        Systems it comes in, as the server names them and we understand them: ``EPSG:4490``.
    box : tuple or None
        West, south, east, north in degrees; None where the server states none.
    depth : int
        How deep it stands in the server's tree.
    """

    name: str
    title: str
    crs: tuple[str, ...]
    box: Bounds | None
    depth: int = 0


@dataclass(frozen=True)
class WmsOffer:
    """All that a WMS offers and that can be shown."""

    version: Literal["1.1.1", "1.3.0"]
    formats: tuple[str, ...]
    layers: tuple[WmsLayer, ...]


def read_wms(data: bytes) -> WmsOffer:
    """Return what a WMS offers.

    Raises
    ------
    InputError
        When the document is no description of a WMS 1.1 or 1.3, or offers nothing that can be shown.
    """
    root = parsed(data)
    version: Literal["1.1.1", "1.3.0"] = "1.3.0" if attribute(root, "version").startswith("1.3") else "1.1.1"
    capability = part(root, "Capability")
    stated = [
        (one.text or "").strip().lower() for one in parts(part(capability, "Request", "GetMap"), "Format")
    ]
    start = WmsLayer("", "", (), None, -1)
    layers: list[WmsLayer] = []
    for top in parts(capability, "Layer"):
        for layer in _layers(top, start):
            if layer.name and layer.crs and len(layers) < _MOST_LAYERS:
                layers.append(layer)
    if not layers:
        raise InputError(
            _("The address answers, but offers no WMS layer that can be shown."),
            remedy=_("Check the address."),
        )
    formats = tuple(one for one in _SHOWN_FORMATS if one in stated) or ("image/png",)
    return WmsOffer(version, formats, tuple(layers))


def bounds_of_layers(layers: tuple[WmsLayer, ...], crs: str) -> Bounds:
    """Return the rectangle around layers in a system, x east.

    Raises
    ------
    InputError
        When the server states no extent, or none that the system can show.
    """
    from layers.pictures.warp import bounds_in

    boxes = [layer.box for layer in layers if layer.box is not None]
    target = parse_crs(crs)
    if boxes:
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        west, south, east, north = _inside_use(crs, (west, south, east, north))
        outline = ((west, north), (east, north), (east, south), (west, south))
        found = bounds_in(outline, parse_crs(GEOGRAPHIC_CGCS2000), target)
        if found is not None:
            return found
    raise InputError(_("The service states no usable extent."), remedy=_("Ask whoever runs the service."))


def _inside_use(crs: str, box: Bounds) -> Bounds:
    """Return the part of an extent where a system is made for: a zone cannot show the world."""
    area = parse_crs(crs).area_of_use
    if area is None or parse_crs(crs).is_geographic:
        return box
    # a degree more than the zone: its neighbours' edge towns are looked at in it too
    west, south = max(box[0], area.west - 1), max(box[1], area.south - 1, -85.0)
    east, north = min(box[2], area.east + 1), min(box[3], area.north + 1, 85.0)
    return (west, south, east, north) if west < east and south < north else box


def _layers(given: Element, above: WmsLayer) -> Iterator[WmsLayer]:
    """Yield a layer and those below it; systems and extent come down from above."""
    if above.depth >= _DEEPEST:
        return
    systems = [*above.crs]
    for name in ("CRS", "SRS"):
        for one in parts(given, name):
            # 1.1.1 allows several in one element
            systems.extend(found for word in (one.text or "").split() if (found := _usable(word)))
    here = replace(
        above,
        name=text_of(given, "Name"),
        title=text_of(given, "Title") or text_of(given, "Name"),
        crs=tuple(dict.fromkeys(systems)),
        box=_box(given) or above.box,
        depth=above.depth + 1,
    )
    yield here
    for below in parts(given, "Layer"):
        yield from _layers(below, here)


def _usable(word: str) -> str | None:
    """Return the name to ask with: only EPSG codes that the server itself states so."""
    found = service_crs(word)
    return found if found is not None and found.upper() == word.upper() else None


def _box(given: Element) -> Bounds | None:
    newer, older = part(given, "EX_GeographicBoundingBox"), part(given, "LatLonBoundingBox")
    if newer is not None:
        names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        found = [numbers(text_of(newer, name)) for name in names]
    elif older is not None:
        found = [numbers(attribute(older, name)) for name in ("minx", "miny", "maxx", "maxy")]
    else:
        return None
    if any(len(one) != 1 for one in found):
        return None
    west, south, east, north = (one[0] for one in found)
    west, east, south, north = max(west, -180.0), min(east, 180.0), max(south, -90.0), min(north, 90.0)
    return (west, south, east, north) if west < east and south < north else None
