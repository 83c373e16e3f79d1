"""Which features an area of the map takes in: the index first, then full geometry where it is close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.progress import NoProgress, Progress, ProgressPart
from zsgis.shown_features import shown_features

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.places import Keys, LayerPlaces

_PORTION = 4_000
_PORTION_OF_NAMES = 10_000
_PORTION_OF_BOXES = 20_000
# In another coordinate system edges bend: features within so much of the area's size of its edge are looked
# at themselves, and an edge is followed in so many pieces. Below the limit no edge bends by more.
_MARGIN_SHARE = 0.02
_PIECES = 64
_FAR_M = 500_000.0
_M_PER_DEGREE = 111_000.0
# shorter than a degree of longitude anywhere the program is used
_SHORT_DEGREE_M = 50_000.0
_EIGHT_RADII_M = 8 * 6_371_000.0


class AreaRelation(StrEnum):
    """When an area takes a feature in."""

    TOUCHING = "touching"
    INSIDE = "inside"


@dataclass(frozen=True)
class MapArea:
    """A polygon drawn on the map.

    Attributes
    ----------
    shape : shapely.Polygon
        Valid, in ``crs``: its edges are straight on the map.
    crs : pyproj.CRS
        The map's coordinate system.
    denominator : float or None
        The scale of the map: what a style does not show at 1:``denominator`` is not taken in. None leaves
        nothing out.
    """

    shape: shapely.Geometry
    crs: pyproj.CRS
    denominator: float | None = None

    @classmethod
    def through(
        cls, points: Sequence[tuple[float, float]], crs: pyproj.CRS, denominator: float | None = None
    ) -> MapArea | None:
        """Return the area of an outline; None where it has none. One that crosses itself is even-odd."""
        if len(points) < 3:
            return None
        shape = shapely.make_valid(shapely.Polygon(points), method="linework")
        parts = [part for part in shapely.get_parts(shape) if shapely.area(part) > 0]
        return cls(shapely.union_all(parts), crs, denominator) if parts else None


def select_in(
    project: Project,
    layers: Sequence[LayerInfo],
    area: MapArea,
    relation: AreaRelation,
    progress: Progress | None = None,
) -> dict[str, frozenset[str]]:
    """Return the features of layers that an area of the map takes in.

    Features are taken as the map shows them: their vertices in the map's coordinate system, straight edges
    between them, all vertices there are. A feature that only shares a point with the edge touches it and is
    inside when it lies in the closed area.

    A layer that cannot be brought onto the map is not on it: nothing of it is taken in.

    Returns
    -------
    dict
        ``zs_uid`` by the layer's uid; layers without any are left out.

    Raises
    ------
    JobCancelled
        When the user stopped.
    """
    progress = progress or NoProgress()
    layers = [layer for layer in layers if is_on_map(layer.crs, area.crs)]
    found: dict[str, frozenset[str]] = {}
    for number, layer in enumerate(layers):
        part = ProgressPart(progress, number / len(layers), (number + 1) / len(layers))
        part.step(0.0, layer.name)
        looking = ProgressPart(part, 0.0, 0.9)
        reached = _in_layer(project.places(layer.uid), layer, area, relation, looking)
        leaving_out = ProgressPart(part, 0.9, 1.0)
        uids = shown_features(project, layer, reached, area.denominator, leaving_out)
        if uids:
            found[layer.uid] = frozenset(uids)
    return found


def is_on_map(crs: pyproj.CRS, map_crs: pyproj.CRS) -> bool:
    """Tell whether coordinates can be brought onto the map without guessing."""
    from layers.crs import coordinate_change
    from layers.errors import CrsError

    try:
        coordinate_change(crs, map_crs)
    except CrsError:
        return False
    return True


@dataclass(frozen=True)
class _Sieve:
    """An area in a layer's own system, as far as boxes can be judged by it.

    ``outer`` has all of the area within, ``inner`` lies wholly within the area; both may be a little off the
    true edge, on their own side of it. ``inner`` is None where nothing can be said.
    """

    outer: shapely.Geometry
    inner: shapely.Geometry | None


def _in_layer(
    places: LayerPlaces, layer: LayerInfo, area: MapArea, relation: AreaRelation, progress: Progress
) -> list[str]:
    same = layer.crs.equals(area.crs, ignore_axis_order=True)
    sieve = _Sieve(area.shape, area.shape) if same else _in_other_crs(area, layer)
    fids, boxes = places.boxes(_bounds(sieve.outer))
    progress.step(0.1)
    sure, close = _sift(sieve, boxes, relation)
    uids: list[str] = []
    total = max(len(sure) // 8 + len(close), 1)
    for portion in _portions(fids[sure], _PORTION_OF_NAMES):
        uids += places.uids(portion)
        progress.step(0.1 + 0.9 * len(uids) / 8 / total)
    done = len(sure) / 8
    shapely.prepare(area.shape)
    for portion in _portions(fids[close], _PORTION):
        names, shapes = places.shapes(portion)
        taken = _taken(_on_map(shapes, layer.crs, area.crs, same), area.shape, relation)
        uids += [name for name, take in zip(names, taken.tolist(), strict=True) if take]
        done += len(portion)
        progress.step(0.1 + 0.9 * done / total)
    return uids


def _sift(sieve: _Sieve, boxes: NDArray[np.float64], relation: AreaRelation) -> tuple[Keys, Keys]:
    """Return which features are taken in for sure, and which must be looked at."""
    sure = np.zeros(len(boxes), dtype=bool)
    close = np.zeros(len(boxes), dtype=bool)
    for start in range(0, len(boxes), _PORTION_OF_BOXES):
        part = slice(start, start + _PORTION_OF_BOXES)
        rectangles = shapely.box(*boxes[part].T)
        shapely.prepare(sieve.outer)
        close[part] = shapely.intersects(sieve.outer, rectangles)
        if sieve.inner is not None:
            # a box rounded outward that lies within: so does what is in it
            shapely.prepare(sieve.inner)
            sure[part] = shapely.contains_properly(sieve.inner, rectangles)
    close &= ~sure
    if relation is AreaRelation.INSIDE and sieve.inner is sieve.outer:
        close &= _roughly_within(sieve.outer, boxes)
    return np.flatnonzero(sure), np.flatnonzero(close)


def _roughly_within(area: shapely.Geometry, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which boxes can hold something inside, but for what 32-bit rounding moved outward."""
    west, south, east, north = _bounds(area)
    slack = np.abs(boxes).max(axis=1) * 2.0**-22
    inside: NDArray[np.bool_] = (
        (boxes[:, 0] >= west - slack)
        & (boxes[:, 1] >= south - slack)
        & (boxes[:, 2] <= east + slack)
        & (boxes[:, 3] <= north + slack)
    )
    return inside


