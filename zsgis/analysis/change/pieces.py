"""The land of two dates cut into pieces, and the pieces told: noise, kept, changed."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely

from layers.area import ellipsoidal_area_m2, to_cents
from layers.crs import transform
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from zsgis.analysis.change.classes import TwoStandards, same_classes
from zsgis.analysis.change.fates import BoolArray, Shared, fates, origins
from zsgis.analysis.change.model import NOBODY, Changes, Dated, Kind, Pieces
from zsgis.analysis.change.unchanged import Alike
from zsgis.analysis.features import Features
from zsgis.analysis.layered import Layered, Overlaps, cut_by_layers
from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray, Measuring, without_shape
from zsgis.overlay import ZoneOverlap

LIMIT_M2, LIMIT_SHARE = 1.0, 1e-5
"""A difference beyond both is no matter of measuring: it stays where it can be seen."""
_NOISE_M = 1e-6


def changes(
    earlier: Dated,
    later: Dated,
    two: TwoStandards,
    how: Measuring,
    tolerance_m: float,
    progress: Progress,
) -> Changes:
    """Return what happened to every piece of land and to every parcel.

    Parameters
    ----------
    tolerance_m : float
        A piece none of whose parts is as wide (twice the area over the perimeter) is drawing noise.

    Raises
    ------
    GeometryError
        Names the parcel that cannot be cut.
    JobCancelled
    """
    pieces = cut_dates(earlier.features, later.features, how, tolerance_m, ProgressPart(progress, 0.0, 0.9))
    both = (pieces.earlier != NOBODY) & (pieces.later != NOBODY)
    same = np.zeros(len(both), dtype=bool)
    same[both] = same_classes(earlier.codes, later.codes, pieces.earlier[both], pieces.later[both], two)
    kind = _kinds(earlier, later, two, pieces, same)
    shared = _shared(pieces, same)
    return Changes(earlier, later, two, pieces, kind, shared, fates(shared), origins(shared), tolerance_m)


def cut_dates(
    earlier: Features, later: Features, how: Measuring, tolerance_m: float, progress: Progress
) -> Pieces:
    """Cut the parcels of two dates by each other; see :class:`~zsgis.analysis.change.model.Pieces`."""
    before = transform(earlier.geometry, earlier.crs, how.plane)
    after = transform(later.geometry, later.crs, how.plane)
    alike = Alike.of(before, after, ProgressPart(progress, 0.0, 0.35))
    shared = _shared_land(earlier, later, before, alike, how, ProgressPart(progress, 0.35, 0.7))
    later_m2, later_cents = _whole(earlier, later, after, alike, shared.control_cents, how)
    covered = np.bincount(
        np.maximum(shared.member[:, 0], 0),
        weights=np.where(shared.member[:, 0] == NOBODY, 0.0, shared.planar_m2),
        minlength=len(later),
    )
    short = np.flatnonzero(later_m2 - covered > _NOISE_M * np.maximum(later_m2, 1.0))
    short = np.setdiff1d(short, alike.covered)
    beside = _beside(earlier, _some(later, short), how)
    alone = cut_by_layers(
        _some(later, short),
        [_some(earlier, beside)],
        how,
        ProgressPart(progress, 0.7, 0.95),
        known=Overlaps((), _among(alike.earlier_overlaps, beside)),
    )
    only = alone.member[:, 0] == NOBODY
    geometry = np.concatenate([shared.geometry, alone.geometry[only]])
    planar = np.concatenate([shared.planar_m2, alone.planar_m2[only]])
    of_earlier = np.concatenate([shared.feature, np.full(int(only.sum()), NOBODY, dtype=np.int64)])
    of_later = np.concatenate([shared.member[:, 0], short[alone.feature[only]]])
    cents, difference = _settled(shared, short[alone.feature[only]], alone.cents[only], later_cents)
    earlier_m2: FloatArray = np.bincount(
        shared.feature, weights=shared.planar_m2, minlength=len(earlier)
    ).astype(np.float64)
    return Pieces(
        earlier=of_earlier,
        later=of_later,
        geometry=geometry,
        planar_m2=planar,
        cents=cents,
        earlier_cents=shared.control_cents,
        later_cents=later_cents,
        difference_cents=difference,
        solid=_solid(geometry, planar, of_earlier, of_later, earlier_m2, later_m2, tolerance_m),
        imbalance_m2=max(shared.imbalance_m2, alone.imbalance_m2),
        findings=(
            *shared.findings,
            *without_shape(later, later_m2),
            # who lies over whom was told when all parcels were cut
            *(f for f in alone.findings if f.code == "overlay.snapped"),
        ),
    )


def _shared_land(
    earlier: Features,
    later: Features,
    before: GeometryArray,
    alike: Alike,
    how: Measuring,
    progress: Progress,
) -> Layered:
    """Return the earlier parcels cut by the later ones; those drawn alike need no cutting.

    ``before`` are the earlier shapes in the plane.
    """
    rest = np.setdiff1d(np.arange(len(earlier)), alike.earlier)
    others = np.setdiff1d(np.arange(len(later)), alike.later)
    known = Overlaps(_among(alike.earlier_overlaps, rest), _among(alike.later_overlaps, others))
    cut = cut_by_layers(_some(earlier, rest), [_some(later, others)], how, progress, known=known)
    planar = np.asarray(shapely.area(before[alike.earlier]), dtype=np.float64)
    whole = planar
    if how.basis is not AreaBasis.PLANAR:
        whole = np.nan_to_num(ellipsoidal_area_m2(earlier.geometry[alike.earlier], earlier.crs))
    cents = to_cents(whole)
    control = np.zeros(len(earlier), dtype=np.int64)
    control[rest], control[alike.earlier] = cut.control_cents, cents
    feature = np.concatenate([rest[cut.feature], alike.earlier])
    covered = cut.member[:, 0] != NOBODY
    member = np.full(len(cut.feature), NOBODY, dtype=np.int64)
    member[covered] = others[cut.member[covered, 0]]
    order = np.argsort(feature, kind="stable")
    return Layered(
        feature=feature[order],
        member=np.concatenate([member, alike.later])[order][:, None],
        geometry=np.concatenate([cut.geometry, before[alike.earlier]])[order],
        cents=np.concatenate([cut.cents, cents])[order],
        control_cents=control,
        planar_m2=np.concatenate([cut.planar_m2, planar])[order],
        imbalance_m2=cut.imbalance_m2,
        findings=cut.findings,
    )


def _among(pairs: tuple[ZoneOverlap, ...], places: IntArray) -> tuple[ZoneOverlap, ...]:
    """Return the pairs of which both are among some parcels, rising, by their places among these."""
    number = {place: among for among, place in enumerate(places.tolist())}
    return tuple(
        ZoneOverlap(number[pair.first], number[pair.second], pair.area_m2)
        for pair in pairs
        if pair.first in number and pair.second in number
    )


def _beside(features: Features, others: Features, how: Measuring) -> IntArray:
    """Return the places of features whose box meets that of one of the others."""
    shapes = transform(features.geometry, features.crs, how.plane)
    asked = shapely.box(*shapely.bounds(transform(others.geometry, others.crs, how.plane)).T)
    return np.unique(shapely.STRtree(shapes).query(asked)[1]).astype(np.int64)


def _some(features: Features, places: IntArray) -> Features:
    return dataclasses.replace(
        features,
        uids=tuple(features.uids[place] for place in places.tolist()),
        names=tuple(features.names[place] for place in places.tolist()),
        geometry=features.geometry[places],
        columns={},
    )


def _whole(
    earlier: Features,
    later: Features,
    after: GeometryArray,
    alike: Alike,
    earlier_cents: IntArray,
    how: Measuring,
) -> tuple[FloatArray, IntArray]:
    """Return every later parcel's planar area, and its area on the basis in 0.01 m2.

    ``after`` are the shapes in the plane. What is stored bit for bit as on the earlier date is as large.
    """
    known = shapely.equals_identical(earlier.geometry[alike.earlier], later.geometry[alike.later])
    if earlier.crs != later.crs:
        known[:] = False
    rest = np.setdiff1d(np.arange(len(later)), alike.later[known])
    plane = after.copy()
    broken = rest[~(shapely.is_valid(after[rest]) | shapely.is_missing(after[rest]))]
    plane[broken] = shapely.make_valid(plane[broken], method="structure", keep_collapsed=False)
    planar = np.nan_to_num(shapely.area(plane))
    if how.basis is AreaBasis.PLANAR:
        return planar, to_cents(planar)
    cents = np.zeros(len(later), dtype=np.int64)
    cents[alike.later[known]] = earlier_cents[alike.earlier[known]]
    cents[rest] = to_cents(np.nan_to_num(ellipsoidal_area_m2(later.geometry[rest], later.crs)))
    return planar, np.where(planar > 0, cents, 0)


def _settled(
    shared: Layered, only: IntArray, only_cents: IntArray, later_cents: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the pieces' cents and each later parcel's difference.

    Land of a later parcel outside the earlier data takes up what measuring leaves; what is more than
    that, or has no such land to go to, is the parcel's difference.
    """
    inside = shared.member[:, 0] != NOBODY
    rest = later_cents.copy()
    np.subtract.at(rest, shared.member[inside, 0], shared.cents[inside])
    np.subtract.at(rest, only, only_cents)
    limit = np.maximum(100 * LIMIT_M2, LIMIT_SHARE * later_cents)
    taken = only_cents + rest[only]
    fits = (np.abs(rest[only]) <= limit[only]) & (taken >= 0)
    settled = np.where(fits, taken, only_cents)
    rest[only[fits]] = 0
    return np.concatenate([shared.cents, settled]), rest


