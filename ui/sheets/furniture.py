"""Draws what stands around the map: legend, table, scale bar, north arrow, form."""

from __future__ import annotations

from itertools import groupby

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor, QPainterPath, QPen

from ui.sheets.paper import UNITS_PER_MM, Paper, pen, point, rect
from ui.sheets.swatch import paint_swatch
from zsgis.result import RowRole
from zsgis.sheets.layout import (
    INK,
    Box,
    FormItem,
    LegendEntry,
    LegendItem,
    NorthArrowItem,
    ScaleBarItem,
    TableColumn,
    TableItem,
)

_GREY = "#595959"
_RULE = "#BFBFBF"
_HEAD = "#EFEFEF"
_PAD_MM = 1.0


def draw_legend(paper: Paper, item: LegendItem) -> None:
    """Draw the legend."""
    title = item.box.model_copy(update={"height": item.title_mm * 1.35})
    paper.text(item.title, title, item.title_mm)
    if item.remark:
        paper.text(item.remark, title, 2.6, align="right", color=_GREY)
    for entry in item.entries:
        _draw_entry(paper, entry)


def _draw_entry(paper: Paper, entry: LegendEntry) -> None:
    paint_swatch(paper.painter, entry.swatch, entry.symbol, entry.geometry)
    box = entry.box
    if not entry.note:
        paper.text(entry.text, box, entry.text_mm)
        return
    height = entry.text_mm + entry.note_mm + 0.6
    top = box.y + (box.height - height) / 2.0
    first = Box(x=box.x, y=top, width=box.width, height=entry.text_mm)
    second = Box(x=box.x, y=top + entry.text_mm + 0.6, width=box.width, height=entry.note_mm)
    paper.text(entry.text, first, entry.text_mm)
    paper.text(entry.note, second, entry.note_mm, color=_GREY)


def draw_table(paper: Paper, item: TableItem) -> None:
    """Draw a table with rules above and below, a grey header, and totals set apart."""
    box = item.box
    paper.text(item.title, box.model_copy(update={"height": item.title_height_mm - 1.0}), item.title_mm)
    top = box.y + item.title_height_mm
    header = Box(x=box.x, y=top, width=box.width, height=item.header_mm)
    paper.frame(header, 0.0, fill=_HEAD)
    _draw_header(paper, item, header)
    y = header.bottom
    for number, row in enumerate(item.rows):
        place = Box(x=box.x, y=y, width=box.width, height=item.row_mm)
        if row.role is not RowRole.BODY:
            paper.frame(place, 0.0, fill=_HEAD)
        if number:
            strong = row.role is not RowRole.BODY
            paper.line(box.x, y, box.right, y, 0.15 if strong else 0.08, INK if strong else _RULE)
        _draw_cells(paper, item, row.cells, place)
        y += item.row_mm
    for height, line_mm in ((header.y, 0.3), (header.bottom, 0.15), (y, 0.3)):
        paper.line(box.x, height, box.right, height, line_mm)


def _draw_cells(paper: Paper, item: TableItem, cells: tuple[str, ...], place: Box) -> None:
    x = place.x
    for column, text in zip(item.columns, cells, strict=True):
        inner = Box(x=x + _PAD_MM, y=place.y, width=column.width_mm - 2 * _PAD_MM, height=place.height)
        paper.text(text, inner, item.size_mm, align=column.align)
        x += column.width_mm


def _draw_header(paper: Paper, item: TableItem, header: Box) -> None:
    grouped = any(column.group for column in item.columns)
    lines = 1 + any(column.unit for column in item.columns) + grouped
    line_mm = header.height / lines
    x = header.x
    for group, members in groupby(item.columns, key=lambda column: column.group):
        columns = list(members)
        width = sum(column.width_mm for column in columns)
        if group:
            paper.text(group, Box(x=x, y=header.y, width=width, height=line_mm), item.size_mm, align="center")
            paper.line(x + _PAD_MM, header.y + line_mm, x + width - _PAD_MM, header.y + line_mm, 0.08)
        top = header.y + (line_mm if group else 0.0)
        for column in columns:
            _draw_heading(
                paper, column, Box(x=x, y=top, width=column.width_mm, height=header.bottom - top), item
            )
            x += column.width_mm


