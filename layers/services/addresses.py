"""The address of each tile of a service, without its key; what a key does to an address.

Sources: OGC 07-057r7 (WMTS 1.0.0), OGC 01-068r3 (WMS 1.1.1), OGC 06-042 (WMS 1.3.0), the REST interface of
ArcGIS Server.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from layers.crs import parse_crs
from layers.pictures.service_models import (
    ArcgisPicture,
    NetworkPicture,
    ServiceKey,
    WmsPicture,
    WmtsPicture,
    XyzPicture,
)
from layers.services.grids import Bounds, Tile, TileGrid, grid_over, tile_bounds

_PLACE = re.compile(r"\{([^{}]+)\}")
# names under which servers take a key; one pasted with an address must not reach the project file
_KEY_NAMES = frozenset(
    {
        "tk",
        "token",
        "key",
        "ak",
        "sk",
        "apikey",
        "api_key",
        "access_token",
        "accesstoken",
        "appkey",
        "authkey",
    }
)
_NO_IDENTITY = ("uid", "name", "visible", "opacity", "secrecy", "frame", "attribution", "key")


def grid_of(picture: NetworkPicture) -> TileGrid:
    """Return a service's grid: its own, or ours where it draws any extent."""
    if isinstance(picture, XyzPicture | WmtsPicture):
        return picture.grid
    if isinstance(picture, ArcgisPicture) and picture.grid is not None:
        return picture.grid
    from layers.crs import metres_per_unit

    crs = parse_crs(picture.crs)
    return grid_over(picture.bounds, picture.crs, metres_per_unit(crs))


def identity_of(picture: NetworkPicture) -> str:
    """Return a name for what a service delivers: the same tiles, the same name; without any key."""
    told = picture.model_dump(mode="json", exclude=set(_NO_IDENTITY))
    text = json.dumps(told, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


def tile_address(picture: NetworkPicture, grid: TileGrid, tile: Tile) -> str:
    """Return where a tile is fetched from, without the key."""
    if isinstance(picture, XyzPicture):
        address = _xyz(picture, tile)
    elif isinstance(picture, WmtsPicture):
        address = _wmts(picture, tile)
    elif isinstance(picture, WmsPicture):
        address = _wms(picture, grid, tile)
    else:
        address = _arcgis(picture, grid, tile)
    return at_host(address, picture.hosts, tile.column + tile.row)


def at_host(address: str, hosts: tuple[str, ...], turn: int) -> str:
    """Return an address with one of the hosts in the place of ``{s}``."""
    return address.replace("{s}", hosts[turn % len(hosts)]) if hosts else address


def with_parameters(address: str, given: Mapping[str, str]) -> str:
    """Return an address with parameters; one that it has already is replaced, upper or lower case."""
    parts = urlsplit(address)
    names = {name.lower() for name in given}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in names]
    # {s} stays readable, colons and commas as servers print them
    query = urlencode([*kept, *given.items()], quote_via=quote, safe=":,/{}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def with_key(address: str, key: ServiceKey, secret: str) -> str:
    """Return an address with its key; only the transport asks for it."""
    if key.door != "parameter" or not secret:
        return address
    parts = urlsplit(address)
    pair = f"{key.parameter}={quote(secret, safe='')}"
    query = f"{parts.query}&{pair}" if parts.query else pair
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def without_key(address: str) -> tuple[str, str, str]:
    """Return a pasted address without the key in it, the key's parameter, and the key.

    The last two are empty where none is in it.
    """
    parts = urlsplit(address.strip())
    kept, name, secret = [], "", ""
    for part in parts.query.split("&") if parts.query else []:
        before, _sign, value = part.partition("=")
        if before.lower() in _KEY_NAMES:
            if value and not secret:
                name, secret = before, dict(parse_qsl(part)).get(before, "")
        else:
            kept.append(part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), "")), name, secret


