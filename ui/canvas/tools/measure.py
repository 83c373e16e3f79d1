"""Measuring on the map: a line or an outline, its figures written beside its edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyproj
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter, QPolygonF

from layers.words import _
from ui.canvas.tools.bands import MapPoint, paint_label, paint_outline, pixels_of
from ui.canvas.tools.sketch import SketchTool
from ui.canvas.tools.tool import Surface
from ui.painting.view import MapView
from zsgis.measuring import Measures, Segment, bearing_text, measure_area, measure_line
from zsgis.measuring_words import area_words, length_words

MEASURE_COLOR = "#B3261E"
_SHORTEST_LABELLED_PX = 56.0


@dataclass(frozen=True)
class Figure:
    """Something measured: its points in map coordinates and what is known of it."""

    points: tuple[MapPoint, ...]
    closed: bool
    measures: Measures

    @classmethod
    def of(cls, points: Sequence[MapPoint], closed: bool, crs: pyproj.CRS) -> Figure:
        """Measure a line or an outline."""
        measure = measure_area if closed else measure_line
        return cls(tuple(points), closed, measure(points, crs))


class Figures:
    """What was measured and not cleared yet, as it lies over the map."""

    def __init__(self) -> None:
        self._shown: tuple[Figure, ...] = ()

    @property
    def shown(self) -> tuple[Figure, ...]:
        """The figures, oldest first."""
        return self._shown

    def add(self, figure: Figure) -> None:
        """Keep a figure."""
        self._shown = (*self._shown, figure)

    def clear(self) -> None:
        """Forget all figures."""
        self._shown = ()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint them in logical pixels."""
        for figure in self._shown:
            paint_figure(painter, view, figure)


class MeasureTool(SketchTool):
    """Measures what is drawn, while it is drawn.

    Parameters
    ----------
    crs : callable
        The map's coordinate system.
    show : callable
        Told the figure under way with every move, and None when it was dropped.
    take : callable
        Told the finished figure.
    """

    def __init__(
        self,
        surface: Surface,
        *,
        crs: Callable[[], pyproj.CRS | None],
        show: Callable[[Figure | None], None],
        take: Callable[[Figure], None],
    ) -> None:
        super().__init__(surface)
        self._crs = crs
        self._show = show
        self._take = take
        self._figure: Figure | None = None

    @property
    def hint(self) -> str:
        """What the mouse does."""
        if not self.is_busy:
            return _("Click the first point. Esc ends measuring.")
        return _("Click adds a point, double click or Enter ends, Backspace takes one back, Esc cancels.")

    def changed(self) -> None:
        """Measure anew."""
        crs, points = self._crs(), self.points
        self._figure = Figure.of(points, self.closed, crs) if crs is not None and points else None
        self._show(self._figure)
        super().changed()

    def done(self, points: Sequence[MapPoint]) -> None:
        """Tell of the finished figure."""
        crs = self._crs()
        if crs is not None:
            self._take(Figure.of(points, self.closed, crs))

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint the figure under way."""
        if self._figure is not None:
            paint_figure(painter, view, self._figure)


class MeasureLengthTool(MeasureTool):
    """Measures a line."""

    key = "tool_measure_length"


class MeasureAreaTool(MeasureTool):
    """Measures an outline."""

    key = "tool_measure_area"
    closed = True


def paint_figure(painter: QPainter, view: MapView, figure: Figure) -> None:
    """Paint a figure with the length and bearing of its edges and, for an outline, its area."""
    pixels = pixels_of(figure.points, view)
    paint_outline(painter, pixels, closed=figure.closed, color=MEASURE_COLOR)
    ends = [pixels.at(number) for number in range(pixels.count())]
    if figure.closed and len(ends) > 2:
        ends.append(ends[0])
    for (start, end), segment in zip(pairwise(ends), figure.measures.segments, strict=False):
        across, down = end.x() - start.x(), end.y() - start.y()
        if across * across + down * down >= _SHORTEST_LABELLED_PX**2:
            paint_label(painter, (start + end) / 2, _segment_text(segment))
    text = _total_text(figure)
    if text and len(ends) > 1:
        paint_label(painter, _total_place(figure, pixels), text, color=MEASURE_COLOR, strong=True)


def _segment_text(segment: Segment) -> str:
    length = segment.ellipsoidal_m if segment.ellipsoidal_m is not None else segment.planar_m
    if length is None:
        return ""
    if segment.bearing_deg is None:
        return length_words(length)
    return f"{length_words(length)}  {bearing_text(segment.bearing_deg)}"


def _total_text(figure: Figure) -> str:
    """Return the area of an outline, or the length of a line of several edges."""
    known = figure.measures
    if figure.closed:
        area = known.ellipsoidal_m2 if known.ellipsoidal_m2 is not None else known.planar_m2
        return area_words(area) if area is not None else ""
    length = known.ellipsoidal_m if known.ellipsoidal_m is not None else known.planar_m
    several = len(known.segments) > 1
    return _("Total {length}").format(length=length_words(length)) if several and length is not None else ""


def _total_place(figure: Figure, pixels: QPolygonF) -> QPointF:
    """Return the middle of an outline, or a place beside the end of a line."""
    if not figure.closed:
        return pixels.at(pixels.count() - 1) + QPointF(0, 22)
    count = pixels.count()
    total = QPointF(0, 0)
    for number in range(count):
        total += pixels.at(number)
    return total / count
