"""Narrow ground between two features that is open at its ends, so that no face closes round it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.checking.edges import Sides
from layers.checking.model import FloatArray, IntArray
from layers.checking.neighbours import Neighbours, areas_of
from layers.checking.overlaps import mean_width
from layers.checking.rules import Rule
from layers.checking.spread import aside, spread
from layers.checking.subject import Ground, Mask
from layers.progress import Progress, ProgressPart

_SIDES_AT_ONCE = 5_000
_PAIRS_AT_ONCE = 200
# right angles keep their corner; sharper ones would reach out far beyond the mouth of a slit
_MITRE = 1.5
_NO_LENGTH_M = 1e-9


@dataclass(frozen=True, eq=False)
class _Facing:
    """Pairs of features that face each other (smaller row first), and the box of where they do."""

    rows: IntArray
    boxes: FloatArray


def open_slits(
    ground: Ground,
    neighbours: Neighbours,
    sides: Sides,
    rule: Rule,
    known: NDArray[Any],
    progress: Progress,
) -> tuple[NDArray[Any], IntArray]:
    """Return slits between two features that no face encloses, and the two rows of each.

    Sides left over that face each other within the rule's ``narrow_m`` name the pairs of features. What
    closing a pair by half that width adds (grown by it and shrunk again) is the slit, less every other
    feature. No ground is told twice; where a feature faces several, each of them has its own slit.

    Parameters
    ----------
    known : ndarray of shapely polygons
        Gaps that are told already.

    Returns
    -------
    slits : ndarray of shapely polygons, shape (n,)
        In metres.
    rows : ndarray of int64, shape (n, 2)
    """
    facing = _facing(ground, sides, rule, ProgressPart(progress, 0.0, 0.4))
    made = ProgressPart(progress, 0.4, 0.9)
    starts = range(0, len(facing.rows), _PAIRS_AT_ONCE)
    first = neighbours.usable(facing.rows[:, 0], progress)
    second = neighbours.usable(facing.rows[:, 1], progress)

    def close(start: int) -> tuple[NDArray[Any], IntArray]:
        part = slice(start, start + _PAIRS_AT_ONCE)
        return _closed(first[part], second[part], facing.boxes[part], rule)

    found = spread(close, starts, made)
    slits = np.concatenate([np.empty(0, dtype=object), *(one[0] for one in found)])
    pairs = np.concatenate(
        [np.empty(0, np.int64), *(start + one[1] for start, one in zip(starts, found, strict=True))]
    )
    rows = facing.rows[pairs]
    taken = _others(neighbours, slits, rows, ProgressPart(progress, 0.9, 0.95))
    return aside(lambda: _free(slits, rows, taken, known, rule), ProgressPart(progress, 0.95, 1.0))


def _facing(ground: Ground, sides: Sides, rule: Rule, progress: Progress) -> _Facing:
    """Return the pairs of features whose sides left over face each other within the width."""
    ends = _directed_ends(ground, sides)
    lines = np.asarray(shapely.linestrings(ends))
    tree = aside(lambda: shapely.STRtree(lines), progress)
    reach = rule.number("narrow_m")

    def look(start: int) -> tuple[IntArray, FloatArray]:
        here, there = tree.query(lines[start : start + _SIDES_AT_ONCE], predicate="dwithin", distance=reach)
        here += start
        one = sides.rows[here] < sides.rows[there]
        here, there = here[one], there[one]
        held, boxes = _strips(ends[here], ends[there], rule)
        return np.stack([sides.rows[here[held]], sides.rows[there[held]]], axis=1), boxes

    found = spread(look, range(0, len(lines), _SIDES_AT_ONCE), progress)
    rows = np.concatenate([np.empty((0, 2), np.int64), *(one[0] for one in found)])
    boxes = np.concatenate([np.empty((0, 4)), *(one[1] for one in found)])
    pairs, which = np.unique(rows, axis=0, return_inverse=True)
    around = np.tile([np.inf, np.inf, -np.inf, -np.inf], (len(pairs), 1))
    np.minimum.at(around[:, :2], which.ravel(), boxes[:, :2])
    np.maximum.at(around[:, 2:], which.ravel(), boxes[:, 2:])
    return _Facing(pairs, around)


def _directed_ends(ground: Ground, sides: Sides) -> FloatArray:
    """Return both ends of each side, shape (m, 2, 2), so directed that the feature lies on the left."""
    starts = sides.starts
    coords = ground.shapes.coords
    ends = np.stack([coords[starts], coords[starts + 1]], axis=1)
    rings = np.searchsorted(ground.shapes.ring_offsets, starts, side="right") - 1
    turned = ground.turned_rings()[rings]
    ends[turned] = ends[turned][:, ::-1]
    return ends


def _strips(ones: FloatArray, others: FloatArray, rule: Rule) -> tuple[Mask, FloatArray]:
    """Tell which pairs of sides face each other with free ground between, and the box of that ground.

    Along the first side counts ``a`` from its start, away from its feature ``h``: the other side runs from
    (a0, h0) to (a1, h1).
    """
    along = ones[:, 1] - ones[:, 0]
    length = np.maximum(np.hypot(*along.T), _NO_LENGTH_M)
    along = along / length[:, None]
    out = np.stack([along[:, 1], -along[:, 0]], axis=1)
    from_start = others - ones[:, :1]
    a, h = (np.einsum("nij,nj->ni", from_start, axis) for axis in (along, out))
    back, rise = a[:, 0] - a[:, 1], h[:, 0] - h[:, 1]
    steep = np.tan(np.radians(rule.number("slit_angle_deg")))
    facing = (back > _NO_LENGTH_M) & (np.abs(rise) <= steep * back)
    first, last = np.maximum(a[:, 1], 0.0), np.minimum(a[:, 0], length)
    slope = rise / np.where(facing, back, 1.0)
    low = h[:, 1] + slope * (first - a[:, 1])
    high = h[:, 1] + slope * (last - a[:, 1])
    held = facing & (last - first > _NO_LENGTH_M)
    held &= (np.maximum(low, high) > rule.number("width_m")) & (
        np.minimum(low, high) < rule.number("narrow_m")
    )
    corners = np.stack(
        [
            ones[:, 0] + first[:, None] * along,
            ones[:, 0] + last[:, None] * along,
            ones[:, 0] + first[:, None] * along + low[:, None] * out,
            ones[:, 0] + last[:, None] * along + high[:, None] * out,
        ],
        axis=1,
    )[held]
    return held, np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def _closed(
    ones: NDArray[Any], others: NDArray[Any], boxes: FloatArray, rule: Rule
) -> tuple[NDArray[Any], IntArray]:
    """Return what closing each pair adds, and the number of the pair."""
    width = rule.number("narrow_m")
    west, south, east, north = (boxes + 4 * width * np.array([-1.0, -1.0, 1.0, 1.0])).T
    windows = shapely.box(west, south, east, north)
    both = shapely.union(shapely.intersection(ones, windows), shapely.intersection(others, windows))
    grown = shapely.buffer(both, width / 2, join_style="mitre", mitre_limit=_MITRE)
    shut = shapely.buffer(grown, -width / 2, join_style="mitre", mitre_limit=_MITRE)
    parts, pair = shapely.get_parts(shapely.difference(shut, both), return_index=True)
    counts = _long_enough(parts, rule)
    parts, pair = parts[counts], pair[counts]
    for polygons in (ones, others):
        beside = shapely.distance(parts, polygons[pair]) <= rule.number("width_m")
        parts, pair = parts[beside], pair[beside]
    return parts, pair


def _long_enough(shapes: NDArray[Any], rule: Rule) -> Mask:
    """Tell which shapes are slits that count: of some area, narrow, and long."""
    areas, widths = shapely.area(shapes), mean_width(shapes)
    counts: Mask = (
        (areas >= rule.number("area_m2"))
        & (widths >= rule.number("width_m"))
        & (widths <= rule.number("narrow_m"))
        & (shapely.length(shapes) / 2 >= rule.number("slit_length_m"))
    )
    return counts


def _others(
    neighbours: Neighbours, slits: NDArray[Any], rows: IntArray, progress: Progress
) -> dict[int, list[Any]]:
    """Return for each slit the features that may lie in it, but for the two it is between."""
    which, near = neighbours.meeting(shapely.bounds(slits).reshape(-1, 4), 0.0)
    third = (near[:, None] != rows[which]).all(axis=1)
    which, near = which[third], near[third]
    found: dict[int, list[Any]] = {}
    for slit, polygon in zip(which.tolist(), neighbours.usable(near, progress), strict=True):
        found.setdefault(slit, []).append(polygon)
    return found


def _free(
    slits: NDArray[Any], rows: IntArray, taken: dict[int, list[Any]], known: NDArray[Any], rule: Rule
) -> tuple[NDArray[Any], IntArray]:
    """Return what is left of slits without other features, gaps that are told, and slits before them."""
    gaps, earlier = shapely.STRtree(known), shapely.STRtree(slits)
    left, pairs = [], []
    for number, slit in enumerate(slits):
        before = earlier.query(slit)
        covered = [*taken.get(number, ()), *known[gaps.query(slit)], *slits[before[before < number]]]
        rest = shapely.difference(slit, shapely.union_all(covered)) if covered else slit
        parts = shapely.get_parts(areas_of(rest))
        counts = _long_enough(parts, rule)
        left += list(parts[counts])
        pairs += [rows[number]] * int(counts.sum())
    found = np.empty(len(left), dtype=object)
    found[:] = left
    return found, np.array(pairs, dtype=np.int64).reshape(-1, 2)
