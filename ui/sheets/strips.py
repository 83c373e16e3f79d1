"""A sheet drawn strip by strip, so that a wall map needs little memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter

from layers.formats.picture_strips import MM_PER_INCH, PicturePlace, PictureSize, Rows, write_picture
from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH
from zsgis.sheets.layout import MapItem, SheetPage

_STRIP_PIXELS = 24_000_000
# Qt leaves out strokes that lie on the very edge of what is drawn: a strip is drawn with some rows around it
_MARGIN_ROWS = 32


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
    is placed by that map, so that coordinates hold inside its neat line.

    Parameters
    ----------
    strip_pixels : int
        How many pixels are drawn at once, at least one row.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    strips = _strips(page, size, strip_pixels, ProgressPart(progress, 0.0, 0.9))
    write_picture(path, size, strips, title, _place(page, size.dpi))
    progress.step(1.0)


def _strips(page: SheetPage, size: PictureSize, strip_pixels: int, progress: Progress) -> Iterator[Rows]:
    step = max(strip_pixels // size.width, 1)
    for top in range(0, size.height, step):
        rows = min(step, size.height - top)
        part = ProgressPart(progress, top / size.height, (top + rows) / size.height)
        part.step(0.0, _("Drawing the sheet"))
        above, below = min(top, _MARGIN_ROWS), min(size.height - top - rows, _MARGIN_ROWS)
        image = draw_rows(page, size, top - above, above + rows + below, part)
        yield _rgb(image)[above : above + rows]


def _rgb(image: QImage) -> Rows:
    """Return an image as an array, shape (rows, columns, 3)."""
    bits: Any = image.constBits()
    whole: NDArray[np.uint8] = np.frombuffer(bits.asarray(image.sizeInBytes()), dtype=np.uint8)
    rows = whole.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 4]
    # a pixel lies in memory as blue, green, red, nothing
    return rows.reshape(image.height(), image.width(), 4)[:, :, 2::-1]


def _place(page: SheetPage, dpi: int) -> PicturePlace | None:
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
    return PicturePlace(west, north, across * mm, down * mm, CRS.from_user_input(item.system))