def _solid(
    geometry: GeometryArray,
    planar_m2: FloatArray,
    earlier: IntArray,
    later: IntArray,
    earlier_m2: FloatArray,
    later_m2: FloatArray,
    tolerance_m: float,
) -> BoolArray:
    parts, owner = shapely.get_parts(geometry, return_index=True)
    wide = 2.0 * shapely.area(parts) >= tolerance_m * shapely.length(parts)
    out = np.bincount(owner[wide], minlength=len(geometry)) > 0
    for place, whole_m2 in ((earlier, earlier_m2), (later, later_m2)):
        there = np.flatnonzero(place != NOBODY)
        out[there] |= 2.0 * planar_m2[there] >= whole_m2[place[there]]
    return np.asarray(out)


def _kinds(earlier: Dated, later: Dated, two: TwoStandards, pieces: Pieces, same: BoolArray) -> IntArray:
    before, not_before = _construction(earlier, two, later=False)
    after, not_after = _construction(later, two, later=True)
    only_earlier, only_later = pieces.later == NOBODY, pieces.earlier == NOBODY
    kind = np.full(len(same), Kind.OTHER, dtype=np.int64)
    both = np.flatnonzero(~(only_earlier | only_later))
    i, j = pieces.earlier[both], pieces.later[both]
    kind[both[not_before[i] & after[j]]] = Kind.NEW_CONSTRUCTION
    kind[both[before[i] & not_after[j]]] = Kind.LOST_CONSTRUCTION
    kind[both[~pieces.solid[both]]] = Kind.NOISE
    kind[same] = Kind.KEPT
    kind[only_earlier] = Kind.ONLY_EARLIER
    kind[only_later] = Kind.ONLY_LATER
    return kind


