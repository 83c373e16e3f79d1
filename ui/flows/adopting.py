"""Opening whatever file is brought: a project is opened, map data gets a project to be imported into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import _
from ui.dialogs.file_kinds import map_files
from ui.dialogs.port import PROJECT_FILES, Verb
from ui.flows.desk import Desk
from ui.flows.projects import ProjectFlows

if TYPE_CHECKING:
    from layers.formats.model import SourceReader


@dataclass(frozen=True)
class BroughtFile:
    """What a file turned out to be; ``crs`` is its EPSG code where a project can be made in it."""

    path: Path
    is_project: bool
    crs: str = ""


class AdoptingFlows:
    """What happens when an officer opens or drops files while no project is open.

    Parameters
    ----------
    take_in : callable
        Imports files into the open project.
    """

    def __init__(
        self,
        desk: Desk,
        reader: SourceReader,
        *,
        projects: ProjectFlows,
        take_in: Callable[[Sequence[Path]], None],
    ) -> None:
        self._reader = reader
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._projects = projects
        self._take_in = take_in

    def ask_open(self) -> None:
        """Ask for a project and open it; map data may be chosen too."""
        path = self._dialogs.open_file(_("Open project"), (PROJECT_FILES, *map_files()))
        if path is not None:
            self.open((path,))

    def open(self, paths: Sequence[Path]) -> None:
        """Open the first file if it is a project; else offer to make a project for all of them."""
        self._jobs.start(
            _("Reading {name}").format(name=paths[0].name),
            lambda progress: examine(self._reader, paths[0], progress),
            done=lambda found: self._go_on(found, paths),
        )

    def _go_on(self, found: BroughtFile, paths: Sequence[Path]) -> None:
        if found.is_project:
            self._projects.open_path(found.path)
            return
        verb = self._dialogs.choose(
            _("“{name}” is map data, not a project.").format(name=found.path.name),
            _("Map data is taken into a project file; the file itself stays as it is."),
            (
                Verb("leave", _("Do nothing")),
                Verb("open", _("Open a project and import")),
                Verb("new", _("Make a project and import")),
            ),
        )
        if verb == "new":
            self._projects.new_project(found.path.stem, found.crs, opened=lambda: self._take_in(paths))
        elif verb == "open":
            path = self._dialogs.open_file(_("Open project"), (PROJECT_FILES,))
            if path is not None:
                self._projects.open_path(path, opened=lambda: self._take_in(paths))


def examine(reader: SourceReader, path: Path, progress: Progress) -> BroughtFile:
    """Return whether a file is a project, and if not, in which system a project for it could be made.

    Raises
    ------
    ZsgisError
        When the file is neither a project nor data that is read.
    """
    from layers.crs import require_projected_metres
    from layers.errors import CrsError, NotAProjectError
    from layers.formats.raster import is_raster_file
    from layers.importing.intake import list_source_layers
    from layers.pictures.adding import raster_facts
    from layers.store import Project
    from zsgis.intake.pictures import looked_at
    from zsgis.intake.sources import is_data_folder

    progress.step(0.1)
    if not path.exists() or path.suffix.lower() == ".gpkg":
        try:
            Project.open(path, read_only=True).close()
        except NotAProjectError:
            progress.step(0.3)
        else:
            return BroughtFile(path, is_project=True)
    progress.step(0.4)
    if is_raster_file(path):
        looked_at(path, reader, progress)
        crs = raster_facts(path).crs
    elif path.is_dir() and not is_data_folder(path):
        crs = None
    else:
        stated = (layer.crs for layer in list_source_layers(reader, path, progress=progress))
        crs = next((crs for crs in stated if crs is not None), None)
    code = crs.to_epsg() if crs is not None else None
    try:
        if crs is not None:
            require_projected_metres(crs)
    except CrsError:
        code = None
    return BroughtFile(path, is_project=False, crs=str(code or ""))
