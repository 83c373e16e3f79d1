"""The pieces of every feature in every zone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.overlay.chunks import run_chunks, slices_by_weight
from zsgis.overlay.comparing import Pairs, compare
from zsgis.overlay.contacts import Crossings
from zsgis.overlay.containment import lie_in, settled
from zsgis.overlay.cutting import Cut, Inputs, cut_pairs, spatial_order, work
from zsgis.overlay.inputs import ITEMS_PER_CHUNK, VERTICES_PER_CHUNK, weights
from zsgis.overlay.model import Pieces, SnappedCut
from zsgis.overlay.zone_index import ZoneIndex

_COMPARED_VERTICES = 100_000.0
_COMPARED_ITEMS = 5_000


@dataclass(frozen=True)
class Inside:
    """The pieces inside zones, the area lost as dust, and the pairs that had to be snapped.

    ``crossings`` are those of features that their traced pieces do not fill, as in
    :class:`~zsgis.overlay.comparing.Compared`; ``index`` holds the rings they lie on.
    """

    pieces: Pieces
    dust_m2: float
    snapped: tuple[SnappedCut, ...]
    crossings: Crossings
    index: ZoneIndex

    def sorted(self) -> Inside:
        """Return the same with its pieces sorted."""
        return replace(self, pieces=self.pieces.sorted())


def inside(inputs: Inputs, index: ZoneIndex, grid_m: float, progress: Progress) -> Inside:
    """Return the pieces of every feature in every zone, wholes included, in no order."""
    order = spatial_order(inputs.features)
    chunks = slices_by_weight(weights(inputs.features[order]), _COMPARED_VERTICES, _COMPARED_ITEMS)
    # an array of no features is compared too, so that there is always something to join
    compared = run_chunks(
        lambda part: compare(inputs, index, order[part]),
        chunks or [slice(0, 0)],
        ProgressPart(progress, 0.0, 0.5),
        _("Comparing features and zones"),
    )
    perhaps_inside = _joined([c.perhaps_inside for c in compared])
    perhaps_around = _joined([c.perhaps_around for c in compared])
    wholes = _wholes(inputs, perhaps_inside, perhaps_around, ProgressPart(progress, 0.5, 0.6))
    rest = _cut_by_geos(
        inputs, _joined([c.unsettled for c in compared]), grid_m, ProgressPart(progress, 0.6, 1.0)
    )
    return Inside(
        Pieces.join(*(c.pieces for c in compared), wholes, rest.pieces),
        float(sum(c.dust_m2 for c in compared)) + rest.dust_m2,
        rest.snapped,
        Crossings.join([c.crossings for c in compared]),
        index,
    )


def _joined(pairs: list[Pairs]) -> Pairs:
    return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])


def _wholes(inputs: Inputs, inside: Pairs, around: Pairs, progress: Progress) -> Pieces:
    feature, zone = inside
    lies = lie_in(inputs.features, feature, inputs.zones, zone, ProgressPart(progress, 0.0, 0.8))
    held = _features_inside(inputs, (feature[lies], zone[lies]))
    feature, zone = around
    lies = lie_in(inputs.zones, zone, inputs.features, feature, ProgressPart(progress, 0.8, 1.0))
    return Pieces.join(held, _zones_inside(inputs, (feature[lies], zone[lies])))


def _features_inside(inputs: Inputs, pairs: Pairs) -> Pieces:
    return Pieces(*pairs, inputs.features[pairs[0]], inputs.feature_m2[pairs[0]])


def _zones_inside(inputs: Inputs, pairs: Pairs) -> Pieces:
    zones = inputs.zones[pairs[1]]
    return Pieces(*pairs, zones, shapely.area(zones))


def _cut_by_geos(inputs: Inputs, pairs: Pairs, grid_m: float, progress: Progress) -> Cut:
    known = settled(inputs.features, inputs.zones, *pairs, ProgressPart(progress, 0.0, 0.3))
    features = _features_inside(
        inputs, (known.feature[known.feature_inside], known.zone[known.feature_inside])
    )
    zones = _zones_inside(inputs, (known.feature[known.zone_inside], known.zone[known.zone_inside]))
    crossing = ~(known.feature_inside | known.zone_inside)
    feature, zone = known.feature[crossing], known.zone[crossing]
    place = np.empty(len(feature), dtype=np.int64)
    place[spatial_order(inputs.features[feature])] = np.arange(len(place))
    order = np.lexsort((place, zone))
    feature, zone = feature[order], zone[order]
    cuts = run_chunks(
        lambda part: cut_pairs(inputs, feature[part], zone[part], grid_m),
        slices_by_weight(
            work(inputs.features[feature], inputs.zones[zone]), VERTICES_PER_CHUNK, ITEMS_PER_CHUNK
        ),
        ProgressPart(progress, 0.3, 1.0),
        _("Cutting features at the zones' edges"),
    )
    return Cut(
        Pieces.join(features, zones, *(c.pieces for c in cuts)),
        float(sum(c.dust_m2 for c in cuts)),
        tuple(snap for c in cuts for snap in c.snapped),
    )
