"""Pairs of a feature and a zone cut by GEOS, on a grid where it gives up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.words import _
from zsgis.overlay.inputs import DUST_M, polygonal
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, Pieces, ShapeError, Side, SnappedCut

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
    pieces, dust_m2 = pieces_of(inputs, feature, zone, raw)
    return Cut(pieces, dust_m2, tuple(snapped))


def pieces_of(
    inputs: Inputs, feature: IndexArray, zone: IndexArray, raw: GeometryArray
) -> tuple[Pieces, float]:
    """Return the pieces in raw results of cutting, one for each pair, and the area of their dust."""
    areas, dust_m2 = polygonal(raw, dust_m=dust_limit(inputs, feature))
    area = shapely.area(areas)
    # what differs from the feature by less than floating point can tell is the feature
    same = np.abs(inputs.feature_m2[feature] - area) <= noise_m2(inputs.feature_m[feature])
    same &= ~shapely.is_missing(areas)
    areas[same], area[same] = inputs.features[feature[same]], inputs.feature_m2[feature[same]]
    has = ~shapely.is_missing(areas)
    return Pieces(feature[has], zone[has], areas[has], area[has]), float(dust_m2.sum())


def work(features: GeometryArray, others: GeometryArray) -> FloatArray:
    """Return about how many vertices each pair makes GEOS look at, after :func:`nearby`."""
    large = np.minimum(shapely.get_num_coordinates(others), _LARGE)
    return np.asarray(shapely.get_num_coordinates(features) + large, dtype=np.float64)


def spatial_order(geometry: GeometryArray) -> IndexArray:
    """Return an order in which neighbours stand near each other (Morton's curve over 1024 x 1024 cells)."""
    if not len(geometry):
        return np.zeros(0, dtype=np.int64)
    box = shapely.bounds(geometry)
    box[np.isnan(box[:, 0])] = np.nan_to_num(np.tile(shapely.total_bounds(geometry)[:2], 2))
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
