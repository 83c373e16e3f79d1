"""What a raster holds under a point of the map."""

from __future__ import annotations

from pathlib import Path

import pyproj

from layers.pictures.raster_model import RasterPicture
from layers.words import _

BandValue = tuple[str, float | None, str]


def values_at(picture: RasterPicture, x: float, y: float, crs: pyproj.CRS) -> list[BandValue]:
    """Return name, value and unit of every band in the cell under a point.

    Parameters
    ----------
    picture : RasterPicture
        With an absolute path.
    x, y : float
        East and north in ``crs``.

    Returns
    -------
    list of tuple
        Empty outside the raster; a value is None where the cell holds none. Transparency is no value.

    Raises
    ------
    CrsError
        When no safe way leads from ``crs`` to the raster's coordinate system.
    InputError
        When the file is missing or cannot be read.
    """
    from layers.pictures.raster import RasterSource

    source = RasterSource(picture, Path())
    try:
        found = source.values_at(x, y, crs)
    finally:
        source.close()
    if found is None:
        return []
    return [
        (band.name or _("Band {number}").format(number=band.number), value, band.unit)
        for band, value in found
        if band.meaning != "alpha"
    ]
