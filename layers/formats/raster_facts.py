"""What a raster file says about itself, and whether it can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj

from layers.crs import parse_crs
from layers.errors import CrsError, InputError
from layers.formats.secrecy_mark import secrecy_beside, secrecy_in
from layers.pictures.raster_model import Affine6, RasterBand
from layers.secrecy import highest
from layers.words import _

_BLOCK_BYTES_AT_MOST = 512 * 2**20
_BANDS_AT_MOST = 512
_DESCRIPTION = "TIFFTAG_IMAGEDESCRIPTION"


@dataclass(frozen=True)
class RasterFacts:
    """What a raster file says about itself.

    Attributes
    ----------
    crs : pyproj.CRS or None
        None where the file states none that can be used.
    transform : tuple of 6 floats
        From columns and rows to ``x``, ``y``, as in ``RasterPicture``.
    bands : tuple of RasterBand
        Without statistics.
    overviews : tuple of int
        How many cells across one cell of each coarser form stands for.
    secrecy : str
        How secret (密级) the file, or a note beside it, says it is; empty where nothing is said.
    """

    path: Path
    width: int
    height: int
    crs: pyproj.CRS | None
    transform: Affine6
    bands: tuple[RasterBand, ...]
    overviews: tuple[int, ...]
    secrecy: str = ""


def check(path: Path, dataset: Any) -> None:
    """Refuse what cannot be shown.

    Raises
    ------
    InputError
        For cells that are no plain numbers, a raster without position, and one that cannot be read in parts.
    """
    if not 1 <= dataset.count <= _BANDS_AT_MOST or any(np.dtype(kind).kind == "c" for kind in dataset.dtypes):
        raise InputError(
            _("The raster's cells are no plain numbers."),
            where=str(path),
            remedy=_("Choose imagery or a terrain model."),
        )
    if dataset.transform.is_identity or abs(dataset.transform.determinant) == 0:
        raise InputError(
            _("The raster has no position on the map."),
            where=str(path),
            remedy=_("Put its world file (.tfw, .pgw, .jgw) beside it, or have it rectified."),
        )
    for (rows, columns), kind in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        if rows * columns * np.dtype(kind).itemsize > _BLOCK_BYTES_AT_MOST:
            raise InputError(
                _("The raster can only be read as a whole and is too large for that."),
                where=str(path),
                remedy=_("Have it written anew with tiles of 512 cells."),
            )


def facts_of(path: Path, dataset: Any) -> RasterFacts:
    """Return what an open file says about itself."""
    a, b, c, d, e, f = (float(value) for value in dataset.transform[:6])
    bands = tuple(_band(dataset, number) for number in range(1, dataset.count + 1))
    overviews = tuple(int(factor) for factor in dataset.overviews(1))
    return RasterFacts(
        path,
        dataset.width,
        dataset.height,
        _crs(path, dataset),
        (a, b, c, d, e, f),
        bands,
        overviews,
        highest(secrecy_in(dataset.tags().get(_DESCRIPTION, "")), secrecy_beside(path)),
    )


def _band(dataset: Any, number: int) -> RasterBand:
    at = number - 1
    nodata = dataset.nodatavals[at]
    scale, offset = dataset.scales[at], dataset.offsets[at]
    return RasterBand(
        number=number,
        name=dataset.descriptions[at] or "",
        dtype=dataset.dtypes[at],
        unit=dataset.units[at] or "",
        nodata=float(nodata) if nodata is not None and np.isfinite(nodata) else None,
        scale=float(scale) if np.isfinite(scale) and scale else 1.0,
        offset=float(offset) if np.isfinite(offset) else 0.0,
        meaning=dataset.colorinterp[at].name,
    )


def _crs(path: Path, dataset: Any) -> pyproj.CRS | None:
    """Return the coordinate system of a file, or that of a .prj beside a picture with a world file."""
    beside = path.with_suffix(".prj")
    try:
        if dataset.crs is not None:
            return parse_crs(dataset.crs.to_wkt())
        if beside.is_file() and beside.stat().st_size < 100_000:
            return parse_crs(beside.read_text(encoding="utf-8", errors="replace"))
    except CrsError:
        return None
    return None
