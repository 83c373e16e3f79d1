"""All features of a layer, and those that are not selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.progress import NoProgress, Progress, ProgressPart

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.session import Selection


def all_features(project: Project, info: LayerInfo, progress: Progress | None = None) -> frozenset[str]:
    """Return the ``zs_uid`` of every feature of a layer, those without a shape too."""
    names = project.table(info).keys(progress).uids.names
    return frozenset(name.decode("utf-8") for name in names.tolist())


def inverted(
    project: Project, selection: Selection, layers: Sequence[LayerInfo], progress: Progress | None = None
) -> dict[str, frozenset[str]]:
    """Return the features of these layers that are not selected."""
    reporter = progress or NoProgress()
    nothing: frozenset[str] = frozenset()
    found = {}
    for number, info in enumerate(layers):
        part = ProgressPart(reporter, number / len(layers), (number + 1) / len(layers))
        found[info.uid] = all_features(project, info, part) - selection.get(info.uid, nothing)
    return found