def _taken(shapes: NDArray[Any], area: shapely.Geometry, relation: AreaRelation) -> NDArray[np.bool_]:
    """Judge full geometry; what is missing or empty is nowhere."""
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    taken = np.zeros(len(shapes), dtype=bool)
    judge = shapely.intersects if relation is AreaRelation.TOUCHING else shapely.covers
    taken[present] = judge(area, shapes[present])
    return taken


def _on_map(shapes: NDArray[Any], crs: pyproj.CRS, map_crs: pyproj.CRS, same: bool) -> NDArray[Any]:
    from layers.crs import transform

    return shapes if same else transform(shapes, crs, map_crs)


def _in_other_crs(area: MapArea, layer: LayerInfo) -> _Sieve:
    """Bring an area into a layer's system, with room for edges that bend on the way."""
    from layers.crs import transform
    from layers.errors import CrsError

    shape = area.shape
    dense = shapely.segmentize(shape, _extent(shape) / _PIECES)
    try:
        moved = shapely.make_valid(transform(np.array([dense], dtype=object), area.crs, layer.crs)[0])
    except CrsError:  # the area reaches further than the layer's projection
        return _Sieve(shapely.box(-1e9, -1e9, 1e9, 1e9), None)
    margin = _extent(moved) * _MARGIN_SHARE
    near = _extent(shape) * (_M_PER_DEGREE if area.crs.is_geographic else 1.0) < _FAR_M
    inner = shapely.buffer(moved, -margin, join_style="mitre") if near else None
    return _Sieve(shapely.buffer(moved, margin + _bend(layer), join_style="mitre"), inner)


def _bend(layer: LayerInfo) -> float:
    """Return how far an edge of a layer can bend in another system, in the layer's unit.

    An edge of length l that is straight in one projection leaves the straight line of another by at most
    about l**2 / 8R; no edge is longer than the layer.
    """
    if layer.bounds is None:
        return 0.0
    west, south, east, north = layer.bounds
    length = max(east - west, north - south) * (_M_PER_DEGREE if layer.crs.is_geographic else 1.0)
    return length**2 / _EIGHT_RADII_M / (_SHORT_DEGREE_M if layer.crs.is_geographic else 1.0)


def _bounds(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(shape).tolist()
    return west, south, east, north


def _extent(shape: shapely.Geometry) -> float:
    west, south, east, north = _bounds(shape)
    return max(east - west, north - south)


def _portions(fids: Keys, size: int) -> list[Keys]:
    return [fids[start : start + size] for start in range(0, len(fids), size)]
