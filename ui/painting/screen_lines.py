"""Outlines of many polygons on the screen: of a level each shared boundary once, at full detail each ring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF, Qt
from PyQt6.QtGui import QPainter, QPen

from layers.drawable import DrawableLayer
from layers.levels import NO_FEATURE, Level
from ui.painting.class_areas import ClassAreas
from ui.painting.clip import FloatArray
from ui.painting.level_rings import line_pixels, lines_in
from ui.painting.paths import whole_path
from ui.painting.rings import REACH_PX, IntArray, ranges
from ui.painting.sampled_fills import PATH_SAMPLES, Symbols
from ui.painting.strokes import clipped, pens_of, stroke_runs
from ui.painting.view import MapView

# Lines up to this width are drawn as single segments: their joints are not seen.
_SEGMENT_WIDTH_PX = 1.5
# A segment with an end so far out is left to the layer at full detail.
_FARTHEST_PX = 4 * REACH_PX
_SEGMENTS_AT_ONCE = 1 << 15
NO_PEN = -1


@dataclass(frozen=True)
class _Strokes:
    """What some pens draw one after the other: lines with one side of their class, and lines with two."""

    pens: list[QPen]
    once: IntArray
    twice: IntArray


def paint_level_lines(
    painter: QPainter,
    layer: DrawableLayer,
    level: Level,
    view: MapView,
    symbols: Symbols,
    margin_px: float,
    *,
    without: NDArray[np.bool_] | None = None,
) -> None:
    """Draw the outlines of a level's polygons.

    Parameters
    ----------
    without : ndarray of bool, shape (features + 1,), optional
        Which features have no outline; what they share with others is still drawn, as those others' line.
    """
    lines = lines_in(level, view, margin_px)
    for strokes in _strokes(layer, level, lines, view, symbols, without):
        if _is_plain(strokes.pens):
            pen = strokes.pens[0]
            _draw_lines(painter, level, strokes.once, view, pen)
            _draw_lines(painter, level, strokes.twice, view, _doubled(pen))
            continue
        # a dashed boundary between two neighbours is one line: drawn twice, its gaps would close
        both = np.sort(np.concatenate([strokes.once, strokes.twice]))
        runs = clipped(_apart(*line_pixels(level, both, view)), view)
        for pen in strokes.pens:
            stroke_runs(painter, runs, pen)


def has_plain_lines(symbols: Symbols) -> bool:
    """Tell whether all outlines are solid lines, one for each symbol."""
    return not any(symbol is not None and (symbol.dash or symbol.lines_over) for symbol in symbols)


def paint_ring_lines(painter: QPainter, areas: ClassAreas, view: MapView, symbols: Symbols) -> None:
    """Draw the outlines of polygons at full detail with solid pens; a shared boundary is drawn twice.

    Parameters
    ----------
    areas : ClassAreas
        In pixels of the view made finer by :data:`PATH_SAMPLES`.
    """
    looks, of_code = looks_of(symbols, view)
    for code in areas.codes:
        if of_code[code] == NO_PEN:
            continue
        pen = looks[of_code[code]][0]
        xy, offsets = areas.near(code)
        _draw(painter, xy / PATH_SAMPLES, offsets, pen)
        far = [ring / PATH_SAMPLES for rings in areas.far(code) for ring in rings]
        stroke_runs(painter, clipped(far, view), pen)


def _strokes(
    layer: DrawableLayer,
    level: Level,
    lines: IntArray,
    view: MapView,
    symbols: Symbols,
    without: NDArray[np.bool_] | None,
) -> Iterator[_Strokes]:
    looks, of_code = looks_of(symbols, view)
    sides = level.line_sides[lines]
    nobody = sides == NO_FEATURE
    if without is not None:
        nobody |= without[sides]
    if _is_uniform(layer, of_code):  # most styles: nothing is to be looked up for millions of sides
        left, right = np.where(nobody, NO_PEN, of_code[layer.class_index[0]]).T
    else:
        left, right = np.where(nobody, NO_PEN, of_code[layer.class_index[sides]]).T
    for number, pens in enumerate(looks):
        on_left, on_right = left == number, right == number
        yield _Strokes(pens, lines[on_left ^ on_right], lines[on_left & on_right])


def _is_uniform(layer: DrawableLayer, of_code: NDArray[np.int32]) -> bool:
    """Tell whether all features of a layer have the same outline."""
    present = np.flatnonzero(np.bincount(layer.class_index + 1)) - 1
    return len(np.unique(of_code[present])) == 1


def looks_of(symbols: Symbols, view: MapView) -> tuple[list[list[QPen]], NDArray[np.int32]]:
    """Return the different outlines, each by its pens, and which of them each class code has."""
    numbers: dict[tuple[Any, ...], int] = {}
    looks: list[list[QPen]] = []
    of_code = np.full(len(symbols), NO_PEN, dtype=np.int32)
    for code, symbol in enumerate(symbols):
        pens = pens_of(symbol, view) if symbol is not None else []
        if symbol is None or not pens:
            continue
        look = (symbol.stroke, symbol.stroke_mm, symbol.dash, symbol.dash_start_mm, symbol.lines_over)
        if look not in numbers:
            numbers[look] = len(looks)
            looks.append(pens)
        of_code[code] = numbers[look]
    return looks, of_code


def _is_plain(pens: list[QPen]) -> bool:
    return len(pens) == 1 and pens[0].style() is not Qt.PenStyle.CustomDashLine


def _doubled(pen: QPen) -> QPen:
    """Return a pen that leaves as much ink as two neighbours' outlines drawn over each other.

    A thin line covers a share ``w`` of the pixels along it, drawn twice ``2 w - w²``.
    """
    width = pen.widthF()
    if width >= 1:
        return pen
    wider = QPen(pen)
    wider.setWidthF(2 * width - width * width)
    return wider


def _draw_lines(painter: QPainter, level: Level, lines: IntArray, view: MapView, pen: QPen) -> None:
    """Draw lines of a level, thin ones straight from its arrays."""
    if not _is_thin(pen):
        _draw(painter, *line_pixels(level, lines, view), pen)
    elif len(lines):
        _take_thin(painter, pen)
        for array in level_segments(level, lines, view):
            painter.drawLines(array)


def _draw(painter: QPainter, xy: FloatArray, offsets: IntArray, pen: QPen) -> None:
    if not len(xy):
        return
    if _is_thin(pen):
        _take_thin(painter, pen)
        for array in segments(xy, offsets):
            painter.drawLines(array)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(whole_path(xy, offsets))


def _is_thin(pen: QPen) -> bool:
    return pen.widthF() <= _SEGMENT_WIDTH_PX


def _take_thin(painter: QPainter, pen: QPen) -> None:
    """Take a pen for single segments: round ends of those shorter than a pixel would be most of the ink."""
    pen = QPen(pen)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)


def level_segments(level: Level, lines: IntArray, view: MapView) -> Iterator[Any]:
    """Return the segments of some lines of a level, in pixels, as arrays of QLineF.

    They come in stretches that fit a processor's cache: a million at once take twice as long.
    """
    starts, ends = level.line_offsets[lines], level.line_offsets[lines + 1]
    # coarse levels consist of lines with two points each
    firsts = starts if len(lines) and int((ends - starts).max()) <= 2 else ranges(starts, ends - 1)[0]
    points = np.ascontiguousarray(level.line_coords).view(np.complex64)[:, 0]
    origin = view.to_pixel(*level.origin)
    for start in range(0, len(firsts), _SEGMENTS_AT_ONCE):
        part = firsts[start : start + _SEGMENTS_AT_ONCE]
        array, memory = _lines(len(part))
        for end in (0, 1):
            found = points[part + end]
            x, y = memory[:, 2 * end], memory[:, 2 * end + 1]
            np.multiply(found.real, 1 / view.units_per_px, out=x)
            np.multiply(found.imag, -1 / view.units_per_px, out=y)
            x += origin[0]
            y += origin[1]
        if max(memory.max(), -memory.min()) > _FARTHEST_PX:  # Qt cannot count very far coordinates
            array = _as_lines(memory[np.abs(memory).max(axis=1) <= _FARTHEST_PX])
        yield array


def segments(xy: FloatArray, offsets: IntArray) -> Iterator[Any]:
    """Return the segments of lines as arrays of QLineF, written by memory instead of one by one."""
    # a line's last point begins no segment, and Qt cannot count very far coordinates
    far = len(xy) > 0 and max(xy.max(), -xy.min()) > _FARTHEST_PX
    near = np.abs(xy).max(axis=1) <= _FARTHEST_PX if far else np.ones(len(xy), dtype=bool)
    begins = near[:-1] & near[1:]
    begins[offsets[1:-1] - 1] = False
    firsts = np.flatnonzero(begins)
    points = np.ascontiguousarray(xy).view(np.complex128)[:, 0]
    for start in range(0, len(firsts), _SEGMENTS_AT_ONCE):
        part = firsts[start : start + _SEGMENTS_AT_ONCE]
        array, memory = _lines(len(part))
        ends = memory.view(np.complex128)
        ends[:, 0], ends[:, 1] = points[part], points[part + 1]
        yield array


def _as_lines(found: FloatArray) -> Any:
    array, memory = _lines(len(found))
    memory[:] = found
    return array


def _lines(count: int) -> tuple[Any, FloatArray]:
    """Return an array of QLineF and its memory: x and y of both ends in a row."""
    make: Any = sip.array
    array = make(QLineF, count)
    memory = np.frombuffer(array, dtype=np.float64) if count else np.empty(0)
    return array, memory.reshape(-1, 4)


def _apart(xy: FloatArray, offsets: IntArray) -> list[FloatArray]:
    return [xy[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
