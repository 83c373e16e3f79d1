"""Draws the map of a sheet: layers by the common painters, then neat line, frame, ticks and labels."""

from __future__ import annotations

from PyQt6.QtCore import QRectF

from ui.painting import MapView, paint_layers, watermark
from ui.sheets.paper import UNITS_PER_MM, Paper, point, rect
from zsgis.sheets.layout import Box, GridTick, MapItem, WatermarkItem


def map_view(item: MapItem) -> MapView:
    """Return the neat line's view of the map in drawing units."""
    return MapView.at_scale(
        (item.center_x, item.center_y),
        item.scale_denominator,
        (item.neat.width * UNITS_PER_MM, item.neat.height * UNITS_PER_MM),
        px_per_mm=UNITS_PER_MM,
    )


def draw_map(paper: Paper, item: MapItem, *, family: str) -> None:
    """Draw a map."""
    painter = paper.painter
    paper.frame(item.neat, 0.0, fill="#FFFFFF")
    painter.save()
    painter.translate(point(item.neat.x, item.neat.y))
    # always as vectors: a picture of the sheet then shows the very same strokes as the PDF
    paint_layers(painter, item.layers, map_view(item), vector=True, family=family)
    painter.restore()
    for tick in item.ticks:
        _draw_tick(paper, item, tick)
    paper.frame(item.neat, item.neat_mm)
    paper.frame(item.box, item.frame_mm)


def _draw_tick(paper: Paper, item: MapItem, tick: GridTick) -> None:
    neat, size = item.neat, item.tick_text_mm
    gap = (item.box.width - neat.width) / 2.0
    length, at = item.tick_mm, tick.at_mm
    if tick.side in ("top", "bottom"):
        edge, inward = (neat.y, 1.0) if tick.side == "top" else (neat.bottom, -1.0)
        paper.line(at, edge, at, edge + inward * length, 0.15)
        top = edge - gap if tick.side == "top" else edge
        paper.text(tick.label, Box(x=at - 12.0, y=top, width=24.0, height=gap), size, align="center")
        return
    edge, inward = (neat.x, 1.0) if tick.side == "left" else (neat.right, -1.0)
    paper.line(edge, at, edge + inward * length, at, 0.15)
    middle = edge - gap / 2.0 if tick.side == "left" else edge + gap / 2.0
    turned = Box(x=middle - 12.0, y=at - gap / 2.0, width=24.0, height=gap)
    paper.text(tick.label, turned, size, align="center", turn=-90.0)


def draw_watermark(paper: Paper, item: WatermarkItem, *, family: str) -> None:
    """Draw slanted words over a part of the sheet."""
    area: QRectF = rect(item.box)
    watermark(paper.painter, area, item.text, px_per_mm=UNITS_PER_MM, family=family)