def speaks_north_first(crs: str) -> bool:
    """Tell whether coordinates of a system are north before east in services that follow its axis order.

    True for 4490, 4326 and the Gauss-Krüger systems of CGCS2000 (X is north); false for 3857 and CRS:84.
    """
    axes = parse_crs(crs).axis_info
    return bool(axes) and axes[0].direction.lower() == "north"


def _xyz(picture: XyzPicture, tile: Tile) -> str:
    level = picture.grid.levels[tile.level]
    return (
        picture.url.replace("{z}", level.name)
        .replace("{x}", str(tile.column))
        .replace("{y}", str(tile.row))
        .replace("{-y}", str(level.rows - 1 - tile.row))
    )


def _wmts(picture: WmtsPicture, tile: Tile) -> str:
    level = picture.grid.levels[tile.level]
    if picture.encoding == "rest":
        places = {
            "layer": picture.layer,
            "style": picture.style,
            "tilematrixset": picture.grid.name,
            "tilematrix": level.name,
            "tilerow": str(tile.row),
            "tilecol": str(tile.column),
            **{name.lower(): value for name, value in picture.dimensions},
        }
        return _PLACE.sub(
            lambda found: (
                quote(places[found[1].lower()], safe=":") if found[1].lower() in places else found[0]
            ),
            picture.url,
        )
    return with_parameters(
        picture.url,
        {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": picture.layer,
            "STYLE": picture.style,
            "FORMAT": picture.format,
            "TILEMATRIXSET": picture.grid.name,
            "TILEMATRIX": level.name,
            "TILEROW": str(tile.row),
            "TILECOL": str(tile.column),
            **dict(picture.dimensions),
        },
    )


def _wms(picture: WmsPicture, grid: TileGrid, tile: Tile) -> str:
    newer = picture.version == "1.3.0"
    swapped = newer and picture.crs.upper().startswith("EPSG:") and speaks_north_first(picture.crs)
    return with_parameters(
        picture.url,
        {
            "SERVICE": "WMS",
            "REQUEST": "GetMap",
            "VERSION": picture.version,
            "LAYERS": ",".join(picture.layers),
            "STYLES": ",".join(picture.styles),
            "CRS" if newer else "SRS": picture.crs,
            "BBOX": _box(tile_bounds(grid, tile), swapped),
            "WIDTH": str(grid.tile_width),
            "HEIGHT": str(grid.tile_height),
            "FORMAT": picture.format,
            "TRANSPARENT": "FALSE" if picture.format == "image/jpeg" else "TRUE",
        },
    )


def _arcgis(picture: ArcgisPicture, grid: TileGrid, tile: Tile) -> str:
    parts = urlsplit(picture.url)
    base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    query = f"?{parts.query}" if parts.query else ""
    if picture.grid is not None:
        return f"{base}/tile/{grid.levels[tile.level].name}/{tile.row}/{tile.column}{query}"
    system = _spatial_reference(picture.crs)
    asked = {
        "bbox": _box(tile_bounds(grid, tile), False),
        "bboxSR": system,
        "imageSR": system,
        "size": f"{grid.tile_width},{grid.tile_height}",
        "format": picture.format,
        "transparent": "false" if picture.format == "jpg" else "true",
        "f": "image",
    }
    if picture.layers:
        asked["layers"] = picture.layers
    return with_parameters(f"{base}/export{query}", asked)


def _spatial_reference(crs: str) -> str:
    authority = re.fullmatch(r"(?:EPSG|ESRI):(\d+)", crs, re.IGNORECASE)
    return authority[1] if authority else json.dumps({"wkt": crs}, ensure_ascii=True)


def _box(bounds: Bounds, north_first: bool) -> str:
    left, bottom, right, top = bounds
    ordered = (bottom, left, top, right) if north_first else (left, bottom, right, top)
    return ",".join(_number(value) for value in ordered)


def _number(value: float) -> str:
    """Return a coordinate without an exponent, to 1e-10: 10 nanometres in degrees."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
