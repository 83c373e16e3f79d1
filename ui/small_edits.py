"""An edit so small that it is taken into what the map draws, and painted, within a frame."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.drawable_edits import EditedLayer
from ui.canvas.edit_cover import ShownEdit
from ui.painting.thinning import MOST_VERTICES, thinned

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import FeatureLayer
    from layers.edits import FeatureChange
    from layers.store import LayerInfo
    from ui.painting.view import MapView

# An edit of so many features is taken in within a frame, where so many vertices of earlier ones are copied.
_MOST_STATES = 200
_MOST_COPIED = 20_000


@dataclass(frozen=True, eq=False)
class Ground:
    """What a small edit is worked out from.

    Attributes
    ----------
    before : FeatureLayer
        The layer without it.
    info : LayerInfo
        The layer as it looks.
    version : int
        The layer's number after the edit.
    map_crs : pyproj.CRS or None
        The map's system; None keeps the layer's own.
    view : MapView
        Where one looks, in device pixels.
    """

    before: FeatureLayer
    info: LayerInfo
    version: int
    changes: Sequence[FeatureChange]
    map_crs: Any
    view: MapView

    def is_as(self, other: Ground) -> bool:
        """Tell whether the same would come of both: the very same changes of the very same layer."""
        return (
            self.before is other.before
            and self.version == other.version
            and len(self.changes) == len(other.changes)
            and all(map(operator.is_, self.changes, other.changes))
            and (self.map_crs, self.view) == (other.map_crs, other.view)
            and _look(self.info) == _look(other.info)
        )


@dataclass(frozen=True, eq=False)
class SmallEdit:
    """A layer with a small edit, in memory, and how that is shown at once."""

    ground: Ground
    layer: EditedLayer
    shown: ShownEdit

    @classmethod
    def of(cls, ground: Ground) -> SmallEdit:
        """Take an edit in."""
        from layers.store.drawing_edits import changed

        after, fresh = changed(ground.before, ground.info, ground.changes, ground.map_crs)
        names = names_of(ground.changes)
        return cls(ground, after, shown_edit(ground.before, fresh, names, ground.version, ground.view))

    def serves(self, ground: Ground) -> bool:
        """Tell whether it is what would be worked out now."""
        return self.ground.is_as(ground)


def is_small(layer: FeatureLayer, changes: Sequence[FeatureChange]) -> bool:
    """Tell whether an edit of a layer is taken in and painted within a frame."""
    from shapely import get_num_coordinates

    states = [state for change in changes for state in (change.before, change.after) if state is not None]
    copied = len(layer.added.coords) if isinstance(layer, EditedLayer) else 0
    if len(states) > _MOST_STATES or copied > _MOST_COPIED:
        return False
    shapes = np.empty(len(states), dtype=object)
    shapes[:] = [state.geometry for state in states]
    return int(get_num_coordinates(shapes).sum()) <= MOST_VERTICES


def names_of(changes: Sequence[FeatureChange]) -> frozenset[str]:
    """Return the ``zs_uid`` of the features that are changed."""
    return frozenset(change.zs_uid for change in changes)


def shown_edit(
    before: FeatureLayer, fresh: DrawableLayer, names: frozenset[str], version: int, view: MapView
) -> ShownEdit:
    """Return what an edit of some features did to a layer, as one sees it.

    Parameters
    ----------
    fresh : DrawableLayer
        These features as they are after it.
    """
    from layers.store.drawing_edits import features_named

    gone = features_named(before, names)
    boxes = np.concatenate([gone.bounds, fresh.bounds])
    return ShownEdit(fresh.uid, version, boxes, thinned(gone, view), thinned(fresh, view))


def _look(info: LayerInfo) -> tuple[object, ...]:
    return info.table, info.name, info.style, info.opacity, info.fields, info.geometry, info.crs
