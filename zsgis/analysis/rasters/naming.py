"""Which raster a parameter names: one of the project's by its name or uid, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zsgis.analysis.rasters.cells import RasterSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.pictures.raster_model import RasterPicture
    from layers.store import Project


def project_rasters(project: Project) -> tuple[RasterPicture, ...]:
    """Return the project's rasters with absolute paths, top first."""
    from layers.pictures.paths import resolved
    from layers.pictures.raster_model import RasterPicture
    from zsgis.arrangement import read_arrangement

    folder = Path(project.path).parent
    pictures = (resolved(picture, folder) for picture in read_arrangement(project).pictures)
    return tuple(picture for picture in pictures if isinstance(picture, RasterPicture))


def raster_named(project: Project, asked: str, rasters: Sequence[RasterPicture]) -> RasterSource | None:
    """Return the raster that a name stands for; None where there is none.

    Parameters
    ----------
    asked : str
        Uid or name of one of ``rasters``, else a file: looked for from the project's folder, then from the
        working directory.
    """
    for picture in (*(p for p in rasters if p.uid == asked), *(p for p in rasters if p.name == asked)):
        return source_of(picture)
    given = Path(asked).expanduser()
    for path in (Path(project.path).parent / given, given):
        if path.is_file():
            return RasterSource(path, path.name)
    return None


def source_of(picture: RasterPicture) -> RasterSource:
    """Return one of the project's rasters, its path absolute, as what is measured."""
    import pyproj

    return RasterSource(
        Path(picture.path),
        picture.name,
        pyproj.CRS.from_wkt(picture.crs),
        picture.style.nodata,
        picture.secrecy,
    )
