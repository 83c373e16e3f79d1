"""Pairs of features and zones found, settled by containment where that is enough, else cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices, slices_by_weight
from zsgis.overlay.inputs import DUST_M, ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, polygonal
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, Pieces, ShapeError, Side, SnappedCut

_QUERY_BLOCK = 256
_SETTLE_BLOCK = 20_000
_LARGE = 400
_NEIGHBOURS = 50


@dataclass(frozen=True)
class Inputs:
    """Both sides of an overlay, valid and measured.

    ``feature_m2`` is the planar area and ``feature_m`` the perimeter of each feature.
    """

    features: GeometryArray
    zones: GeometryArray
    feature_m2: FloatArray
    feature_m: FloatArray

    @staticmethod
    def measured(features: GeometryArray, zones: GeometryArray) -> Inputs:
        """Return the inputs with the features' area and perimeter."""
        return Inputs(features, zones, shapely.area(features), shapely.length(features))


@dataclass(frozen=True)
class Cut:
    """The pieces inside zones, the area lost as dust, and the pairs that had to be snapped."""

    pieces: Pieces
    dust_m2: float
    snapped: tuple[SnappedCut, ...]


def find_pairs(
    holders: GeometryArray, members: GeometryArray, progress: Progress
) -> tuple[IndexArray, IndexArray]:
    """Return (holder, member) of every pair whose bounding boxes meet, sorted by holder, then member."""
    tree = shapely.STRtree(members)
    found = [np.zeros((2, 0), dtype=np.int64)]
    for part in slices(len(holders), _QUERY_BLOCK):
        progress.step(part.start / len(holders))
        found.append(tree.query(holders[part]) + np.array([[part.start], [0]]))
    holder, member = np.concatenate(found, axis=1)
    order = np.lexsort((member, holder))
    return holder[order].astype(np.int64), member[order].astype(np.int64)


def cut(inputs: Inputs, grid_m: float, progress: Progress) -> Cut:
    """Return the pieces of every feature in every zone, wholes included."""
    zone, feature = find_pairs(inputs.zones, inputs.features, ProgressPart(progress, 0.0, 0.15))
    pairs = _settled(inputs, feature, zone, ProgressPart(progress, 0.15, 0.35))
    inside = _wholes(inputs, pairs, by_feature=True)
    holes = _wholes(inputs, pairs, by_feature=False)
    crossing = _crossing(inputs, pairs, grid_m, ProgressPart(progress, 0.35, 1.0))
    return Cut(Pieces.join(inside, holes, crossing.pieces), crossing.dust_m2, crossing.snapped)


@dataclass(frozen=True)
class _Settled:
    """Pairs and what is known of them: the feature lies in the zone, the zone in the feature, or neither."""

    feature: IndexArray
    zone: IndexArray
    feature_inside: NDArray[np.bool_]
    zone_inside: NDArray[np.bool_]


def _settled(inputs: Inputs, feature: IndexArray, zone: IndexArray, progress: Progress) -> _Settled:
    feature_box, zone_box = shapely.bounds(inputs.features), shapely.bounds(inputs.zones)
    may_hold = _box_within(feature_box[feature], zone_box[zone])
    chunks = slices(len(zone), _SETTLE_BLOCK)
    told = run_chunks(
        lambda part: _ask(inputs.zones, zone[part], inputs.features[feature[part]], may_hold[part]),
        chunks,
        ProgressPart(progress, 0.0, 0.7),
        _("Comparing features and zones"),
    )
    inside = np.concatenate([t[0] for t in told]) if told else np.zeros(0, dtype=bool)
    meets = np.concatenate([t[1] for t in told]) if told else np.zeros(0, dtype=bool)
    feature, zone, inside = feature[meets], zone[meets], inside[meets]
    order = np.lexsort((zone, feature))
    feature, zone, inside = feature[order], zone[order], inside[order]
    may_hold = np.logical_not(inside) & _box_within(zone_box[zone], feature_box[feature])
    held = np.zeros(len(feature), dtype=bool)
    asked = np.flatnonzero(may_hold)
    told = run_chunks(
        lambda part: _ask(
            inputs.features, feature[asked[part]], inputs.zones[zone[asked[part]]], may_hold[asked[part]]
        ),
        slices(len(asked), _SETTLE_BLOCK),
        ProgressPart(progress, 0.7, 1.0),
    )
    if told:
        held[asked] = np.concatenate([t[0] for t in told])
    return _Settled(feature, zone, inside, held)


