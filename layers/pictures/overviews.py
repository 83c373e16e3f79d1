"""Coarser forms of large rasters that bring none: whether they are worth it, where they are kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from layers.formats.raster_facts import RasterFacts
from layers.formats.raster_overviews import write_overviews
from layers.pictures.raster_model import RasterPicture
from layers.progress import Progress

# Below it a raster is read at a glance.
WORTHWHILE_CELLS = 50_000_000


def needs_overviews(facts: RasterFacts) -> bool:
    """Tell whether a raster is slow to look at as a whole."""
    return not facts.overviews and facts.width * facts.height > WORTHWHILE_CELLS


def has_overviews(facts: RasterFacts, cache_folder: Path) -> bool:
    """Tell whether a raster has coarser forms, its own or in the cache."""
    return bool(facts.overviews) or overview_file(facts.path, cache_folder).is_file()


def overview_file(path: Path, cache_folder: Path) -> Path:
    """Return where the coarser forms of a file are kept when they cannot lie beside it.

    The name stands for the file's place, size and time: of a changed file no old forms are shown.
    """
    try:
        state = path.stat()
        key = f"{path.absolute()}|{state.st_size}|{state.st_mtime_ns}"
    except OSError:
        key = str(path.absolute())
    return cache_folder / "overviews" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.tif"


def build_overviews(picture: RasterPicture, cache_folder: Path, progress: Progress) -> Path:
    """Write the coarser forms of a raster beside it, or into the cache where its folder cannot be written.

    The raster itself is not touched.

    Parameters
    ----------
    picture : RasterPicture
        With an absolute path.

    Returns
    -------
    Path
        The file written: the raster's name with ``.ovr``, which other programs use too, or one in the cache.

    Raises
    ------
    InputError, JobCancelled
        As :func:`write_overviews`.
    """
    path = Path(picture.path)
    beside = path.with_name(path.name + ".ovr")
    target = beside if os.access(path.parent, os.W_OK) else overview_file(path, cache_folder)
    return write_overviews(path, target, progress, mixed=picture.style.mode != "palette")
