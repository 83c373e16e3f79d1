"""Draws the map of a sheet: layers by the common painters, then neat line, frame, ticks and labels."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.progress import Progress
from layers.words import _
from ui.painting import MapView, paint_ground, paint_symbols, watermark
from ui.painting.labels import paint_labels
from ui.sheets.paper import UNITS_PER_MM, Paper, kept, point, rect
from ui.sheets.slices import Slices
from zsgis.sheets.layout import Box, GridTick, MapItem, WatermarkItem


def map_view(item: MapItem) -> MapView:
    """Return the neat line's view of the map in drawing units."""
    return MapView.at_scale(
        (item.center_x, item.center_y),
        item.scale_denominator,
        (item.neat.width * UNITS_PER_MM, item.neat.height * UNITS_PER_MM),
        px_per_mm=UNITS_PER_MM,
    )


def draw_map(paper: Paper, item: MapItem, progress: Progress, *, family: str, slices: Slices) -> None:
    """Draw a map, each of its layers as a part of its own."""
    painter = paper.painter
    paper.frame(item.neat, 0.0, fill="#FFFFFF")
    with kept(painter):
        painter.translate(point(item.neat.x, item.neat.y))
        _draw_layers(painter, item, progress, family=family, slices=slices)
    slices.end()
    for tick in item.ticks:
        _draw_tick(paper, item, tick)
    paper.frame(item.neat, item.neat_mm)
    paper.frame(item.box, item.frame_mm)


def _draw_layers(
    painter: QPainter, item: MapItem, progress: Progress, *, family: str, slices: Slices
) -> None:
    """Draw layer by layer, so that a user who waits can stop; symbols and labels stand above all layers.

    Always as vectors: a picture of the sheet then shows the very same strokes as the PDF.
    """
    view = map_view(item)
    painter.setClipRect(QRectF(0.0, 0.0, view.width_px, view.height_px), Qt.ClipOperation.IntersectClip)
    # what is faded to nothing must not lie in a file, to be switched on by somebody
    shown = [layer for layer in reversed(item.layers) if layer.opacity > 0]
    for number, layer in enumerate(shown):
        progress.step(number / len(shown), _("Drawing “{layer}”").format(layer=layer.title))
        if layer.geometry is not GeometryType.POINT:
            paint_ground(painter, [_begun(layer, slices)], view, vector=True)
    for layer in shown:
        if layer.geometry is GeometryType.POINT:
            paint_symbols(painter, [_begun(layer, slices)], view, vector=True)
    progress.step(1.0)
    if any(layer.style.label is not None for layer in item.layers):
        slices.begin(_("Labels"), 1.0)
        paint_labels(painter, item.layers, view, family=family)


def _begun(layer: DrawableLayer, slices: Slices) -> DrawableLayer:
    """Return a layer as its part is to be drawn."""
    opacity = slices.begin(layer.title, layer.opacity, layer.uid)
    return layer if opacity == layer.opacity else replace(layer, opacity=opacity)


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
