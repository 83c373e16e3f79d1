"""A raster file as a picture of the map: no more cells are read than the picture has use for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import parse_crs
from layers.drawable import Bounds
from layers.errors import CrsError, InputError
from layers.formats.raster import CellWindow, RasterFile, RasterLevel
from layers.pictures.cells import read_values
from layers.pictures.coloring import colored, gray_light, lit, paletted
from layers.pictures.hillshade import cell_vectors, illumination
from layers.pictures.overviews import overview_file
from layers.pictures.raster_model import RasterBand, RasterPicture
from layers.pictures.source import Rendered, Rgba, empty_rgba
from layers.pictures.warp import Positions, bounds_in, positions_in, sampled
from layers.words import _

# Cells around a window: those that neighbours lend their colour or slope from.
_MARGIN = 2
# A window may have so many times the cells of the picture; projections can be crooked.
_CELLS_PER_PIXEL_AT_MOST = 8
# Across a raster no larger than this a pixel covers about as many cells everywhere.
_LOCAL_DEGREES = 10.0
_LOCAL_UNITS = 1_000_000.0


class RasterSource:
    """An open raster.

    Parameters
    ----------
    picture : RasterPicture
        With an absolute path.

    Raises
    ------
    InputError
        When the file is missing, cannot be read, or is not the one that was added.
    """

    def __init__(self, picture: RasterPicture, cache_folder: Path) -> None:
        self._picture = picture
        self._cache_folder = cache_folder
        self._crs = parse_crs(picture.crs)
        self._shown = tuple(picture.bands[number - 1] for number in picture.style.bands)
        self._open()

    def _open(self) -> None:
        picture, path = self._picture, Path(self._picture.path)
        state = _state_of(path, self._cache_folder)
        self._state: tuple[int, ...] = ()  # until it is open: the next call tries again
        self._file = RasterFile(path, overview_file(path, self._cache_folder))
        facts = self._file.facts
        if (facts.width, facts.height, len(facts.bands)) != (
            picture.width,
            picture.height,
            len(picture.bands),
        ):
            self._file.close()
            raise InputError(
                _("The raster is no longer the one that was added: its size or its bands are others."),
                where=str(path),
                remedy=_("Remove the picture and add it again."),
            )
        self._palette = self._file.colors(self._shown[0].number) if picture.style.mode == "palette" else None
        self._state = state

    def extent(self, crs: pyproj.CRS) -> Bounds | None:
        """Return the rectangle around the raster in ``crs``; None where none of it can be shown there."""
        return bounds_in(self._picture.outline, self._crs, crs)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def render(self, bounds: Bounds, width: int, height: int, crs: pyproj.CRS) -> Rendered:
        """Return the part inside ``bounds``; as :class:`PictureSource` says.

        A file that is gone or has become unreadable gives an empty part with its trouble; one that has
        changed, or got coarser forms, is opened anew.

        Raises
        ------
        CrsError
            When no safe way leads from the raster's coordinate system to ``crs``.
        """
        try:
            if _state_of(Path(self._picture.path), self._cache_folder) != self._state:
                self._file.close()
                self._open()
            return Rendered(self._rgba(bounds, width, height, crs))
        except CrsError:
            raise
        except InputError as error:
            return Rendered(empty_rgba(width, height), trouble=str(error))

    def _rgba(self, bounds: Bounds, width: int, height: int, crs: pyproj.CRS) -> Rgba:
        at = positions_in(bounds, (width, height), crs, self._crs, self._picture.transform)
        pixel = (bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height
        level = self._file.level(self._cells_per_pixel(crs, pixel, bounds))
        window = _window(at, level)
        while window is not None and window.width * window.height > _most_cells(width, height):
            level = self._file.level(max(level.scale_x, level.scale_y) * 2)
            window = _window(at, level)
        if window is None:
            return empty_rgba(width, height)
        inside = at.moved(
            window.column * level.scale_x, window.row * level.scale_y, level.scale_x, level.scale_y
        )
        style = self._picture.style
        smooth = style.smooth and style.mode != "palette"
        return sampled(self._painted(level, window), inside, "bilinear" if smooth else "nearest")

    def values_at(self, x: float, y: float, crs: pyproj.CRS) -> list[tuple[RasterBand, float | None]] | None:
        """Return every band with its value in the cell under a point; None outside, values None without data.

        Raises
        ------
        CrsError
            When no safe way leads from ``crs`` to the raster's coordinate system.
        InputError
            When the file has become unreadable.
        """
        at = positions_in((x, y, x, y), (1, 1), crs, self._crs, self._picture.transform)
        column, row = at.columns.item(), at.rows.item()
        inside = 0 <= column < self._picture.width and 0 <= row < self._picture.height
        if not inside:  # NaN too: beyond what the raster's system can show
            return None
        finest, window = self._file.level(1.0), CellWindow(int(column), int(row), 1, 1)
        found: list[tuple[RasterBand, float | None]] = []
        for band in self._picture.bands:
            values, shown = read_values(
                self._file, finest, (band,), window, nodata=self._picture.style.nodata, mixed=False
            )
            found.append((band, float(values.item()) if shown.item() else None))
        return found

    def _cells_per_pixel(self, crs: pyproj.CRS, pixel: tuple[float, float], bounds: Bounds) -> float:
        """Return how many cells across a pixel covers, the same for all tiles where that can be."""
        own = self.extent(crs)
        middle = _middle(own) if own is not None and _is_local(self._picture, self._crs) else _middle(bounds)
        for x, y in (middle, _middle(bounds)):
            part = (x - pixel[0], y - pixel[1], x + pixel[0], y + pixel[1])
            at = positions_in(part, (2, 2), crs, self._crs, self._picture.transform)
            columns, rows = np.broadcast_arrays(at.columns, at.rows)
            across = math.hypot(columns[0, 1] - columns[0, 0], rows[0, 1] - rows[0, 0])
            down = math.hypot(columns[1, 0] - columns[0, 0], rows[1, 0] - rows[0, 0])
            if math.isfinite(across + down):
                return min(across, down)
        return 1.0

    def _painted(self, level: RasterLevel, window: CellWindow) -> Rgba:
        style = self._picture.style
        values, alpha = read_values(
            self._file, level, self._shown, window, nodata=style.nodata, mixed=style.mode != "palette"
        )
        if self._palette is not None:
            return paletted(values[0], self._palette, alpha)
        if style.mode == "hillshade":
            return gray_light(self._light(level, window, values[0], alpha), alpha)
        rgba = colored(values, style, self._shown, alpha)
        if style.mode == "single" and style.shaded:
            flat = math.sin(math.radians(style.relief.altitude))
            return lit(rgba, self._light(level, window, values[0], alpha), flat)
        return rgba

    def _light(
        self, level: RasterLevel, window: CellWindow, values: NDArray[Any], alpha: Rgba
    ) -> NDArray[np.floating[Any]]:
        """Return the light on each cell of a window; what has no neighbour takes its own height for it."""
        heights = np.full((window.height + 2, window.width + 2), np.nan, dtype=np.float32)
        heights[1:-1, 1:-1] = values
        heights[1:-1, 1:-1][alpha == 0] = np.nan
        a, b, c, d, e, f = self._picture.transform
        scaled = a * level.scale_x, b * level.scale_y, c, d * level.scale_x, e * level.scale_y, f
        rows = np.arange(window.height, dtype=np.float64) + (window.row + 0.5)
        cell = cell_vectors(scaled, self._crs, rows, window.column + window.width / 2)
        light = illumination(heights, self._picture.style.relief, cell)
        light[alpha == 0] = 0
        return light


def _window(at: Positions, level: RasterLevel) -> CellWindow | None:
    """Return the cells of a level that positions look at, and those around; None where there are none."""
    ends = []
    for places, scale, count in (
        (at.columns, level.scale_x, level.width),
        (at.rows, level.scale_y, level.height),
    ):
        known = places[np.isfinite(places)]
        if not known.size:
            return None
        first = max(math.floor(float(known.min()) / scale) - _MARGIN, 0)
        last = min(math.floor(float(known.max()) / scale) + _MARGIN + 1, count)
        if first >= last:
            return None
        ends.append((first, last - first))
    (column, width), (row, height) = ends
    return CellWindow(column, row, width, height)


def _most_cells(width: int, height: int) -> int:
    return max(_CELLS_PER_PIXEL_AT_MOST * width * height, 10_000)


def _middle(bounds: Bounds) -> tuple[float, float]:
    return (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2


def _is_local(picture: RasterPicture, crs: pyproj.CRS) -> bool:
    """Tell whether a pixel has about the same size all over a raster."""
    xmin, ymin, xmax, ymax = picture.own_bounds
    widest = _LOCAL_DEGREES if crs.is_geographic else _LOCAL_UNITS
    return max(xmax - xmin, ymax - ymin) < widest


def _state_of(path: Path, cache_folder: Path) -> tuple[int, ...]:
    """Return what tells a file from one that has taken its place, and whether coarser forms lie beside it."""
    state: list[int] = []
    for file in (path, path.with_name(path.name + ".ovr"), overview_file(path, cache_folder)):
        try:
            known = file.stat()
        except OSError:
            state.append(-1)
        else:
            state.extend((known.st_size, known.st_mtime_ns))
    return tuple(state)
