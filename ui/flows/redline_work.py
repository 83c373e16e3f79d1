"""The work behind the red-line check in the window: reading, checking and writing, aside from the window."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError, ProjectFileError, ZsgisError
from layers.kind import GeometryType
from layers.progress import Progress, ProgressPart
from layers.words import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.importing.request import ImportRequest
    from layers.store import LayerInfo, Project
    from zsgis.intake.tools import IntakeTools
    from zsgis.redline import Boundaries, RedlineReport, RedlineRules
    from zsgis.redline.folder import RedlineAccount
    from zsgis.result import Result

MOST_SHOWN = 8
"""So many red lines of one file are shown each with its tables; more are written to files."""

_NAME = "name"
_READING = 0.2


@dataclass(frozen=True, eq=False)
class Checked:
    """What became of the red lines of a file.

    Attributes
    ----------
    found : int
        So many there were; over :data:`MOST_SHOWN` none is checked yet.
    refused : tuple of (str, ZsgisError)
        What could not be a red line or could not be checked, by its name.
    """

    found: int
    checked: tuple[tuple[RedlineReport, Result], ...]
    refused: tuple[tuple[str, ZsgisError], ...] = ()


@dataclass(frozen=True)
class FolderDone:
    """What became of many red lines: the list of all, and an account of each."""

    summary: Path
    accounts: tuple[RedlineAccount, ...]


def check_file(
    tools: IntakeTools, project: Project, request: ImportRequest, rules_asked: str, progress: Progress
) -> Checked:
    """Read the red lines of a file and check them; more than :data:`MOST_SHOWN` are only counted.

    Parameters
    ----------
    rules_asked : str
        Path of the bureau's own rule file; empty for the rules that come with the program.

    Raises
    ------
    UncertainError, LayerChoiceError
        When somebody must say what the coordinates are, or which layer is meant.
    ZsgisError
        When nothing of the file can be checked.
    """
    from zsgis.intake.surroundings import surroundings_of
    from zsgis.redline import read_boundaries, redline_rules

    rules = redline_rules(rules_asked)
    found = read_boundaries(
        request,
        tools.reader,
        surroundings=surroundings_of(project),
        parameters=tools.book.sets(),
        layer_names=rules.settings.boundary_layers,
        progress=ProgressPart(progress, 0.0, _READING),
    )
    if len(found.boundaries) > MOST_SHOWN:
        return Checked(len(found.boundaries), ())
    return _checked(project, found, rules, ProgressPart(progress, _READING, 1.0))


def check_selected(
    project: Project,
    selection: Mapping[str, Collection[str]],
    rules_asked: str,
    progress: Progress,
    *,
    whole: bool,
) -> Checked:
    """Check features as red lines: each by itself, or all of a layer as one.

    Raises
    ------
    InputError
        When none of them can be a red line.
    """
    from zsgis.redline import Boundaries, boundaries_of_shapes, redline_rules

    rules = redline_rules(rules_asked)
    boundaries: list[Boundaries] = []
    for uid, uids in selection.items():
        info = project.layer(uid)
        boundaries.append(
            boundaries_of_shapes(
                _shapes(project, info, uids, whole=whole), info.crs, layer=info.name, secrecy=info.secrecy
            )
        )
    found = Boundaries(
        tuple(each for part in boundaries for each in part.boundaries),
        tuple(each for part in boundaries for each in part.refused),
    )
    return _checked(project, found, rules, progress)


def areas_of(layers: Sequence[LayerInfo], selection: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Return what of a selection are areas: a layer's uid to its features, in a steady order."""
    kinds = {layer.uid: layer.geometry for layer in layers}
    return {
        uid: sorted(uids)
        for uid, uids in selection.items()
        if uids and kinds.get(uid) is GeometryType.POLYGON
    }


def _shapes(
    project: Project, info: LayerInfo, uids: Collection[str], *, whole: bool
) -> list[tuple[str, BaseGeometry]]:
    import shapely

    named = [field.name for field in info.fields if field.name == _NAME]
    frame = project.read(info.uid, columns=named, uids=uids)
    shapes = [shape for shape in frame.geometry if shape is not None]
    if whole:
        name = _("{layer}, {count} features").format(layer=info.name, count=len(shapes))
        return [(name, shapely.union_all(shapes))]
    names = frame[_NAME].tolist() if named else [""] * len(frame)
    return [
        (name if isinstance(name, str) and name else info.name, shape)
        for name, shape in zip(names, frame.geometry, strict=True)
        if shape is not None
    ]


def _checked(project: Project, found: Boundaries, rules: RedlineRules, progress: Progress) -> Checked:
    from zsgis.redline import RedlineChecker
    from zsgis.redline.tables import report_result

    checker = RedlineChecker(project, rules)
    made: list[tuple[RedlineReport, Result]] = []
    refused: list[tuple[str, ZsgisError]] = list(found.refused)
    for number, boundary in enumerate(found.boundaries):
        count = len(found.boundaries)
        try:
            report = checker.check(boundary, ProgressPart(progress, number / count, (number + 1) / count))
        except ProjectFileError:
            raise
        except ZsgisError as error:
            refused.append((boundary.name, error))
        else:
            made.append((report, report_result(report)))
    if not made and refused:
        raise refused[0][1]
    return Checked(len(found.boundaries), tuple(made), tuple(refused))


def check_many(
    tools: IntakeTools,
    project: Project,
    request: ImportRequest,
    rules_asked: str,
    out: Path,
    progress: Progress,
) -> FolderDone:
    """Check every red line of a file or folder, write each into a folder, and the list of all of them."""
    from ui.sheets import export_sheet
    from zsgis.redline import redline_rules
    from zsgis.redline.folder import RedlineRun, is_folder_of_files
    from zsgis.redline.summary import write_summary

    rules = redline_rules(rules_asked)
    run = RedlineRun(project, rules, tools.reader, out, request, tools.book.sets(), export_sheet)
    if is_folder_of_files(request.path):
        summary = run.check_folder(request.path, progress)
    else:
        run.check_file(request.path, progress)
        summary = write_summary(run.accounts, out, rules)
    return FolderDone(summary, tuple(run.accounts))


def write(report: RedlineReport, folder: Path, progress: Progress) -> tuple[Path, ...]:
    """Write a report's files into a folder, under a name that no file there has."""
    from ui.sheets import export_sheet
    from zsgis.redline.files import report_stem, write_report

    progress.step(0.1)
    if not folder.is_dir():
        raise InputError(_("The folder is not there."), where=str(folder), remedy=_("Choose another folder."))
    plain = stem = report_stem(report.boundary.name)
    number = 1
    while any((folder / f"{stem}.{ending}").exists() for ending in ("xlsx", "docx", "json", "pdf")):
        number += 1
        stem = f"{plain} ({number})"
    return write_report(report, folder, stem, draw=export_sheet, progress=progress)
