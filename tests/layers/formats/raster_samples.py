"""Small rasters in every form that is handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

WEST, NORTH, CELL = 436_000.0, 2_492_000.0, 10.0
PLACE = Affine(CELL, 0, WEST, 0, -CELL, NORTH)
WORLD = f"{CELL}\n0\n0\n{-CELL}\n{WEST + CELL / 2}\n{NORTH - CELL / 2}\n"
PRJ = rasterio.crs.CRS.from_epsg(4547).to_wkt(version="WKT1_ESRI")


def heights(rows: int = 6, columns: int = 8) -> np.ndarray:
    """Return heights that differ in every cell."""
    return (np.arange(rows * columns, dtype=np.float32).reshape(rows, columns) + 0.5)[None]


def colors(rows: int = 6, columns: int = 8) -> np.ndarray:
    """Return cells of three bands that differ in every cell."""
    return np.arange(3 * rows * columns, dtype=np.uint8).reshape(3, rows, columns)


def write(path: Path, cells: np.ndarray, driver: str, **profile: Any) -> Path:
    """Write cells with rasterio."""
    count, height, width = cells.shape
    declared = {"driver": driver, "width": width, "height": height, "count": count, "dtype": cells.dtype}
    with rasterio.open(path, "w", **declared, **profile) as written:
        written.write(cells)
    return path


def grid(path: Path, *, centre: bool = False) -> Path:
    """Write an ASCII grid by hand: 3 columns, 2 rows, one cell without data."""
    corner = ("xllcenter", "yllcenter") if centre else ("xllcorner", "yllcorner")
    shift = CELL / 2 if centre else 0
    path.write_text(
        f"ncols 3\nnrows 2\n{corner[0]} {WEST + shift}\n{corner[1]} {NORTH - 2 * CELL + shift}\n"
        f"cellsize {CELL}\nNODATA_value -9999\n1.5 2.5 3.5\n4.5 -9999 6.5\n",
        encoding="ascii",
    )
    return path


def with_world(path: Path, driver: str, ending: str) -> Path:
    """Write a picture that does not know its place, and its world file."""
    import warnings

    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        write(path, colors(), driver)
    path.with_suffix(ending).write_text(WORLD, encoding="ascii")
    return path


def valid_files(folder: Path) -> list[Path]:
    """Write a small raster of every form."""
    return [
        write(folder / "dem.tif", heights(), "GTiff", crs="EPSG:4547", transform=PLACE, nodata=-9999),
        grid(folder / "grid.asc"),
        write(folder / "image.img", heights(), "HFA", crs="EPSG:4547", transform=PLACE),
        with_world(folder / "scan.png", "PNG", ".pgw"),
        with_world(folder / "photo.jpg", "JPEG", ".jgw"),
    ]
