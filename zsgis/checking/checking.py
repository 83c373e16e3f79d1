"""Checks run on the layers of a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.checking.model import CheckReport
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.checking.subjects import boundary_of, layer_subject

if TYPE_CHECKING:
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
