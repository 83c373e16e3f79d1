"""What a drag needs of a layer, read and worked out while the mouse is still on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from layers.edits import FeatureShape
from layers.store.interface import Store
from layers.store.model import LayerInfo
from zsgis.editing.near_features import Held, Shapes, box_holds, features_near, same_place
from zsgis.editing.shared_edges import JoinedMove, turning_box
from zsgis.editing.systems import Bounds
from zsgis.editing.vertices import FloatArray

# so much of what turns is read beyond each edge: most drags end within
_ROOM_SHARE = 1.0


@dataclass(frozen=True, eq=False)
class Grasp:
    """Places of a feature taken hold of, with what lies about.

    Attributes
    ----------
    layer_uid : str
    version : int
        The layer's number when it was read: an edit since makes all of this worthless.
    old : ndarray of float64, shape (k, 2)
        The places, in the layer's own system.
    near : mapping of str to Held
        The neighbours that may follow, by ``zs_uid``; none where they are not kept joined.
    joined : JoinedMove
        The feature and these neighbours, in this order, ready to be moved.
    box : tuple of float or None
        Within this box all features are known.
    about : tuple of FeatureShape
        These features.
    """

    layer_uid: str
    version: int
    held: Held
    old: FloatArray
    is_joined: bool
    near: Mapping[str, Held]
    joined: JoinedMove
    box: Bounds | None
    about: tuple[FeatureShape, ...]

    @classmethod
    def of(
        cls, store: Store, info: LayerInfo, held: Held, old: FloatArray, *, joined: bool, look: bool = True
    ) -> Grasp:
        """Take hold of places.

        Parameters
        ----------
        joined : bool
            Whether neighbours are kept joined.
        look : bool
            Whether what lies further about is read too, for what the move will ask.
        """
        # before anything is read: what is edited meanwhile is then noticed
        version = store.layer(info.uid).version
        same = same_place(info, old)
        near = turning(store, info, held, old, same) if joined else {}
        move = JoinedMove.of([held.shape, *(each.shape for each in near.values())], old, same)
        box = _roomy(turning_box([held.shape], old, same)) if look else None
        about = store.shapes_in(info.uid, box) if box is not None else ()
        return cls(info.uid, version, held, old, joined, near, move, box, about)

    def serves(self, store: Store, held: Held, old: FloatArray, *, joined: bool) -> bool:
        """Tell whether this is what a move takes hold of, and nothing has been edited since."""
        asked = held is self.held and joined == self.is_joined and np.array_equal(old, self.old)
        return asked and store.layer(self.layer_uid).version == self.version

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...] | None:
        """Return the shapes whose box meets one, as the store does; None where they are not known."""
        if uid != self.layer_uid or self.box is None or not box_holds(self.box, bounds):
            return None
        shapes = np.empty(len(self.about), dtype=object)
        shapes[:] = [one.geometry for one in self.about]
        west, south, east, north = bounds
        box = shapely.bounds(shapes)
        meets = (box[:, 2] >= west) & (box[:, 0] <= east) & (box[:, 3] >= south) & (box[:, 1] <= north)
        return tuple(self.about[row] for row in np.flatnonzero(meets).tolist())


@dataclass(frozen=True, eq=False)
class KnownShapes:
    """Answers what lies near from a grasp where that knows it, else from the store."""

    store: Shapes
    grasp: Grasp

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...]:
        """Return the shapes whose box meets one."""
        known = self.grasp.shapes_in(uid, bounds)
        return self.store.shapes_in(uid, bounds) if known is None else known


def turning(store: Shapes, info: LayerInfo, held: Held, places: FloatArray, same: float) -> dict[str, Held]:
    """Return the neighbours that share an edge or a vertex that turns, and all that touch those edges."""
    box = turning_box([held.shape], places, same)
    near = features_near(store, info, box, held.zs_uid)
    wider = turning_box([held.shape, *(each.shape for each in near.values())], places, same)
    if box is None or wider is None or box_holds(box, wider):
        return near
    return features_near(store, info, wider, held.zs_uid)


def _roomy(box: Bounds | None) -> Bounds | None:
    if box is None:
        return None
    west, south, east, north = box
    across, up = (east - west) * _ROOM_SHARE, (north - south) * _ROOM_SHARE
    return west - across, south - up, east + across, north + up