def _box_within(inner: FloatArray, outer: FloatArray) -> NDArray[np.bool_]:
    within = (inner[:, :2] > outer[:, :2]).all(axis=1) & (inner[:, 2:] < outer[:, 2:]).all(axis=1)
    return np.asarray(within, dtype=np.bool_)


def _ask(
    holders: GeometryArray, holder: IndexArray, members: GeometryArray, may_hold: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell for each pair whether the holder properly contains the member, and whether they meet at all.

    GEOS fills a prepared shape while it is asked, which two threads must not do to one shape: each
    chunk prepares its own copies.
    """
    distinct, number = np.unique(holder, return_inverse=True)
    own = shapely.from_wkb(shapely.to_wkb(holders[distinct]))
    shapely.prepare(own)
    asked = own[number]
    inside = np.zeros(len(holder), dtype=bool)
    inside[may_hold] = shapely.contains_properly(asked[may_hold], members[may_hold])
    meets = inside.copy()
    meets[~inside] = shapely.intersects(asked[~inside], members[~inside])
    return inside, meets


def _wholes(inputs: Inputs, pairs: _Settled, *, by_feature: bool) -> Pieces:
    chosen = pairs.feature_inside if by_feature else pairs.zone_inside
    feature, zone = pairs.feature[chosen], pairs.zone[chosen]
    if by_feature:
        return Pieces(feature, zone, inputs.features[feature], inputs.feature_m2[feature])
    return Pieces(feature, zone, inputs.zones[zone], shapely.area(inputs.zones[zone]))


def _crossing(inputs: Inputs, pairs: _Settled, grid_m: float, progress: Progress) -> Cut:
    crossing = ~(pairs.feature_inside | pairs.zone_inside)
    feature, zone = pairs.feature[crossing], pairs.zone[crossing]
    place = np.empty(len(inputs.features), dtype=np.int64)
    place[spatial_order(inputs.features)] = np.arange(len(place))
    order = np.lexsort((place[feature], zone))
    feature, zone = feature[order], zone[order]
    cuts = run_chunks(
        lambda part: cut_pairs(inputs, feature[part], zone[part], grid_m),
        slices_by_weight(
            work(inputs.features[feature], inputs.zones[zone]), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK
        ),
        progress,
        _("Cutting features at the zones' edges"),
    )
    nothing = np.zeros(0, dtype=np.int64)
    none = Pieces(nothing, nothing, np.zeros(0, dtype=object), np.zeros(0))
    return Cut(
        Pieces.join(none, *(c.pieces for c in cuts)),
        float(sum(c.dust_m2 for c in cuts)),
        tuple(snap for c in cuts for snap in c.snapped),
    )


def cut_pairs(inputs: Inputs, feature: IndexArray, zone: IndexArray, grid_m: float) -> Cut:
    """Return the pieces of these pairs, cut one by one and on a grid of ``grid_m`` where GEOS gives up."""
    left = inputs.features[feature]
    right = nearby(inputs.zones[zone], left)
    snapped: list[SnappedCut] = []
    try:
        raw = shapely.intersection(left, right)
    except shapely.errors.GEOSException:
        raw = np.empty(len(feature), dtype=object)
        for i, (f, z) in enumerate(zip(feature.tolist(), zone.tolist(), strict=True)):
            try:
                raw[i] = shapely.intersection(left[i], right[i])
            except shapely.errors.GEOSException:
                raw[i] = snapped_operation(shapely.intersection, left[i], right[i], grid_m, f)
                snapped.append(SnappedCut(f, z, grid_m))
    areas, dust_m2 = polygonal(raw, dust_m=dust_limit(inputs, feature))
    area = shapely.area(areas)
    # what differs from the feature by less than floating point can tell is the feature
    same = np.abs(inputs.feature_m2[feature] - area) <= noise_m2(inputs.feature_m[feature])
    same &= ~shapely.is_missing(areas)
    areas[same], area[same] = left[same], inputs.feature_m2[feature[same]]
    has = ~shapely.is_missing(areas)
    pieces = Pieces(feature[has], zone[has], areas[has], area[has])
    return Cut(pieces, float(dust_m2.sum()), tuple(snapped))


def work(features: GeometryArray, others: GeometryArray) -> FloatArray:
    """Return about how many vertices each pair makes GEOS look at, after :func:`nearby`."""
    large = np.minimum(shapely.get_num_coordinates(others), _LARGE)
    return np.asarray(shapely.get_num_coordinates(features) + large, dtype=np.float64)


def spatial_order(geometry: GeometryArray) -> IndexArray:
    """Return an order in which neighbours stand near each other (Morton's curve over 1024 x 1024 cells)."""
    if not len(geometry):
        return np.zeros(0, dtype=np.int64)
    box = np.nan_to_num(shapely.bounds(geometry))
    centre = (box[:, :2] + box[:, 2:]) / 2
    low, high = centre.min(axis=0), centre.max(axis=0)
    cell = ((centre - low) / np.maximum(high - low, 1.0) * 1023).astype(np.int64)
    key = np.zeros(len(cell), dtype=np.int64)
    for bit in range(10):
        key |= ((cell[:, 0] >> bit) & 1) << (2 * bit) | ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.asarray(np.argsort(key, kind="stable"), dtype=np.int64)


def nearby(large: GeometryArray, features: GeometryArray) -> GeometryArray:
    """Return the partner of each feature, large ones clipped to where its neighbours in the array lie.

    A zone of ten thousand vertices is looked at whole for every parcel on its edge; clipped once for fifty
    neighbouring parcels it is not. The clip is a metre outside the features, so no piece has an edge of it.
    """
    out = np.array(large, dtype=object)
    big = shapely.get_num_coordinates(out) > _LARGE
    for whole in {id(shape): shape for shape in out[big]}.values():
        mine = np.flatnonzero(np.fromiter((shape is whole for shape in large), dtype=bool, count=len(large)))
        for start in range(0, len(mine), _NEIGHBOURS):
            group = mine[start : start + _NEIGHBOURS]
            west, south, east, north = shapely.total_bounds(features[group])
            frame = shapely.box(west - 1.0, south - 1.0, east + 1.0, north + 1.0)
            try:
                (clipped,), __ = polygonal(np.array([shapely.intersection(whole, frame)]), dust_m=0.0)
            except shapely.errors.GEOSException:
                continue  # the pairs are then cut with the whole shape, one by one where they must
            out[group] = clipped or shapely.Polygon()
    return out


def noise_m2(perimeter_m: FloatArray) -> FloatArray:
    """Return the area that floating point cannot tell from nothing, for shapes of these perimeters.

    Projected coordinates of some 10^6 m are exact to 10^-9 m; so is an edge, over its length.
    """
    noise: FloatArray = 1e-7 + 1e-9 * perimeter_m
    return noise


def dust_limit(inputs: Inputs, feature: IndexArray) -> FloatArray:
    """Return the thickness under which a part is dust; a feature that is thinner itself keeps all."""
    thin = 2.0 * inputs.feature_m2[feature] < 1e3 * DUST_M * inputs.feature_m[feature]
    return np.where(thin, 0.0, DUST_M)


def snapped_operation(
    operation: Callable[..., Any],
    first: shapely.Geometry,
    second: shapely.Geometry,
    grid_m: float,
    feature: int,
) -> shapely.Geometry:
    """Return the result of an overlay operation on both shapes snapped to a grid of ``grid_m`` metres.

    Raises
    ------
    ShapeError
        Names the feature that cannot be cut even so.
    """
    try:
        on_grid = shapely.make_valid(
            shapely.set_precision(np.array([first, second], dtype=object), grid_m, mode="pointwise"),
            method="structure",
            keep_collapsed=False,
        )
        result: shapely.Geometry = operation(on_grid[0], on_grid[1], grid_size=grid_m)
    except shapely.errors.GEOSException as error:
        raise ShapeError(
            _("This shape cannot be cut, not even snapped to a grid of {grid} m.").format(grid=grid_m),
            side=Side.FEATURE,
            index=feature,
            remedy=_("Correct or remove this shape."),
            details=str(error),
        ) from error
    return result
