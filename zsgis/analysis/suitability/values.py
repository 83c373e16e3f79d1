"""What each criterion measures of every parcel, and how much of it lies beyond a hard limit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.area import to_cents
from layers.classification import Standard
from layers.crs import transform
from layers.kind import AreaBasis
from layers.progress import Progress
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered, cut_by_layers
from zsgis.analysis.suitability.layer_criteria import ClassScore
from zsgis.analysis.zoned import Measured, Measuring
from zsgis.overlay import REMAINDER
from zsgis.result import Finding

FloatArray = NDArray[np.float64]


def distances_m(parcels: Features, others: Features, how: Measuring) -> FloatArray:
    """Return the distance of each parcel to the nearest of the others in the plane, shape (n,).

    NaN for a parcel without a shape, and for all where there are no others.
    """
    shapes, there = _in_plane(parcels, how), _in_plane(others, how)
    there = there[has_shape(there)]
    out = np.full(len(shapes), np.nan)
    mine = has_shape(shapes)
    if len(there) and mine.any():
        (place, _nearest), distance = shapely.STRtree(there).query_nearest(
            shapes[mine], return_distance=True, all_matches=False
        )
        out[np.flatnonzero(mine)[place]] = distance
    return out


def densities_per_km2(parcels: Features, others: Features, radius_m: float, how: Measuring) -> FloatArray:
    """Return how many of the others lie within a distance of each parcel, per km2 of a circle, shape (n,).

    NaN for a parcel without a shape.
    """
    shapes, there = _in_plane(parcels, how), _in_plane(others, how)
    has = has_shape(shapes)
    out = np.where(has, 0.0, np.nan)
    if has.any() and len(there):
        place, _other = shapely.STRtree(there).query(shapes[has], predicate="dwithin", distance=radius_m)
        counts = np.bincount(place, minlength=int(has.sum()))
        out[has] = counts / (math.pi * (radius_m / 1000.0) ** 2)
    return out


def shares_inside(
    parcels: Features, others: Features, how: Measuring, progress: Progress
) -> tuple[FloatArray, tuple[Finding, ...]]:
    """Return the share of each parcel within the others, 0 to 1, shape (n,); NaN for one without area.

    A share of planar areas: within a parcel the projection's scale does not change by what could be printed.
    """
    out = _where_area(parcels, 0.0)
    near = _near(parcels, others, how)
    if not len(near):
        return out, ()
    pieces = _cut(parcels, near, others, how, progress)
    inside = pieces.member[:, 0] != NOBODY
    out[near] = _per_whole(pieces, np.where(inside, pieces.cents, 0), len(near))
    return out, pieces.findings


def shares_in_zones(measured: Measured) -> FloatArray:
    """Return what :func:`shares_inside` would of parcels that were cut by the same layer, shape (n,)."""
    overlay = measured.overlay
    inside = np.where(overlay.zone != REMAINDER, overlay.area_m2, 0.0)
    held = to_cents(np.bincount(overlay.feature, weights=inside, minlength=len(overlay.input_m2)))
    whole = to_cents(overlay.input_m2).astype(np.float64)
    out: FloatArray = np.divide(held, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return out


def class_scores(
    parcels: Features,
    plan: Features,
    codes: tuple[str, ...],
    of: Standard,
    criterion: ClassScore,
    how: Measuring,
    progress: Progress,
) -> tuple[FloatArray, tuple[Finding, ...]]:
    """Return the mean score of the classes over each parcel, shape (n,); NaN for one without area.

    Weighed by planar areas, as :func:`shares_inside`.
    """
    out = _where_area(parcels, criterion.uncovered)
    near = _near(parcels, plan, how)
    if not len(near):
        return out, ()
    pieces = _cut(parcels, near, plan, how, progress)
    known = criterion.scores.get(of.key, {})
    by_code = {code: nearest_score(code, of, known) for code in set(codes)}
    # the last stands for NOBODY
    each = np.array([*(by_code[code] for code in codes), criterion.uncovered])
    out[near] = _per_whole(pieces, pieces.cents * each[pieces.member[:, 0]], len(near))
    return out, pieces.findings


def _cut(
    parcels: Features, near: NDArray[np.int64], others: Features, how: Measuring, progress: Progress
) -> Layered:
    """Return some parcels cut by a layer, on the plane; those over each other are told with the zones."""
    planar = replace(how, basis=AreaBasis.PLANAR)
    return cut_by_layers(parcels.taken(near.tolist()), [others], planar, progress, base_checked=True)


def has_shape(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which shapes are neither missing nor empty, shape (n,)."""
    return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))


def _near(parcels: Features, others: Features, how: Measuring) -> NDArray[np.int64]:
    """Return the places of the parcels whose rectangles meet one of the others': the rest need no cutting."""
    tree = shapely.STRtree(_in_plane(others, how))
    touched, _other = tree.query(_in_plane(parcels, how))
    return np.unique(touched).astype(np.int64)


def _where_area(parcels: Features, value: float) -> FloatArray:
    """Return a value for each parcel that has an area, NaN for the others, shape (n,)."""
    return np.where(np.nan_to_num(shapely.area(parcels.geometry)) > 0, value, np.nan)


def _per_whole(pieces: Layered, amounts: NDArray[np.float64 | np.int64], count: int) -> FloatArray:
    """Return the sum of the pieces' amounts over each feature's area in cents, shape (count,)."""
    summed = np.bincount(pieces.feature, weights=amounts, minlength=count)
    whole = pieces.control_cents.astype(np.float64)
    out: FloatArray = np.divide(summed, whole, out=np.full(count, np.nan), where=whole > 0)
    return out


def nearest_score(code: str, of: Standard, known: Mapping[str, float]) -> float:
    """Return the score of a class, else of the nearest class above it, else 0."""
    for candidate in (code, *(of.ancestor(code, level) for level in (3, 2, 1))):
        if candidate in known:
            return known[candidate]
    return 0.0


def _in_plane(features: Features, how: Measuring) -> NDArray[np.object_]:
    return transform(features.geometry, features.crs, how.plane)
