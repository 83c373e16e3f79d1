"""What of each feature lies in no zone, and what lies in more than one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices_by_weight
from zsgis.overlay.contacts import Crossings
from zsgis.overlay.cutting import (
    Inputs,
    dust_limit,
    nearby,
    noise_m2,
    snapped_operation,
    spatial_order,
    work,
)
from zsgis.overlay.inputs import ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, polygonal, weights
from zsgis.overlay.inside import Inside
from zsgis.overlay.model import (
    REMAINDER,
    FloatArray,
    GeometryArray,
    IndexArray,
    Pieces,
    SnappedCut,
    ZoneOverlap,
)
from zsgis.overlay.rings import Rings
from zsgis.overlay.tracing import Paths, Wanted, traced
from zsgis.overlay.zone_index import ZoneIndex


@dataclass(frozen=True)
class Remainder:
    """The pieces in no zone, the area covered more than once per feature, dust and snapped features."""

    pieces: Pieces
    overlap_m2: FloatArray
    dust_m2: float
    snapped: tuple[SnappedCut, ...]


def remainder(
    inputs: Inputs, found: Inside, overlaps: tuple[ZoneOverlap, ...], grid_m: float, progress: Progress
) -> Remainder:
    """Return what of each feature lies in no zone; the pieces ``found`` are sorted by feature.

    The remainder is cut from the feature and measured by itself. Only a feature whose pieces already
    fill it, to what floating point can tell, is not cut again.
    """
    pieces = found.pieces
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
    rest, rest_dust_m2, done = _traced(
        inputs, found, np.flatnonzero(single), pieces.zone[first], ProgressPart(progress, 0.3, 0.4)
    )
    open_[done] = False
    several = np.flatnonzero(open_ & (number > 1) & shapely.is_missing(cover))
    cover[several] = _unions(pieces, several, grid_m, ProgressPart(progress, 0.4, 0.5))
    cut, dust_m2, snapped = _differences(
        inputs, np.flatnonzero(open_), cover, grid_m, ProgressPart(progress, 0.5, 1.0)
    )
    alone = np.flatnonzero((number == 0) & ~shapely.is_empty(inputs.features))
    untouched = _outside(alone, inputs.features[alone], inputs.feature_m2[alone])
    return Remainder(Pieces.join(rest, cut, untouched), overlap, rest_dust_m2 + dust_m2, snapped)


def _traced(
    inputs: Inputs, found: Inside, feature: IndexArray, zone: IndexArray, progress: Progress
) -> tuple[Pieces, float, IndexArray]:
    """Return the remainder of the features whose only piece was traced, its dust, and these features.

    Parameters
    ----------
    feature, zone : ndarray of int64, shape (n,)
        Features, ascending, and the zone of their only piece.
    """
    only = np.full(len(inputs.features), REMAINDER, dtype=np.int64)
    only[feature] = zone
    table = found.crossings.take(only[found.crossings.first] == found.crossings.second)
    table = table.take(np.argsort(table.first, kind="stable"))
    crossed = np.unique(table.first)
    chunks = slices_by_weight(weights(inputs.features[crossed]), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK)

    def trace(part: slice) -> tuple[Pieces, float, IndexArray]:
        begin, end = np.searchsorted(table.first, crossed[[part.start, part.stop - 1]] + np.array([0, 1]))
        return _trace(inputs, found.index, crossed[part], table.take(np.arange(begin, end)))

    done = run_chunks(trace, chunks, progress)
    none = np.zeros(0, dtype=np.int64)
    return (
        Pieces.join(_outside(none, np.zeros(0, dtype=object), np.zeros(0)), *(d[0] for d in done)),
        float(sum(d[1] for d in done)),
        np.concatenate([none, *(d[2] for d in done)]),
    )


def _trace(
    inputs: Inputs, index: ZoneIndex, feature: IndexArray, table: Crossings
) -> tuple[Pieces, float, IndexArray]:
    rings = Rings.of(inputs.features[feature], index.origin)
    row = np.searchsorted(feature, table.first)
    paths = Paths.of(replace(table, first=row, first_segment=table.first_segment + rings.start[row]))
    raw, right = traced(paths, Wanted.FIRST_ALONE, rings, index.grid.rings, index.origin)
    rest, dust_m2 = _measured(inputs, feature[right], raw[right])
    return rest, dust_m2, feature[right]


def _measured(inputs: Inputs, feature: IndexArray, raw: GeometryArray) -> tuple[Pieces, float]:
    areas, dust_m2 = polygonal(raw, dust_m=dust_limit(inputs, feature))
    has = ~shapely.is_missing(areas)
    return _outside(feature[has], areas[has], shapely.area(areas[has])), float(dust_m2.sum())


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
    return *_measured(inputs, feature, raw), tuple(snapped)
