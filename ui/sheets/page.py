"""Draws a page of a sheet, item by item, in the layout's order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtGui import QPainter

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.painting.fonts import load_fonts
from ui.sheets import furniture
from ui.sheets.map_painter import draw_map, draw_watermark
from ui.sheets.paper import Paper, kept
from ui.sheets.slices import NoSlices, Slices
from zsgis.sheets.enlarging import enlarged
from zsgis.sheets.layout import (
    Box,
    FormItem,
    FurnitureItem,
    Item,
    LegendItem,
    LineItem,
    MapItem,
    NorthArrowItem,
    RectItem,
    ScaleBarItem,
    SheetPage,
    TableItem,
    TextItem,
    WatermarkItem,
)


def draw_page(painter: QPainter, page: SheetPage, progress: Progress, slices: Slices | None = None) -> None:
    """Draw a page.

    Parameters
    ----------
    painter : QPainter
        Set up so that one unit is 0.01 mm and (0, 0) is the paper's upper left corner.
    slices : Slices, optional
        Is told which part of a map is drawn next.
    """
    family = load_fonts().print_
    paper = Paper(painter, family)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for number, item in enumerate(page.items):
        share = number / len(page.items)
        progress.step(share, _("Drawing the sheet"))
        part = ProgressPart(progress, share, (number + 1) / len(page.items))
        with kept(painter):
            if isinstance(item, MapItem):
                draw_map(paper, item, part, family=family, slices=slices or NoSlices())
            elif isinstance(item, WatermarkItem):
                draw_watermark(paper, item, family=family)
            else:
                _PAINTERS[type(item)](paper, _as_laid_out(painter, item))
    progress.step(1.0)


def _as_laid_out(painter: QPainter, item: Item) -> Item:
    """Return an enlarged item in the size it was laid out in, the painter making everything larger again."""
    if not isinstance(item, FurnitureItem) or item.enlarged == 1.0:
        return item
    painter.scale(item.enlarged, item.enlarged)
    return enlarged(item, 1.0 / item.enlarged)


def _draw_text(paper: Paper, item: TextItem) -> None:
    for number, line in enumerate(item.lines):
        top = item.box.y + number * item.line_mm
        box = Box(x=item.box.x, y=top, width=item.box.width, height=item.line_mm)
        paper.text(line, box, item.size_mm, align=item.align, color=item.color)


def _draw_rect(paper: Paper, item: RectItem) -> None:
    paper.frame(item.box, item.line_mm, item.color, fill=item.fill)


def _draw_line(paper: Paper, item: LineItem) -> None:
    paper.line(item.x1, item.y1, item.x2, item.y2, item.line_mm, item.color)


_PAINTERS: dict[type, Callable[[Paper, Any], None]] = {
    TextItem: _draw_text,
    RectItem: _draw_rect,
    LineItem: _draw_line,
    LegendItem: furniture.draw_legend,
    TableItem: furniture.draw_table,
    ScaleBarItem: furniture.draw_scale_bar,
    NorthArrowItem: furniture.draw_north_arrow,
    FormItem: furniture.draw_form,
}
