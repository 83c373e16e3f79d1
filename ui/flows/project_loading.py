"""What is done aside before a project is shown: opened, made or copied, and what panels need of it read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import Progress, ProgressPart
from ui.dialogs.port import NewProjectAnswer
from zsgis.arrangement import Arrangement, read_arrangement
from zsgis.map_crs import read_map_crs

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.store import LayerInfo, Project
    from zsgis.sharing.opening import Opener

VIEW_SETTING = "window.view"

MapPlace = tuple[float, float, float, float]
"""East and north of the middle of the map, and how much of it was seen across and up, all in metres."""


@dataclass(frozen=True)
class OpenedProject:
    """A project with what the window shows of it at once."""

    project: Project
    layers: tuple[LayerInfo, ...]
    view: MapPlace | None
    arrangement: Arrangement
    map_crs: CRS


def open_to_work(path: Path, progress: Progress) -> OpenedProject:
    """Open a project with the right to write, or say who has it.

    Raises
    ------
    ProjectInUseError, ProjectFileError
    """
    from zsgis.sharing.opening import Opener

    progress.step(0.1)
    return loaded(Opener(path).open(progress), progress)


def open_to_read(path: Path, progress: Progress) -> OpenedProject:
    """Open a project for reading, whoever writes to it."""
    from layers.store import Project

    progress.step(0.1)
    return loaded(Project.open(path, read_only=True), progress)


def open_when_free(opener: Opener, progress: Progress) -> OpenedProject:
    """Wait until nobody else has a project, then open it."""
    return loaded(opener.wait(progress), progress)


def loaded(project: Project, progress: Progress) -> OpenedProject:
    """Read what the window shows of an open project at once; it is closed where that fails."""
    try:
        return loaded_again(project, progress)
    except BaseException:
        project.close()
        raise


def loaded_again(project: Project, progress: Progress) -> OpenedProject:
    """Read what the window shows of a project anew."""
    progress.step(0.5)
    return OpenedProject(
        project,
        project.layers(),
        _as_view(project.setting(VIEW_SETTING)),
        read_arrangement(project),
        read_map_crs(project),
    )


def load_panels(progress: Progress) -> None:
    """Load what the panels of analyses and sheets offer: aside, while the map is drawn."""
    import_module("zsgis.registry")
    progress.step(0.5)
    from zsgis.sheets.template_files import load_template, template_keys

    for key in template_keys():
        load_template(key)


def build_demo_project(path: Path, progress: Progress) -> OpenedProject:
    """Build the demonstration project and open it."""
    from zsgis.demo import build_demo

    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{os.getpid()}.gpkg")
    draft.unlink(missing_ok=True)
    try:
        build_demo(draft, ProgressPart(progress, 0.0, 0.95)).close()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return open_to_work(path, ProgressPart(progress, 0.95, 1.0))


def make_project(answer: NewProjectAnswer, progress: Progress) -> OpenedProject:
    """Make a new project and open it."""
    from layers.crs import parse_crs, require_projected_metres
    from layers.store import Project

    crs = parse_crs(answer.crs)
    require_projected_metres(crs)
    Project.create(answer.path, crs, title=answer.title).close()
    return open_to_work(answer.path, progress)


def copy_and_open(
    path: Path, folder: Path, progress: Progress, *, secret_allowed: bool, project: Project | None = None
) -> OpenedProject:
    """Take a working copy of a project, one that is open or the file of one, and open it to work in.

    Raises
    ------
    SecrecyError, ProjectFileError
    """
    from layers.store import Project
    from layers.store.working_copies import take_working_copy
    from zsgis.backups.keeping import now_here

    part = ProgressPart(progress, 0.0, 0.9)
    source = project or Project.open(path, read_only=True)
    try:
        copy = take_working_copy(source, folder, now_here(), secret_allowed=secret_allowed, progress=part)
    finally:
        if project is None:
            source.close()
    return open_to_work(copy, ProgressPart(progress, 0.9, 1.0))


Load = Callable[[Progress], OpenedProject]


def _as_view(value: Any) -> MapPlace | None:
    if isinstance(value, list) and len(value) == 4 and all(isinstance(part, int | float) for part in value):
        return float(value[0]), float(value[1]), float(value[2]), float(value[3])
    return None
