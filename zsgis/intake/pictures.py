"""A raster file put into a project's map; the file stays where it is and as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.formats.model import ReadOptions, SourceReader
from layers.importing.request import ImportRequest
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.intake.accounts import Fate, FileAccount

if TYPE_CHECKING:
    from layers.pictures.raster_model import RasterBand
    from layers.store import Project


def looked_at(path: Path, reader: SourceReader, progress: Progress) -> tuple[RasterBand, ...]:
    """Return a raster's bands with statistics, its cells looked at in the reading process.

    A damaged raster takes that process with it; only after it this one opens the file.

    Raises
    ------
    InputError
        When the file cannot be shown.
    JobCancelled
        When the user stopped.
    """
    from layers.pictures.raster_model import RasterBand

    told = reader.question("raster", path, ReadOptions(), progress)
    return tuple(RasterBand.model_validate(band) for band in told)


def add_raster(
    project: Project, path: Path, wanted: ImportRequest, reader: SourceReader, progress: Progress
) -> FileAccount:
    """Put a raster below everything else in a project's map.

    Raises
    ------
    CrsError
        When neither the file nor ``wanted.crs`` names a coordinate system.
    InputError
        When the file cannot be shown.
    ProjectFileError
        When the project cannot be written.
    """
    from layers.crs import describe_crs, parse_crs
    from layers.pictures.adding import raster_facts, raster_picture
    from layers.store.uids import new_uid
    from zsgis.arrangement import PICTURES_SETTING, TREE_SETTING, read_arrangement, settings_of, tree_of

    bands = looked_at(path, reader, ProgressPart(progress, 0.0, 0.9))
    facts = raster_facts(path)
    picture = raster_picture(
        facts,
        uid=new_uid(),
        name=path.stem,
        project_folder=project.path.parent,
        crs=parse_crs(wanted.crs) if wanted.crs else None,
        secrecy=wanted.secrecy,
        bands=bands,
    )
    before = read_arrangement(project)
    pictures = (*before.pictures, picture)
    settings = settings_of(
        replace(before, pictures=pictures, tree=tree_of(before.tree, project.layers(), pictures))
    )
    for key in (PICTURES_SETTING, TREE_SETTING):
        project.set_setting(key, settings[key])
    text = _("“{name}”: {width} x {height} cells; {crs}").format(
        name=picture.name, width=facts.width, height=facts.height, crs=describe_crs(parse_crs(picture.crs))
    )
    return FileAccount(path, Fate.PICTURE, text, facts={"uid": picture.uid, "crs": picture.crs})
