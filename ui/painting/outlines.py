"""Boundaries joined across neighbours, for dashed lines: each stands once and runs on as one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Symbol
from ui.painting.classes import symbols_at
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


_joined: WeakKeyDictionary[DrawableLayer, dict[tuple[int, ...], Boundaries]] = WeakKeyDictionary()


def joined_outlines(layer: DrawableLayer, symbol: Symbol, view: MapView) -> Boundaries | None:
    """Return the joined boundaries of the features drawn with a symbol; None for a layer too large for it."""
    if len(layer) > MOST_FEATURES or layer.ranks is not None:  # a part of a layer has not all its boundaries
        return None
    symbols = symbols_at(layer.style, view)
    places = tuple(place for place, other in enumerate(symbols) if other == symbol)
    known = _joined.setdefault(layer, {})
    if places not in known:
        known[places] = _join(layer, places)
    return known[places]


def _join(layer: DrawableLayer, places: Sequence[int]) -> Boundaries:
    import shapely

    starts, offsets = layer.ring_starts, layer.ring_offsets
    # the last place is that of features without a class, whose index is -1
    place_of = layer.class_index % (len(layer.style.rules) + 1)
    rings = [
        shapely.LineString(layer.coords[offsets[ring] : offsets[ring + 1]])
        for row in np.flatnonzero(np.isin(place_of, places)).tolist()
        for ring in range(int(starts[row]), int(starts[row + 1]))
    ]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(rings)))
    return Boundaries([shapely.get_coordinates(line) for line in lines], shapely.bounds(lines))
