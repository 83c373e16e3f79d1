"""Writes coarser forms of a raster into a file of their own; the raster itself is only read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from layers.formats.raster import CellWindow, RasterFile, RasterLevel, reading
from layers.progress import Progress
from layers.words import _

# A stripe of so many cells of the first coarser form is worked on at once.
_CELLS_AT_ONCE = 4_000_000
_TILE = 256
_SMALLEST = 256
# The first form takes about this share of the time: each further one has a quarter of the cells.
_FIRST_SHARE = 0.75


def write_overviews(source: Path, target: Path, progress: Progress, *, mixed: bool) -> Path:
    """Write the forms of 2, 4, 8 … cells across as a TIFF: what GDAL expects in an ``.ovr`` file.

    The target appears whole or not at all.

    Parameters
    ----------
    mixed : bool
        Whether a coarser cell is the mean of those it covers; else one of them (classes, palettes).

    Raises
    ------
    InputError
        When the raster cannot be read or the target not be written.
    JobCancelled
        When ``progress`` says so.
    """
    raster = RasterFile(source)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with reading(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_first(raster, unfinished, progress, mixed=mixed)
            _write_rest(unfinished, progress, mixed=mixed)
            unfinished.replace(target)
    finally:
        raster.close()
        unfinished.unlink(missing_ok=True)
    progress.step(1.0)
    return target


def _write_first(raster: RasterFile, target: Path, progress: Progress, *, mixed: bool) -> None:
    import rasterio

    facts = raster.facts
    a, b, c, d, e, f = facts.transform
    half = RasterLevel(-(-facts.width // 2), -(-facts.height // 2), 2.0, 2.0, 0, 2)
    kinds = {band.dtype for band in facts.bands}
    with rasterio.open(
        target,
        "w",
        driver="GTiff",
        width=half.width,
        height=half.height,
        count=len(facts.bands),
        dtype=np.result_type(*kinds),
        nodata=facts.bands[0].nodata,
        tiled=True,
        blockxsize=_TILE,
        blockysize=_TILE,
        compress="deflate",
        predictor=2 if np.result_type(*kinds).kind in "iu" else 1,
        bigtiff="if_safer",
        transform=rasterio.Affine(2 * a, 2 * b, c, 2 * d, 2 * e, f),
    ) as written:
        rows_at_once = max(_CELLS_AT_ONCE // half.width // _TILE, 1) * _TILE
        for row in range(0, half.height, rows_at_once):
            progress.step(_FIRST_SHARE * row / half.height, _("Making coarser forms"))
            rows = min(rows_at_once, half.height - row)
            _copy(raster, half, CellWindow(0, row, half.width, rows), written, mixed=mixed)


def _copy(raster: RasterFile, half: RasterLevel, window: CellWindow, written: Any, *, mixed: bool) -> None:
    from rasterio.windows import Window

    place = Window(0, window.row, window.width, window.height)
    for band in raster.facts.bands:
        written.write(raster.read(half, (band.number,), window, mixed=mixed)[0], band.number, window=place)
    mask = raster.read_shown(half, window)
    if mask is not None and not any(band.meaning == "alpha" for band in raster.facts.bands):
        written.write_mask(mask, window=place)


def _write_rest(target: Path, progress: Progress, *, mixed: bool) -> None:
    import rasterio
    from rasterio.enums import Resampling

    with rasterio.open(target, "r+") as written:
        factors = [2]
        while max(written.width, written.height) / factors[-1] > _SMALLEST:
            factors.append(factors[-1] * 2)
        progress.step(_FIRST_SHARE)
        written.build_overviews(factors, Resampling.average if mixed else Resampling.nearest)