def _draw_heading(paper: Paper, column: TableColumn, place: Box, item: TableItem) -> None:
    inner = place.inset(0.0).model_copy(update={"x": place.x + _PAD_MM, "width": place.width - 2 * _PAD_MM})
    if not column.unit:
        paper.text(column.title, inner, item.size_mm, align=column.align)
        return
    middle = place.y + place.height / 2.0
    upper = inner.model_copy(update={"y": middle - 4.1, "height": 4.1})
    lower = inner.model_copy(update={"y": middle - 0.2, "height": 3.6})
    paper.text(column.title, upper, item.size_mm, align=column.align)
    paper.text(f"({column.unit})", lower, max(1.8, item.size_mm - 0.6), align=column.align, color=_GREY)


def draw_scale_bar(paper: Paper, item: ScaleBarItem) -> None:
    """Draw the ratio, and the bar of alternating segments below it with its labels."""
    box = item.box
    paper.text(item.ratio, box.model_copy(update={"height": item.ratio_mm * 1.3}), item.ratio_mm)
    top = box.y + item.ratio_mm * 1.3 + item.label_mm * 1.5 + 0.6
    bar_mm = 1.4
    count = len(item.labels) - 1
    for number in range(count):
        place = Box(x=box.x + number * item.segment_mm, y=top, width=item.segment_mm, height=bar_mm)
        paper.frame(place, 0.15, fill=INK if number % 2 == 0 else "#FFFFFF")
    for number, label in enumerate(item.labels):
        x = box.x + number * item.segment_mm
        first = number == 0
        place = Box(
            x=x if first else x - 10.0, y=top - item.label_mm * 1.4, width=20.0, height=item.label_mm * 1.2
        )
        paper.text(label, place, item.label_mm, align="left" if first else "center")
    end = box.x + count * item.segment_mm + len(item.labels[-1]) * item.label_mm * 0.3
    unit = Box(x=end + 0.8, y=top - item.label_mm * 1.4, width=12.0, height=item.label_mm * 1.2)
    paper.text(item.unit, unit, item.label_mm)


def draw_north_arrow(paper: Paper, item: NorthArrowItem) -> None:
    """Draw a plain arrow, one half filled, with its letter above."""
    box = item.box
    painter = paper.painter
    letter_mm = min(4.0, box.height * 0.28)
    painter.save()
    painter.translate(point(box.x + box.width / 2.0, box.y + box.height / 2.0))
    painter.rotate(item.angle_deg)
    half = box.height / 2.0
    upper, lower, side = -half + letter_mm * 1.15, half, box.height * 0.17
    for sign, fill in ((-1.0, INK), (1.0, "#FFFFFF")):
        path = QPainterPath(point(0.0, upper))
        path.lineTo(point(sign * side, lower))
        path.lineTo(point(0.0, lower - box.height * 0.16))
        path.closeSubpath()
        painter.setPen(pen(0.15))
        painter.setBrush(QBrush(QColor(fill)))
        painter.drawPath(path)
    paper.text(item.label, Box(x=-5.0, y=-half, width=10.0, height=letter_mm), letter_mm, align="center")
    painter.restore()


def draw_form(paper: Paper, item: FormItem) -> None:
    """Draw a ruled form; what was not given stays empty."""
    for cell in item.cells:
        paper.frame(cell.box, 0.12)
        box = cell.box
        label = Box(x=box.x + _PAD_MM, y=box.y, width=cell.label_width_mm - _PAD_MM, height=box.height)
        value = Box(
            x=box.x + cell.label_width_mm + _PAD_MM,
            y=box.y,
            width=max(0.0, box.width - cell.label_width_mm - 2 * _PAD_MM),
            height=box.height,
        )
        if cell.stacked:
            label = Box(
                x=box.x + _PAD_MM, y=box.y + 0.8, width=box.width - 2 * _PAD_MM, height=item.size_mm * 1.3
            )
            value = Box(x=label.x, y=label.bottom, width=label.width, height=box.bottom - label.bottom)
        else:
            x = box.x + cell.label_width_mm
            paper.line(x, box.y, x, box.bottom, 0.08, _RULE)
        paper.text(cell.label, label, item.size_mm, color=_GREY, align="left" if cell.stacked else "center")
        paper.text(cell.value, value, item.size_mm, align="center" if cell.stacked else "left")
    paper.painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    paper.painter.setPen(QPen(QColor(INK), 0.3 * UNITS_PER_MM))
    paper.painter.drawRect(rect(item.box))
