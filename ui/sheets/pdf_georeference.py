"""Where on earth the map of a PDF page lies: a viewport with a measure dictionary (ISO 32000-2, 12.9).

Readers (GDAL, QGIS, Acrobat) then give coordinates for any point of the map.
"""

from __future__ import annotations

from decimal import Decimal

import pikepdf
from pyproj import CRS, Transformer

from zsgis.sheets.layout import MapItem, SheetPage

_POINTS_PER_MM = 72.0 / 25.4
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Corners of the neat line as shares of its width (rightwards) and height (upwards)."""


def georeference(page: pikepdf.Page, sheet: SheetPage) -> int:
    """Say of each map of a page what it shows; return how many maps could be placed.

    A map without a coordinate system is left out.
    The page's media box must already be exact.
    """
    viewports = [_viewport(page, item) for item in sheet.items_of(MapItem) if item.system is not None]
    if viewports:
        page.obj.VP = pikepdf.Array(viewports)
    return len(viewports)


def _viewport(page: pikepdf.Page, item: MapItem) -> pikepdf.Dictionary:
    left, _low, _right, top = (float(edge) for edge in page.mediabox)
    neat = item.neat
    box = [
        left + neat.x * _POINTS_PER_MM,
        top - neat.bottom * _POINTS_PER_MM,
        left + neat.right * _POINTS_PER_MM,
        top - neat.y * _POINTS_PER_MM,
    ]
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Viewport,
        Name=pikepdf.String(item.name),
        BBox=_numbers(box, 5),
        Measure=_measure(item, CRS.from_user_input(item.system)),
    )


def _measure(item: MapItem, crs: CRS) -> pikepdf.Dictionary:
    xmin, ymin, xmax, ymax = item.bounds
    # Latitude and longitude on the map's own datum: no shift between datums enters.
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    degrees: list[float] = []
    for right, up in _CORNERS:
        x, y = (xmin, xmax)[right], (ymin, ymax)[up]
        longitude, latitude = to_degrees.transform(x, y, errcheck=True)
        degrees += [latitude, longitude]
    shares = [float(share) for corner in _CORNERS for share in corner]
    system = pikepdf.Dictionary(
        Type=pikepdf.Name.PROJCS if crs.is_projected else pikepdf.Name.GEOGCS,
        WKT=pikepdf.String(crs.to_wkt("WKT1_ESRI")),
    )
    code = crs.to_epsg()
    if code is not None:
        system.EPSG = code
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Measure,
        Subtype=pikepdf.Name.GEO,
        Bounds=_numbers(shares, 0),
        # 1e-11 degrees is a thousandth of a millimetre on the ground
        GPTS=_numbers(degrees, 11),
        LPTS=_numbers(shares, 0),
        GCS=system,
    )


def _numbers(values: list[float], digits: int) -> pikepdf.Array:
    return pikepdf.Array([Decimal(f"{value:.{digits}f}") for value in values])
