"""Which features an edit is about: those selected, else those near what was drawn."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.crs import transform
from layers.edits import FeatureState
from layers.kind import GeometryType
from layers.store.model import LayerInfo

if TYPE_CHECKING:
    from layers.store.interface import Store

Bounds = tuple[float, float, float, float]


def states_near(
    store: Store, layer: LayerInfo, bounds: Bounds, chosen: Collection[str] = ()
) -> tuple[FeatureState, ...]:
    """Return the features whose box meets a box of the layer's system; of chosen ones only those."""
    near = {str(uid) for uid in store.read(layer.uid, columns=[], bounds=bounds).index}
    wanted = near & set(chosen) if chosen else near
    return store.states(layer.uid, wanted) if wanted else ()


def lines_of(store: Store, layer: LayerInfo, uids: Collection[str], target: pyproj.CRS) -> Any | None:
    """Return the lines of some features, outlines of polygons among them, in another system; None for none.

    Raises
    ------
    CrsError
        When the system cannot be reached without guessing.
    """
    if layer.geometry is GeometryType.POINT or not uids:
        return None
    frame = store.read(layer.uid, columns=[], uids=list(uids))
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    shapes = shapes[~shapely.is_missing(shapes)]
    moved = transform(shapes, layer.crs, target)
    lines = shapely.boundary(moved) if layer.geometry is GeometryType.POLYGON else moved
    parts = shapely.get_parts(lines)
    return shapely.multilinestrings(parts) if len(parts) else None


def roomy(shape: Any, share: float = 0.01) -> Bounds:
    """Return the box of a shape with a little room around it."""
    west, south, east, north = shape.bounds
    room = max(east - west, north - south) * share
    return west - room, south - room, east + room, north + room
