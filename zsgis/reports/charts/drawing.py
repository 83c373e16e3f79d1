"""Declared charts as figures of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.words import _
from zsgis.charts import BarChart, Histogram, MatrixChart, Picture, ResultGrid, ResultMap
from zsgis.reports.charts.look import MM_PER_INCH, PAPER, Look, calm, font, number_text
from zsgis.reports.charts.maps import draw_grid, draw_map
from zsgis.reports.charts.matrix import draw_matrix, matrix_size_mm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# more bars than this lie, so that their names can be read
_MOST_UPRIGHT = 12
_MOST_LABELLED_BARS = 60
_FEW_BARS = 6
_BAR_HEIGHT_MM = 6.0


def draw(chart: Picture, width_mm: float = 170.0, height_mm: float = 100.0, look: Look = PAPER) -> Figure:
    """Return a chart or a map as a figure.

    Parameters
    ----------
    width_mm, height_mm : float
        Size of the figure. A chart with many bars is made higher than asked for, a matrix as large as its
        figures need.

    Raises
    ------
    InputError
        When the program's font is missing.
    """
    from matplotlib.figure import Figure

    needed = _needed_mm(chart)
    size = max(width_mm, needed[0]) / MM_PER_INCH, max(height_mm, needed[1]) / MM_PER_INCH
    figure = Figure(figsize=size, layout="constrained", facecolor=look.ground)
    axes = figure.add_subplot(facecolor=look.ground)
    axes.set_title(chart.title, loc="left", fontproperties=font(11), color=look.text, pad=10)
    if isinstance(chart, ResultMap):
        draw_map(axes, chart, look)
    elif isinstance(chart, ResultGrid):
        draw_grid(axes, chart, look)
    elif isinstance(chart, BarChart):
        _bars(axes, chart, look)
    elif isinstance(chart, MatrixChart):
        draw_matrix(axes, chart, look)
    else:
        _histogram(axes, chart, look)
    return figure


def _needed_mm(chart: Picture) -> tuple[float, float]:
    if isinstance(chart, BarChart) and _lies(chart):
        return 0.0, 30.0 + _BAR_HEIGHT_MM * len(chart.categories)
    return matrix_size_mm(chart) if isinstance(chart, MatrixChart) else (0.0, 0.0)


def _lies(chart: BarChart) -> bool:
    longest = max((len(name) for name in chart.categories), default=0)
    # a legend stands beside the bars and takes a third of their width
    letters = 5 * _MOST_UPRIGHT * (0.65 if len(chart.series) > 1 else 1.0)
    return len(chart.categories) > _MOST_UPRIGHT or longest * len(chart.categories) > letters


def _bars(axes: Axes, chart: BarChart, look: Look) -> None:
    place = np.arange(len(chart.categories), dtype=float)
    lies, base = _lies(chart), np.zeros(len(place))
    groups = 1 if chart.stacked else max(len(chart.series), 1)
    thick = 0.72 / groups
    for number, series in enumerate(chart.series):
        values = np.array(series.values, dtype=float)
        single = chart.colors if chart.colors and len(chart.series) == 1 else None
        color = list(single) if single else series.color or look.series[number % len(look.series)]
        at = place + (0.0 if chart.stacked else (number - (groups - 1) / 2) * thick)
        start = base if chart.stacked else np.zeros(len(place))
        heights, label = np.nan_to_num(values), series.label
        drawn = (
            axes.barh(at, heights, thick * 0.94, left=start, color=color, label=label)
            if lies
            else axes.bar(at, heights, thick * 0.94, bottom=start, color=color, label=label)
        )
        base = base + np.nan_to_num(values) if chart.stacked else base
        if len(place) * len(chart.series) <= _MOST_LABELLED_BARS and not chart.stacked:
            texts = [number_text(value, chart.digits) for value in values]
            for text in axes.bar_label(drawn, texts, padding=2):
                text.set_fontproperties(font(8))
                text.set_color(look.text)
    _bar_axes(axes, chart, place, look, lies=lies)
    if len(chart.series) > 1:
        # beside the bars, so that it covers none of them
        axes.legend(
            prop=font(8),
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            borderaxespad=0.0,
            labelcolor=look.text,
        )


def _bar_axes(axes: Axes, chart: BarChart, place: np.ndarray, look: Look, *, lies: bool) -> None:
    calm(axes, look)
    named, valued = (axes.yaxis, axes.xaxis) if lies else (axes.xaxis, axes.yaxis)
    named.set_ticks(place.tolist(), labels=list(chart.categories))
    if lies:
        axes.invert_yaxis()
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(8))
        label.set_color(look.muted)
    named.set_label_text(chart.category_title, fontproperties=font(8), color=look.muted)
    valued.set_label_text(chart.unit, fontproperties=font(8), color=look.muted)
    valued.grid(visible=True, color=look.line, linewidth=0.5)
    valued.set_major_formatter(lambda value, _place: f"{value:,.4f}".rstrip("0").rstrip("."))
    axes.margins(x=0.08 if lies else 0.0, y=0.02 if lies else 0.08)
    if not lies:
        # a few bars stay slim
        room = max(0.5, (_FEW_BARS - len(place)) / 2)
        axes.set_xlim(-room, len(place) - 1 + room)


def _histogram(axes: Axes, chart: Histogram, look: Look) -> None:
    edges = np.array(chart.edges, dtype=float)
    axes.bar(
        edges[:-1],
        chart.counts,
        np.diff(edges),
        align="edge",
        color=look.accent,
        edgecolor=look.ground,
        linewidth=0.5,
    )
    calm(axes, look)
    axes.yaxis.grid(visible=True, color=look.line, linewidth=0.5)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(8))
        label.set_color(look.muted)
    axes.set_xlabel(chart.unit, fontproperties=font(8), color=look.muted)
    axes.set_ylabel(chart.count_unit or _("Number"), fontproperties=font(8), color=look.muted)
    top = max((*chart.counts, 1e-9))
    for number, (name, value) in enumerate(chart.marks.items()):
        axes.axvline(value, color=look.text, linewidth=0.8, linestyle=(0, (4, 3)))
        height = top * (1.02 + 0.07 * (number % 3))
        axes.text(value, height, f" {name}", fontproperties=font(8), color=look.text, va="bottom")
