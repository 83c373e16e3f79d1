"""Boundaries joined across neighbours, for dashed lines: each stands once and runs on as one line."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.clip import FloatArray

# Administrative boundaries, platforms and control lines have tens to some hundreds of shapes. Dashing a
# layer of many thousand parcels would not be readable, and joining them would take seconds.
MOST_FEATURES = 2000

_joined: WeakKeyDictionary[DrawableLayer, dict[Symbol, list[FloatArray]]] = WeakKeyDictionary()


def joined_outlines(layer: DrawableLayer, symbol: Symbol) -> list[FloatArray] | None:
    """Return the boundaries of a symbol's features in map coordinates; None for a layer too large."""
    if len(layer) > MOST_FEATURES:
        return None
    known = _joined.setdefault(layer, {})
    if symbol not in known:
        known[symbol] = _join(layer, symbol)
    return known[symbol]


def _join(layer: DrawableLayer, symbol: Symbol) -> list[FloatArray]:
    import shapely

    rules = layer.style.rules
    codes = [code for code, rule in enumerate(rules) if rule.symbol == symbol]
    codes += [-1] if layer.style.symbol == symbol else []
    starts, offsets = layer.ring_starts, layer.ring_offsets
    rings = [
        shapely.LineString(layer.coords[offsets[ring] : offsets[ring + 1]])
        for row in np.flatnonzero(np.isin(layer.class_index, codes)).tolist()
        for ring in range(int(starts[row]), int(starts[row + 1]))
    ]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(rings)))
    return [shapely.get_coordinates(line) for line in lines]
