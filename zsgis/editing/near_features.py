"""Features of a layer that lie near one that is being changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from layers.edits import FeatureShape
from layers.store.model import LayerInfo
from zsgis.editing.shared_edges import SAME_PLACE_M
from zsgis.editing.systems import Bounds, unit_metres
from zsgis.editing.vertices import FloatArray


class Shapes(Protocol):
    """Who knows the shapes of a layer."""

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...]:
        """Return the shapes whose box meets west, south, east, north, in the layer's own system."""
        ...


@dataclass(frozen=True, eq=False)
class Held:
    """A feature as whoever changes it knows it: its shape in the layer's own system, and its version."""

    zs_uid: str
    version: int
    shape: Any


def features_near(store: Shapes, info: LayerInfo, box: Bounds | None, besides: str) -> dict[str, Held]:
    """Return the features whose box meets one, but for one of them."""
    if box is None:
        return {}
    return {
        one.zs_uid: Held(one.zs_uid, one.version, one.geometry)
        for one in store.shapes_in(info.uid, box)
        if one.zs_uid != besides
    }


def same_place(info: LayerInfo, places: FloatArray) -> float:
    """Return what is one place, in the unit of the layer."""
    return SAME_PLACE_M / unit_metres(info.crs, float(places[0, 1]))[1]


def box_holds(outer: Bounds, inner: Bounds) -> bool:
    """Tell whether a box lies within another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
