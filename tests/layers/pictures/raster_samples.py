"""Rasters that tests write: small, with cells that say where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

from layers.crs import parse_crs
from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.raster_model import RasterPicture, RasterStyle

WEST, NORTH = 436_000.0, 2_492_000.0


def write_raster(
    path: Path,
    cells: np.ndarray,
    *,
    crs: str | None = "EPSG:4547",
    transform: Affine | None = None,
    overviews: tuple[int, ...] = (),
    **profile: Any,
) -> Path:
    """Write cells, shape (rows, columns) or (bands, rows, columns), 10 m each from WEST, NORTH."""
    stack = cells if cells.ndim == 3 else cells[None]
    with rasterio.open(
        path,
        "w",
        **{"driver": "GTiff", "dtype": stack.dtype, **profile},
        width=stack.shape[2],
        height=stack.shape[1],
        count=stack.shape[0],
        crs=crs,
        transform=transform if transform is not None else Affine(10, 0, WEST, 0, -10, NORTH),
    ) as written:
        written.write(stack)
        if overviews:
            written.build_overviews(list(overviews), rasterio.enums.Resampling.average)
    return path


def picture_of(path: Path, crs: str | None = None, **style: Any) -> RasterPicture:
    """Return a raster as added, shown with a style of its own."""
    picture = raster_picture(
        raster_facts(path),
        uid="019313a0-0000-7000-8000-0000000000aa",
        name=path.stem,
        project_folder=path.parent / "elsewhere",
        crs=parse_crs(crs) if crs else None,
    )
    if not style:
        return picture
    declared = {**picture.style.model_dump(), **style}
    return picture.model_copy(update={"style": RasterStyle.model_validate(declared)})
