"""Outlines of many polygons on the screen: of a level each shared boundary once, at full detail each ring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter, QPen

from layers.drawable import DrawableLayer
from layers.levels import NO_FEATURE
from ui.painting.class_areas import ClassAreas
from ui.painting.clip import FloatArray
from ui.painting.level_lines import LevelLines, line_pixels
from ui.painting.paths import whole_path
from ui.painting.qlines import FARTHEST_PX, SEGMENTS_AT_ONCE, QLines, qlines
from ui.painting.rings import IntArray
from ui.painting.sampled_fills import PATH_SAMPLES, Symbols
from ui.painting.strokes import clipped, pens_of, stroke_runs
from ui.painting.view import MapView

# Lines up to this width are drawn as single segments: their joints are not seen.
_SEGMENT_WIDTH_PX = 1.5
NO_PEN = -1

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class _Strokes:
    """What some pens draw one after the other: lines with one side of their class, and lines with two."""

    pens: list[QPen]
    once: Mask
    twice: Mask


def paint_level_lines(
    painter: QPainter,
    layer: DrawableLayer,
    lines: LevelLines,
    symbols: Symbols,
    *,
    without: Mask | None = None,
) -> None:
    """Draw the outlines of a level's polygons.

    Parameters
    ----------
    without : ndarray of bool, shape (features + 1,), optional
        Which features have no outline; what they share with others is still drawn, as those others' line.
    """
    for strokes in _strokes(layer, lines, symbols, without):
        if _is_plain(strokes.pens):
            pen = strokes.pens[0]
            _draw_lines(painter, lines, strokes.once, pen)
            _draw_lines(painter, lines, strokes.twice, _doubled(pen))
            continue
        # a dashed boundary between two neighbours is one line: drawn twice, its gaps would close
        both = strokes.once | strokes.twice
        runs = clipped(_apart(*_points(lines, both)), lines.view)
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
    layer: DrawableLayer, lines: LevelLines, symbols: Symbols, without: Mask | None
) -> Iterator[_Strokes]:
    looks, of_code = looks_of(symbols, lines.view)
    nobody = lines.sides == NO_FEATURE
    if without is not None:
        nobody |= without[lines.sides]
    if len(np.unique(of_code[layer.classes_present])) == 1:  # most styles: no side is to be looked up
        left, right = np.where(nobody, NO_PEN, of_code[layer.classes_present[0]]).T
    else:
        left, right = np.where(nobody, NO_PEN, of_code[layer.class_index[lines.sides]]).T
    for number, pens in enumerate(looks):
        on_left, on_right = left == number, right == number
        yield _Strokes(pens, on_left ^ on_right, on_left & on_right)


def looks_of(symbols: Symbols, view: MapView) -> tuple[list[list[QPen]], NDArray[np.int32]]:
    """Return the different outlines, each by its pens, and which of them each class code has."""
    numbers: dict[tuple[Any, ...], int] = {}
    looks: list[list[QPen]] = []
    of_code = np.full(len(symbols), NO_PEN, dtype=np.int32)
    for code, symbol in enumerate(symbols):
        if symbol is None:
            continue
        look = (symbol.stroke, symbol.stroke_mm, symbol.dash, symbol.dash_start_mm, symbol.lines_over)
        if look not in numbers:
            pens = pens_of(symbol, view)
            numbers[look] = len(looks) if pens else NO_PEN
            if pens:
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


def _draw_lines(painter: QPainter, lines: LevelLines, chosen: Mask, pen: QPen) -> None:
    """Draw some lines of a level, thin ones straight from its arrays."""
    if not _is_thin(pen):
        _draw(painter, *_points(lines, chosen), pen)
        return
    _take_thin(painter, pen)
    for array in lines.segments_of(chosen):
        painter.drawLines(array)


def _points(lines: LevelLines, chosen: Mask) -> tuple[FloatArray, IntArray]:
    return line_pixels(lines.level, lines.lines[chosen], lines.view)


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


def segments(xy: FloatArray, offsets: IntArray) -> Iterator[QLines]:
    """Return the segments of lines, those with an end very far out left out."""
    # a line's last point begins no segment, and Qt cannot count very far coordinates
    far = len(xy) > 0 and max(xy.max(), -xy.min()) > FARTHEST_PX
    near = np.abs(xy).max(axis=1) <= FARTHEST_PX if far else np.ones(len(xy), dtype=bool)
    begins = near[:-1] & near[1:]
    begins[offsets[1:-1] - 1] = False
    firsts = np.flatnonzero(begins)
    points = np.ascontiguousarray(xy).view(np.complex128)[:, 0]
    for start in range(0, len(firsts), SEGMENTS_AT_ONCE):
        part = firsts[start : start + SEGMENTS_AT_ONCE]
        array, memory = qlines(len(part))
        ends = memory.view(np.complex128)
        ends[:, 0], ends[:, 1] = points[part], points[part + 1]
        yield array


def _apart(xy: FloatArray, offsets: IntArray) -> list[FloatArray]:
    return [xy[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
