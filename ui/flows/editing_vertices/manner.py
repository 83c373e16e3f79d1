"""How shapes of a layer are changed, by what was chosen and what the layer is."""

from __future__ import annotations

from layers.kinds import KINDS
from layers.store import LayerInfo
from zsgis.editing.settings import EditSettings
from zsgis.editing.shape_edits import Manner


def is_partition(info: LayerInfo | None) -> bool:
    """Tell whether a layer's features share the ground out."""
    kind = KINDS.get(info.kind) if info is not None else None
    return kind is not None and kind.partition


def manner_of(info: LayerInfo, settings: EditSettings) -> Manner:
    """Return how shapes of a layer are changed."""
    partition = is_partition(info)
    return Manner(settings.joins(partition=partition), settings.guards(partition=partition), settings.gap_m)
