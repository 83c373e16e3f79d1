"""Checks run on what lies in a project or in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.checking.model import CheckReport
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.errors import InputError
from layers.kind import Kind
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.checking.request import CheckRequest
from zsgis.checking.subjects import boundary_of, file_subject, layer_subject

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.formats.model import SourceData
    from layers.store import LayerInfo, Project

_READ = 0.15


def check_project(project: Project, names: Sequence[str], progress: Progress) -> tuple[CheckReport, ...]:
    """Check layers of a project, all of them where none is named.

    Raises
    ------
    InputError
        When a layer does not exist, or the project has none.
    JobCancelled
        When the user stopped.
    """
    infos = [project.layer(name) for name in names] or list(project.layers())
    if not infos:
        raise InputError(
            _("The project has no layers to check."),
            where=str(project.path),
            remedy=_("Import a file first, or check the file itself."),
        )
    sizes = [info.feature_count + 1 for info in infos]
    reports, done = [], 0
    for info, size in zip(infos, sizes, strict=True):
        part = ProgressPart(progress, done / sum(sizes), (done + size) / sum(sizes))
        reports.append(check_project_layer(project, info, part))
        done += size
    return tuple(reports)


def check_project_layer(project: Project, info: LayerInfo, progress: Progress) -> CheckReport:
    """Check one layer of a project, the project's own boundary too; errors as :func:`check_project`."""
    subject = layer_subject(project, info, ProgressPart(progress, 0.0, _READ))
    boundary = boundary_of(project, info)
    return check_layer(subject, checking_rules(), ProgressPart(progress, _READ, 1.0), boundary=boundary)


def check_file(request: CheckRequest, progress: Progress) -> CheckReport:
    """Check one layer of a file, as a layer of a kind; nothing is imported or changed.

    Raises
    ------
    UsageError
        For an unknown kind or standard.
    CrsError
        When ``request.crs`` is no coordinate system.
    InputError
        When the file cannot be read or holds no such layer.
    JobCancelled
        When the user stopped.
    """
    from layers.classification import standard
    from layers.crs import parse_crs

    declared = kind(request.kind) if request.kind else None
    if request.standard:
        standard(request.standard)
    stated = parse_crs(request.crs) if request.crs else None
    data = _read(request, ProgressPart(progress, 0.0, 2 * _READ))
    crs: CRS | None = stated or (None if data.crs is None else parse_crs(data.crs))
    chosen = declared or _guessed(request.path, data)
    subject = file_subject(f"{request.path.name} · {data.layer}", data, chosen, crs, request.standard)
    del data  # the arrays hold all that is needed
    return check_layer(subject, checking_rules(), ProgressPart(progress, 2 * _READ, 1.0))


def _read(request: CheckRequest, progress: Progress) -> SourceData:
    from layers.formats.vector import read_vector

    return read_vector(
        request.path, layer=request.layer or None, encoding=request.encoding or None, progress=progress
    )


def _guessed(path: Path, data: SourceData) -> Kind:
    from layers.importing.kind_guess import guess_kind, plain_geometry

    types = {plain_geometry(str(name)) for name in data.frame.geom_type.dropna().unique()}
    geometry = types.pop() if len(types) == 1 else ""
    columns = [str(column) for column in data.frame.columns]
    return guess_kind((path.stem, data.layer), geometry, columns).kind
