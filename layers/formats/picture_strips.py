"""Pictures written strip by strip, so that a large one needs little memory; GeoTIFF among them."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine
from rasterio.windows import Window

MM_PER_INCH = 25.4
# of GDAL's blocks, in megabytes; its own share of the machine's memory would be the larger part of all
_CACHE_MB = 64
_DRIVERS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_PNG_HEADER = 33
"""Bytes of a PNG's signature and first chunk; how large a pixel is is said behind them."""
_JFIF_DENSITY = 13
"""Where a JFIF file says its unit (1: per inch) and its density across and down."""

Rows = NDArray[np.uint8]
"""Some rows of a picture, shape (rows, width, 3): red, green, blue."""


@dataclass(frozen=True)
class PictureSize:
    """The size of a picture in pixels.

    Attributes
    ----------
    width, height : int
    dpi : int
    """

    width: int
    height: int
    dpi: int

    @property
    def pixels(self) -> int:
        """How many pixels there are."""
        return self.width * self.height

    @property
    def per_metre(self) -> int:
        """Pixels per metre of paper."""
        return round(self.dpi / MM_PER_INCH * 1000)


@dataclass(frozen=True)
class PicturePlace:
    """Where a picture lies, north up.

    Attributes
    ----------
    west, north : float
        Its upper left corner in the units of the system.
    pixel_width, pixel_height : float
        What one pixel measures on the ground, in the same units.
    system : CRS
    """

    west: float
    north: float
    pixel_width: float
    pixel_height: float
    system: CRS


def write_picture(
    path: Path, size: PictureSize, strips: Iterable[Rows], title: str, place: PicturePlace | None = None
) -> None:
    """Write a picture from its strips, top to bottom.

    A ``.tif`` carries its place. Any other picture is made from a TIFF beside it, which needs its room on
    the disk for the while.

    Parameters
    ----------
    strips : iterable of array of uint8, shape (rows, width, 3)
        Their rows add up to the height.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    kind = _DRIVERS.get(path.suffix.lower())
    tiff = path if kind is None else path.with_name(f"{path.name}.strips.tif")
    try:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
            _write_tiff(tiff, size, strips, title, place)
            if kind is not None:
                options = {"quality": 92} if kind == "JPEG" else {}
                rasterio.shutil.copy(tiff, path, driver=kind, **options)
        if kind is not None:
            tiff.unlink()
            path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)
            _state_density(path, size)
    except rasterio.errors.RasterioError as error:
        raise OSError(str(error)) from error


def _write_tiff(
    path: Path, size: PictureSize, strips: Iterable[Rows], title: str, place: PicturePlace | None
) -> None:
    profile = {
        "driver": "GTiff",
        "width": size.width,
        "height": size.height,
        "count": 3,
        "dtype": "uint8",
        "photometric": "RGB",
        "interleave": "pixel",
        "compress": "deflate",
        "predictor": 2,
        "bigtiff": "IF_SAFER",
    }
    if place is not None:
        transform = Affine(place.pixel_width, 0.0, place.west, 0.0, -place.pixel_height, place.north)
        profile |= {"transform": transform, "crs": rasterio.CRS.from_wkt(place.system.to_wkt("WKT1_GDAL"))}
    with warnings.catch_warnings():
        # a sheet without a map, or with several, lies nowhere
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        file = rasterio.open(path, "w", **profile)
    with file:
        file.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        file.update_tags(
            TIFFTAG_XRESOLUTION=str(size.dpi),
            TIFFTAG_YRESOLUTION=str(size.dpi),
            TIFFTAG_RESOLUTIONUNIT="2",
            TIFFTAG_DOCUMENTNAME=title,
            TIFFTAG_SOFTWARE="zsgis",
        )
        top = 0
        for rows in strips:
            file.write(np.moveaxis(rows, 2, 0), window=Window(0, top, size.width, len(rows)))
            top += len(rows)


def _state_density(path: Path, size: PictureSize) -> None:
    """Say in a PNG or JPG how large a pixel is on paper, which its writer leaves out."""
    if path.suffix.lower() == ".png":
        _insert_png_density(path, size.per_metre)
        return
    with path.open("r+b") as file:
        head = file.read(_JFIF_DENSITY)
        if head[6:11] == b"JFIF\x00":
            file.seek(_JFIF_DENSITY)
            file.write(struct.pack(">BHH", 1, size.dpi, size.dpi))


def _insert_png_density(path: Path, per_metre: int) -> None:
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    draft = path.with_name(f"{path.name}.density")
    with path.open("rb") as source, draft.open("wb") as target:
        target.write(source.read(_PNG_HEADER))
        target.write(chunk)
        while block := source.read(1 << 20):
            target.write(block)
    draft.replace(path)
