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
from zsgis.charts import MapClass
from zsgis.map_symbols import class_symbol
from zsgis.reports.table_sheet import marks
from zsgis.result import Result
from zsgis.sheets.layout import (
    Box,
    Item,
    LegendItem,
    MapItem,
    NorthArrowItem,
    ScaleBarItem,
    TextItem,
)
from zsgis.sheets.legend import TITLE_MM, Meaning, place_legend
from zsgis.sheets.map_frame import grid_ticks
from zsgis.sheets.scale import choose_scale, grid_interval_m, ratio, scale_bar
from zsgis.sheets.template import LegendSpec

MARK_COLOR = "#C00000"
_EDGE_MM = 0.1
_LEGENDS = tuple(
    LegendSpec(
        kind="legend",
        columns=columns,
        row_mm=row_mm,
        swatch_width_mm=min(9.0, 1.8 * swatch_mm),
        swatch_height_mm=swatch_mm,
        text_mm=text_mm,
    )
    for columns, row_mm, swatch_mm, text_mm in (
        (3, 7.0, 5.0, 2.8),
        (4, 5.0, 3.8, 2.5),
        (4, 4.2, 3.2, 2.4),
        (5, 4.2, 3.2, 2.2),
    )
)
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
        system=crs,
        grid_interval_m=interval,
        layers=tuple(layers),
    )
    return item.model_copy(update={"ticks": tuple(grid_ticks(item, interval))})


def area_symbol(entry: MapClass, opacity: float = 1.0) -> Symbol:
    """Return how an area of a class is drawn on a sheet."""
    return class_symbol(entry, edge="#FFFFFF", edge_mm=_EDGE_MM, opacity=opacity)


@dataclass(frozen=True)
class Furniture:
    """Where legend, scale bar, north arrow and coordinate system stand.

    Attributes
    ----------
    bar_mm : float
        Longest scale bar.
    """

    legend: Box
    scale: Box
    north: Box
    crs: Box
    bar_mm: float


def furniture(drawn: MapItem, where: Furniture) -> Iterator[Item]:
    """Yield legend, scale bar, north arrow and the coordinate system of a map."""
    yield _legend(drawn, where.legend)
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


def _legend(drawn: MapItem, box: Box) -> LegendItem:
    """Return the legend of the map's layers, as roomy as its box allows; what has no room is counted."""
    meanings = [Meaning(GeometryType.POLYGON, layer.style.symbol, layer.title) for layer in drawn.layers]
    spec = next((spec for spec in _LEGENDS if _room(spec, box) >= len(meanings)), _LEGENDS[-1])
    room = _room(spec, box)
    left = len(meanings) - room
    remark = _("{count} more in the table").format(count=left) if left > 0 else ""
    titled = spec.model_copy(update={"title": _("Legend")})
    return place_legend(titled, meanings[:room], box, remark=remark)


def _room(spec: LegendSpec, box: Box) -> int:
    return spec.columns * int((box.height - TITLE_MM) // spec.row_mm)
