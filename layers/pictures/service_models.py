"""Map services and tile files as a project remembers them: address, layer and grid, never a key.

Addresses may hold ``{s}`` (one of ``hosts``, taken in turn). What opens a service (key, token, password) is
known here by its label only; it is kept outside the project, tied to the address it was given for.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from layers.drawable import Bounds
from layers.pictures.base import PictureBase
from layers.services.grids import TileGrid

Frame = Literal["true", "gcj02"]
Door = Literal["open", "parameter", "basic"]
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class ServiceKey(BaseModel):
    """How a service is opened.

    Attributes
    ----------
    door : str
        ``open`` (nothing needed), ``parameter`` (a key or token in every address), ``basic`` (user and
        password).
    label : str
        Under which name the key is kept on each machine.
    parameter : str
        Name of the key in the address: ``tk`` for 天地图, ``token`` for ArcGIS.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    door: Door = "open"
    label: str = Field(default="", max_length=80)
    parameter: str = ""

    @model_validator(mode="after")
    def _complete(self) -> ServiceKey:
        if self.door != "open" and not self.label:
            raise ValueError("a key needs a label")
        if self.door == "parameter" and not _NAME.fullmatch(self.parameter):
            raise ValueError(f"“{self.parameter}” is no name of a parameter")
        return self


class ServiceBase(PictureBase):
    """What services that answer over a network share.

    Attributes
    ----------
    url : str
        Address, http or https, without any key.
    hosts : tuple of str
        What stands in for ``{s}``.
    frame : str
        ``gcj02`` where the pictures are shifted as Chinese consumer maps are; they are then shifted right.
    attribution : str
        Whose map it is; shown with it.
    """

    url: str = Field(min_length=8, max_length=2000)
    hosts: tuple[str, ...] = Field(default=(), max_length=20)
    key: ServiceKey = ServiceKey()
    frame: Frame = "true"
    attribution: str = Field(default="", max_length=400)

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an http or https address")
        if parts.username or parts.password:
            raise ValueError("a password does not belong in an address")
        return url

    @field_validator("hosts")
    @classmethod
    def _host_names(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"“{host}” is no part of a host's name")
        return hosts

    @property
    def origin(self) -> str:
        """Scheme, host and port as written; what a key and a permission are tied to."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def host(self) -> str:
        """The host as people know it, the first where several take turns."""
        return urlsplit(self.url).netloc.lower().replace("{s}", self.hosts[0] if self.hosts else "")


class XyzPicture(ServiceBase):
    """Tiles at addresses with ``{z}``, ``{x}`` and ``{y}`` (``{-y}`` counts rows from the south)."""

    type: Literal["xyz"] = "xyz"
    grid: TileGrid

    @model_validator(mode="after")
    def _has_places(self) -> XyzPicture:
        if "{z}" not in self.url or "{x}" not in self.url or not ("{y}" in self.url or "{-y}" in self.url):
            raise ValueError("an address of tiles needs {z}, {x} and {y}")
        return self


class WmtsPicture(ServiceBase):
    """A layer of a WMTS 1.0.0.

    Attributes
    ----------
    encoding : str
        ``kvp``: ``url`` is asked with parameters. ``rest``: ``url`` is the template of the tiles.
    dimensions : tuple of (str, str)
        Further parameters that the layer wants, with the value asked for.
    """

    type: Literal["wmts"] = "wmts"
    encoding: Literal["kvp", "rest"] = "kvp"
    layer: str = Field(min_length=1, max_length=400)
    style: str = Field(default="default", max_length=400)
    format: str = Field(default="image/png", max_length=80)
    dimensions: tuple[tuple[str, str], ...] = Field(default=(), max_length=20)
    grid: TileGrid


class WmsPicture(ServiceBase):
    """Layers of a WMS, asked for in tiles of our own grid.

    Attributes
    ----------
    crs : str
        The coordinate system asked for, ``EPSG:4490``.
    bounds : tuple
        Left, bottom, right, top of the layers in ``crs``, x east.
    """

    type: Literal["wms"] = "wms"
    version: Literal["1.1.1", "1.3.0"] = "1.3.0"
    layers: tuple[str, ...] = Field(min_length=1, max_length=100)
    styles: tuple[str, ...] = Field(default=(), max_length=100)
    format: str = Field(default="image/png", max_length=80)
    crs: str = Field(min_length=1, max_length=80)
    bounds: Bounds


class ArcgisPicture(ServiceBase):
    """An ArcGIS MapServer.

    Attributes
    ----------
    grid : TileGrid or None
        Grid of its finished tiles; None asks it to draw (``export``).
    layers : str
        For drawing: ``show:0,2``; empty for what the service shows by itself.
    crs : str
        Coordinate system for drawing, as ``EPSG:4526``.
    bounds : tuple
        Its extent in ``crs``.
    """

    type: Literal["arcgis"] = "arcgis"
    grid: TileGrid | None = None
    layers: str = Field(
        default="", max_length=400, pattern=r"^((show|hide|include|exclude):[0-9]+(,[0-9]+)*)?$"
    )
    format: Literal["png", "png8", "png24", "png32", "jpg"] = "png32"
    crs: str = Field(min_length=1, max_length=20_000)
    bounds: Bounds


class MBTilesPicture(PictureBase):
    """A file of tiles in Web Mercator; ``path`` as a raster's."""

    type: Literal["mbtiles"] = "mbtiles"
    path: str = Field(min_length=1)
    frame: Frame = "true"
    attribution: str = Field(default="", max_length=400)


NetworkPicture = XyzPicture | WmtsPicture | WmsPicture | ArcgisPicture
ServicePicture = Annotated[NetworkPicture | MBTilesPicture, Field(discriminator="type")]
