"""A table of figures shaded by size; as large as its figures need, so that each stands within its cell."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from zsgis.charts import MatrixChart
from zsgis.reports.charts.look import Look, calm, font, number_text, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LABELLED_CELLS = 400
_FIGURE_PT, _NAME_PT = 7.0, 8.0
_MM_PER_PT = 25.4 / 72.0
# a figure is about this share of its height wide, in the font that charts are written in
_DIGIT = 0.6
_CELL_MM = 6.0


def matrix_size_mm(chart: MatrixChart) -> tuple[float, float]:
    """Return the least width and height at which every figure stands within its cell, in mm."""
    rows = max((_width_mm(name, _NAME_PT) for name in chart.rows), default=0.0)
    columns = max((_width_mm(name, _NAME_PT) for name in chart.columns), default=0.0)
    return (
        20.0 + rows + len(chart.columns) * _cell_mm(chart),
        30.0 + (columns if _upright(chart) else 4.0) + _CELL_MM * len(chart.rows),
    )


def draw_matrix(axes: Axes, chart: MatrixChart, look: Look) -> None:
    """Draw a matrix into axes: darker cells hold more, on a logarithmic scale; zeros stay empty."""
    from matplotlib.colors import LinearSegmentedColormap

    values = np.array(chart.values, dtype=float).reshape(len(chart.rows), len(chart.columns))
    size = np.log1p(np.abs(np.nan_to_num(values)))
    most = float(size.max(initial=0.0))
    shades = LinearSegmentedColormap.from_list("shades", [look.ground, look.accent])
    full = max(most * 1.15, 1e-9)
    axes.imshow(size, cmap=shades, aspect="auto", vmin=0.0, vmax=full)
    calm(axes, look)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    turned = 90.0 if _upright(chart) else 0.0
    axes.set_xticks(range(len(chart.columns)), labels=list(chart.columns), rotation=turned)
    axes.set_yticks(range(len(chart.rows)), labels=list(chart.rows))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(_NAME_PT))
        label.set_color(look.muted)
    axes.set_xlabel(titled(chart.column_title, chart.unit), fontproperties=font(_NAME_PT), color=look.muted)
    axes.set_ylabel(chart.row_title, fontproperties=font(_NAME_PT), color=look.muted)
    if values.size > _LABELLED_CELLS:
        return
    for (row, column), value in np.ndenumerate(values):
        if value:
            color = _ink(shades(size[row, column] / full))
            text = number_text(float(value), chart.digits)
            axes.text(
                column, row, text, ha="center", va="center", color=color, fontproperties=font(_FIGURE_PT)
            )


def _ink(shade: tuple[float, float, float, float]) -> str:
    """Return black or white, whichever is read better: on any shade its contrast is 4.5 and more."""
    from matplotlib.colors import to_rgb

    on = _luminance(shade[:3])

    def contrast(color: str) -> float:
        low, high = sorted((on, _luminance(to_rgb(color))))
        return (high + 0.05) / (low + 0.05)

    return max(("#000000", "#FFFFFF"), key=contrast)


def _luminance(color: tuple[float, float, float]) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _cell_mm(chart: MatrixChart) -> float:
    if len(chart.rows) * len(chart.columns) > _LABELLED_CELLS:
        return _CELL_MM
    texts = (number_text(float(value), chart.digits) for row in chart.values for value in row if value)
    return max(_CELL_MM, 2.0 + max((_width_mm(text, _FIGURE_PT) for text in texts), default=0.0))


def _upright(chart: MatrixChart) -> bool:
    """Tell whether the names of columns are wider than their cells, and so stand on end."""
    room = _cell_mm(chart) - 1.0
    return any(_width_mm(name, _NAME_PT) > room for name in chart.columns)


def _width_mm(text: str, size_pt: float) -> float:
    """Return about how wide a text is; Chinese characters are as wide as they are high."""
    wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else _DIGIT for letter in text)
    return wide * size_pt * _MM_PER_PT
