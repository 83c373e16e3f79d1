"""Raster files in, through GDAL: what they are, and windows of their cells at the level that is asked for.

Only drivers of plain files are let in: others would fetch from the network, follow pointers to other files,
or open the project's own database behind its back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.formats.raster_facts import check, facts_of
from layers.formats.raster_worlds import has_position_beside
from layers.words import _

RASTER_ENDINGS = ("tif", "tiff", "asc", "img", "png", "jpg", "jpeg")

_PHOTO_ENDINGS = ("jpg", "jpeg")
_DRIVERS = ("GTiff", "AAIGrid", "HFA", "PNG", "JPEG")
# GDAL keeps blocks for all files of a process together; every drawing process has its own. In bytes, as
# rasterio hands the number on as it is: of 64 bytes every cell would decode its block anew.
_CACHE_BYTES = 64 * 2**20
_OPEN_LEVELS_AT_MOST = 4
# Cells of so many cells across are their mean, beyond it the one in the middle: a mean reads all of them.
_AVERAGED_AT_MOST = 4


@dataclass(frozen=True)
class RasterLevel:
    """A coarser form of a raster.

    Attributes
    ----------
    width, height : int
        Its columns and rows.
    scale_x, scale_y : float
        Columns and rows of the raster that one of its cells covers.
    """

    width: int
    height: int
    scale_x: float
    scale_y: float
    stored: int
    steps: int


@dataclass(frozen=True)
class CellWindow:
    """A part of a level, in its columns and rows."""

    column: int
    row: int
    width: int
    height: int


def is_raster_file(path: Path) -> bool:
    """Tell by name whether a file is a raster; a JPG is one where a file beside it says where it lies."""
    ending = path.suffix.lower().removeprefix(".")
    return ending in RASTER_ENDINGS and (ending not in _PHOTO_ENDINGS or has_position_beside(path))


class RasterFile:
    """An open raster; used by one thread at a time.

    Parameters
    ----------
    overview_file : Path, optional
        Coarser forms kept apart from the raster, used where it has none of its own.

    Raises
    ------
    InputError
        When the file is missing, is no raster, has no position, or cannot be read in parts.
    """

    def __init__(self, path: Path, overview_file: Path | None = None) -> None:
        self._path = path
        if not path.is_file():
            raise InputError(
                _("The file is not there."),
                where=str(path),
                remedy=_("Put the file back in its place, or add it again from where it is now."),
            )
        self._open: OrderedDict[int, Any] = OrderedDict()
        with reading(path):
            self._base = _dataset(path)
        try:
            with reading(path):
                check(path, self._base)
                self.facts = facts_of(path, self._base)
        except InputError:
            self._base.close()
            raise
        own = self.facts.overviews
        self._overview_file = overview_file if not own and overview_file and overview_file.is_file() else None
        self._stored = self._stored_levels()

    def close(self) -> None:
        """Let go of the file."""
        for dataset in (self._base, *self._open.values()):
            dataset.close()
        self._open.clear()

    def level(self, cells_per_pixel: float) -> RasterLevel:
        """Return the coarsest form whose cells are no larger than a pixel.

        Parameters
        ----------
        cells_per_pixel : float
            Columns (or rows) of the raster that a pixel covers; forms that are not stored are halved from
            those that are.
        """
        fitting = [
            level for level in self._stored if max(level.scale_x, level.scale_y) <= cells_per_pixel * 1.01
        ]
        stored = fitting[-1] if fitting else self._stored[0]
        steps = 1
        while stored.scale_x * steps * 2 <= cells_per_pixel * 1.01:
            steps *= 2
        if steps == 1:
            return stored
        return RasterLevel(
            -(-stored.width // steps),
            -(-stored.height // steps),
            stored.scale_x * steps,
            stored.scale_y * steps,
            stored.stored,
            steps,
        )

    def read(
        self, level: RasterLevel, bands: tuple[int, ...], window: CellWindow, *, mixed: bool
    ) -> NDArray[Any]:
        """Return cells as they stand in the file.

        Parameters
        ----------
        bands : tuple of int
            From 1.
        window : CellWindow
            A part of ``level``.
        mixed : bool
            Whether a cell of a form that is not stored may be the mean of those it covers.

        Returns
        -------
        ndarray, shape (bands, height, width)

        Raises
        ------
        InputError
            When the file has become unreadable.
        """
        from rasterio.enums import Resampling

        way = Resampling.average if mixed and level.steps <= _AVERAGED_AT_MOST else Resampling.nearest
        with reading(self._path):
            dataset = self._level_dataset(level.stored)
            kind = np.result_type(*(dataset.dtypes[band - 1] for band in bands))
            found: NDArray[Any] = np.empty((len(bands), window.height, window.width), dtype=kind)
            for part, stored in _stored_windows(level, window, dataset):
                inner = found[:, part[0], part[1]]
                inner[...] = dataset.read(list(bands), window=stored, out_shape=inner.shape, resampling=way)
        return found

    def read_shown(self, level: RasterLevel, window: CellWindow) -> NDArray[np.uint8] | None:
        """Return how much each cell is to be seen (0 to 255) by the file's own mask; None where it has none.

        No-data values are no mask.
        """
        from rasterio.enums import MaskFlags

        with reading(self._path):
            dataset = self._level_dataset(level.stored)
            flags = dataset.mask_flag_enums[0]
            if MaskFlags.per_dataset not in flags and MaskFlags.alpha not in flags:
                return None
            found = np.empty((window.height, window.width), dtype=np.uint8)
            for part, stored in _stored_windows(level, window, dataset):
                found[part] = dataset.read_masks(1, window=stored, out_shape=found[part].shape)
        return found

    def colors(self, band: int) -> NDArray[np.uint8]:
        """Return the colour table of a band, shape (256, 4): red, green, blue, alpha.

        Raises
        ------
        InputError
            When it has none.
        """
        table = np.zeros((256, 4), dtype=np.uint8)
        try:
            with reading(self._path):
                listed = self._base.colormap(band)
        except ValueError as error:
            raise InputError(_("The raster has no colours of its own."), where=str(self._path)) from error
        for value, color in listed.items():
            if 0 <= value < len(table):
                table[value] = color
        return table

    def _stored_levels(self) -> tuple[RasterLevel, ...]:
        facts = self.facts
        levels = [RasterLevel(facts.width, facts.height, 1.0, 1.0, 0, 1)]
        count = len(facts.overviews)
        if self._overview_file is not None:
            with reading(self._overview_file):
                apart = _dataset(self._overview_file)
                count = 1 + len(apart.overviews(1))
                apart.close()
        for number in range(1, count + 1):
            with reading(self._path):
                dataset = self._level_dataset(number)
                across, down = facts.width / dataset.width, facts.height / dataset.height
                levels.append(RasterLevel(dataset.width, dataset.height, across, down, number, 1))
        return tuple(levels)

    def _level_dataset(self, number: int) -> Any:
        """Return the dataset of a stored level; the latest stay open."""
        if number == 0:
            return self._base
        known = self._open.pop(number, None)
        if known is None:
            if self._overview_file is None:
                known = _dataset(self._path, overview_level=number - 1)
            elif number == 1:
                known = _dataset(self._overview_file)
            else:
                known = _dataset(self._overview_file, overview_level=number - 2)
        self._open[number] = known
        if len(self._open) > _OPEN_LEVELS_AT_MOST:
            self._open.popitem(last=False)[1].close()
        return known


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Bound GDAL's memory, and turn its complaints into ours.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    import rasterio
    from rasterio._err import CPLE_BaseError  # raised as it is where a property is read
    from rasterio.errors import RasterioError

    try:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_BYTES, GDAL_PAM_ENABLED=True):
            yield
    except (RasterioError, CPLE_BaseError, OSError) as error:
        raise InputError(
            _("The raster cannot be read."),
            where=str(path),
            remedy=_("Look whether the file is whole and still there; else have it sent again."),
            details=str(error),
        ) from error


def _dataset(path: Path, **options: Any) -> Any:
    import warnings

    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import DatasetReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # judged by check
        return DatasetReader(path, driver=list(_DRIVERS), **options)


def _stored_windows(
    level: RasterLevel, window: CellWindow, dataset: Any
) -> Iterator[tuple[tuple[slice, slice], Any]]:
    """Return the parts of a window and the stored cells of each; the last row and column may cover fewer."""
    from rasterio.windows import Window

    columns = _stored_runs(window.column, window.width, level.steps, dataset.width)
    rows = _stored_runs(window.row, window.height, level.steps, dataset.height)
    for row_part, row, height in rows:
        for column_part, column, width in columns:
            yield (row_part, column_part), Window(column, row, width, height)


def _stored_runs(first: int, count: int, steps: int, stored: int) -> list[tuple[slice, int, int]]:
    """Return runs of cells: where they stand in the window, the first stored cell, how many of them."""
    whole = max(min(first + count, stored // steps) - first, 0)
    runs = [(slice(0, whole), first * steps, whole * steps)] if whole else []
    if whole < count:
        start = (first + whole) * steps
        runs.append((slice(whole, count), start, stored - start))
    return runs
