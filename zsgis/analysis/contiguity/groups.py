"""Parcels linked to groups: by the gap, across bridges, with size and compactness."""

from __future__ import annotations

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from zsgis.analysis.contiguity.bridges import BridgeGround, BridgeRule, bridged
from zsgis.analysis.contiguity.model import Groups, Links, Terms
from zsgis.analysis.contiguity.near import (
    BoolArray,
    GeometryArray,
    IndexArray,
    box_pairs,
    components,
    within,
)
from zsgis.analysis.zoned import FloatArray


def link(geometry: GeometryArray, ground: BridgeGround | None, terms: Terms, progress: Progress) -> Links:
    """Return which parcels belong together.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons in a plane in metres.
    ground : BridgeGround or None
        Roads and canals; None bridges nothing.
    """
    reach = terms.gap_m + terms.drawing_m
    left, right = box_pairs(geometry, geometry, reach, ProgressPart(progress, 0.0, 0.1))
    once = left < right
    left, right = left[once], right[once]
    near = within(geometry[left], geometry[right], terms.gap_m, ProgressPart(progress, 0.1, 0.3))
    doubtful = _doubtful(geometry, left, right, near, terms, ProgressPart(progress, 0.3, 0.4))
    across = _across(
        geometry, components(len(geometry), left[near], right[near]), ground, terms.bridge, progress
    )
    return Links(left[near], right[near], *across, left[doubtful], right[doubtful])


def _doubtful(
    geometry: GeometryArray,
    left: IndexArray,
    right: IndexArray,
    near: BoolArray,
    terms: Terms,
    progress: Progress,
) -> BoolArray:
    """Tell which pairs a shift of an edge within the drawing's exactness would part or join."""
    least = terms.gap_m - terms.drawing_m
    out = np.zeros(len(near), dtype=bool)
    beyond = np.flatnonzero(~near)
    out[beyond] = within(
        geometry[left[beyond]],
        geometry[right[beyond]],
        terms.gap_m + terms.drawing_m,
        ProgressPart(progress, 0.0, 0.3),
    )
    if least > 0:
        inside = np.flatnonzero(near)
        out[inside] = ~within(
            geometry[left[inside]], geometry[right[inside]], least, ProgressPart(progress, 0.3, 1.0)
        )
    return out


def _across(
    geometry: GeometryArray,
    label: IndexArray,
    ground: BridgeGround | None,
    rule: BridgeRule,
    progress: Progress,
) -> tuple[IndexArray, IndexArray]:
    """Return the pairs of parcels of different pieces that a bridge joins."""
    nothing = np.zeros(0, dtype=np.int64)
    if ground is None or rule.width_m <= rule.gap_m:
        return nothing, nothing
    left, right = box_pairs(geometry, geometry, rule.width_m, ProgressPart(progress, 0.4, 0.5))
    asked = (left < right) & (label[left] != label[right])
    left, right = left[asked], right[asked]
    found = bridged(geometry, left, right, ground, rule, ProgressPart(progress, 0.5, 1.0))
    return left[found], right[found]


def group(
    geometry: GeometryArray, uids: tuple[str, ...], cents: IndexArray, links: Links, terms: Terms
) -> Groups:
    """Return the groups, the largest first; equal ones in the order of their parcels' uids.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        The parcels in the plane.
    uids : tuple of str, length n
    cents : ndarray of int64, shape (n,)
        Their areas in 0.01 m2 on the basis.
    """
    count = len(geometry)
    piece = components(count, links.left, links.right)
    found = components(
        count,
        np.concatenate([links.left, links.bridge_left]),
        np.concatenate([links.right, links.bridge_right]),
    )
    number = int(found.max(initial=-1)) + 1
    area = np.zeros(number, dtype=np.int64)
    np.add.at(area, found, cents)
    label = _ranked(found, area, uids)
    order = np.empty(number, dtype=np.int64)
    order[label] = found
    of_piece = np.zeros(int(piece.max(initial=-1)) + 1, dtype=np.int64)
    of_piece[piece] = label
    sorted_area = area[order]
    large = sorted_area >= max(terms.least_cents, 1)
    asked = large & (terms.least_compactness > 0)
    asked |= large & (np.arange(number) < terms.described)
    compactness = _compactness(geometry, label, asked)
    kept = large & ~(compactness < terms.least_compactness)
    return Groups(
        label=label,
        cents=sorted_area,
        parcels=np.bincount(label, minlength=number).astype(np.int64),
        pieces=np.bincount(of_piece, minlength=number).astype(np.int64),
        compactness=compactness,
        large=large,
        kept=kept,
    )


def _ranked(found: IndexArray, area: IndexArray, uids: tuple[str, ...]) -> IndexArray:
    """Return each parcel's group, numbered by size; the smallest uid decides between equal ones."""
    by_uid = np.argsort(np.array(uids, dtype=object), kind="stable")
    first = np.full(len(area), len(uids), dtype=np.int64)
    np.minimum.at(first, found[by_uid], np.arange(len(uids)))
    rank = np.empty(len(area), dtype=np.int64)
    rank[np.lexsort((first, -area))] = np.arange(len(area))
    return rank[found]


def _compactness(geometry: GeometryArray, label: IndexArray, asked: BoolArray) -> FloatArray:
    """Return area over the area of the smallest circle around, NaN for groups not asked about."""
    out = np.full(len(asked), np.nan)
    members = np.flatnonzero(asked[label])
    members = members[np.argsort(label[members], kind="stable")]
    hulls = shapely.convex_hull(geometry[members])
    corners, owner = shapely.get_coordinates(hulls, return_index=True)
    groups, number = np.unique(label[members], return_inverse=True)
    if not len(groups):
        return out
    clouds = shapely.multipoints(corners, indices=number[owner])
    radius = shapely.minimum_bounding_radius(clouds)
    area = np.bincount(number, weights=np.nan_to_num(shapely.area(geometry[members])))
    out[groups] = np.divide(area, np.pi * radius**2, out=np.zeros_like(area), where=radius > 0)
    return out
