"""A raster's cells read whole, and shapes laid onto a grid of cells: classes to be counted, not shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.errors import InputError
from layers.formats.raster import CellWindow, RasterFile
from layers.pictures.raster_model import Affine6
from layers.progress import Progress
from layers.words import _

CELLS_AT_MOST = 120_000_000
"""So many cells, with what is computed from them, still fit into an office computer's memory."""
_ROWS_BYTES = 16 * 2**20
_SQUARE_WITHIN = 1e-6


@dataclass(frozen=True)
class ReadCells:
    """A band of a raster, whole.

    Attributes
    ----------
    cells : ndarray of numbers, shape (rows, columns)
        As they stand in the file, unscaled.
    known : ndarray of bool, shape (rows, columns)
        False where a cell is without data.
    cell : float
        Side of a cell, in units of ``crs``.
    transform : tuple of 6 floats
        x = t0 * column + t1 * row + t2, y = t3 * column + t4 * row + t5.
    crs : pyproj.CRS or None
        None where the file states none.
    """

    cells: NDArray[Any]
    known: NDArray[np.bool_]
    cell: float
    transform: Affine6
    crs: pyproj.CRS | None


def read_cells(path: Path, band: int, progress: Progress) -> ReadCells:
    """Read a band of a raster with square cells.

    Raises
    ------
    InputError
        When the file cannot be read, has no such band, its cells are not square, or it has more than
        :data:`CELLS_AT_MOST` cells.
    """
    file = RasterFile(path)
    try:
        facts = file.facts
        if not 1 <= band <= len(facts.bands):
            raise InputError(
                _("The raster has no band {band}; it has {count}.").format(band=band, count=len(facts.bands)),
                where=str(path),
                remedy=_("Choose one of its bands."),
            )
        if facts.width * facts.height > CELLS_AT_MOST:
            raise _too_many(facts.width * facts.height, str(path))
        side = _side(facts.transform, path)
        level, nodata = file.level(1.0), facts.bands[band - 1].nodata
        parts, masks = [], []
        step = max(_ROWS_BYTES // max(facts.width * 8, 1), 1)
        for row in range(0, facts.height, step):
            progress.step(row / facts.height, _("Reading the raster"))
            window = CellWindow(0, row, facts.width, min(step, facts.height - row))
            part = file.read(level, (band,), window, mixed=False)[0]
            known = np.isfinite(part) if part.dtype.kind == "f" else np.ones(part.shape, dtype=bool)
            if nodata is not None:
                known &= part != (np.float32(nodata) if part.dtype == np.float32 else nodata)
            shown = file.read_shown(level, window)
            masks.append(known if shown is None else known & (shown > 0))
            parts.append(part)
        cells, known = np.concatenate(parts), np.concatenate(masks)
        return ReadCells(cells, known, side, facts.transform, facts.crs)
    finally:
        file.close()


def _side(transform: Affine6, path: Path) -> float:
    """Return the side of the cells of a grid that may be turned."""
    a, b, _c, d, e, _f = transform
    across, down = math.hypot(a, d), math.hypot(b, e)
    slant = abs(a * b + d * e)
    if abs(across - down) > _SQUARE_WITHIN * across or slant > _SQUARE_WITHIN * across * down:
        raise InputError(
            _("The raster's cells are not square: {across:g} by {down:g}.").format(across=across, down=down),
            where=str(path),
            remedy=_("Have it resampled to square cells, each taking the class of its centre."),
        )
    return across


def _too_many(cells: float, where: str) -> InputError:
    return InputError(
        _("The raster would have {count:,.0f} cells, more than the {most:,} that can be counted.").format(
            count=cells, most=CELLS_AT_MOST
        ),
        where=where,
        remedy=_("Take larger cells, or a part of it."),
    )


def laid_on_cells(
    geometry: NDArray[Any], values: NDArray[np.int32], bounds: tuple[float, float, float, float], cell: float
) -> NDArray[np.int32]:
    """Return a grid over ``bounds`` whose cells hold the value of the shape over their centre, else 0.

    Parameters
    ----------
    geometry : ndarray of polygons, shape (n,)
    values : ndarray of int32, shape (n,)
        Of shapes over each other the last one counts.
    bounds : tuple of float
        West, south, east, north; the grid starts in the north-west and may reach beyond in south and east.
    cell : float
        Side of a cell, in the units of the shapes.

    Raises
    ------
    InputError
        For more than :data:`CELLS_AT_MOST` cells.
    """
    west, south, east, north = bounds
    columns, rows = max(math.ceil((east - west) / cell), 1), max(math.ceil((north - south) / cell), 1)
    if columns * rows > CELLS_AT_MOST:
        raise _too_many(columns * rows, "")
    return laid_on_grid(geometry, values, (cell, 0.0, west, 0.0, -cell, north), (rows, columns))


def laid_on_grid(
    geometry: NDArray[Any], values: NDArray[np.int32], transform: Affine6, size: tuple[int, int]
) -> NDArray[np.int32]:
    """Return a grid of ``size`` (rows, columns) whose cells hold the value of the shape over their centre.

    Cells under no shape hold 0; of shapes over each other the last one counts. ``transform`` is as in
    :class:`ReadCells`.
    """
    from rasterio import Affine
    from rasterio.features import rasterize

    there = [
        (shape, int(value))
        for shape, value in zip(geometry, values, strict=True)
        if shape is not None and not shape.is_empty
    ]
    grid = np.zeros(size, dtype=np.int32)
    if there:
        rasterize(there, out=grid, transform=Affine(*transform))
    return grid
