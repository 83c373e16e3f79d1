"""Features compared with the zones around them: traced where boundaries cross clearly, else sorted out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.overlay.contacts import Crossings, contacts
from zsgis.overlay.cutting import Inputs, noise_m2, pieces_of
from zsgis.overlay.inputs import POLYGON
from zsgis.overlay.model import FloatArray, IndexArray, Pieces
from zsgis.overlay.rings import Rings
from zsgis.overlay.tracing import Paths, Wanted, traced
from zsgis.overlay.zone_index import RingBoxes, ZoneIndex, box_within, relative_boxes

Pairs = tuple[IndexArray, IndexArray]
"""(feature, zone) of each pair."""


@dataclass(frozen=True)
class Compared:
    """What a look at boundaries tells.

    Attributes
    ----------
    pieces : Pieces
        Of the pairs whose boundaries cross clearly.
    dust_m2 : float
    crossings : Crossings
        Of those pairs, where the feature is one ring and its pieces do not fill it; the feature's segments
        are counted from the beginning of its ring.
    perhaps_inside, perhaps_around : Pairs
        The boundaries do not meet: the feature lies in the zone, or around it, or neither.
    unsettled : Pairs
        Boundaries that touch or nearly do, and shapes of several rings that lie in each other.
    """

    pieces: Pieces
    dust_m2: float
    crossings: Crossings
    perhaps_inside: Pairs
    perhaps_around: Pairs
    unsettled: Pairs


@dataclass(frozen=True)
class _Near:
    """Some features (rows) and the zones whose boxes meet theirs, sorted by row, then zone."""

    number: IndexArray
    boxes: FloatArray
    polygon: NDArray[np.bool_]
    row: IndexArray
    zone: IndexArray
    zones: int

    def place(self, row: IndexArray, zone: IndexArray) -> tuple[IndexArray, NDArray[np.bool_]]:
        """Return the position of each pair, and whether it is there at all."""
        keys, asked = self.row * self.zones + self.zone, row * self.zones + zone
        place = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0)).astype(np.int64)
        there = keys[place] == asked if len(keys) else np.zeros(len(asked), dtype=bool)
        return place, there

    def count(self, row: IndexArray, zone: IndexArray) -> IndexArray:
        """Return how often each pair is named."""
        place, there = self.place(row, zone)
        return np.bincount(place[there], minlength=len(self.row)).astype(np.int64)

    def pairs(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Return the chosen pairs by their numbers."""
        return self.number[self.row[chosen]], self.zone[chosen]


def compare(inputs: Inputs, index: ZoneIndex, number: IndexArray) -> Compared:
    """Return what the boundaries of the features ``number`` and of the zones tell."""
    near = _near(inputs, index, number)
    rings, several = _rings_near_zones(inputs, index, near)
    touch = contacts(rings, index.grid)
    crosses = near.count(touch.crossings.first, touch.crossings.second) > 0
    touches = near.count(touch.near_first, touch.near_second) > 0
    zone_rings = _zone_rings_inside(index, near)
    feature_rings = _feature_rings_inside(index, near, rings, several)
    whole = _whole_candidates(index, near, zone_rings, feature_rings, crosses | touches, inputs)
    refused = touches | _crowded(index, near, rings, several, touch.crossings, (zone_rings, feature_rings))
    table, refused = _traceable(index, near, rings, touch.crossings, refused)
    pieces, dust_m2, failed = _pieces(inputs, index, near, rings, table)
    refused |= failed
    kept = _open_crossings(inputs, near, rings, several, pieces, table)
    return Compared(
        pieces,
        dust_m2,
        kept,
        near.pairs(whole[0]),
        near.pairs(whole[1]),
        near.pairs(touches | (crosses & refused) | whole[2]),
    )


def _near(inputs: Inputs, index: ZoneIndex, number: IndexArray) -> _Near:
    features = inputs.features[number]
    row, zone = index.tree.query(features)
    order = np.lexsort((zone, row))
    return _Near(
        number,
        relative_boxes(features, index.origin),
        shapely.get_type_id(features) == POLYGON,
        row[order].astype(np.int64),
        zone[order].astype(np.int64),
        len(inputs.zones),
    )


def _rings_near_zones(inputs: Inputs, index: ZoneIndex, near: _Near) -> tuple[Rings, NDArray[np.bool_]]:
    """Return the rings of the rows that a zone's boundary may meet, and which rows have several rings."""
    rows = np.flatnonzero(index.grid.near(near.boxes))
    features = inputs.features[near.number]
    rings = Rings.of(features[rows], index.origin)
    several = shapely.get_num_interior_rings(features) > 0
    several |= ~near.polygon
    return replace(rings, owner=rows[rings.owner]), np.asarray(several, dtype=np.bool_)


def _zone_rings_inside(index: ZoneIndex, near: _Near) -> IndexArray:
    """Return for each pair how many of the zone's rings have their box in the feature's."""
    several = index.several[near.zone]
    inside = box_within(index.boxes[near.zone], near.boxes[near.row]) & ~several
    rows = np.unique(near.row[several])
    frame, zone = index.ring_boxes.inside(near.boxes[rows])
    return inside + near.count(rows[frame], zone)


