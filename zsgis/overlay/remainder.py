"""What of each feature lies in no zone, and what lies in more than one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices_by_weight
from zsgis.overlay.cutting import (
    Inputs,
    dust_limit,
    find_pairs,
    nearby,
    noise_m2,
    snapped_operation,
    spatial_order,
    work,
)
from zsgis.overlay.inputs import ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, polygonal
from zsgis.overlay.model import (
    REMAINDER,
    FloatArray,
    GeometryArray,
    IndexArray,
    Pieces,
    SnappedCut,
    ZoneOverlap,
)


@dataclass(frozen=True)
class Remainder:
    """The pieces in no zone, the area covered more than once per feature, dust and snapped features."""

    pieces: Pieces
    overlap_m2: FloatArray
    dust_m2: float
    snapped: tuple[SnappedCut, ...]


def overlaps_among(zones: GeometryArray, grid_m: float, progress: Progress) -> tuple[ZoneOverlap, ...]:
    """Return the pairs of shapes of one layer that lie over each other by more than floating point leaves."""
    text = _("Looking for shapes over each other")
    if len(zones) < 2:
        return ()
    # where two shapes share area, an edge of one runs inside the other, and the coverage check marks it
    marked = run_chunks(shapely.coverage_invalid_edges, [zones], ProgressPart(progress, 0.0, 0.2), text)[0]
    suspect = ~(shapely.is_missing(marked) | shapely.is_empty(marked))
    if not suspect.any():
        return ()
    first, second = find_pairs(zones, zones, ProgressPart(progress, 0.2, 0.3))
    asked = (first < second) & (suspect[first] | suspect[second])
    first, second = first[asked], second[asked]
    vertices = shapely.get_num_coordinates(zones)
    chunks = slices_by_weight(
        (vertices[first] + vertices[second]).astype(np.float64), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK
    )

    def shared_m2(part: slice) -> FloatArray:
        left, right = zones[first[part]], zones[second[part]]
        try:
            raw = shapely.intersection(left, right)
        except shapely.errors.GEOSException:
            numbers = first[part].tolist()
            raw = np.array(
                [
                    snapped_operation(shapely.intersection, a, b, grid_m, n)
                    for a, b, n in zip(left, right, numbers, strict=True)
                ],
                dtype=object,
            )
        area: FloatArray = shapely.area(polygonal(raw)[0])
        return area

    areas = run_chunks(shared_m2, chunks, ProgressPart(progress, 0.3, 1.0), text)
    area = np.concatenate(areas) if areas else np.zeros(0)
    found = [(int(first[i]), int(second[i]), float(area[i])) for i in np.flatnonzero(area > 0)]
    return tuple(ZoneOverlap(*pair) for pair in sorted(found))


def remainder(
    inputs: Inputs, pieces: Pieces, overlaps: tuple[ZoneOverlap, ...], grid_m: float, progress: Progress
) -> Remainder:
    """Return what of each feature lies in no zone; ``pieces`` are sorted by feature.

    The remainder is cut from the feature and measured by itself. Only a feature whose pieces already
    fill it, to what floating point can tell, is not cut again.
    """
    count = len(inputs.features)
    number = np.bincount(pieces.feature, minlength=count)
    covered = np.bincount(pieces.feature, weights=pieces.area_m2, minlength=count)
    noise = noise_m2(inputs.feature_m)
    cover = np.empty(count, dtype=object)
    overlap = np.zeros(count)
    twice = np.flatnonzero(_covered_twice(len(inputs.zones), pieces, number, overlaps))
    cover[twice] = _unions(pieces, twice, grid_m, ProgressPart(progress, 0.0, 0.3))
    overlap[twice] = covered[twice] - shapely.area(cover[twice])
    overlap[overlap <= noise] = 0.0
    open_ = (number > 0) & (inputs.feature_m2 - covered + overlap > noise)
    single = open_ & (number == 1)
    first = np.searchsorted(pieces.feature, np.flatnonzero(single))
    cover[single] = inputs.zones[pieces.zone[first]]
    several = np.flatnonzero(open_ & (number > 1) & shapely.is_missing(cover))
    cover[several] = _unions(pieces, several, grid_m, ProgressPart(progress, 0.3, 0.5))
    cut, dust_m2, snapped = _differences(
        inputs, np.flatnonzero(open_), cover, grid_m, ProgressPart(progress, 0.5, 1.0)
    )
    alone = np.flatnonzero((number == 0) & ~shapely.is_empty(inputs.features))
    untouched = _outside(alone, inputs.features[alone], inputs.feature_m2[alone])
    return Remainder(Pieces.join(cut, untouched), overlap, dust_m2, snapped)


def _outside(feature: IndexArray, geometry: GeometryArray, area_m2: FloatArray) -> Pieces:
    return Pieces(feature, np.full(len(feature), REMAINDER, dtype=np.int64), geometry, area_m2)


def _covered_twice(
    zones: int, pieces: Pieces, number: NDArray[np.int64], overlaps: tuple[ZoneOverlap, ...]
) -> NDArray[np.bool_]:
    """Tell which features have several pieces, one of them in a zone that lies over another."""
    over = np.zeros(zones, dtype=bool)
    over[[pair.first for pair in overlaps]] = True
    over[[pair.second for pair in overlaps]] = True
    touched = np.bincount(pieces.feature[over[pieces.zone]], minlength=len(number)) > 0
    twice: NDArray[np.bool_] = touched & (number > 1)
    return twice


def _unions(pieces: Pieces, features: IndexArray, grid_m: float, progress: Progress) -> GeometryArray:
    """Return the union of the pieces of each feature."""
    start = np.searchsorted(pieces.feature, features, side="left")
    count = np.searchsorted(pieces.feature, features, side="right") - start
    out = np.empty(len(features), dtype=object)
    jobs = []
    for size in np.unique(count).tolist():
        rows = np.flatnonzero(count == size)
        table = pieces.geometry[start[rows, None] + np.arange(size)]
        weight = shapely.get_num_coordinates(table).sum(axis=1).astype(np.float64)
        jobs += [(rows[s], table[s]) for s in slices_by_weight(weight, VERTICES_PER_CHUNK, ITEMS_PER_CHUNK)]

    def union(job: tuple[IndexArray, GeometryArray]) -> GeometryArray:
        try:
            return np.asarray(shapely.union_all(job[1], axis=1), dtype=object)
        except shapely.errors.GEOSException:
            return np.asarray(shapely.union_all(job[1], axis=1, grid_size=grid_m), dtype=object)

    for (rows, __), union_of in zip(jobs, run_chunks(union, jobs, progress), strict=True):
        out[rows] = union_of
    return out


def _differences(
    inputs: Inputs, feature: IndexArray, cover: GeometryArray, grid_m: float, progress: Progress
) -> tuple[Pieces, float, tuple[SnappedCut, ...]]:
    feature = feature[spatial_order(inputs.features[feature])]
    chunks = slices_by_weight(
        work(inputs.features[feature], cover[feature]), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK
    )
    text = _("Cutting what lies in no zone")
    cuts = run_chunks(
        lambda part: _difference(inputs, feature[part], cover[feature[part]], grid_m), chunks, progress, text
    )
    none = _outside(feature[:0], np.zeros(0, dtype=object), np.zeros(0))
    pieces = Pieces.join(none, *(c[0] for c in cuts))
    return pieces, float(sum(c[1] for c in cuts)), tuple(snap for c in cuts for snap in c[2])


def _difference(
    inputs: Inputs, feature: IndexArray, cover: GeometryArray, grid_m: float
) -> tuple[Pieces, float, tuple[SnappedCut, ...]]:
    whole = inputs.features[feature]
    cover = nearby(cover, whole)
    snapped: list[SnappedCut] = []
    try:
        raw = shapely.difference(whole, cover)
    except shapely.errors.GEOSException:
        raw = np.empty(len(feature), dtype=object)
        for i, number in enumerate(feature.tolist()):
            try:
                raw[i] = shapely.difference(whole[i], cover[i])
            except shapely.errors.GEOSException:
                raw[i] = snapped_operation(shapely.difference, whole[i], cover[i], grid_m, number)
                snapped.append(SnappedCut(number, REMAINDER, grid_m))
    areas, dust_m2 = polygonal(raw, dust_m=dust_limit(inputs, feature))
    has = ~shapely.is_missing(areas)
    rest = _outside(feature[has], areas[has], shapely.area(areas[has]))
    return rest, float(dust_m2.sum()), tuple(snapped)
