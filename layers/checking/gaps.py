"""Ground between features that no feature claims."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.checking.edges import Sides
from layers.checking.model import FloatArray, Hits, IntArray
from layers.checking.neighbours import Neighbours
from layers.checking.overlaps import mean_width, places_in
from layers.checking.rules import Rule
from layers.checking.slits import open_slits
from layers.checking.spread import aside, spread, stretches
from layers.checking.subject import Ground
from layers.progress import Progress, ProgressPart
from layers.words import _

_SIDES_AT_ONCE = 5_000
_PAIRS_AT_ONCE = 500
_BESIDE_M = 1e-3


def gaps(
    ground: Ground, neighbours: Neighbours, sides: Sides, rule: Rule, progress: Progress
) -> tuple[Hits, int]:
    """Return the gaps, each once, with the two features along most of its edge, and how many do not count.

    What sides are left over is noded and closed to faces; a face in which no feature lies is a gap. In a
    layer that need not cover the ground only narrow ones are. Narrow ground that is open at its ends is a gap
    too.
    """
    faces = _faces(ground, sides, neighbours, ProgressPart(progress, 0.0, 0.5))
    empty = faces[_uncovered(neighbours, faces, ProgressPart(progress, 0.5, 0.6))]
    areas, widths = shapely.area(empty), mean_width(empty)
    counts = (areas >= rule.number("area_m2")) & (widths >= rule.number("width_m"))
    below = int((~counts & (areas > 0)).sum())
    if ground.subject.kind.key not in rule.kinds:
        counts &= widths <= rule.number("narrow_m")
    chosen = empty[counts]
    beside = _beside(neighbours, chosen, ProgressPart(progress, 0.6, 0.7))
    slits, between = open_slits(ground, neighbours, sides, rule, chosen, ProgressPart(progress, 0.7, 1.0))
    chosen, beside = np.concatenate([chosen, slits]), np.concatenate([beside, between])
    order = np.lexsort((beside[:, 1], beside[:, 0])) if len(chosen) else np.empty(0, dtype=np.int64)
    chosen, beside = chosen[order], beside[order]
    hits = ground.hits(
        rule.key,
        beside[:, 0],
        others=beside[:, 1],
        places=places_in(chosen),
        boxes=shapely.bounds(chosen).reshape(-1, 4),
        figures=shapely.area(chosen),
        unit="m2",
        shapes=chosen,
    )
    values = [_("{width} m wide on average").format(width=f"{width:.3f}") for width in strip_width(chosen)]
    return replace(hits, values=values), below


def strip_width(shapes: NDArray[Any]) -> FloatArray:
    """Return the shorter side of the rectangle that has a shape's area and outline, m."""
    areas, half = shapely.area(shapes), shapely.length(shapes) / 2
    root = np.sqrt(np.maximum(half**2 - 4 * areas, 0.0))  # rounder than a square: as for a square's outline
    return np.asarray((half - root) / 2, dtype=np.float64)


def _clusters(ground: Ground, sides: Sides, neighbours: Neighbours) -> list[NDArray[np.int64]]:
    """Return the sides left over in groups between which no feature's box reaches, as indexes into them."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = np.unique(sides.rows)
    one, other = neighbours.pairs(rows, -_BESIDE_M)
    count = len(ground.shapes)
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _number, label = connected_components(graph, directed=False)
    labels = label[sides.rows]
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order], prepend=-1, append=np.iinfo(label.dtype).max))
    return [order[first:last] for first, last in pairwise(ends.tolist())]


def _faces(ground: Ground, sides: Sides, neighbours: Neighbours, progress: Progress) -> NDArray[Any]:
    """Return the faces that the sides left over enclose."""
    groups = aside(lambda: _clusters(ground, sides, neighbours), progress)
    offsets = np.concatenate([[0], np.cumsum([len(group) for group in groups])]).astype(np.int64)

    def enclose(stretch: tuple[int, int]) -> NDArray[Any]:
        own = np.concatenate(groups[stretch[0] : stretch[1]])
        starts = sides.starts[own]
        ends = np.stack([ground.shapes.coords[starts], ground.shapes.coords[starts + 1]], axis=1)
        lines = shapely.union_all(shapely.linestrings(ends))
        return shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))

    found = spread(enclose, stretches(offsets.tolist(), _SIDES_AT_ONCE), progress)
    return np.concatenate(found) if found else np.empty(0, dtype=object)


def _uncovered(neighbours: Neighbours, faces: NDArray[Any], progress: Progress) -> NDArray[np.bool_]:
    """Tell in which faces no feature lies."""
    points = shapely.get_coordinates(shapely.point_on_surface(faces)).reshape(-1, 2)
    face, row = neighbours.meeting(np.concatenate([points, points], axis=1), -_BESIDE_M)
    free = np.ones(len(faces), dtype=np.bool_)

    def look(start: int) -> IntArray:
        part = slice(start, start + _SIDES_AT_ONCE)
        inside = shapely.intersects_xy(polygons[part], points[face[part], 0], points[face[part], 1])
        return face[part][inside]

    polygons = neighbours.usable(row, progress)
    for covered in spread(look, range(0, len(face), _SIDES_AT_ONCE), progress):
        free[covered] = False
    return free


def _beside(neighbours: Neighbours, shapes: NDArray[Any], progress: Progress) -> NDArray[np.int64]:
    """Return for each gap the two features that have most of its edge; -1 where there is none."""
    found = np.full((len(shapes), 2), -1, dtype=np.int64)
    if not len(shapes):
        return found
    which, rows = neighbours.meeting(shapely.bounds(shapes), -2 * _BESIDE_M)
    polygons = neighbours.usable(rows, progress)

    def measure(start: int) -> FloatArray:
        part = slice(start, start + _PAIRS_AT_ONCE)
        return edge_lengths(shapes[which[part]], polygons[part])

    starts = range(0, len(which), _PAIRS_AT_ONCE)
    lengths = np.concatenate([np.empty(0), *spread(measure, starts, progress)])
    order = np.lexsort((rows, -lengths, which))
    which, rows, lengths = which[order], rows[order], lengths[order]
    for number in range(len(shapes)):
        if number % 1000 == 0:
            progress.step(number / len(shapes))
        first, last = np.searchsorted(which, [number, number + 1])
        best = rows[first:last][lengths[first:last] > 0][:2]
        found[number, : len(best)] = best
    return found


def edge_lengths(gaps_: NDArray[Any], polygons: NDArray[Any]) -> FloatArray:
    """Return how long each polygon runs along its gap, in metres; within a millimetre counts as along."""
    grown = shapely.buffer(gaps_, _BESIDE_M, quad_segs=1)
    lengths: FloatArray = shapely.length(shapely.intersection(shapely.boundary(polygons), grown))
    return np.where(lengths > 4 * _BESIDE_M, lengths, 0.0)
