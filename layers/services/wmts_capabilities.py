"""What a WMTS offers: its layers with their grids (OGC 07-057r7).

Two slips of real servers are put right. 天地图 states its scales for pixels of 1/96 inch instead of
0.28 mm, and the corner of its Web Mercator grid with north first: read by the letter, its maps lie wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from pydantic import ValidationError
from pyproj import CRS

from layers.crs import GEOGRAPHIC_CGCS2000, metres_per_unit, parse_crs, transform_known_points
from layers.drawable import Bounds
from layers.errors import InputError
from layers.services.addresses import speaks_north_first
from layers.services.crs_names import says_east_first, service_crs
from layers.services.grids import GridLevel, TileGrid
from layers.services.xml import attribute, numbers, parsed, part, parts, text_of
from layers.words import _

_PIXEL_M = 0.00028
_PIXEL_96_M = 0.0254 / 96
_MOST_LAYERS = 5_000
# how far a stated scale may be off the world's size and still mean the world
_WORLD_TOLERANCE = 1e-3
# a grid that only touches the area its system is for does not lie in it
_OVERLAP = 1e-3


@dataclass(frozen=True)
class WmtsLayer:
    """One layer.

    Attributes
    ----------
    styles : tuple of str
        The default one first.
    grids : tuple of str
        Names of the grids it comes in.
    templates : tuple of (str, str)
        Format and address of each template; empty where it is asked for with parameters only.
    dimensions : tuple of (str, str)
        Further parameters with their default.
    """

    name: str
    title: str
    styles: tuple[str, ...]
    formats: tuple[str, ...]
    grids: tuple[str, ...]
    templates: tuple[tuple[str, str], ...] = ()
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WmtsOffer:
    """All that a WMTS offers and that can be shown.

    Attributes
    ----------
    takes_parameters : bool
        It answers requests with parameters (KVP), not only addresses made from a template.
    """

    layers: tuple[WmtsLayer, ...]
    grids: tuple[TileGrid, ...]
    takes_parameters: bool

    def grid(self, name: str) -> TileGrid:
        """Return a grid by its name.

        Raises
        ------
        KeyError
        """
        for grid in self.grids:
            if grid.name == name:
                return grid
        raise KeyError(name)


def read_wmts(data: bytes) -> WmtsOffer:
    """Return what a WMTS offers.

    Raises
    ------
    InputError
        When the document is no description of a WMTS, or offers nothing that can be shown.
    """
    root = parsed(data)
    contents = part(root, "Contents")
    grids = [grid for given in parts(contents, "TileMatrixSet") if (grid := _grid(given)) is not None]
    known = {grid.name for grid in grids}
    layers = [_layer(given, known) for given in islice(parts(contents, "Layer"), _MOST_LAYERS)]
    shown = tuple(layer for layer in layers if layer.name and layer.grids)
    if not shown:
        raise InputError(
            _("The address answers, but offers no WMTS layer that can be shown."),
            remedy=_("Check the address."),
        )
    return WmtsOffer(shown, tuple(grids), _takes_parameters(root, shown))


def at_typed_host(template: str, typed: str) -> str:
    """Return a server's own address with scheme and host of the one that was typed.

    Servers behind a gateway often state an address of the inside; and whatever a server says, only the host
    that somebody typed is asked.
    """
    stated, own = urlsplit(template), urlsplit(typed)
    return urlunsplit((own.scheme, own.netloc, stated.path, stated.query, ""))


def _takes_parameters(root: Element, layers: Sequence[WmtsLayer]) -> bool:
    for operation in parts(part(root, "OperationsMetadata"), "Operation"):
        if attribute(operation, "name") == "GetTile":
            gets = list(parts(part(operation, "DCP", "HTTP"), "Get"))
            said = [
                text_of(constraint, "AllowedValues", "Value").upper()
                for get in gets
                for constraint in parts(get, "Constraint")
            ]
            return bool(gets) and (not said or "KVP" in said)
    return not all(layer.templates for layer in layers)


def _layer(given: Element, known: set[str]) -> WmtsLayer:
    styles = sorted(
        parts(given, "Style"), key=lambda style: attribute(style, "isDefault").lower() not in ("true", "1")
    )
    name = text_of(given, "Identifier")
    linked = [text_of(link, "TileMatrixSet") for link in parts(given, "TileMatrixSetLink")]
    return WmtsLayer(
        name=name,
        title=text_of(given, "Title") or name,
        styles=tuple(text_of(style, "Identifier") for style in styles) or ("default",),
        formats=tuple((text.text or "").strip() for text in parts(given, "Format")) or ("image/png",),
        grids=tuple(dict.fromkeys(link for link in linked if link in known)),
        templates=tuple(
            (attribute(url, "format"), attribute(url, "template"))
            for url in parts(given, "ResourceURL")
            if attribute(url, "resourceType") == "tile" and attribute(url, "template")
        ),
        dimensions=tuple(
            (text_of(dimension, "Identifier"), text_of(dimension, "Default"))
            for dimension in parts(given, "Dimension")
            if text_of(dimension, "Identifier")
        ),
    )


@dataclass(frozen=True)
class _Matrix:
    name: str
    scale: float
    corner: tuple[float, float]
    tile: tuple[int, int]
    columns: int
    rows: int


def _grid(given: Element) -> TileGrid | None:
    """Return a grid; None where its coordinate system or its numbers are not understood."""
    stated = text_of(given, "SupportedCRS")
    name = service_crs(stated)
    matrices = [matrix for one in parts(given, "TileMatrix") if (matrix := _matrix(one)) is not None]
    if name is None or not matrices or len({matrix.tile for matrix in matrices}) != 1:
        return None
    crs = parse_crs(name)
    swapped = speaks_north_first(name) and not says_east_first(stated)
    pixel, world = _pixel(matrices, crs)
    unit = metres_per_unit(crs)
    resolutions = [
        world / (matrix.columns * matrix.tile[0]) if world else matrix.scale * pixel / unit
        for matrix in matrices
    ]
    if not _holds(_extent(matrices, resolutions, swapped), crs) and _holds(
        _extent(matrices, resolutions, not swapped), crs
    ):
        swapped = not swapped
    try:
        levels = tuple(
            GridLevel(
                name=matrix.name,
                resolution=resolution,
                left=matrix.corner[1] if swapped else matrix.corner[0],
                top=matrix.corner[0] if swapped else matrix.corner[1],
                columns=matrix.columns,
                rows=matrix.rows,
            )
            for matrix, resolution in zip(matrices, resolutions, strict=True)
        )
        width, height = matrices[0].tile
        return TileGrid(
            name=text_of(given, "Identifier"), crs=name, tile_width=width, tile_height=height, levels=levels
        )
    except ValidationError:
        return None


def _matrix(given: Element) -> _Matrix | None:
    scale, corner = numbers(text_of(given, "ScaleDenominator")), numbers(text_of(given, "TopLeftCorner"))
    sizes = [
        numbers(text_of(given, name)) for name in ("TileWidth", "TileHeight", "MatrixWidth", "MatrixHeight")
    ]
    if len(scale) != 1 or len(corner) != 2 or any(len(size) != 1 for size in sizes):
        return None
    width, height, columns, rows = (int(size[0]) for size in sizes)
    if min(width, height, columns, rows) < 1 or scale[0] <= 0:
        return None
    name = text_of(given, "Identifier")
    return _Matrix(name, scale[0], (corner[0], corner[1]), (width, height), columns, rows)


def _pixel(matrices: Sequence[_Matrix], crs: CRS) -> tuple[float, float]:
    """Return the pixel that the scales are stated for, and the world's width where the grid covers it.

    A grid around the world says itself how large its pixels are: then the scales only have to agree.
    """
    span = 360.0 if crs.is_geographic else 2 * math.pi * 6378137.0
    unit = metres_per_unit(crs)
    for pixel in (_PIXEL_M, _PIXEL_96_M):
        wide = [matrix.scale * pixel / unit * matrix.columns * matrix.tile[0] for matrix in matrices]
        if all(abs(width / span - 1) < _WORLD_TOLERANCE for width in wide):
            return pixel, span
    return _PIXEL_M, 0.0


def _extent(matrices: Sequence[_Matrix], resolutions: Sequence[float], swapped: bool) -> Bounds:
    matrix, resolution = matrices[-1], resolutions[-1]
    left, top = (matrix.corner[1], matrix.corner[0]) if swapped else matrix.corner
    width, height = (
        count * size * resolution
        for count, size in zip((matrix.columns, matrix.rows), matrix.tile, strict=True)
    )
    return left, top - height, left + width, top


def _holds(extent: Bounds, crs: CRS) -> bool:
    """Tell whether a grid reaches into the area its coordinate system is for."""
    area = crs.area_of_use
    if area is None:
        return True
    lon = [area.west, area.east, (area.west + area.east) / 2]
    lat = [area.south, area.north, (area.south + area.north) / 2]
    x, y = transform_known_points(lon, lat, parse_crs(GEOGRAPHIC_CGCS2000), crs)
    box = min(x[0], x[1]), min(y[0], y[1]), max(x[0], x[1]), max(y[0], y[1])
    return all(
        min(extent[high], box[high]) - max(extent[low], box[low])
        > _OVERLAP * min(extent[high] - extent[low], box[high] - box[low])
        for low, high in ((0, 2), (1, 3))
    )
