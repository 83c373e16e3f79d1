"""Computed grids of values out as cloud optimised GeoTIFF."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.formats.model import WrittenFile
from layers.formats.raster import reading
from layers.formats.raster_writing import write_geotiff
from layers.pictures.raster_model import Affine6
from layers.progress import Progress

NODATA = -9999.0
"""What cells without a value hold in a file: other programs know it better than NaN."""


def write_grid(
    cells: NDArray[np.float32],
    transform: Affine6,
    crs: pyproj.CRS,
    target: Path,
    progress: Progress,
    *,
    name: str = "",
    unit: str = "",
    mark: str = "",
) -> WrittenFile:
    """Write values as a cloud optimised GeoTIFF of float32 with one band; whole or not at all.

    Parameters
    ----------
    cells : ndarray of float32, shape (rows, columns)
        NaN where there is no value; written as :data:`NODATA`.
    transform : tuple of 6 floats
        From columns and rows to coordinates of ``crs``.
    name, unit : str
        Of the band.
    mark : str
        The words of its secrecy.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix=".grid-", dir=target.parent) as folder:
        plain = Path(folder) / "grid.tif"
        with reading(plain):
            _write(plain, np.where(np.isnan(cells), np.float32(NODATA), cells), transform, crs, name, unit)
        return write_geotiff(plain, target, progress, mark=mark)


def _write(
    path: Path, cells: NDArray[np.float32], transform: Affine6, crs: pyproj.CRS, name: str, unit: str
) -> None:
    import rasterio

    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": cells.shape[0],
        "width": cells.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": crs.to_wkt(),
        "transform": rasterio.Affine(*transform),
        "nodata": NODATA,
    }
    with rasterio.open(path, "w", **profile) as out:
        out.write(cells, 1)
        out.set_band_description(1, name)
        out.set_band_unit(1, unit)
