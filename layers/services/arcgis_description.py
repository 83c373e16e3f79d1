"""What an ArcGIS MapServer says of itself (``?f=json``): finished tiles or drawing, systems, layers."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from layers.crs import parse_crs
from layers.drawable import Bounds
from layers.errors import CrsError, InputError
from layers.services.crs_names import code_crs
from layers.services.grids import GridLevel, TileGrid
from layers.words import _

_LARGEST = 30_000_000
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Reference(_Told):
    wkid: int | None = None
    latest_wkid: int | None = None
    wkt: str | None = Field(default=None, max_length=20_000)


class _Extent(_Told):
    xmin: Number
    ymin: Number
    xmax: Number
    ymax: Number


class _Point(_Told):
    x: Number
    y: Number


class _Lod(_Told):
    level: int
    resolution: Number


class _TileInfo(_Told):
    rows: int
    cols: int
    origin: _Point
    spatial_reference: _Reference | None = None
    lods: tuple[_Lod, ...] = Field(min_length=1, max_length=40)


class _Layer(_Told):
    id: int
    name: str = ""


class _MapServer(_Told):
    map_name: str = ""
    copyright_text: str | None = ""
    spatial_reference: _Reference
    full_extent: _Extent
    single_fused_map_cache: bool = False
    tile_info: _TileInfo | None = None
    layers: tuple[_Layer, ...] = Field(default=(), max_length=10_000)


class ArcgisOffer(BaseModel):
    """A MapServer as it can be shown.

    Attributes
    ----------
    crs : str
        Its coordinate system.
    bounds : tuple
        Left, bottom, right, top in it.
    grid : TileGrid or None
        Grid of its finished tiles; None where it has none.
    layers : tuple of (int, str)
        Number and name of what it can draw.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    attribution: str
    crs: str
    bounds: Bounds
    grid: TileGrid | None
    layers: tuple[tuple[int, str], ...]


class TokenRequiredError(InputError):
    """The server wants a token, or another one (its codes 498 and 499)."""


def read_arcgis(data: bytes) -> ArcgisOffer:
    """Return what a MapServer says of itself.

    Raises
    ------
    TokenRequiredError
        When the server asks for a token.
    InputError
        When it refuses, or what it says cannot be understood.
    """
    try:
        if len(data) > _LARGEST:
            raise ValueError("too large")
        given = from_json(data)
        require_no_error(given)
        told = _MapServer.model_validate(given)
    except (ValueError, ValidationError) as error:
        raise InputError(
            _("The address answers, but not as an ArcGIS map service."),
            remedy=_("The address ends in …/MapServer."),
            details=str(error)[:300],
        ) from error
    crs = _system(told.spatial_reference)
    extent = told.full_extent
    if not (extent.xmin < extent.xmax and extent.ymin < extent.ymax):
        raise InputError(_("The service states no usable extent."), remedy=_("Ask whoever runs the service."))
    bounds = (extent.xmin, extent.ymin, extent.xmax, extent.ymax)
    grid = None
    if told.single_fused_map_cache and told.tile_info is not None:
        grid = _grid(told.tile_info, crs, bounds)
    return ArcgisOffer(
        name=told.map_name,
        attribution=(told.copyright_text or "")[:400],
        crs=crs,
        bounds=bounds,
        grid=grid,
        layers=tuple((layer.id, layer.name) for layer in told.layers),
    )


def require_no_error(given: Any) -> None:
    """Refuse an answer that is an error in JSON, as ArcGIS sends it with status 200.

    Raises
    ------
    TokenRequiredError
    InputError
    """
    error = given.get("error") if isinstance(given, dict) else None
    if not isinstance(error, dict):
        return
    code, text = error.get("code"), str(error.get("message", ""))[:200]
    if code in (401, 403, 498, 499):
        raise TokenRequiredError(
            _("The server asks for a valid token."),
            remedy=_("Enter the token of the service in “Base maps and services”."),
            details=text,
        )
    raise InputError(_("The server refuses: {text}").format(text=text or str(code)))


def _system(reference: _Reference) -> str:
    for code in (reference.latest_wkid, reference.wkid):
        found = code_crs(code) if code else None
        if found is not None:
            return found
    if reference.wkt:
        try:
            parse_crs(reference.wkt)
        except CrsError:
            pass
        else:
            return reference.wkt
    raise InputError(
        _("The service's coordinate system is not known."), remedy=_("Ask whoever runs the service.")
    )


def _grid(told: _TileInfo, crs: str, bounds: Bounds) -> TileGrid:
    levels = []
    for lod in told.lods:
        wide, high = lod.resolution * told.cols, lod.resolution * told.rows
        columns = math.ceil((bounds[2] - told.origin.x) / wide - 1e-6) if wide > 0 else 0
        rows = math.ceil((told.origin.y - bounds[1]) / high - 1e-6) if high > 0 else 0
        levels.append((lod, columns, rows))
    try:
        return TileGrid(
            name="",
            crs=crs if told.spatial_reference is None else _system(told.spatial_reference),
            tile_width=told.cols,
            tile_height=told.rows,
            levels=tuple(
                GridLevel(
                    name=str(lod.level),
                    resolution=lod.resolution,
                    left=told.origin.x,
                    top=told.origin.y,
                    columns=columns,
                    rows=rows,
                )
                for lod, columns, rows in levels
            ),
        )
    except ValidationError as error:
        raise InputError(
            _("The service's tile grid cannot be understood."),
            remedy=_("Ask whoever runs the service."),
            details=str(error)[:300],
        ) from error
