"""Features by the symbol they are drawn with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.rings import IntArray


def by_symbol(layer: DrawableLayer, rows: IntArray) -> Iterator[tuple[Symbol, IntArray]]:
    """Return each symbol in use with its rows: what has no class first, then the classes in their order."""
    index = layer.class_index[rows]
    for code in np.unique(index).tolist():
        symbol = layer.style.symbol if code < 0 else layer.style.rules[code].symbol
        yield symbol, rows[index == code]
