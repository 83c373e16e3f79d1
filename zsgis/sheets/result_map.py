"""What sheets of a result have in common: heading, a map that fits around a shape, its legend and scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from layers.crs import describe_crs
from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import Symbol
from layers.words import _
from zsgis.reports.table_sheet import marks
from zsgis.result import Result
from zsgis.sheets.layout import (
    Box,
    Item,
    LegendEntry,
    LegendItem,
    MapItem,
    NorthArrowItem,
    ScaleBarItem,
    TextItem,
)
from zsgis.sheets.map_frame import grid_ticks
from zsgis.sheets.scale import choose_scale, grid_interval_m, ratio, scale_bar

MARK_COLOR = "#C00000"
_EDGE_MM = 0.1
_MARK_MM = 3.2


def heading_items(
    title: str, result: Result, title_box: Box, marks_box: Box, size_mm: float
) -> Iterator[Item]:
    """Yield the title, and what must stand on everything made from the result."""
    yield TextItem(
        name="title",
        box=title_box,
        lines=(title,),
        size_mm=size_mm,
        line_mm=title_box.height,
        align="center",
    )
    words = "    ".join(marks(result))
    if words:
        yield TextItem(
            name="marks",
            box=marks_box,
            lines=(words,),
            size_mm=_MARK_MM,
            line_mm=marks_box.height,
            align="center",
            color=MARK_COLOR,
        )


def map_around(
    outline: Any,
    crs: Any,
    box: Box,
    layers: Sequence[DrawableLayer],
    *,
    gap_mm: float = 6.0,
    room: float = 0.12,
) -> MapItem:
    """Return a map at a round scale with a shape in its middle.

    Parameters
    ----------
    outline : Polygon or MultiPolygon
        In ``crs``, metres.
    layers : sequence of DrawableLayer
        Top first.
    gap_mm : float
        Between the frame and the neat line.
    room : float
        Share of the shape's longer side that stays free around it.

    Raises
    ------
    InputError
        When the shape is too large for any scale of a sheet.
    """
    west, south, east, north = outline.bounds
    free = room * max(east - west, north - south)
    neat = box.inset(gap_mm)
    bounds = (west - free, south - free, east + free, north + free)
    denominator = choose_scale(bounds, neat.width, neat.height)
    interval = grid_interval_m(denominator)
    item = MapItem(
        name="map",
        box=box,
        neat=neat,
        center_x=(west + east) / 2.0,
        center_y=(south + north) / 2.0,
        scale_denominator=denominator,
        crs=describe_crs(crs),
        grid_interval_m=interval,
        layers=tuple(layers),
    )
    return item.model_copy(update={"ticks": tuple(grid_ticks(item, interval))})


def class_symbol(color: str, opacity: float = 1.0) -> Symbol:
    """Return how an area of a class is drawn."""
    return Symbol(fill=color, fill_opacity=opacity, stroke="#FFFFFF", stroke_mm=_EDGE_MM)


@dataclass(frozen=True)
class Furniture:
    """Where legend, scale bar, north arrow and coordinate system stand.

    Attributes
    ----------
    column_mm : float
        Distance of the legend's columns; there are three entries in each.
    bar_mm : float
        Longest scale bar.
    """

    legend: Box
    scale: Box
    north: Box
    crs: Box
    column_mm: float
    bar_mm: float


def furniture(drawn: MapItem, where: Furniture) -> Iterator[Item]:
    """Yield legend, scale bar, north arrow and the coordinate system of a map."""
    yield LegendItem(
        name="legend", box=where.legend, title=_("Legend"), entries=tuple(_entries(drawn, where))
    )
    bar = scale_bar(drawn.scale_denominator, most_mm=where.bar_mm)
    yield ScaleBarItem(
        name="scale",
        box=where.scale,
        ratio=_("Scale {ratio}").format(ratio=ratio(drawn.scale_denominator)),
        segment_m=bar.segment_m,
        segment_mm=bar.segment_mm,
        labels=bar.labels,
        unit=_("kilometres") if bar.in_kilometres else _("metres"),
    )
    yield NorthArrowItem(name="north", box=where.north, label=_("North"))
    yield TextItem(name="crs", box=where.crs, lines=(drawn.crs,), size_mm=2.6, line_mm=5.0)


def _entries(drawn: MapItem, where: Furniture) -> Iterator[LegendEntry]:
    for place, layer in enumerate(drawn.layers):
        left = where.legend.x + where.column_mm * (place // 3)
        top = where.legend.y + 8.0 + 7.0 * (place % 3)
        yield LegendEntry(
            box=Box(x=left + 12.0, y=top, width=where.column_mm - 14.0, height=5.0),
            swatch=Box(x=left, y=top, width=9.0, height=5.0),
            geometry=GeometryType.POLYGON,
            symbol=layer.style.symbol,
            text=layer.title,
        )
