"""A result's grid of values as a file, and as a raster of the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.formats.secrecy_mark import mark_of
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.result_layers import file_stem

if TYPE_CHECKING:
    from layers.pictures.raster_model import RasterPicture
    from layers.store import Project
    from zsgis.charts import ResultGrid
    from zsgis.result import Result

_ENDING = ".成果"


def results_folder(project: Project) -> Path:
    """Return the folder beside a project where rasters of its results are kept; it may not exist yet."""
    return project.path.with_name(f"{project.path.stem}{_ENDING}")


def write_grid_file(
    result: Result, grid: ResultGrid, folder: Path, progress: Progress | None = None, *, name: str = ""
) -> Path:
    """Write a result's grid of values as a GeoTIFF into a folder and return the file.

    Parameters
    ----------
    name : str
        Of the file, with its ending; empty for the result's and the grid's own.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    from layers.formats.raster_grids import write_grid

    out = folder / (name or f"{file_stem(result, grid.title)}.tif")
    write_grid(
        grid.cells,
        grid.transform,
        grid.crs,
        out,
        progress or NoProgress(),
        name=grid.title,
        unit=grid.unit,
        mark=mark_of(result.secrecy),
    )
    return out


def grid_picture(
    project: Project, result: Result, grid: ResultGrid, path: Path | None, progress: Progress
) -> RasterPicture:
    """Write a result's grid and return it as a raster of the project, in the colours of the result.

    Nothing is written over: in the folder of results a file of the same name makes the new one be numbered.

    Parameters
    ----------
    path : Path or None
        The file; None for one in :func:`results_folder`.

    Raises
    ------
    InputError, OSError
        When folder or file cannot be written.
    """
    from layers.pictures.adding import raster_facts, raster_picture
    from layers.pictures.raster_model import RasterStyle
    from layers.store.uids import new_uid

    if path is None:
        folder = results_folder(project)
        folder.mkdir(exist_ok=True)
        path = _free(folder, file_stem(result, grid.title))
    write_grid_file(result, grid, path.parent, ProgressPart(progress, 0.0, 0.8), name=path.name)
    picture = raster_picture(
        raster_facts(path),
        uid=new_uid(),
        name=_("{result} {title}").format(result=result.title, title=grid.title),
        project_folder=project.path.parent,
        secrecy=result.secrecy,
        progress=ProgressPart(progress, 0.8, 1.0),
    )
    stated = grid.limits is not None
    style = RasterStyle(
        mode="single", ramp=grid.ramp, stretch="stated" if stated else "minmax", limits=grid.limits
    )
    return picture.model_copy(update={"style": style})


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.tif", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}.tif"
    return path
