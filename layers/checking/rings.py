"""Rings that are the same: features drawn twice, and holes that another feature fills exactly."""

from __future__ import annotations

import numpy as np
import shapely

from layers.checking.edges import GRAIN_M, Sides
from layers.checking.model import Hits, IntArray, about_layer
from layers.checking.rules import RuleSet
from layers.checking.subject import Ground, Mask
from layers.progress import Progress

_TELL_EVERY = 500
_OWNERS = ("ownership_code", "owner_code", "location_code")


def identical(ground: Ground, sides: Sides, progress: Progress) -> Hits:
    """Return features whose shape another one before them has; the figure is the area, m2."""
    shapes = ground.shapes
    marks = np.zeros(len(shapes), dtype=np.uint64)
    np.add.at(marks, ground.ring_features, sides.ring_marks)
    rows = np.flatnonzero(np.diff(shapes.coord_offsets) > 0)
    _values, group, counts = np.unique(marks[rows], return_inverse=True, return_counts=True)
    again = rows[counts[group] > 1]
    order = again[np.lexsort((again, marks[again]))]
    found: list[tuple[int, int]] = []
    first = -1
    for number, row in enumerate(order.tolist()):
        if number % _TELL_EVERY == 0:
            progress.step(number / len(order))
        if first < 0 or marks[row] != marks[first]:
            first = row
        elif _same(ground, first, row):
            found.append((row, first))
    found.sort()
    chosen = np.array([row for row, _first in found], dtype=np.int64)
    others = np.array([one for _row, one in found], dtype=np.int64)
    return ground.hits("topology.identical", chosen, others=others, figures=ground.areas[chosen], unit="m2")


def _same(ground: Ground, one: int, other: int) -> bool:
    """Tell whether two shapes cover the same ground; an invalid one is compared vertex by vertex."""
    first, second = ground.polygons(np.array([one, other]))
    if shapely.is_valid(first) and shapely.is_valid(second):
        return bool(shapely.symmetric_difference(first, second).area <= GRAIN_M * shapely.length(first))
    return bool(shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), GRAIN_M))


def islands(ground: Ground, sides: Sides, rules: RuleSet) -> list[Hits]:
    """Return holes that are the outline of another feature; the figure is the hole's area, m2.

    An island of the class around it, and of the same owner, is a finding by itself: both should be one
    feature. The others are as they should be: a few are told one by one, many with one note.
    """
    holes, fillers = _filled(ground, sides)
    rows = np.asarray(ground.ring_features[holes])
    others = np.asarray(ground.ring_features[fillers])
    same = _alike(ground, rows, others)
    found = [_islands(ground, "topology.island_alike", holes[same], others[same])]
    holes, others = holes[~same], others[~same]
    if len(holes) > rules["topology.island"].number("each_up_to"):
        return [*found, about_layer("topology.island", float(len(holes)))]
    return [*found, _islands(ground, "topology.island", holes, others)]


def _filled(ground: Ground, sides: Sides) -> tuple[IntArray, IntArray]:
    """Return holes and the outer rings of other features that equal them."""
    holes = np.flatnonzero(~ground.outer)
    shells = np.flatnonzero(ground.outer)
    order = shells[np.argsort(sides.ring_marks[shells], kind="stable")]
    marks = sides.ring_marks[order]
    if not len(marks) or not len(holes):
        return holes[:0], holes[:0]
    spots = np.minimum(np.searchsorted(marks, sides.ring_marks[holes]), len(marks) - 1)
    same = marks[spots] == sides.ring_marks[holes]
    holes, fillers = holes[same], order[spots[same]]
    other = ground.ring_features[holes] != ground.ring_features[fillers]
    return holes[other], fillers[other]


def _alike(ground: Ground, rows: IntArray, others: IntArray) -> Mask:
    """Tell which pairs have one land class, and one owner where that is known."""
    columns, name = ground.subject.columns, ground.subject.kind.class_field
    if not name or not columns.has(name):
        return np.zeros(len(rows), dtype=np.bool_)
    alike = np.ones(len(rows), dtype=np.bool_)
    for field in (name, *(each for each in _OWNERS if columns.has(each))):
        values = columns.values[field]
        one, other = (values.iloc[each].fillna("").astype("str").to_numpy() for each in (rows, others))
        alike &= one == other
        if field == name:
            alike &= one != ""
    return alike


def _islands(ground: Ground, rule: str, holes: IntArray, others: IntArray) -> Hits:
    return ground.hits(
        rule,
        np.asarray(ground.ring_features[holes]),
        others=others,
        figures=np.abs(ground.ring_areas[holes]),
        unit="m2",
        boxes=ground.bounds[others],
    )
