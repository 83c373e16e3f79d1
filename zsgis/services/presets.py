"""Services that are known beforehand: data under ``resources/services``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from layers.locations import resource_path
from layers.pictures.service_models import ServiceKey, WmtsPicture
from layers.services.grids import TileGrid, degrees_grid, mercator_grid
from layers.store.uids import new_uid


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Layer(_Declared):
    name: str
    title: str
    finest: int = Field(ge=1, le=24)


class _Grid(_Declared):
    name: Literal["c", "w"]
    title: str


class _Provider(_Declared):
    provider: str
    url: str
    hosts: tuple[str, ...]
    format: str
    style: str
    attribution: str
    key: ServiceKey
    layer: tuple[_Layer, ...]
    grid: tuple[_Grid, ...]


class Preset(_Declared):
    """A service that can be added as it is.

    Attributes
    ----------
    title : str
        Name of the service as its provider calls it.
    """

    title: str
    url: str
    hosts: tuple[str, ...]
    layer: str
    style: str
    format: str
    attribution: str
    key: ServiceKey
    grid: TileGrid

    def picture(self) -> WmtsPicture:
        """Return it as a new picture of a project."""
        return WmtsPicture(
            uid=new_uid(),
            name=self.title,
            url=self.url,
            hosts=self.hosts,
            key=self.key,
            attribution=self.attribution,
            layer=self.layer,
            style=self.style,
            format=self.format,
            grid=self.grid,
        )


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """Return the services that are known beforehand, in the order of their files."""
    found: list[Preset] = []
    for file in sorted(resource_path("services").glob("*.toml")):
        provider = _Provider.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        found.extend(_preset(provider, layer, grid) for grid in provider.grid for layer in provider.layer)
    return tuple(found)


def _preset(provider: _Provider, layer: _Layer, grid: _Grid) -> Preset:
    # {s} is left for the tiles
    url = provider.url.replace("{layer}", layer.name).replace("{grid}", grid.name)
    tiles = degrees_grid(finest=layer.finest) if grid.name == "c" else mercator_grid(layer.finest, coarsest=1)
    return Preset(
        title=f"{provider.provider} {layer.title}（{grid.title}）",
        url=url,
        hosts=provider.hosts,
        layer=layer.name,
        style=provider.style,
        format=provider.format,
        attribution=provider.attribution,
        key=provider.key,
        grid=tiles,
    )
