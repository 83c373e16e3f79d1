"""A folder of mixed files taken into a project, each by itself: one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from layers.datum_parameters import DatumParameters
from layers.errors import ZsgisError
from layers.formats.model import SourceReader
from layers.importing.bringing import import_file
from layers.importing.intake import list_source_layers
from layers.importing.request import ImportRequest
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.intake.accounts import Fate, FileAccount, account_of_error, account_of_import
from zsgis.intake.pictures import add_raster
from zsgis.intake.sources import sources_of_folder
from zsgis.intake.surroundings import surroundings_of

if TYPE_CHECKING:
    from layers.store import Project


def import_folder(
    project: Project,
    folder: Path,
    wanted: ImportRequest,
    reader: SourceReader,
    progress: Progress,
    *,
    parameters: Sequence[DatumParameters] = (),
) -> tuple[FileAccount, ...]:
    """Take every data set of a folder in.

    Parameters
    ----------
    wanted : ImportRequest
        What holds for every file; path, layer and name are not used, an empty kind is guessed for each.

    Raises
    ------
    InputError
        When the folder holds more than can be meant.
    JobCancelled
        When the user stopped; what was taken in until then stays.
    """
    sources = sources_of_folder(folder)
    count = max(len(sources.data) + len(sources.rasters), 1)
    accounts: list[FileAccount] = []

    def part(number: int) -> Progress:
        return ProgressPart(progress, number / count, (number + 1) / count)

    for number, path in enumerate(sources.data):
        request = replace(wanted, path=path, name="", source_layer="")
        accounts.extend(_import_all_layers(project, request, reader, part(number), parameters))
    for number, path in enumerate(sources.rasters, start=len(sources.data)):
        accounts.append(_guarded(path, partial(add_raster, project, path, wanted, reader, part(number))))
    accounts.extend(FileAccount(path, Fate.OTHER, _("Nothing was done with it.")) for path in sources.other)
    return tuple(sorted(accounts, key=lambda account: (str(account.path), account.source_layer)))


def _import_all_layers(
    project: Project,
    request: ImportRequest,
    reader: SourceReader,
    progress: Progress,
    parameters: Sequence[DatumParameters],
) -> Iterator[FileAccount]:
    path = request.path
    progress.step(0.0, _("Reading {name}").format(name=path.name))
    try:
        layers = list_source_layers(reader, path)
    except ZsgisError as error:
        yield account_of_error(path, error)
        return
    several = len(layers) > 1
    for number, layer in enumerate(layers):
        told = layer.name if several else ""
        if not layer.geometry:
            text = _("It has no shapes; join it to a layer (zsgis join).")
            yield FileAccount(path, Fate.TABLE, text, told)
            continue
        one = replace(
            request,
            source_layer=layer.name,
            name=layer_title(path.stem, layer.name) if several else path.stem,
        )
        share = ProgressPart(progress, number / len(layers), (number + 1) / len(layers))
        yield _guarded(path, partial(_import_one, project, one, reader, share, parameters, told), told)


def layer_title(stem: str, layer: str) -> str:
    """Return what one of several layers of a file is called in the project."""
    return layer if layer.startswith(stem) else f"{stem} {layer}"


def _import_one(
    project: Project,
    request: ImportRequest,
    reader: SourceReader,
    progress: Progress,
    parameters: Sequence[DatumParameters],
    told: str,
) -> FileAccount:
    named = replace(request, name=_free_name(project, request.name))
    report = import_file(
        project, named, reader, progress, surroundings=surroundings_of(project), parameters=parameters
    )
    return account_of_import(request.path, report, told)


def _free_name(project: Project, name: str) -> str:
    from layers.store.naming import unique_name

    return unique_name(name, [info.name for info in project.layers()])


def _guarded(path: Path, work: Callable[[], FileAccount], source_layer: str = "") -> FileAccount:
    try:
        return work()
    except ZsgisError as error:
        return account_of_error(path, error, source_layer)
