"""Boundaries joined across neighbours, for dashed lines: each stands once and runs on as one line."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.clip import FloatArray
from ui.painting.view import MapView

# Administrative boundaries and platforms have tens to some hundreds of shapes. Of parcels each has its own
# dashes: joining thousands would take seconds.
MOST_FEATURES = 500


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Lines in map coordinates with their bounds.

    Attributes
    ----------
    lines : list of ndarray, shape (n, 2)
    bounds : ndarray of float64, shape (lines, 4)
    """

    lines: list[FloatArray]
    bounds: FloatArray

    def near(self, view: MapView, margin_px: float) -> list[FloatArray]:
        """Return the lines that may be seen, in pixels."""
        xmin, ymin, xmax, ymax = view.bounds_with(margin_px)
        own = self.bounds
        meets = (own[:, 0] <= xmax) & (own[:, 2] >= xmin) & (own[:, 1] <= ymax) & (own[:, 3] >= ymin)
        return [view.pixels(self.lines[place]) for place in np.flatnonzero(meets).tolist()]


_joined: WeakKeyDictionary[DrawableLayer, dict[Symbol, Boundaries]] = WeakKeyDictionary()


def joined_outlines(layer: DrawableLayer, symbol: Symbol) -> Boundaries | None:
    """Return the joined boundaries of a symbol's features; None for a layer too large for it."""
    if len(layer) > MOST_FEATURES:
        return None
    known = _joined.setdefault(layer, {})
    if symbol not in known:
        known[symbol] = _join(layer, symbol)
    return known[symbol]


def _join(layer: DrawableLayer, symbol: Symbol) -> Boundaries:
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
    return Boundaries([shapely.get_coordinates(line) for line in lines], shapely.bounds(lines))
