"""A raster's cells as values: scaled, and told from those that hold none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.formats.raster import CellWindow, RasterFile, RasterLevel
from layers.pictures.raster_model import RasterBand


def has_value(stored: NDArray[Any], band: RasterBand, also: float | None) -> NDArray[np.bool_]:
    """Tell which cells hold something, from what stands in the file.

    Parameters
    ----------
    also : float or None
        A value (scaled) that means nothing too.
    """
    found = np.isfinite(stored) if stored.dtype.kind == "f" else np.ones(stored.shape, dtype=np.bool_)
    if band.nodata is not None:
        # a float32 cell holds what float32 makes of the number
        found &= stored != (np.float32(band.nodata) if stored.dtype == np.float32 else band.nodata)
    if also is not None:
        found &= ~np.isclose(scaled(stored, band).astype(np.float64), also, rtol=1e-6, atol=0)
    return found


def scaled(stored: NDArray[Any], band: RasterBand) -> NDArray[Any]:
    """Return what the cells mean: float64 where the band has a scale or an offset."""
    if band.scale == 1.0 and band.offset == 0.0:
        return stored
    return stored.astype(np.float64) * band.scale + band.offset


def read_values(
    file: RasterFile,
    level: RasterLevel,
    shown: tuple[RasterBand, ...],
    window: CellWindow,
    *,
    nodata: float | None,
    mixed: bool,
) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Return values of bands, shape (bands, height, width), and how much each cell shows, 0 to 255.

    A cell shows nothing where no band holds a value, or where the file's own mask says so.

    Raises
    ------
    InputError
        When the file has become unreadable.
    """
    stored = file.read(level, tuple(band.number for band in shown), window, mixed=mixed and nodata is None)
    known = np.zeros(stored.shape[1:], dtype=np.bool_)
    for part, band in zip(stored, shown, strict=True):
        known |= has_value(part, band, nodata)
    alpha = np.where(known, np.uint8(255), np.uint8(0))
    mask = file.read_shown(level, window)
    if mask is not None:
        alpha = np.minimum(alpha, mask)
    if any(band.scale != 1.0 or band.offset != 0.0 for band in shown):
        stored = np.stack([scaled(part, band) for part, band in zip(stored, shown, strict=True)])
    return stored, alpha
