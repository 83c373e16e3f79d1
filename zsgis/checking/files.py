"""Checks run on a file that was handed in: read apart, taken as the guard is sure of, nothing brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from layers.checking.model import CheckReport
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.findings import Finding
from layers.guard.model import Aspect
from layers.importing.columns import match_fields
from layers.importing.deciding import Decisions, decide
from layers.importing.doubt import UncertainError
from layers.importing.intake import Intake, take_intake
from layers.importing.request import ImportRequest
from layers.progress import Progress, ProgressPart
from zsgis.checking.request import CheckRequest
from zsgis.checking.subjects import file_subject

if TYPE_CHECKING:
    from layers.datum_parameters import DatumParameters
    from layers.formats.model import SourceReader

_READ = 0.4
_UNKNOWN_STANDARD = "custom"


@dataclass(frozen=True)
class FileCheck:
    """What a check of a file found.

    Attributes
    ----------
    told : tuple of Finding
        What was lost or guessed while the file was read and taken for something.
    """

    report: CheckReport
    told: tuple[Finding, ...]


def check_file(
    reader: SourceReader,
    request: CheckRequest,
    progress: Progress,
    parameters: Sequence[DatumParameters] = (),
) -> FileCheck:
    """Check one layer of a file, as a layer of a kind; nothing is imported or changed.

    Coordinates are taken as the caller says or the guard is sure of. Codes of a standard that nobody is
    sure of are not checked, and that is a finding.

    Parameters
    ----------
    parameters : sequence of DatumParameters
        The user's own, for coordinates that are taken as a legacy datum by their name.

    Raises
    ------
    UsageError
        For an unknown kind or standard.
    UncertainError
        When coordinates or encoding were not said and are not sure; it carries the candidates.
    InputError
        When the file cannot be read or holds no such layer.
    JobCancelled
        When the user stopped.
    """
    wanted = ImportRequest(
        path=request.path,
        kind=request.kind,
        source_layer=request.layer,
        crs=request.crs,
        encoding=request.encoding,
        standard=request.standard,
    )
    intake = take_intake(reader, wanted, progress=ProgressPart(progress, 0.0, _READ))
    columns = [str(name) for name in intake.data.frame.columns if name != intake.data.frame.geometry.name]
    mapping = match_fields(intake.kind, columns, {})
    decisions = _decide(intake, wanted, mapping)
    shapes, crs = _placed(intake, decisions, parameters)
    data = replace(intake.data, frame=intake.data.frame.set_geometry(shapes, crs=crs))
    name = f"{request.path.name} · {data.layer}"
    subject = file_subject(name, data, intake.kind, crs, decisions.standard, decisions.units)
    notes = tuple(Finding(note.code, note.severity, note.text) for note in data.notes)
    told = (*notes, *decisions.told)
    del data, intake, shapes  # the arrays hold all that is needed
    return FileCheck(check_layer(subject, checking_rules(), ProgressPart(progress, _READ, 1.0)), told)


def _decide(intake: Intake, wanted: ImportRequest, mapping: Mapping[str, str]) -> Decisions:
    """Return what the layer is taken for; codes and units that are not sure are left open."""
    try:
        return decide(intake, wanted, mapping)
    except UncertainError as error:
        if {verdict.aspect for verdict in error.verdicts} & {Aspect.CRS, Aspect.ENCODING}:
            raise
        open_ = {verdict.aspect for verdict in error.verdicts}
        fields = {column: intake.kind.field(name).unit for name, column in mapping.items()}
        units = {v.subject: fields.get(v.subject, "") for v in error.verdicts if v.aspect is Aspect.UNITS}
    standard = wanted.standard or (_UNKNOWN_STANDARD if Aspect.STANDARD in open_ else "")
    decided = decide(intake, replace(wanted, standard=standard, units={**wanted.units, **units}), mapping)
    return decided if wanted.standard or standard == "" else replace(decided, standard="")


def _placed(intake: Intake, decisions: Decisions, parameters: Sequence[DatumParameters]) -> tuple[Any, Any]:
    """Return shapes and their system; numbers that need no correction stay as they stand, on any datum."""
    import numpy as np

    from layers.guard.applying import apply
    from layers.guard.taken_as import TakenAs

    taken_as = decisions.taken_as
    shapes = np.asarray(intake.data.frame.geometry.array, dtype=object)
    if taken_as == TakenAs(taken_as.crs):
        return shapes, taken_as.crs
    applied = apply(taken_as, shapes, parameters)
    return applied.geometry, applied.crs
