"""Declared charts as figures of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.words import _
from zsgis.charts import BarChart, Chart, Histogram, MatrixChart, ResultMap
from zsgis.reports.charts.look import (
    ACCENT,
    LINE,
    MM_PER_INCH,
    MUTED,
    SERIES,
    TEXT,
    calm,
    font,
    number_text,
    titled,
)
from zsgis.reports.charts.maps import draw_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# more bars than this lie, so that their names can be read
_MOST_UPRIGHT = 12
_MOST_LABELLED_BARS = 60
_FEW_BARS = 6
_LABELLED_CELLS = 400
_BAR_HEIGHT_MM = 6.0


def draw(chart: Chart | ResultMap, width_mm: float = 170.0, height_mm: float = 100.0) -> Figure:
    """Return a chart or a map as a figure.

    Parameters
    ----------
    width_mm, height_mm : float
        Size of the figure. A chart with many bars is made higher than asked for.

    Raises
    ------
    InputError
        When the program's font is missing.
    """
    from matplotlib.figure import Figure

    height_mm = max(height_mm, _needed_mm(chart))
    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(chart.title, loc="left", fontproperties=font(11), color=TEXT, pad=10)
    if isinstance(chart, ResultMap):
        draw_map(axes, chart)
    elif isinstance(chart, BarChart):
        _bars(axes, chart)
    elif isinstance(chart, MatrixChart):
        _matrix(axes, chart)
    else:
        _histogram(axes, chart)
    return figure


def _needed_mm(chart: Chart | ResultMap) -> float:
    if isinstance(chart, BarChart) and _lies(chart):
        return 30.0 + _BAR_HEIGHT_MM * len(chart.categories)
    if isinstance(chart, MatrixChart):
        return 40.0 + _BAR_HEIGHT_MM * len(chart.rows)
    return 0.0


def _lies(chart: BarChart) -> bool:
    longest = max((len(name) for name in chart.categories), default=0)
    return len(chart.categories) > _MOST_UPRIGHT or longest * len(chart.categories) > 5 * _MOST_UPRIGHT


def _bars(axes: Axes, chart: BarChart) -> None:
    place = np.arange(len(chart.categories), dtype=float)
    lies, base = _lies(chart), np.zeros(len(place))
    groups = 1 if chart.stacked else max(len(chart.series), 1)
    thick = 0.72 / groups
    for number, series in enumerate(chart.series):
        values = np.array(series.values, dtype=float)
        single = chart.colors if chart.colors and len(chart.series) == 1 else None
        color = list(single) if single else series.color or SERIES[number % len(SERIES)]
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
                text.set_color(TEXT)
    _bar_axes(axes, chart, place, lies=lies)
    if len(chart.series) > 1:
        # beside the bars, so that it covers none of them
        axes.legend(
            prop=font(8),
            frameon=False,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            borderaxespad=0.0,
            labelcolor=TEXT,
        )


def _bar_axes(axes: Axes, chart: BarChart, place: np.ndarray, *, lies: bool) -> None:
    calm(axes)
    named, valued = (axes.yaxis, axes.xaxis) if lies else (axes.xaxis, axes.yaxis)
    named.set_ticks(place.tolist(), labels=list(chart.categories))
    if lies:
        axes.invert_yaxis()
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(8))
        label.set_color(MUTED)
    named.set_label_text(chart.category_title, fontproperties=font(8), color=MUTED)
    valued.set_label_text(chart.unit, fontproperties=font(8), color=MUTED)
    valued.grid(visible=True, color=LINE, linewidth=0.5)
    valued.set_major_formatter(lambda value, _place: f"{value:,g}")
    axes.margins(x=0.08 if lies else 0.0, y=0.02 if lies else 0.08)
    if not lies:
        # a few bars stay slim
        room = max(0.5, (_FEW_BARS - len(place)) / 2)
        axes.set_xlim(-room, len(place) - 1 + room)


def _matrix(axes: Axes, chart: MatrixChart) -> None:
    values = np.array(chart.values, dtype=float).reshape(len(chart.rows), len(chart.columns))
    size = np.log1p(np.abs(np.nan_to_num(values)))
    axes.imshow(
        size, cmap="Blues", aspect="auto", vmin=0.0, vmax=max(float(size.max(initial=0.0)) * 1.3, 1e-9)
    )
    calm(axes)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xticks(range(len(chart.columns)), labels=list(chart.columns), rotation=90)
    axes.set_yticks(range(len(chart.rows)), labels=list(chart.rows))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(8))
        label.set_color(MUTED)
    axes.set_xlabel(titled(chart.column_title, chart.unit), fontproperties=font(8), color=MUTED)
    axes.set_ylabel(chart.row_title, fontproperties=font(8), color=MUTED)
    if values.size <= _LABELLED_CELLS:
        strong = float(size.max(initial=0.0)) * 0.8
        for (row, column), value in np.ndenumerate(values):
            if value:
                color = "#FFFFFF" if size[row, column] > strong > 0 else TEXT
                text = number_text(float(value), chart.digits)
                axes.text(column, row, text, ha="center", va="center", color=color, fontproperties=font(7))


def _histogram(axes: Axes, chart: Histogram) -> None:
    edges = np.array(chart.edges, dtype=float)
    axes.bar(
        edges[:-1],
        chart.counts,
        np.diff(edges),
        align="edge",
        color=ACCENT,
        edgecolor="#FFFFFF",
        linewidth=0.5,
    )
    calm(axes)
    axes.yaxis.grid(visible=True, color=LINE, linewidth=0.5)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(8))
        label.set_color(MUTED)
    axes.set_xlabel(chart.unit, fontproperties=font(8), color=MUTED)
    axes.set_ylabel(chart.count_unit or _("Number"), fontproperties=font(8), color=MUTED)
    top = max((*chart.counts, 1e-9))
    for number, (name, value) in enumerate(chart.marks.items()):
        axes.axvline(value, color=TEXT, linewidth=0.8, linestyle=(0, (4, 3)))
        height = top * (1.02 + 0.07 * (number % 3))
        axes.text(value, height, f" {name}", fontproperties=font(8), color=TEXT, va="bottom")
