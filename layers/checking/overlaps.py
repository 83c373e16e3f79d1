"""Ground that two features claim."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.checking.edges import Sides
from layers.checking.model import FloatArray, Hits, IntArray
from layers.checking.neighbours import Neighbours, areas_of
from layers.checking.rules import Rule
from layers.checking.spread import aside, spread
from layers.checking.subject import Ground
from layers.progress import Progress

_PAIRS_AT_ONCE = 2_000


def overlaps(
    ground: Ground,
    neighbours: Neighbours,
    sides: Sides,
    rule: Rule,
    known: set[tuple[int, int]],
    progress: Progress,
) -> tuple[Hits, int]:
    """Return pairs of features that overlap, each pair once, and how many differ by less than counts.

    A feature all of whose sides are cancelled can only overlap another where that one, or one between them,
    has a side left over: so the search goes from features with such sides to those that touch an overlap.

    Parameters
    ----------
    known : set of (row, row)
        Pairs that are told already: drawn twice.
    """
    wanted = np.unique(sides.rows)
    seen: set[int] = set()
    done: set[tuple[int, int]] = set(known)
    found: list[tuple[int, int, Any]] = []
    below = 0
    while len(wanted):
        pairs = aside(partial(_new_pairs, neighbours, wanted, rule.number("width_m"), done), progress)
        seen.update(wanted.tolist())
        common = _common(neighbours, pairs, progress)
        more, small = _weighed(common, rule)
        below += int(small.sum())
        found += [(int(a), int(b), common[i]) for i, (a, b) in enumerate(pairs) if more[i]]
        wanted = aside(partial(_touched, neighbours, pairs[more], seen), progress)
    found.sort(key=lambda one: one[:2])
    return aside(lambda: _hits(ground, rule, found), progress), below


def _new_pairs(
    neighbours: Neighbours, rows: IntArray, reach: float, done: set[tuple[int, int]]
) -> NDArray[np.int64]:
    one, other = neighbours.pairs(rows, reach)
    pairs = np.unique(np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1), axis=0)
    fresh = [pair not in done for pair in map(tuple, pairs.tolist())]
    pairs = pairs[np.array(fresh, dtype=np.bool_)]
    done.update((int(a), int(b)) for a, b in pairs)
    return pairs


def _common(neighbours: Neighbours, pairs: NDArray[np.int64], progress: Progress) -> NDArray[Any]:
    """Return the common ground of pairs."""
    neighbours.usable(pairs.ravel(), progress)
    first, second = neighbours.usable(pairs[:, 0], progress), neighbours.usable(pairs[:, 1], progress)

    def cut(start: int) -> NDArray[Any]:
        part = slice(start, start + _PAIRS_AT_ONCE)
        a, b = first[part], second[part]
        common = np.full(len(a), None, dtype=object)
        meet = shapely.relate_pattern(a, b, "T********")
        common[meet] = shapely.intersection(a[meet], b[meet])
        return common

    done = spread(cut, range(0, len(pairs), _PAIRS_AT_ONCE), progress)
    return np.concatenate(done) if done else np.empty(0, dtype=object)


def mean_width(shapes: NDArray[Any]) -> FloatArray:
    """Return twice the area by the length of the outline; 0 for what has none."""
    areas, around = shapely.area(shapes), shapely.length(shapes)
    return np.where(around > 0, 2.0 * areas / np.where(around > 0, around, 1.0), 0.0)


def _weighed(common: NDArray[Any], rule: Rule) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    areas = np.nan_to_num(shapely.area(common))
    widths = np.nan_to_num(mean_width(common))
    enough = (areas >= rule.number("area_m2")) & (widths >= rule.number("width_m"))
    return enough, (areas > 0) & ~enough


def _touched(neighbours: Neighbours, pairs: NDArray[np.int64], seen: set[int]) -> IntArray:
    """Return features beside those that overlap and not looked at yet."""
    if not len(pairs):
        return np.empty(0, dtype=np.int64)
    _one, beside = neighbours.pairs(np.unique(pairs), -1e-3)
    near = np.unique(np.concatenate([beside, pairs.ravel()]))
    return np.array([row for row in near.tolist() if row not in seen], dtype=np.int64)


def _hits(ground: Ground, rule: Rule, found: list[tuple[int, int, Any]]) -> Hits:
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [areas_of(shape) for _one, _other, shape in found]
    return ground.hits(
        rule.key,
        np.array([one for one, _other, _shape in found], dtype=np.int64),
        others=np.array([other for _one, other, _shape in found], dtype=np.int64),
        places=places_in(shapes),
        boxes=shapely.bounds(shapes).reshape(-1, 4),
        figures=shapely.area(shapes),
        unit="m2",
        shapes=shapes,
    )


def places_in(shapes: NDArray[Any]) -> FloatArray:
    """Return a place inside the largest part of each shape, shape (n, 2)."""
    largest = np.empty(len(shapes), dtype=object)
    for number, shape in enumerate(shapes):
        parts = shapely.get_parts(shape)
        largest[number] = parts[np.argmax(shapely.area(parts))]
    return shapely.get_coordinates(shapely.point_on_surface(largest)).reshape(-1, 2)
