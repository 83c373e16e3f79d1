"""Input shapes made fit for cutting: flat, polygonal, valid; every repair named."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress
from layers.shape_words import type_words
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices_by_weight
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray, Repair, ShapeError, Side

POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7

DUST_M = 1e-6
"""What is thinner than this is left by floating point, not by a surveyor."""

VERTICES_PER_CHUNK = 50_000.0
ITEMS_PER_CHUNK = 1_000


def fit_for_cutting(
    geometry: GeometryArray, side: Side, progress: Progress
) -> tuple[GeometryArray, tuple[Repair, ...]]:
    """Return the shapes in two dimensions and valid, missing ones as empty polygons.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons, multipolygons, collections of them; None for missing.

    Raises
    ------
    ShapeError
        Names the first shape that is no area, or that has a coordinate that is no number.
    """
    flat = np.array(geometry, dtype=object)
    raised = shapely.has_z(flat)
    flat[raised] = shapely.force_2d(flat[raised])
    flat[shapely.is_missing(flat)] = shapely.Polygon()
    _refuse_what_is_no_area(flat, side)
    chunks = slices_by_weight(weights(flat), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK)
    valid = run_chunks(lambda part: shapely.is_valid(flat[part]), chunks, progress)
    broken = np.flatnonzero(~np.concatenate(valid)) if valid else np.zeros(0, dtype=np.int64)
    _refuse_what_is_no_number(flat, broken, side)
    collections = np.flatnonzero(shapely.get_type_id(flat) == COLLECTION)
    repairs = []
    for index in np.union1d(broken, collections):
        repair = _repair(flat[index], side, int(index))
        flat[index] = repair.geometry
        repairs.append(repair)
        progress.step(1.0)
    return flat, tuple(repairs)


def weights(geometry: GeometryArray) -> FloatArray:
    """Return about how much work each shape makes: its vertices, and a little for itself."""
    return shapely.get_num_coordinates(geometry).astype(np.float64) + 1.0


def _refuse_what_is_no_area(geometry: GeometryArray, side: Side) -> None:
    wrong = ~np.isin(shapely.get_type_id(geometry), (POLYGON, MULTIPOLYGON, COLLECTION))
    wrong &= ~shapely.is_empty(geometry)
    if wrong.any():
        raise ShapeError(
            _("Only areas can be cut, and this shape is none: {type}.").format(
                type=type_words(geometry[int(np.argmax(wrong))])
            ),
            side=side,
            index=int(np.argmax(wrong)),
            remedy=_("Choose a layer of areas."),
        )


def _refuse_what_is_no_number(geometry: GeometryArray, broken: IndexArray, side: Side) -> None:
    for index in broken.tolist():
        if not np.isfinite(shapely.get_coordinates(geometry[index])).all():
            raise ShapeError(
                _("A coordinate of this shape is not a number."),
                side=side,
                index=index,
                remedy=_("Correct or remove this shape."),
            )


def _repair(geometry: shapely.Geometry, side: Side, index: int) -> Repair:
    reason = shapely.is_valid_reason(geometry)
    try:
        fixed = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
        fixed = shapely.union_all(areas_in(np.array([fixed], dtype=object)))
    except shapely.errors.GEOSException as error:
        raise ShapeError(
            _("This shape is broken and cannot be repaired."),
            side=side,
            index=index,
            remedy=_("Correct or remove this shape."),
            details=str(error),
        ) from error
    return Repair(side, index, reason, float(shapely.area(geometry)), float(shapely.area(fixed)), fixed)


def areas_in(geometry: GeometryArray) -> GeometryArray:
    """Return the polygons inside shapes of any kind, collections in collections included."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > POLYGON).any():
        parts = shapely.get_parts(parts)
    polygons: GeometryArray = parts[shapely.get_type_id(parts) == POLYGON]
    return polygons


def polygonal(
    geometry: GeometryArray, *, dust_m: float | FloatArray = DUST_M
) -> tuple[GeometryArray, FloatArray]:
    """Return the areas in results of an overlay operation, and what was dust.

    Points and lines, where shapes only touch, have no area and are no pieces.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons, multipolygons, lines, points and flat collections of them.
    dust_m : float or ndarray, shape (n,)
        Parts thinner than this (twice the area over the perimeter) are dust.

    Returns
    -------
    areas : ndarray of object, shape (n,)
        Polygon, multipolygon, or None where no area is left.
    dust_m2 : ndarray of float64, shape (n,)
        Area of the dust.
    """
    limit = np.broadcast_to(np.asarray(dust_m, dtype=np.float64), (len(geometry),))
    # most results are one sound polygon, and taking an array apart copies it
    plain = shapely.get_type_id(geometry) == POLYGON
    area = shapely.area(geometry)
    plain &= (area > 0.0) & (2.0 * area >= limit * shapely.length(geometry))
    out, dust_m2 = np.array(geometry, dtype=object), np.zeros(len(geometry))
    mixed = np.flatnonzero(~plain)
    out[mixed], dust_m2[mixed] = _areas_and_dust(geometry[mixed], limit[mixed])
    return out, dust_m2


def _areas_and_dust(geometry: GeometryArray, limit: FloatArray) -> tuple[GeometryArray, FloatArray]:
    parts, owner = shapely.get_parts(geometry, return_index=True)
    area, length = shapely.area(parts), shapely.length(parts)
    kept = (area > 0.0) & (2.0 * area >= limit[owner] * length)
    had = np.bincount(owner, minlength=len(geometry))
    has = np.bincount(owner[kept], minlength=len(geometry))
    dust_m2 = np.bincount(owner[~kept], weights=area[~kept], minlength=len(geometry)).astype(np.float64)
    out = np.array(geometry, dtype=object)
    out[has == 0] = None
    rebuilt = (has > 0) & (has < had)
    if rebuilt.any():
        chosen = kept & rebuilt[owner]
        out[rebuilt] = gathered(parts[chosen], owner[chosen])
    return out, dust_m2


def gathered(parts: GeometryArray, owner: NDArray[np.int64]) -> GeometryArray:
    """Return one polygon or multipolygon per distinct owner; ``owner`` is sorted."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    count = np.diff(np.append(first, len(owner)))
    out: GeometryArray = parts[first]
    several = count > 1
    if several.any():
        chosen = np.repeat(several, count)
        number = np.cumsum(np.diff(owner[chosen], prepend=-1) > 0) - 1
        out[several] = shapely.multipolygons(parts[chosen], indices=number)
    return out
