"""Takes a raster file into the project: looked at once, so that drawing never has to guess."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.errors import CrsError
from layers.formats.raster import CellWindow, RasterFile
from layers.formats.raster_facts import RasterFacts
from layers.pictures.cells import read_values
from layers.pictures.paths import remembered_path
from layers.pictures.raster_model import BandStatistics, RasterBand, RasterPicture, RasterStyle
from layers.progress import NoProgress, Progress
from layers.secrecy import not_below
from layers.words import _

_CELLS_LOOKED_AT = 1_000_000
_STRIPES = 32
_TERRAIN_WORDS = ("dem", "dtm", "dsm", "srtm", "aster", "高程", "地形")
_METRES = ("m", "metre", "meter", "metres", "meters", "米")


def raster_facts(path: Path) -> RasterFacts:
    """Return what a raster file says about itself.

    Raises
    ------
    InputError
        When it is missing or cannot be shown.
    """
    file = RasterFile(path)
    file.close()
    return file.facts


def raster_picture(
    facts: RasterFacts,
    *,
    uid: str,
    name: str,
    project_folder: Path,
    crs: pyproj.CRS | None = None,
    secrecy: str = "",
    bands: tuple[RasterBand, ...] | None = None,
    progress: Progress | None = None,
) -> RasterPicture:
    """Return a raster as the project remembers it, with statistics of its bands and a style that fits.

    Parameters
    ----------
    crs : pyproj.CRS, optional
        What the file does not state.
    secrecy : str
        What is asked for; never lower than what the file states.
    bands : tuple of RasterBand, optional
        With statistics, where they are known already; else the file's cells are looked at.

    Raises
    ------
    CrsError
        When neither file nor caller names a coordinate system.
    InputError, JobCancelled
        When the file cannot be read; when ``progress`` says so.
    """
    stated = facts.crs if facts.crs is not None else crs
    if stated is None:
        raise CrsError(
            _("The raster states no coordinate system."),
            where=str(facts.path),
            remedy=_("Choose the one its coordinates are in."),
        )
    if bands is None:
        bands = with_statistics(facts, progress or NoProgress())
    return RasterPicture(
        uid=uid,
        name=name,
        secrecy=not_below(secrecy, facts.secrecy),
        path=remembered_path(facts.path, project_folder),
        crs=stated.to_wkt(),
        transform=facts.transform,
        width=facts.width,
        height=facts.height,
        bands=bands,
        style=first_style(facts.path, bands),
    )


def with_statistics(facts: RasterFacts, progress: Progress) -> tuple[RasterBand, ...]:
    """Return a raster's bands with statistics, from a coarse form of at most about a million cells.

    Raises
    ------
    InputError, JobCancelled
        As :func:`raster_picture`.
    """
    file = RasterFile(facts.path)
    try:
        step = max((facts.width * facts.height / _CELLS_LOOKED_AT) ** 0.5, 1.0)
        level = file.level(step)
        # of forms that are not stored one cell in so many is looked at: extremes stay true
        stride = max(int(np.ceil((level.width * level.height / _CELLS_LOOKED_AT) ** 0.5)), 1)
        if stride > 1:
            level = replace(
                level,
                width=-(-level.width // stride),
                height=-(-level.height // stride),
                steps=level.steps * stride,
            )
        bands, total = [], len(facts.bands) * _STRIPES
        for place, band in enumerate(facts.bands):
            if band.meaning == "alpha":
                bands.append(band)
                continue
            values = []
            rows = np.linspace(0, level.height, _STRIPES + 1).astype(int)
            for stripe, (row, end) in enumerate(pairwise(rows)):
                progress.step((place * _STRIPES + stripe) / total, _("Looking at the values"))
                if end > row:
                    window = CellWindow(0, int(row), level.width, int(end - row))
                    found, shown = read_values(file, level, (band,), window, nodata=None, mixed=False)
                    values.append(found[0][shown > 0])
            bands.append(band.model_copy(update={"statistics": statistics_of(np.concatenate(values))}))
    finally:
        file.close()
    return tuple(bands)


def statistics_of(values: NDArray[Any]) -> BandStatistics | None:
    """Return the statistics of values, shape (n,); None of none."""
    if not len(values):
        return None
    exact = values.astype(np.float64)
    low, high = np.percentile(exact, (2, 98))
    return BandStatistics(
        minimum=float(exact.min()),
        maximum=float(exact.max()),
        mean=float(exact.mean()),
        deviation=float(exact.std()),
        low=float(low),
        high=float(high),
        cells=len(exact),
    )


def first_style(path: Path, bands: tuple[RasterBand, ...]) -> RasterStyle:
    """Return how a raster is shown at first: in its own colours, as an image, or as terrain."""
    by_meaning = {band.meaning: band.number for band in reversed(bands)}
    if {"red", "green", "blue"} <= set(by_meaning):
        chosen = tuple(by_meaning[color] for color in ("red", "green", "blue"))
        return _image(bands, chosen)
    if by_meaning.get("palette") == 1:
        return RasterStyle(mode="palette", bands=(1,))
    if len([band for band in bands if band.meaning != "alpha"]) >= 3:
        return _image(bands, (1, 2, 3))
    terrain = bands[0].unit.lower() in _METRES or any(word in path.stem.lower() for word in _TERRAIN_WORDS)
    if terrain and bands[0].dtype != "uint8":
        return RasterStyle(
            mode="single", bands=(1,), ramp="terrain", stretch="minmax", shaded=True, smooth=True
        )
    plain = bands[0].dtype == "uint8"
    return RasterStyle(mode="single", bands=(1,), stretch="none" if plain else "percentile")


def _image(bands: tuple[RasterBand, ...], chosen: tuple[int, ...]) -> RasterStyle:
    plain = all(bands[number - 1].dtype == "uint8" for number in chosen)
    return RasterStyle(
        mode="color", bands=chosen, stretch="none" if plain else "percentile", shared=plain, smooth=True
    )
