"""Pictures drawn strip by strip, so that a wall map needs little memory; GeoTIFF among them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from pyproj import CRS
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter
from rasterio.enums import ColorInterp
from rasterio.transform import Affine
from rasterio.windows import Window

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH
from zsgis.sheets.layout import MapItem, SheetPage

MM_PER_INCH = 25.4
_STRIP_PIXELS = 24_000_000
# of GDAL's blocks, in megabytes; its own share of the machine's memory would be the larger part of all
_CACHE_MB = 64
# Qt leaves out strokes that lie on the very edge of what is drawn: a strip is drawn with some rows around it
_MARGIN_ROWS = 32
_DRIVERS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_PNG_HEADER = 33
"""Bytes of a PNG's signature and first chunk; how large a pixel is is said behind them."""
_JFIF_DENSITY = 13
"""Where a JFIF file says its unit (1: per inch) and its density across and down."""


@dataclass(frozen=True)
class PictureSize:
    """The size of a page in pixels.

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


def picture_size(page: SheetPage, dpi: int) -> PictureSize:
    """Return how many pixels a page has at a resolution."""
    across, down = (round(side / MM_PER_INCH * dpi) for side in (page.width_mm, page.height_mm))
    return PictureSize(across, down, dpi)


def draw_rows(page: SheetPage, size: PictureSize, top: int, rows: int, progress: Progress) -> QImage:
    """Return some rows of a page as an image; needs a QGuiApplication."""
    image = QImage(size.width, rows, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(size.per_metre)
    image.setDotsPerMeterY(size.per_metre)
    painter = QPainter(image)
    try:
        painter.translate(0, -top)
        painter.scale(size.dpi / UNITS_PER_INCH, size.dpi / UNITS_PER_INCH)
        draw_page(painter, page, progress)
    finally:
        painter.end()
    return image


def write_strips(
    page: SheetPage,
    path: Path,
    size: PictureSize,
    title: str,
    progress: Progress,
    *,
    strip_pixels: int = _STRIP_PIXELS,
) -> None:
    """Write a page as a picture, no more than some rows of it in memory at a time.

    A ``.tif`` is a GeoTIFF where the page has one map that lies in a known coordinate system: the whole page
    is placed by that map, so that coordinates hold inside its neat line. Any other picture is made from a
    TIFF beside it, which needs its room on the disk for the while.

    Parameters
    ----------
    strip_pixels : int
        How many pixels are drawn at once, at least one row.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    kind = _DRIVERS.get(path.suffix.lower())
    tiff = path if kind is None else path.with_name(f"{path.name}.strips.tif")
    try:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
            _write_tiff(page, tiff, size, title, ProgressPart(progress, 0.0, 0.9), strip_pixels)
            if kind is not None:
                options = {"quality": 92} if kind == "JPEG" else {}
                rasterio.shutil.copy(tiff, path, driver=kind, **options)
        if kind is not None:
            tiff.unlink()
            path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)
            _state_density(path, size)
    except rasterio.errors.RasterioError as error:
        raise OSError(str(error)) from error
    progress.step(1.0)


def _write_tiff(
    page: SheetPage, path: Path, size: PictureSize, title: str, progress: Progress, strip_pixels: int
) -> None:
    place = _place(page, size.dpi) if path.suffix.lower() in (".tif", ".tiff") else None
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
        profile |= {"transform": place[0], "crs": rasterio.CRS.from_wkt(place[1].to_wkt("WKT1_GDAL"))}
    with rasterio.open(path, "w", **profile) as file:
        file.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        file.update_tags(
            TIFFTAG_XRESOLUTION=str(size.dpi),
            TIFFTAG_YRESOLUTION=str(size.dpi),
            TIFFTAG_RESOLUTIONUNIT="2",
            TIFFTAG_DOCUMENTNAME=title,
            TIFFTAG_SOFTWARE="zsgis",
        )
        for top, rows in _strips(size, strip_pixels):
            part = ProgressPart(progress, top / size.height, (top + rows) / size.height)
            part.step(0.0, _("Drawing the sheet"))
            above, below = min(top, _MARGIN_ROWS), min(size.height - top - rows, _MARGIN_ROWS)
            image = draw_rows(page, size, top - above, above + rows + below, part)
            drawn = _rgb(image)[above : above + rows]
            file.write(np.moveaxis(drawn, 2, 0), window=Window(0, top, size.width, rows))


def _strips(size: PictureSize, strip_pixels: int) -> Iterator[tuple[int, int]]:
    rows = max(strip_pixels // size.width, 1)
    for top in range(0, size.height, rows):
        yield top, min(rows, size.height - top)


def _rgb(image: QImage) -> NDArray[np.uint8]:
    """Return an image as an array, shape (rows, columns, 3)."""
    bits: Any = image.constBits()
    whole: NDArray[np.uint8] = np.frombuffer(bits.asarray(image.sizeInBytes()), dtype=np.uint8)
    rows = whole.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 4]
    # a pixel lies in memory as blue, green, red, nothing
    return rows.reshape(image.height(), image.width(), 4)[:, :, 2::-1]


def _place(page: SheetPage, dpi: int) -> tuple[Affine, CRS] | None:
    """Return where a page lies by its one map, or None where none or several could say so."""
    maps = [item for item in page.items_of(MapItem) if item.system is not None]
    if len(maps) != 1:
        return None
    (item,) = maps
    xmin, ymin, xmax, ymax = item.bounds
    neat = item.neat
    across, down = (xmax - xmin) / (neat.right - neat.x), (ymax - ymin) / (neat.bottom - neat.y)
    mm = MM_PER_INCH / dpi
    west, north = xmin - neat.x * across, ymax + neat.y * down
    return Affine(across * mm, 0.0, west, 0.0, -down * mm, north), CRS.from_user_input(item.system)


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
