"""From edits of features to what is drawn over a layer's arrays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from layers.drawable import DrawableLayer, LayerDescription, fields_drawn
from layers.drawable_edits import EditedLayer, FeatureLayer, apart, without_edits
from layers.drawable_making import DrawingRows, make_drawable
from layers.drawable_parts import part_of, together
from layers.edits import FeatureChange, FeatureState
from layers.kind import FieldType
from layers.progress import NoProgress, Progress
from layers.ragged import ragged_of
from layers.store.values import to_series

if TYPE_CHECKING:
    import pandas as pd


class TypedField(Protocol):
    """A column."""

    @property
    def name(self) -> str:
        """Its name in the project file."""

    @property
    def type(self) -> FieldType:
        """What it holds."""


class FieldedLayer(LayerDescription, Protocol):
    """What is known about a layer before its features are read, and its columns."""

    @property
    def fields(self) -> Sequence[TypedField]:
        """The layer's columns."""


def drawn_states(
    info: FieldedLayer, states: Sequence[FeatureState], map_crs: Any, progress: Progress | None = None
) -> DrawableLayer:
    """Return features as they stand or stood, as arrays to be drawn.

    Parameters
    ----------
    map_crs : pyproj.CRS or None
        The map's coordinate system; None keeps the layer's own.
    """
    import shapely

    shapes = np.empty(len(states), dtype=object)
    shapes[:] = [state.geometry for state in states]
    shapeless = int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())
    types = {field.name: field.type for field in info.fields}
    columns = {
        name: _column([state.values.get(name) for state in states], types[name])
        for name in fields_drawn(info.style)
        if name in types
    }
    rows = DrawingRows(
        [state.zs_uid for state in states], ragged_of(shapes, info.geometry), columns, shapeless
    )
    return make_drawable(info, rows, map_crs, progress or NoProgress())


def _column(values: list[Any], kind: FieldType) -> pd.Series[Any]:
    if kind is not FieldType.TEXT or not all(isinstance(value, str) for value in values):
        return to_series(values, kind)
    import pandas as pd

    # making it a column of text takes longer than all else that is done with a few features
    return pd.Series(values, dtype=object)


def with_changes(
    layer: FeatureLayer,
    info: FieldedLayer,
    changes: Sequence[FeatureChange],
    map_crs: Any,
    progress: Progress | None = None,
) -> EditedLayer:
    """Return a layer with some more edits, in memory.

    Parameters
    ----------
    info : FieldedLayer
        With the style the layer is drawn in.
    changes : sequence of FeatureChange
        Of this layer, in their order; of several changes of a feature the last one counts.
    """
    return changed(layer, info, changes, map_crs, progress)[0]


def changed(
    layer: FeatureLayer,
    info: FieldedLayer,
    changes: Sequence[FeatureChange],
    map_crs: Any,
    progress: Progress | None = None,
) -> tuple[EditedLayer, DrawableLayer]:
    """Return a layer with some more edits, and the features they changed as they are then.

    Parameters are those of :func:`with_changes`.
    """
    before = without_edits(layer)
    last = {change.zs_uid: change.after for change in changes}
    fresh = drawn_states(info, [state for state in last.values() if state is not None], map_crs, progress)
    base, added = before.base, before.added
    stays = np.ones(len(added), dtype=np.bool_)
    stays[added.uids.rows_of(last)] = False
    after = EditedLayer(
        base,
        np.unique(np.concatenate([before.hidden, base.uids.rows_of(last)])),
        together((added, np.flatnonzero(stays)), (fresh, np.arange(len(fresh)))),
    )
    return after, fresh


def upon(layer: DrawableLayer, edited: EditedLayer, since: frozenset[str]) -> FeatureLayer:
    """Return newer arrays of a layer with those edits that they do not hold yet.

    Parameters
    ----------
    layer : DrawableLayer
        Arrays made from ``edited`` at some moment.
    edited : EditedLayer
        The layer as it is now.
    since : frozenset of str
        ``zs_uid`` of the features that were changed, added or removed after that moment.
    """
    if not since:
        return layer
    added = edited.added
    return EditedLayer(layer, layer.uids.rows_of(since), part_of(added, added.uids.rows_of(since)))


def features_named(layer: FeatureLayer, names: Collection[str]) -> DrawableLayer:
    """Return named features of a layer as a layer of their own; names that are not here are left out."""
    if not isinstance(layer, EditedLayer):
        return part_of(layer, layer.uids.rows_of(names))
    (base, stays), (added, fresh) = apart(layer, layer.rows_of(names))
    return part_of(added, fresh) if not len(stays) else together((base, stays), (added, fresh))