def _feature_rings_inside(
    index: ZoneIndex, near: _Near, rings: Rings, several: NDArray[np.bool_]
) -> IndexArray:
    """Return for each pair how many of the feature's rings have their box in the zone's."""
    inside = box_within(near.boxes[near.row], index.boxes[near.zone]) & ~several[near.row]
    if not several.any():
        return inside.astype(np.int64)
    ring_boxes = RingBoxes.of(rings, len(near.number))
    zones = np.unique(near.zone[several[near.row]])
    frame, row = ring_boxes.inside(index.boxes[zones])
    # rings that were not laid out cannot be counted; one stands for them
    unknown = several & (np.bincount(rings.owner, minlength=len(several)) == 0)
    return np.asarray(inside + near.count(row, zones[frame]) + unknown[near.row], dtype=np.int64)


def _whole_candidates(
    index: ZoneIndex,
    near: _Near,
    zone_rings: IndexArray,
    feature_rings: IndexArray,
    meets: NDArray[np.bool_],
    inputs: Inputs,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which pairs may lie in each other: feature in zone, zone in feature, and which stay unclear.

    A polygon that no boundary meets, and in whose outline no ring of the other lies, is in the other
    as a whole or not at all.
    """
    feature_box, zone_box = near.boxes[near.row], index.boxes[near.zone]
    first = near.polygon[near.row] & (zone_rings == 0)
    second = (shapely.get_type_id(inputs.zones[near.zone]) == POLYGON) & (feature_rings == 0)
    inside = ~meets & first & box_within(feature_box, zone_box)
    around = ~meets & ~first & second & box_within(zone_box, feature_box)
    return inside, around, ~meets & ~first & ~second


def _crowded(
    index: ZoneIndex,
    near: _Near,
    rings: Rings,
    several: NDArray[np.bool_],
    table: Crossings,
    inside: tuple[IndexArray, IndexArray],
) -> NDArray[np.bool_]:
    """Tell for each pair whether a ring bears on what it shares, besides those that cross.

    It may where its box lies in the other area's. An area of one ring has no other.
    """
    zone_rings, feature_rings = inside
    place, __ = near.place(table.first, table.second)
    crowded = np.zeros(len(near.row), dtype=bool)
    rows = np.flatnonzero(index.several[table.second])
    boxes = index.ring_boxes.boxes[index.grid.rings.ring_of(table.second_segment[rows])]
    others = zone_rings[place[rows]] - box_within(boxes, near.boxes[table.first[rows]])
    crowded[place[rows[others > 0]]] = True
    rows = np.flatnonzero(several[table.first])
    if len(rows):
        boxes = rings.boxes()[rings.ring_of(table.first_segment[rows])]
        others = feature_rings[place[rows]] - box_within(boxes, index.boxes[table.second[rows]])
        crowded[place[rows[others > 0]]] = True
    return crowded


def _traceable(
    index: ZoneIndex, near: _Near, rings: Rings, table: Crossings, refused: NDArray[np.bool_]
) -> tuple[Paths, NDArray[np.bool_]]:
    """Return the paths of the pairs that can be traced, and for each pair whether it cannot."""
    place, __ = near.place(table.first, table.second)
    paths = Paths.of(table.take(~refused[place]))
    sound = paths.sound(rings, index.grid.rings)
    if not sound.all():
        bad = paths.crossings.take(~sound[paths.pair])
        refused[near.place(bad.first, bad.second)[0]] = True
        paths = Paths.of(paths.crossings.take(sound[paths.pair]))
    return paths, refused


def _pieces(
    inputs: Inputs, index: ZoneIndex, near: _Near, rings: Rings, paths: Paths
) -> tuple[Pieces, float, NDArray[np.bool_]]:
    raw, right = traced(paths, Wanted.SHARED, rings, index.grid.rings, index.origin)
    begins = np.flatnonzero(np.diff(paths.pair, prepend=-1))
    row, zone = paths.crossings.first[begins], paths.crossings.second[begins]
    failed = np.zeros(len(near.row), dtype=bool)
    failed[near.place(row[~right], zone[~right])[0]] = True
    pieces, dust_m2 = pieces_of(inputs, near.number[row[right]], zone[right], raw[right])
    return pieces, dust_m2, failed


def _open_crossings(
    inputs: Inputs,
    near: _Near,
    rings: Rings,
    several: NDArray[np.bool_],
    pieces: Pieces,
    paths: Paths,
) -> Crossings:
    row_of = np.argsort(near.number, kind="stable")
    row = row_of[np.searchsorted(near.number, pieces.feature, sorter=row_of)]
    covered = np.bincount(row, weights=pieces.area_m2, minlength=len(near.number))
    missing = inputs.feature_m2[near.number] - covered > noise_m2(inputs.feature_m[near.number])
    kept = paths.crossings.take((missing & ~several)[paths.crossings.first])
    begins = rings.start[rings.ring_of(kept.first_segment)]
    return replace(kept, first=near.number[kept.first], first_segment=kept.first_segment - begins)
