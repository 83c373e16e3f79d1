"""Rasters out as cloud optimised GeoTIFF: every cell as it was, with coarser forms, whole or not at all."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.drawable import Bounds
from layers.errors import InputError
from layers.formats.model import WrittenFile
from layers.formats.raster import CellWindow, RasterFile, RasterLevel, reading
from layers.formats.raster_facts import RasterFacts
from layers.pictures.raster_model import Affine6, RasterBand
from layers.progress import Progress, ProgressPart
from layers.whole_file import whole_file
from layers.words import _

GEOTIFF = (".tif", ".tiff")

_TILE = 512
_CELLS_AT_ONCE = 8_000_000
_WAIT_S = 0.1
# of a cell
_EDGE = 1e-6
# shares of the time: cells copied, put into their order with coarser forms, held against the raster
_COPIED, _ORDERED = 0.4, 0.8
_COLORS = ("red", "green", "blue")


@dataclass(frozen=True)
class RasterPart:
    """A part of a raster on its way out.

    Attributes
    ----------
    window : CellWindow
        In columns and rows of the raster.
    transform : tuple of 6 floats
        Of the part, as in :class:`RasterFacts`.
    """

    window: CellWindow
    transform: Affine6


def part_inside(facts: RasterFacts, box: Bounds | None) -> RasterPart:
    """Return the cells that a box touches; all without a box.

    Parameters
    ----------
    box : tuple of 4 floats, optional
        West, south, east, north in the raster's own coordinates.

    Raises
    ------
    InputError
        When the box lies beside the raster.
    """
    if box is None:
        return RasterPart(CellWindow(0, 0, facts.width, facts.height), facts.transform)
    a, b, c, d, e, f = facts.transform
    west, south, east, north = box
    corners = np.array([(west, south), (west, north), (east, south), (east, north)])
    # from the raster's own corner: far from the origin, small cells would else lose their digits
    cells = np.linalg.solve(np.array([(a, b), (d, e)]), (corners - (c, f)).T)
    # a cell whose edge alone the box touches stays out
    first = np.maximum(np.floor(cells.min(axis=1) + _EDGE), 0)
    last = np.minimum(np.ceil(cells.max(axis=1) - _EDGE), (facts.width, facts.height))
    if (last <= first).any():
        raise InputError(
            _("The part to be cut out lies beside the raster."),
            where=str(facts.path),
            remedy=_("Move the map to where the raster is, or export the whole raster."),
        )
    column, row = (int(value) for value in first)
    width, height = (int(value) for value in last - first)
    moved = (a, b, c + a * column + b * row, d, e, f + d * column + e * row)
    return RasterPart(CellWindow(column, row, width, height), moved)


def write_geotiff(
    source: Path,
    target: Path,
    progress: Progress,
    *,
    crs: pyproj.CRS | None = None,
    box: Bounds | None = None,
    mark: str = "",
) -> WrittenFile:
    """Write a raster, or a part of it, as a cloud optimised GeoTIFF (tiles of 512 cells, deflate).

    Cells are copied bit for bit and held against the raster before the file appears; no-data value, mask,
    names, units, scales and colours of the bands are kept. Coarser forms are means, or single cells where
    the cells are classes with colours.

    Parameters
    ----------
    crs : pyproj.CRS, optional
        Where the raster states none.
    box : tuple of 4 floats, optional
        West, south, east, north in the raster's own coordinates: only the cells that it touches are written.
    mark : str
        The words of its secrecy; they become the file's description (TIFFTAG_IMAGEDESCRIPTION).

    Raises
    ------
    InputError
        When the raster cannot be read, its bands are of different types, the box lies beside it, the target
        is the raster itself, or the target cannot be written.
    JobCancelled
        When the user stopped; nothing is left behind.
    """
    if target.resolve() == source.resolve():
        raise InputError(
            _("A raster cannot be exported onto itself."), where=str(target), remedy=_("Choose another name.")
        )
    raster = RasterFile(source)
    try:
        part = part_inside(raster.facts, box)
        profile = _profile(raster.facts, part, crs)
        with whole_file(target, _("The file cannot be written: {reason}")) as draft:
            _write(raster, part, profile, mark, draft, progress)
    finally:
        raster.close()
    progress.step(1.0)
    return WrittenFile(target, marked=True)


def _write(
    raster: RasterFile, part: RasterPart, profile: dict[str, Any], mark: str, draft: Path, progress: Progress
) -> None:
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=draft.parent) as folder:
        plain = Path(folder) / "plain.tif"
        with reading(draft):
            _copy_cells(raster, part, profile, plain, ProgressPart(progress, 0.0, _COPIED))
            _put_mark(plain, mark)
            _put_in_order(plain, draft, raster.facts, ProgressPart(progress, _COPIED, _ORDERED))
    _hold_against(raster, part, draft, ProgressPart(progress, _ORDERED, 1.0))


def _profile(facts: RasterFacts, part: RasterPart, crs: pyproj.CRS | None) -> dict[str, Any]:
    import rasterio

    kinds = {band.dtype for band in facts.bands}
    if len(kinds) > 1:
        raise InputError(
            _("The raster's bands are of different types: {names}").format(names="、".join(sorted(kinds))),
            where=str(facts.path),
            remedy=_("Have it delivered with one type of cells."),
        )
    stated = facts.crs if facts.crs is not None else crs
    kind = np.dtype(kinds.pop())
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": part.window.width,
        "height": part.window.height,
        "count": len(facts.bands),
        "dtype": kind,
        "nodata": facts.bands[0].nodata,
        "crs": None if stated is None else rasterio.crs.CRS.from_wkt(stated.to_wkt()),
        "transform": rasterio.Affine(*part.transform),
        "tiled": True,
        "blockxsize": _TILE,
        "blockysize": _TILE,
        "compress": "deflate",
        "zlevel": 1,
        "bigtiff": "if_safer",
    }
    if tuple(band.meaning for band in facts.bands[:3]) == _COLORS:
        profile["photometric"] = "rgb"
    return profile


def _copy_cells(
    raster: RasterFile, part: RasterPart, profile: dict[str, Any], target: Path, progress: Progress
) -> None:
    import rasterio
    from rasterio.windows import Window

    facts = raster.facts
    # a mask inside the file, not beside it
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(target, "w", **profile) as written:
        _describe(raster, facts.bands, written)
        for window, place, share in _stripes(part.window):
            progress.step(share, _("Writing cells"))
            at = Window(place.column, place.row, place.width, place.height)
            for band in facts.bands:
                written.write(_cells(raster, band, window), band.number, window=at)
            mask = _mask(raster, facts.bands, window)
            if mask is not None:
                written.write_mask(mask, window=at)


def _describe(raster: RasterFile, bands: tuple[RasterBand, ...], written: Any) -> None:
    from rasterio.enums import ColorInterp

    for band in bands:
        if band.meaning == "palette":
            table = raster.colors(band.number).tolist()
            written.write_colormap(band.number, {value: tuple(color) for value, color in enumerate(table)})
        if band.name:
            written.set_band_description(band.number, band.name)
        if band.unit:
            written.set_band_unit(band.number, band.unit)
    written.scales = [band.scale for band in bands]
    written.offsets = [band.offset for band in bands]
    written.colorinterp = [ColorInterp[band.meaning] for band in bands]


def _put_mark(plain: Path, mark: str) -> None:
    import rasterio

    if mark:
        with rasterio.open(plain, "r+") as written:
            written.update_tags(TIFFTAG_IMAGEDESCRIPTION=mark)


def _put_in_order(plain: Path, draft: Path, facts: RasterFacts, progress: Progress) -> None:
    """Write the plain file anew in the order of a cloud optimised one; GDAL does it in one call."""
    from rasterio.shutil import copy

    classes = any(band.meaning == "palette" for band in facts.bands)
    options = {
        "driver": "COG",
        "BLOCKSIZE": str(_TILE),
        "COMPRESS": "DEFLATE",
        "PREDICTOR": "YES",
        "BIGTIFF": "IF_SAFER",
        "OVERVIEW_RESAMPLING": "NEAREST" if classes else "AVERAGE",
    }
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with reading(draft):
                copy(plain, draft, **options)
        except Exception as error:  # handed to the thread that waits
            failed.append(error)

    size = max(plain.stat().st_size, 1)
    thread = threading.Thread(target=work, name="geotiff")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_WAIT_S)
            done = draft.stat().st_size / size if draft.exists() else 0.0
            progress.step(min(done, 1.0), _("Making coarser forms"))
    finally:
        thread.join()  # GDAL cannot be stopped in the middle, and the file is its own until then
    if failed:
        raise failed[0]


def _hold_against(raster: RasterFile, part: RasterPart, draft: Path, progress: Progress) -> None:
    """Compare what was written with the raster, bit for bit."""
    written = RasterFile(draft)
    try:
        for window, place, share in _stripes(part.window):
            progress.step(share, _("Checking what was written"))
            for band in raster.facts.bands:
                ours, theirs = _cells(raster, band, window), _cells(written, band, place)
                if ours.tobytes() != theirs.tobytes():
                    raise InputError(
                        _("The file that was written is not the same as the raster; it was removed."),
                        where=str(draft.parent),
                        remedy=_("Check the room on the disk and try again."),
                        details=f"band {band.number}, rows {window.row} to {window.row + window.height}",
                    )
    finally:
        written.close()


def _stripes(window: CellWindow) -> Iterator[tuple[CellWindow, CellWindow, float]]:
    """Yield stripes of whole tiles: in the raster, in the part, and the share before it."""
    rows = max(_CELLS_AT_ONCE // window.width // _TILE, 1) * _TILE
    for first in range(0, window.height, rows):
        height = min(rows, window.height - first)
        share = first / window.height
        yield (
            CellWindow(window.column, window.row + first, window.width, height),
            CellWindow(0, first, window.width, height),
            share,
        )


def _finest(raster: RasterFile) -> RasterLevel:
    return raster.level(1.0)


def _cells(raster: RasterFile, band: RasterBand, window: CellWindow) -> NDArray[Any]:
    cells: NDArray[Any] = raster.read(_finest(raster), (band.number,), window, mixed=False)[0]
    return cells


def _mask(raster: RasterFile, bands: tuple[RasterBand, ...], window: CellWindow) -> NDArray[np.uint8] | None:
    # transparency that is a band is copied with the bands
    if any(band.meaning == "alpha" for band in bands):
        return None
    return raster.read_shown(_finest(raster), window)
