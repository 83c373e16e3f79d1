"""Which features a map leaves out: those of classes that are switched off, or not shown at its scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.progress import NoProgress, Progress
from layers.style.ranges import rule_index

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_AT_ONCE = 10_000


def shown_features(
    project: Project,
    layer: LayerInfo,
    uids: Sequence[str],
    denominator: float | None,
    progress: Progress | None = None,
) -> list[str]:
    """Return those of a layer's features that a map shows, in the order given.

    Parameters
    ----------
    layer : LayerInfo
        With the style the map shows.
    denominator : float or None
        The map's scale is 1:``denominator``; None asks nothing of the scale, and leaves nothing out.
    progress : Progress, optional
        May stop the work.
    """
    if denominator is None:
        return list(uids)
    shown = np.array([symbol is not None for symbol in layer.style.symbols_at(denominator)])
    if shown.all() or not shown.any():
        return list(uids) if shown.all() else []
    kept: list[str] = []
    for start in range(0, len(uids), _AT_ONCE):
        (progress or NoProgress()).step(start / len(uids))
        part = uids[start : start + _AT_ONCE]
        classes = _classes(project, layer, part)
        kept += [uid for uid, seen in zip(part, shown[classes].tolist(), strict=True) if seen]
    return kept


def _classes(project: Project, layer: LayerInfo, uids: Sequence[str]) -> Any:
    """Return the rule of the style that holds each feature; -1 for none."""
    from layers.store.values import to_series

    types = {field.name: field.type for field in layer.fields}
    name = layer.style.class_field
    if name not in types:
        return np.full(len(uids), -1)
    values = project.table(layer).values_of(uids, name)
    return rule_index(layer.style, to_series([values.get(uid) for uid in uids], types[name]))
