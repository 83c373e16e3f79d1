"""The names under which features are found by the search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.kinds import kind

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_SEARCHED = ("platforms", "towns", "incubators", "carriers", "points")
_MOST = 2_000


def named_places(project: Project, layers: Sequence[LayerInfo]) -> tuple[tuple[str, str, str, str], ...]:
    """Return ``(name, layer name, layer uid, zs_uid)`` of the features an officer looks for by name.

    Layers of more than two thousand features are left out: their names are found in tables.
    """
    found = []
    for layer in layers:
        if layer.kind not in _SEARCHED or layer.feature_count > _MOST:
            continue
        column = kind(layer.kind).name_field
        if column not in {field.name for field in layer.fields}:
            continue
        names = project.read(layer.uid, columns=(column,))[column]
        found += [(str(name), layer.name, layer.uid, str(uid)) for uid, name in names.items() if name]
    return tuple(found)
