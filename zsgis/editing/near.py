"""What lies near the view, read aside and made ready to be snapped to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import transform
from layers.errors import CrsError
from layers.kind import GeometryType
from layers.progress import Progress
from zsgis.editing.segments import Segments
from zsgis.editing.snapping import FeatureName, SnapIndex
from zsgis.editing.systems import Bounds, box_in, unit_metres

if TYPE_CHECKING:
    from layers.store import LayerInfo
    from layers.store.interface import Store


@dataclass(frozen=True)
class NearRequest:
    """What is to be read.

    Attributes
    ----------
    layers : tuple of LayerInfo
        Those snapped to; one that cannot be brought into ``system`` is left out.
    bounds : tuple of float
        Of the map, in ``map_crs``.
    system : pyproj.CRS
        That of the layer being edited: its own coordinates come out as they are in the file.
    """

    layers: tuple[LayerInfo, ...]
    bounds: Bounds
    map_crs: pyproj.CRS
    system: pyproj.CRS


def read_near(store: Store, asked: NearRequest, progress: Progress) -> SnapIndex:
    """Return the features near the view as an index, in the system of the layer being edited.

    Raises
    ------
    JobCancelled
        When nobody waits for it any more.
    """
    groups: list[tuple[NDArray[Any], GeometryType]] = []
    names: list[FeatureName] = []
    for number, info in enumerate(asked.layers):
        progress.step(number / len(asked.layers))
        uids, shapes = _shapes(store, info, asked)
        groups.append((shapes, info.geometry))
        names += [(info.uid, uid) for uid in uids]
    middle = box_in(asked.bounds, asked.map_crs, asked.system)
    metres = unit_metres(asked.system, (middle[1] + middle[3]) / 2 if middle is not None else 0.0)
    progress.step(0.9)
    return SnapIndex(Segments.of(groups).prepare(), names, metres)


def _shapes(store: Store, info: LayerInfo, asked: NearRequest) -> tuple[Sequence[str], NDArray[Any]]:
    nothing: NDArray[Any] = np.empty(0, dtype=object)
    try:
        box = box_in(asked.bounds, asked.map_crs, info.crs)
        if box is None:
            return (), nothing
        found = store.shapes_in(info.uid, box)
        shapes = np.empty(len(found), dtype=object)
        shapes[:] = [one.geometry for one in found]
        return [one.zs_uid for one in found], transform(shapes, info.crs, asked.system)
    except CrsError:
        return (), nothing
