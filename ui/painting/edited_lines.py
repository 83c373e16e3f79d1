"""Outlines of features that were edited, beside the lines of a coarser level."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QPainter

from layers.drawable import DrawableLayer, joint_extent
from layers.drawable_edits import EditedLayer
from ui.painting.class_areas import ClassAreas
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray, ranges
from ui.painting.sampled_fills import Symbols
from ui.painting.screen_lines import has_plain_lines, looks_of, paint_ring_lines
from ui.painting.strokes import clipped, stroke_runs
from ui.painting.view import MapView

Segments = set[tuple[complex, complex]]


def paint_edited_lines(
    painter: QPainter, layer: EditedLayer, areas: ClassAreas, fresh: IntArray, view: MapView, symbols: Symbols
) -> None:
    """Draw the outlines of features that were changed or added.

    A dashed boundary between two neighbours is one line: drawn twice, its gaps would close.

    Parameters
    ----------
    areas : ClassAreas
        The features, in pixels of the view made finer by :data:`ui.painting.sampled_fills.PATH_SAMPLES`.
    fresh : ndarray of int64
        Their rows of ``layer.added``.
    """
    if has_plain_lines(symbols):
        paint_ring_lines(painter, areas, view, symbols)
        return
    looks, of_code = looks_of(symbols, view)
    of_fresh = of_code[layer.added.class_index[fresh]]
    for number, pens in enumerate(looks):
        own = fresh[of_fresh == number]
        if not len(own):
            continue
        neighbours = _neighbours(layer, own)
        neighbours = neighbours[of_code[layer.base.class_index[neighbours]] == number]
        lines = lines_beside(layer.added, own, layer.base, neighbours)
        runs = clipped([view.pixels(line) for line in lines], view)
        for pen in pens:
            stroke_runs(painter, runs, pen)


def _neighbours(layer: EditedLayer, rows: IntArray) -> IntArray:
    """Return the rows of features that are as they were and may touch some that were added."""
    boxes = layer.added.bounds[rows]
    extent = joint_extent([(box[0], box[1], box[2], box[3]) for box in boxes.tolist()])
    return layer.staying(extent) if extent is not None else rows[:0]


def lines_beside(
    layer: DrawableLayer, rows: IntArray, other: DrawableLayer, neighbours: IntArray
) -> list[FloatArray]:
    """Return the outlines of features, each stretch once, without what some neighbours share.

    Returns
    -------
    list of ndarray, shape (n, 2)
        In map coordinates.
    """
    taken = _segments(other, neighbours)[2] if len(neighbours) else set()
    xy, whole, _found = _segments(layer, rows)
    free = whole.copy()
    for place in np.flatnonzero(whole).tolist():
        segment = _named(complex(*xy[place]), complex(*xy[place + 1]))
        free[place] = segment not in taken
        taken.add(segment)
    firsts = np.flatnonzero(free)
    breaks = np.flatnonzero(np.diff(firsts) > 1) + 1
    ends = [0, *breaks.tolist(), len(firsts)]
    return [xy[firsts[a] : firsts[b - 1] + 2] for a, b in pairwise(ends) if b > a]


def _segments(layer: DrawableLayer, rows: IntArray) -> tuple[FloatArray, NDArray[np.bool_], Segments]:
    """Return the vertices of features' rings, which of them begin a segment, and the segments."""
    starts = layer.ring_starts
    rings, _ = ranges(starts[rows], starts[rows + 1])
    places, offsets = ranges(layer.ring_offsets[rings], layer.ring_offsets[rings + 1])
    xy = np.ascontiguousarray(layer.coords[places])
    begins = np.ones(len(xy), dtype=bool)
    begins[offsets[1:] - 1] = False
    points = xy.view(np.complex128)[:, 0].tolist()
    found = {_named(points[place], points[place + 1]) for place in np.flatnonzero(begins).tolist()}
    return xy, begins, found


def _named(start: complex, end: complex) -> tuple[complex, complex]:
    """Return a segment's name, the same from both ends."""
    forwards = (start.real, start.imag) <= (end.real, end.imag)
    return (start, end) if forwards else (end, start)