def _construction(dated: Dated, two: TwoStandards, *, later: bool) -> tuple[BoolArray, BoolArray]:
    """Tell which parcels are construction land, and which are not; neither where the code does not tell."""
    told = {code: two.construction(code, later=later) for code in set(dated.codes)}
    return (
        np.array([told[code] is True for code in dated.codes], dtype=bool),
        np.array([told[code] is False for code in dated.codes], dtype=bool),
    )


def _shared(pieces: Pieces, same: BoolArray) -> Shared:
    def per_parcel(place: IntArray, chosen: BoolArray, count: int) -> FloatArray:
        summed = np.bincount(place[chosen], weights=pieces.planar_m2[chosen], minlength=count)
        return summed.astype(np.float64)

    earlier_count, later_count = len(pieces.earlier_cents), len(pieces.later_cents)
    of_earlier, of_later = pieces.earlier != NOBODY, pieces.later != NOBODY
    link = of_earlier & of_later & pieces.solid
    out_later, out_earlier = of_earlier & ~of_later, of_later & ~of_earlier
    return Shared(
        earlier=pieces.earlier[link],
        later=pieces.later[link],
        area_m2=pieces.planar_m2[link],
        same_class=same[link],
        earlier_m2=per_parcel(pieces.earlier, of_earlier, earlier_count),
        later_m2=per_parcel(pieces.later, of_later, later_count),
        outside_later_m2=per_parcel(pieces.earlier, out_later, earlier_count),
        outside_earlier_m2=per_parcel(pieces.later, out_earlier, later_count),
        loose_earlier=np.bincount(pieces.earlier[out_later & pieces.solid], minlength=earlier_count) > 0,
        loose_later=np.bincount(pieces.later[out_earlier & pieces.solid], minlength=later_count) > 0,
    )
