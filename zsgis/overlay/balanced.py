"""The balanced overlay: pieces and remainder add up to the input, and nothing is dropped."""

from __future__ import annotations

import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.progress import NoProgress, Progress, ProgressPart
from zsgis.overlay.chunks import run_both, run_heard, slices
from zsgis.overlay.cutting import Inputs
from zsgis.overlay.inputs import fit_for_cutting
from zsgis.overlay.inside import inside
from zsgis.overlay.model import (
    REMAINDER,
    FloatArray,
    GeometryArray,
    Overlay,
    Pieces,
    Repair,
    Side,
    SliverPolicy,
    ZoneOverlap,
)
from zsgis.overlay.overlaps import overlaps_among
from zsgis.overlay.remainder import remainder
from zsgis.overlay.shared_edges import SharedEdges
from zsgis.overlay.slivers import SliverRule, treat_slivers
from zsgis.overlay.zone_index import ZoneIndex

GRID_M = 1e-4
_COMPARED_AT_ONCE = 50_000


@dataclass(frozen=True)
class _LookedAt:
    """On which side shapes over each other are looked for."""

    features: bool
    zones: bool


def balanced_overlay(
    features: GeometryArray,
    zones: GeometryArray,
    *,
    sliver_m2: float = 0.0,
    sliver_width_m: float = np.inf,
    sliver_policy: SliverPolicy = SliverPolicy.KEEP,
    grid_m: float = GRID_M,
    check_features: bool = False,
    zones_apart: bool = False,
    progress: Progress | None = None,
) -> Overlay:
    """Cut features by zones so that pieces and remainder add up to each feature.

    Parameters
    ----------
    features, zones : ndarray of object
        Areas in one projected coordinate system in metres; None or empty is allowed and yields nothing.
        Invalid ones are repaired for the computation and named.
    sliver_m2, sliver_width_m : float
        A part of a cut piece is a sliver when it is smaller than ``sliver_m2`` and thinner than
        ``sliver_width_m`` (twice the area over the perimeter). A feature that was small uncut is none.
    sliver_policy : SliverPolicy
        Keep and count slivers, or give them to the neighbour in the same feature.
    grid_m : float
        Where GEOS cannot cut a pair, both are snapped to this grid and the pair is named.
    check_features : bool
        Also look for features that lie over each other: their area counts twice in every total.
    zones_apart : bool
        The zones are known not to lie over each other: nobody looks.
    progress : Progress, optional

    Returns
    -------
    Overlay
        Balanced in planar area. Independent of the order of rows and of translation.

    Raises
    ------
    ShapeError
        Names a shape that is no area, has a coordinate that is no number, or cannot be repaired.
    JobCancelled
        When ``progress`` stops the job, within 0.3 s.
    """
    sliver_rule = SliverRule(sliver_m2, sliver_width_m, sliver_policy)
    looked_at = _LookedAt(check_features, zones=not zones_apart)
    return run_heard(
        lambda told: _overlay(features, zones, sliver_rule, grid_m, looked_at, told),
        progress or NoProgress(),
    )


def zones_over_each_other(
    zones: GeometryArray, *, grid_m: float = GRID_M, progress: Progress | None = None
) -> tuple[tuple[ZoneOverlap, ...], tuple[Repair, ...]]:
    """Return which zones lie over each other, and what had to be repaired to tell: no feature is needed.

    Both are what :func:`balanced_overlay` says of these zones, whatever features it cuts.

    Raises
    ------
    ShapeError, JobCancelled
    """
    return run_heard(lambda told: _among_zones(zones, grid_m, told), progress or NoProgress())


def _among_zones(
    zones: GeometryArray, grid_m: float, progress: Progress
) -> tuple[tuple[ZoneOverlap, ...], tuple[Repair, ...]]:
    fit, repairs = fit_for_cutting(zones, Side.ZONE, ProgressPart(progress, 0.0, 0.2))
    edges = SharedEdges.of(fit)
    return overlaps_among(fit, edges, grid_m, ProgressPart(progress, 0.4, 1.0)), repairs


def _overlay(
    features: GeometryArray,
    zones: GeometryArray,
    sliver_rule: SliverRule,
    grid_m: float,
    looked_at: _LookedAt,
    progress: Progress,
) -> Overlay:
    left, feature_repairs = fit_for_cutting(features, Side.FEATURE, ProgressPart(progress, 0.0, 0.08))
    right, zone_repairs = fit_for_cutting(zones, Side.ZONE, ProgressPart(progress, 0.08, 0.1))
    inputs = Inputs.measured(left, right)
    sides = [right] * looked_at.zones + [left] * looked_at.features
    index, edges = run_both(
        lambda: ZoneIndex.of(inputs),
        lambda: [SharedEdges.of(shapes) for shapes in sides],
        ProgressPart(progress, 0.1, 0.2),
    )
    found_over = []
    for number, shapes in enumerate(sides):
        part = ProgressPart(progress, 0.2 + 0.05 * number, 0.25 + 0.05 * number)
        found_over.append(overlaps_among(shapes, edges[number], grid_m, part))
    overlaps = found_over[0] if looked_at.zones else ()
    among_features = found_over[-1] if looked_at.features else ()
    del edges
    found = inside(inputs, index, grid_m, ProgressPart(progress, 0.3, 0.8)).sorted()
    rest = remainder(inputs, found, overlaps, grid_m, ProgressPart(progress, 0.8, 0.95))
    pieces = Pieces.join(found.pieces, rest.pieces).sorted()
    pieces, slivers = treat_slivers(
        pieces,
        sliver_rule,
        untouchable=_is_whole(inputs, pieces) | (rest.overlap_m2[pieces.feature] > 0),
        grid_m=grid_m,
        progress=ProgressPart(progress, 0.95, 1.0),
    )
    in_zone = pieces.zone != REMAINDER
    pieces_m2 = _per_feature(pieces.take(in_zone), len(left))
    remainder_m2 = _per_feature(pieces.take(~in_zone), len(left))
    return Overlay(
        feature=pieces.feature,
        zone=pieces.zone,
        geometry=pieces.geometry,
        area_m2=pieces.area_m2,
        whole=_is_whole(inputs, pieces),
        input_m2=inputs.feature_m2,
        pieces_m2=pieces_m2,
        overlap_m2=rest.overlap_m2,
        remainder_m2=remainder_m2,
        imbalance_m2=inputs.feature_m2 - (pieces_m2 - rest.overlap_m2 + remainder_m2),
        zone_overlaps=overlaps,
        feature_overlaps=among_features,
        repairs=feature_repairs + zone_repairs,
        snapped=found.snapped + rest.snapped,
        slivers=slivers,
        dust_m2=found.dust_m2 + rest.dust_m2,
    )


def _is_whole(inputs: Inputs, pieces: Pieces) -> NDArray[np.bool_]:
    out = np.zeros(len(pieces.feature), dtype=bool)
    for part in slices(len(out), _COMPARED_AT_ONCE):  # other threads wait meanwhile
        features = inputs.features[pieces.feature[part]]
        out[part] = np.fromiter(
            map(operator.is_, features, pieces.geometry[part]), dtype=bool, count=len(features)
        )
    return out


def _per_feature(pieces: Pieces, count: int) -> FloatArray:
    return np.bincount(pieces.feature, weights=pieces.area_m2, minlength=count).astype(np.float64)
