"""Pairs of areas settled by asking whether one lies in the other, or whether they meet at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from zsgis.overlay.chunks import run_chunks, slices
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray

_BLOCK = 5_000


def lie_in(
    members: GeometryArray, member: IndexArray, holders: GeometryArray, holder: IndexArray, progress: Progress
) -> NDArray[np.bool_]:
    """Tell for each pair whether the member lies in the holder, if it does so as a whole or not at all.

    One corner of the member tells.
    """
    order = np.argsort(holder, kind="stable")
    member, holder = member[order], holder[order]

    def ask(part: slice) -> NDArray[np.bool_]:
        asked = members[member[part]]
        vertices = shapely.get_num_coordinates(asked)
        corner = shapely.get_coordinates(asked)[np.cumsum(vertices) - vertices]
        own = _own_prepared(holders, holder[part])
        return np.asarray(shapely.contains_xy(own, corner[:, 0], corner[:, 1]), dtype=np.bool_)

    told = run_chunks(ask, slices(len(order), _BLOCK), progress)
    out = np.zeros(len(order), dtype=bool)
    if told:
        out[order] = np.concatenate(told)
    return out


@dataclass(frozen=True)
class Settled:
    """Pairs that meet: the feature lies in the zone, the zone in the feature, or neither."""

    feature: IndexArray
    zone: IndexArray
    feature_inside: NDArray[np.bool_]
    zone_inside: NDArray[np.bool_]


def settled(
    features: GeometryArray,
    zones: GeometryArray,
    feature: IndexArray,
    zone: IndexArray,
    progress: Progress,
) -> Settled:
    """Return of these pairs those that meet, and which lie in each other clear of the edge."""
    order = np.lexsort((feature, zone))
    feature, zone = feature[order], zone[order]
    may_hold = _box_clear_within(shapely.bounds(features[feature]), shapely.bounds(zones[zone]))
    told = run_chunks(
        lambda part: _ask(zones, zone[part], features[feature[part]], may_hold[part]),
        slices(len(zone), _BLOCK),
        ProgressPart(progress, 0.0, 0.7),
    )
    inside = np.concatenate([t[0] for t in told]) if told else np.zeros(0, dtype=bool)
    meets = np.concatenate([t[1] for t in told]) if told else np.zeros(0, dtype=bool)
    feature, zone, inside = feature[meets], zone[meets], inside[meets]
    order = np.lexsort((zone, feature))
    feature, zone, inside = feature[order], zone[order], inside[order]
    may_hold = _box_clear_within(shapely.bounds(zones[zone]), shapely.bounds(features[feature])) & ~inside
    held = np.zeros(len(feature), dtype=bool)
    asked = np.flatnonzero(may_hold)
    told = run_chunks(
        lambda part: _ask(features, feature[asked[part]], zones[zone[asked[part]]], may_hold[asked[part]]),
        slices(len(asked), _BLOCK),
        ProgressPart(progress, 0.7, 1.0),
    )
    if told:
        held[asked] = np.concatenate([t[0] for t in told])
    return Settled(feature, zone, inside, held)


def _own_prepared(holders: GeometryArray, holder: IndexArray) -> GeometryArray:
    """Return copies of the holders, prepared.

    GEOS fills a prepared shape while it is asked, which two threads must not do to one shape.
    """
    distinct, number = np.unique(holder, return_inverse=True)
    own = shapely.from_wkb(shapely.to_wkb(holders[distinct]))
    shapely.prepare(own)
    return np.asarray(own[number], dtype=object)


def _box_clear_within(inner: FloatArray, outer: FloatArray) -> NDArray[np.bool_]:
    within = (inner[:, :2] > outer[:, :2]).all(axis=1) & (inner[:, 2:] < outer[:, 2:]).all(axis=1)
    return np.asarray(within, dtype=np.bool_)


def _ask(
    holders: GeometryArray, holder: IndexArray, members: GeometryArray, may_hold: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell for each pair whether the holder properly contains the member, and whether they meet at all."""
    asked = _own_prepared(holders, holder)
    inside = np.zeros(len(holder), dtype=bool)
    inside[may_hold] = shapely.contains_properly(asked[may_hold], members[may_hold])
    meets = inside.copy()
    meets[~inside] = shapely.intersects(asked[~inside], members[~inside])
    return inside, meets
