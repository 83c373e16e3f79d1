"""Features by the symbol they are drawn with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Style, Symbol
from ui.painting.rings import IntArray
from ui.painting.view import MapView


def symbols_at(layer_style: Style, view: MapView) -> tuple[Symbol | None, ...]:
    """Return the symbol of each class at a view's scale, by class index; None where it is not shown.

    The last entry is that of features without a class, so that index -1 finds it.
    """
    return layer_style.symbols_at(view.scale_denominator)


def by_symbol(layer: DrawableLayer, rows: IntArray, view: MapView) -> Iterator[tuple[Symbol, IntArray]]:
    """Return each symbol in use with its rows: what has no class first, then the classes in their order.

    Rows of what is not shown at the view's scale are left out.
    """
    symbols = symbols_at(layer.style, view)
    index = layer.class_index[rows]
    for code in np.unique(index).tolist():
        symbol = symbols[code]
        if symbol is not None:
            yield symbol, rows[index == code]


def shown_rows(layer: DrawableLayer, rows: IntArray, view: MapView) -> IntArray:
    """Return the rows without those of classes that are not shown at the view's scale."""
    shown = np.array([symbol is not None for symbol in symbols_at(layer.style, view)])
    return rows if shown.all() else rows[shown[layer.class_index[rows]]]
