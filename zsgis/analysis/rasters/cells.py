"""A band of a raster as values in windows: as they stand, or as slopes of the terrain they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import require_projected_metres
from layers.errors import CrsError, InputError
from layers.formats.raster import CellWindow, RasterFile
from layers.pictures.cells import read_values
from layers.pictures.hillshade import cell_vectors
from layers.pictures.raster_model import Affine6, RasterBand
from layers.words import _

FloatArray = NDArray[np.float64]
SlopeUnit = Literal["deg", "percent"]
HeightUnit = Literal["m", "dm", "cm", "ft"]

_METRES_PER: dict[str, float] = {"m": 1.0, "dm": 0.1, "cm": 0.01, "ft": 0.3048}
_STATED: dict[str, HeightUnit] = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "米"), "m"),
    **dict.fromkeys(("dm", "分米"), "dm"),
    **dict.fromkeys(("cm", "厘米"), "cm"),
    **dict.fromkeys(("ft", "foot", "feet", "英尺"), "ft"),
}


class CellValues(Protocol):
    """Values on a grid of cells."""

    @property
    def crs(self) -> pyproj.CRS:
        """The system of the grid."""
        ...

    @property
    def transform(self) -> Affine6:
        """From columns and rows to coordinates of ``crs``."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        ...

    def values(self, window: CellWindow) -> FloatArray:
        """Return the values of a window within the grid, shape (height, width); NaN where there is none."""
        ...


@dataclass(frozen=True)
class RasterSource:
    """A raster file to be measured.

    Attributes
    ----------
    name : str
        What people call it.
    crs : pyproj.CRS or None
        What the project says of a file that states none.
    nodata : float or None
        A value that means nothing, beside what the file says.
    secrecy : str
        As the project states it.
    """

    path: Path
    name: str
    crs: pyproj.CRS | None = None
    nodata: float | None = None
    secrecy: str = ""


class BandCells:
    """A band as it stands, scaled as the file says; used by one thread, closed by whoever opened it.

    Raises
    ------
    InputError
        When the file cannot be read or has no such band.
    CrsError
        When neither file nor project names a coordinate system.
    """

    def __init__(self, source: RasterSource, band: int) -> None:
        self._file = RasterFile(source.path)
        try:
            facts = self._file.facts
            if not 1 <= band <= len(facts.bands):
                raise InputError(
                    _("The raster has no band {band}; it has {count}.").format(
                        band=band, count=len(facts.bands)
                    ),
                    where=str(source.path),
                    remedy=_("Choose one of its bands."),
                )
            crs = facts.crs if facts.crs is not None else source.crs
            if crs is None:
                raise CrsError(
                    _("The raster states no coordinate system."),
                    where=str(source.path),
                    remedy=_("Add it to the project and say there in which system it is."),
                )
        except InputError:
            self._file.close()
            raise
        self.crs: pyproj.CRS = crs
        self.transform = facts.transform
        self.size = facts.height, facts.width
        self.band: RasterBand = facts.bands[band - 1]
        self._nodata = source.nodata
        self._finest = self._file.level(1.0)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def values(self, window: CellWindow) -> FloatArray:
        """Return the values of a window; NaN where a cell holds none."""
        found, shown = read_values(
            self._file, self._finest, (self.band,), window, nodata=self._nodata, mixed=False
        )
        out: FloatArray = found[0].astype(np.float64)
        out[(shown == 0) | ~np.isfinite(out)] = np.nan
        return out


class SlopeCells:
    """The slope of a terrain model in each cell, by Horn's method, in degrees or per cent.

    The eight neighbours' differences weigh 1, 2, 1 (B. K. P. Horn, "Hill shading and the reflectance map",
    Proceedings of the IEEE 69 (1981), 14-47), as ``gdaldem slope`` computes it. A cell of which a neighbour
    holds no value, as at the raster's edge, has no slope. Steps from cell to cell are measured in metres, for
    a model in degrees on the ellipsoid at each row's latitude; nothing is resampled.

    Parameters
    ----------
    height_unit : str
        Of the heights; what the file itself states must not differ.

    Raises
    ------
    InputError
        When the file states another unit of heights.
    CrsError
        When lengths cannot be measured in the raster's system.
    """

    def __init__(self, heights: BandCells, unit: SlopeUnit, height_unit: HeightUnit, where: str) -> None:
        stated = _STATED.get(heights.band.unit.strip().lower())
        if stated is not None and stated != height_unit:
            raise InputError(
                _("The terrain model's heights are in {stated}, the criterion says {said}.").format(
                    stated=stated, said=height_unit
                ),
                where=where,
                remedy=_("Correct height_unit in the rule file."),
            )
        if not heights.crs.is_geographic:
            try:
                require_projected_metres(heights.crs)
            except CrsError as error:
                raise CrsError(
                    error.what,
                    where=where,
                    remedy=_("Have the terrain model brought into the project's system."),
                ) from error
        self.heights = heights
        self._unit = unit
        self.metres_per_height = _METRES_PER[height_unit]
        self.crs = heights.crs
        self.transform = heights.transform
        self.size = heights.size

    @property
    def cell_m(self) -> tuple[float, float]:
        """Width and height of the cell in the middle of the grid, in metres."""
        rows, columns = self.size
        column_x, row_x, column_y, row_y = (
            float(step[0, 0])
            for step in cell_vectors(self.transform, self.crs, np.array([rows / 2]), columns / 2)
        )
        return float(np.hypot(column_x, column_y)), float(np.hypot(row_x, row_y))

    def values(self, window: CellWindow) -> FloatArray:
        """Return the slopes of a window; NaN where a cell or one beside it holds no height."""
        heights = with_border(self.heights, window, 1, 1)
        across = heights[:-2] + 2 * heights[1:-1] + heights[2:]
        down = heights[:, :-2] + 2 * heights[:, 1:-1] + heights[:, 2:]
        by_column, by_row = (across[:, 2:] - across[:, :-2]) / 8, (down[2:] - down[:-2]) / 8
        rows = window.row + 0.5 + np.arange(window.height, dtype=np.float64)
        middle = window.column + window.width / 2
        column_x, row_x, column_y, row_y = cell_vectors(self.transform, self.crs, rows, middle)
        factor = self.metres_per_height / (column_x * row_y - row_x * column_y)
        rise: FloatArray = np.hypot(
            (by_column * row_y - by_row * column_y) * factor,
            (by_row * column_x - by_column * row_x) * factor,
        )
        rise[np.isnan(heights[1:-1, 1:-1])] = np.nan
        slope: FloatArray = np.degrees(np.arctan(rise)) if self._unit == "deg" else 100.0 * rise
        return slope


def with_border(cells: CellValues, window: CellWindow, rows: int, columns: int) -> FloatArray:
    """Return the values of a window and of so many rows and columns around it; NaN beside the raster."""
    height, width = cells.size
    top, left = max(window.row - rows, 0), max(window.column - columns, 0)
    bottom = min(window.row + window.height + rows, height)
    right = min(window.column + window.width + columns, width)
    out = np.full((window.height + 2 * rows, window.width + 2 * columns), np.nan)
    row, column = top - window.row + rows, left - window.column + columns
    out[row : row + bottom - top, column : column + right - left] = cells.values(
        CellWindow(left, top, right - left, bottom - top)
    )
    return out
