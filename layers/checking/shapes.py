"""Faults of single shapes: missing, invalid, repeated vertices, spikes, slivers, holes, parts."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import shapely

from layers.checking.model import FloatArray, Hits, IntArray
from layers.checking.rules import Rule, RuleSet
from layers.checking.spread import spread, stretches
from layers.checking.subject import Ground
from layers.kind import GeometryType
from layers.progress import Progress
from layers.ragged import shapes_of
from layers.shape_words import fault, fault_words

_VERTICES_AT_ONCE = 250_000
_PLACED = re.compile(r"\[(\S+) ([^\s\]]+)")


def existence(ground: Ground) -> list[Hits]:
    """Return features without a shape, and those with a coordinate that is no number."""
    own = ground.subject.shapes
    found = [ground.hits("geometry.not_finite", ground.not_finite)]
    if not ground.subject.kind.shape_optional:
        found.insert(0, ground.hits("geometry.missing", np.flatnonzero(np.diff(own.coord_offsets) == 0)))
    return found


def parts(ground: Ground) -> Hits:
    """Return features of several parts; the figure is how many."""
    counts = np.diff(ground.shapes.feature_offsets)
    rows = np.flatnonzero(counts > 1)
    return ground.hits("geometry.multipart", rows, figures=counts[rows].astype(np.float64), unit="parts")


def slivers(ground: Ground, rule: Rule, without: IntArray) -> Hits:
    """Return features narrower than the rule allows; the figure is the mean width 2 A / P, m.

    Parameters
    ----------
    without : ndarray of int64
        Rows of invalid features: their rings' areas say nothing.
    """
    lengths = _ring_lengths(ground)
    around = np.bincount(ground.ring_features, weights=lengths, minlength=len(ground.shapes))
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2.0 * ground.areas / around
    width[without] = np.inf
    rows = np.flatnonzero(width < rule.number("width_m"))
    return ground.hits(rule.key, rows, figures=width[rows], unit="m")


def tiny_holes(ground: Ground, rule: Rule) -> Hits:
    """Return holes smaller than the rule allows; the figure is the area, m2."""
    areas = np.abs(ground.ring_areas)
    rings = np.flatnonzero(~ground.outer & (areas < rule.number("area_m2")))
    return ground.hits(
        rule.key,
        ground.ring_features[rings],
        boxes=_ring_boxes(ground, rings),
        figures=areas[rings],
        unit="m2",
    )


def _ring_boxes(ground: Ground, rings: IntArray) -> FloatArray:
    boxes = np.empty((len(rings), 4))
    for place, ring in enumerate(rings.tolist()):
        first, last = ground.shapes.ring_offsets[ring : ring + 2]
        coords = ground.shapes.coords[first:last]
        boxes[place] = (*coords.min(axis=0), *coords.max(axis=0))
    return boxes


def _ring_lengths(ground: Ground) -> FloatArray:
    shapes = ground.shapes
    lengths = np.zeros(len(shapes.ring_offsets) - 1)
    for first, last in stretches(shapes.ring_offsets.tolist(), _VERTICES_AT_ONCE):
        ends = shapes.ring_offsets[first : last + 1]
        sides = np.hypot(*np.diff(shapes.coords[ends[0] : ends[-1]], axis=0, append=0.0).T)
        sides[ends[1:] - ends[0] - 1] = 0.0
        lengths[first:last] = np.add.reduceat(sides, ends[:-1] - ends[0])
    return lengths


def invalid(ground: Ground, rule: Rule, progress: Progress) -> Hits:
    """Return shapes that break the rules of simple features, with the place GEOS names."""
    shapes = ground.shapes

    def look(stretch: tuple[int, int]) -> list[tuple[int, str]]:
        first, last = stretch
        polygons = shapes_of(shapes.stretch(first, last), GeometryType.POLYGON)
        bad = np.flatnonzero(~shapely.is_valid(polygons))
        return [(first + int(row), str(shapely.is_valid_reason(polygons[row]))) for row in bad]

    tasks = stretches(shapes.coord_offsets.tolist(), _VERTICES_AT_ONCE)
    found = [one for part in spread(look, tasks, progress) for one in part]
    rows = np.array([row for row, _reason in found], dtype=np.int64)
    places = np.full((len(found), 2), np.nan)
    for number, (_row, reason) in enumerate(found):
        placed = _PLACED.search(reason)
        if placed:
            places[number] = float(placed[1]), float(placed[2])
    hits = ground.hits(rule.key, rows, places=places)
    words = [fault_words(fault(reason)) for _row, reason in found]
    return replace(hits, values=words)


def vertices(ground: Ground, rules: RuleSet, progress: Progress) -> list[Hits]:
    """Return repeated vertices (one finding a feature, the figure is how many) and spikes (one each)."""
    shapes = ground.shapes
    tasks = stretches(shapes.ring_offsets.tolist(), _VERTICES_AT_ONCE)
    near = rules["geometry.repeated_vertex"].number("distance_m")
    sharp = rules["geometry.spike"]

    def look(stretch: tuple[int, int]) -> tuple[IntArray, IntArray, FloatArray]:
        first, last = stretch
        ends = shapes.ring_offsets[first : last + 1]
        coords = shapes.coords[ends[0] : ends[-1]]
        repeated = repeated_vertices(coords, ends - ends[0], near)
        tips, widths = spike_tips(coords, ends - ends[0], sharp, near)
        return repeated + ends[0], tips + ends[0], widths

    found = spread(look, tasks, progress)
    repeated = np.concatenate([one[0] for one in found]) if found else np.empty(0, np.int64)
    tips = np.concatenate([one[1] for one in found]) if found else np.empty(0, np.int64)
    widths = np.concatenate([one[2] for one in found]) if found else np.empty(0)
    rows, firsts, counts = np.unique(ground.rows_of_coords(repeated), return_index=True, return_counts=True)
    return [
        ground.hits(
            "geometry.repeated_vertex",
            rows,
            places=shapes.coords[repeated[firsts]],
            figures=counts.astype(np.float64),
            unit="vertices",
        ),
        ground.hits(
            "geometry.spike",
            ground.rows_of_coords(tips),
            places=shapes.coords[tips],
            figures=widths,
            unit="m",
        ),
    ]


def repeated_vertices(coords: FloatArray, offsets: IntArray, distance: float) -> IntArray:
    """Return vertices that lie on the one before them in their ring; the one that closes it does not count.

    Parameters
    ----------
    coords : ndarray, shape (n, 2)
        Closed rings, one behind the other, in metres.
    """
    steps = np.zeros(len(coords))
    strides = np.diff(coords, axis=0)
    strides *= strides
    steps[1:] = strides.sum(axis=1)
    steps[offsets[:-1]] = np.inf
    return np.flatnonzero(steps <= distance * distance)


def spike_tips(coords: FloatArray, offsets: IntArray, rule: Rule, near: float) -> tuple[IntArray, FloatArray]:
    """Return vertices at which a ring turns back on itself, and how wide the spike is there.

    The width is taken where the shorter of its two sides ends. Vertices that repeat the one before count as
    one with it.

    Parameters
    ----------
    coords : ndarray, shape (n, 2)
        Closed rings, one behind the other, in metres.
    """
    keep = np.ones(len(coords), dtype=np.bool_)
    keep[repeated_vertices(coords, offsets, near)] = False
    keep[offsets[1:] - 1] = False  # the last vertex is the first
    places = np.flatnonzero(keep)
    counts = np.add.reduceat(keep, offsets[:-1], dtype=np.int64) if len(places) else np.empty(0, np.int64)
    # vertices before and after, round each ring
    stops = np.cumsum(counts)
    some = counts > 0
    starts, lasts = (stops - counts)[some], stops[some] - 1
    here = coords[places]
    before, after = np.roll(here, 1, axis=0), np.roll(here, -1, axis=0)
    before[starts], after[lasts] = here[lasts], here[starts]
    before -= here
    after -= here
    along = before[:, 0] * after[:, 0] + before[:, 1] * after[:, 1]
    across = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])
    sharp = np.flatnonzero(across < np.tan(np.radians(rule.number("angle_deg"))) * along)
    a, b = np.hypot(*before[sharp].T), np.hypot(*after[sharp].T)
    width = across[sharp] / np.maximum(a, b)  # the shorter side times the sine of the angle
    tip = (width < rule.number("width_m")) & (np.repeat(counts, counts)[sharp] > 3)
    return places[sharp[tip]], width[tip]
