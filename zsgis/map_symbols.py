"""How areas of a result are drawn where they lie over other areas, on the map and on sheets alike."""

from __future__ import annotations

from layers.style import Symbol
from layers.style.model import Hatch
from zsgis.charts import AreaLook, MapClass

_EDGE_MM, _SPACING_MM = 0.3, 1.4


def class_symbol(entry: MapClass, *, edge: str, edge_mm: float, opacity: float = 1.0) -> Symbol:
    """Return the symbol of a class; edge and opacity are those of filled areas."""
    if entry.look is AreaLook.FILLED:
        return Symbol(fill=entry.color, fill_opacity=opacity, stroke=edge, stroke_mm=edge_mm)
    return Symbol(
        fill=None,
        hatch=Hatch.FORWARD if entry.look is AreaLook.HATCHED else None,
        hatch_color=entry.color,
        hatch_spacing_mm=_SPACING_MM,
        stroke=entry.color,
        stroke_mm=_EDGE_MM,
    )
