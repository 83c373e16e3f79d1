"""The command that brings files into a project: one file, or a folder of mixed files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import UsageError
from layers.words import _
from zsgis.commands.console import ExitCode, Outcome, pairs
from zsgis.commands.project_commands import describe_layer

if TYPE_CHECKING:
    from layers.importing.request import ImportRequest
    from layers.progress import Progress
    from layers.store import Project
    from zsgis.intake.tools import IntakeTools


@dataclass(frozen=True)
class ImportOptions:
    """What the command line says of an import.

    Attributes
    ----------
    plain : mapping
        Fields of the request as they stand.
    mapping, units, choices : sequence of str
        ``NAME=VALUE`` each.
    remembered, remember : str
        Name of a mapping to use; name to keep this one under.
    """

    plain: Mapping[str, Any]
    mapping: Sequence[str] = ()
    units: Sequence[str] = ()
    choices: Sequence[str] = ()
    remembered: str = ""
    remember: str = ""


def import_(path: Path, options: ImportOptions, progress: Progress) -> Outcome:
    """Bring a file, or every data set of a folder, into a project."""
    from layers.formats.isolated import IsolatedReader
    from layers.formats.raster import is_raster_file
    from layers.importing.mappings import NamedMapping
    from layers.kinds import kind
    from zsgis.intake.sources import is_data_folder
    from zsgis.intake.tools import IntakeTools, configuration_folder
    from zsgis.sharing.opening import open_to_write

    with IsolatedReader() as reader:
        tools = IntakeTools(reader, configuration_folder())
        request = _request(options, tools)
        if request.kind:
            kind(request.kind)  # a wrong call is told before a file is opened
        with open_to_write(path, progress) as project:
            if request.path.is_dir() and not is_data_folder(request.path):
                return _import_folder(project, request, tools, progress)
            if is_raster_file(request.path) and not request.kind and not request.format:
                return _add_raster(project, request, tools, progress)
            outcome, mapping, kind_key = _import_one(project, request, tools, progress)
    if options.remember:
        tools.shelf.keep(NamedMapping(name=options.remember, kind=kind_key, columns=mapping))
    return outcome


def _request(options: ImportOptions, tools: IntakeTools) -> ImportRequest:
    from layers.importing.request import ImportRequest

    mapping = pairs(options.mapping, "--map")
    plain = dict(options.plain)
    if options.remembered:
        known = tools.shelf.called(options.remembered)
        if plain["kind"] and plain["kind"] != known.kind:
            raise UsageError(
                _("The mapping “{name}” is one for {kind}.").format(name=known.name, kind=known.kind),
                where=f"--as {plain['kind']}",
            )
        plain["kind"] = known.kind
        mapping = {**known.columns, **mapping}
    return ImportRequest(
        **plain,
        mapping=mapping,
        units=pairs(options.units, "--unit"),
        choices=pairs(options.choices, "--choose"),
    )


def _import_one(
    project: Project, request: ImportRequest, tools: IntakeTools, progress: Progress
) -> tuple[Outcome, Mapping[str, str], str]:
    from layers.importing.bringing import import_file
    from zsgis.intake.accounts import account_of_import
    from zsgis.intake.surroundings import surroundings_of

    report = import_file(
        project,
        request,
        tools.reader,
        progress,
        surroundings=surroundings_of(project),
        parameters=tools.book.sets(),
    )
    account = account_of_import(request.path, report)
    document = {**account.document(), "layer": describe_layer(report.layer)}
    line = _("{file} → layer “{layer}”: {count} features").format(
        file=request.path.name, layer=report.layer.name, count=report.written
    )
    return Outcome(document, (line,), report.findings), report.mapping, report.layer.kind


def _add_raster(project: Project, request: ImportRequest, tools: IntakeTools, progress: Progress) -> Outcome:
    from layers.formats.file_heads import head_of
    from zsgis.intake.pictures import add_raster

    head_of(request.path)
    account = add_raster(project, request.path, request, tools.reader, progress)
    return Outcome(account.document(), (account.line(request.path.parent),), account.findings)


def _import_folder(
    project: Project, request: ImportRequest, tools: IntakeTools, progress: Progress
) -> Outcome:
    from zsgis.intake.accounts import Fate, count_by_fate
    from zsgis.intake.folder import import_folder

    accounts = import_folder(
        project, request.path, request, tools.reader, progress, parameters=tools.book.sets()
    )
    lost = any(account.fate in (Fate.REFUSED, Fate.UNSURE) for account in accounts)
    document = {
        "folder": str(request.path),
        "counts": count_by_fate(accounts),
        "files": [account.document() for account in accounts],
    }
    lines = tuple(account.line(request.path) for account in accounts)
    return Outcome(
        document,
        lines or (_("The folder holds no files."),),
        tuple(finding for account in accounts for finding in account.findings),
        ExitCode.UNUSABLE_INPUT if lost else None,
    )
