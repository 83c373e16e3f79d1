"""A legend's swatch: the symbol as the map's own painters draw it, on a small piece of made-up map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from PyQt6.QtGui import QPainter

from layers.drawable import DrawableLayer
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.style import Style, Symbol
from ui.painting import MapView, paint_layers
from ui.sheets.paper import UNITS_PER_MM, point
from zsgis.sheets.layout import Box

_EDGE_MM = 0.1
_MOST_TINT_MM = 1.0


@dataclass(frozen=True)
class _Sample:
    """A layer of one feature; its map units are millimetres."""

    geometry: GeometryType
    style: Style
    uid: str = "swatch"
    name: str = ""
    crs: Any = None
    opacity: float = 1.0


def paint_swatch(painter: QPainter, box: Box, symbol: Symbol, geometry: GeometryType) -> None:
    """Paint a symbol into a box of the sheet; an area gets an edge, so that a white one is seen."""
    view = MapView(
        center_x=box.width / 2.0,
        center_y=box.height / 2.0,
        units_per_px=1.0 / UNITS_PER_MM,
        width_px=box.width * UNITS_PER_MM,
        height_px=box.height * UNITS_PER_MM,
        px_per_mm=UNITS_PER_MM,
    )
    painter.save()
    painter.translate(point(box.x, box.y))
    sample = _sample(box.width, box.height, symbol, geometry)
    paint_layers(painter, [sample], view, labels=False, vector=True)
    painter.restore()


# the sheets of a series have the same legend
@lru_cache(maxsize=256)
def _sample(width: float, height: float, symbol: Symbol, geometry: GeometryType) -> DrawableLayer:
    import geopandas as gpd

    middle = height / 2.0
    if geometry is GeometryType.POINT:
        shape: Any = shapely.Point(width / 2.0, middle)
    elif geometry is GeometryType.LINE:
        shape = shapely.LineString([(0.0, middle), (width, middle)])
    else:
        symbol = _readable(symbol)
        edge = max(symbol.stroke_mm / 2.0 + symbol.tint_mm, _EDGE_MM / 2.0)
        shape = shapely.box(edge, edge, width - edge, height - edge)
    frame = gpd.GeoDataFrame({"geometry": [shape]}, index=["swatch"])
    return build_drawable(_Sample(geometry, Style(symbol=symbol)), frame, None)


def _readable(symbol: Symbol) -> Symbol:
    changes: dict[str, Any] = {"tint_mm": min(symbol.tint_mm, _MOST_TINT_MM)}
    if symbol.fill is not None and symbol.stroke_mm < _EDGE_MM:
        changes |= {"stroke": "#595959", "stroke_mm": _EDGE_MM}
    return symbol.model_copy(update=changes)
