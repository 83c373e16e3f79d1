"""Text that does not fit its place, things beyond the paper, things over each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from layers.words import _
from zsgis.sheets.layout import (
    Box,
    FormItem,
    Item,
    LegendItem,
    LineItem,
    RectItem,
    SheetLayout,
    SheetPage,
    TextItem,
    WatermarkItem,
)
from zsgis.sheets.measure import text_width_mm
from zsgis.sheets.preflight.findings import SheetFinding

_TOLERANCE_MM = 0.05
_CELL_PAD_MM = 1.0


def place_findings(layout: SheetLayout) -> Iterator[SheetFinding]:
    """Tell what does not fit, page by page."""
    for number, page in enumerate(layout.pages):
        yield from _beyond(page, number)
        yield from _overflowing(page, number)
        yield from _overlapping(page, number)


def _beyond(page: SheetPage, number: int) -> Iterator[SheetFinding]:
    paper = Box(x=0.0, y=0.0, width=page.width_mm, height=page.height_mm)
    for item in page.items:
        if not isinstance(item, LineItem) and not paper.contains(item.box, _TOLERANCE_MM):
            yield SheetFinding(
                "sheet.beyond",
                _("“{item}” lies beyond the edge of the paper.").format(item=item.name or item.kind),
                blocking=True,
                page=number,
                box=item.box,
            )


def _overflowing(page: SheetPage, number: int) -> Iterator[SheetFinding]:
    for text, size_mm, box in _texts(page):
        if text_width_mm(text, size_mm) > box.width + _TOLERANCE_MM:
            yield SheetFinding(
                "sheet.overflow",
                _("The text is wider than its place: {text}").format(text=text),
                page=number,
                box=box,
            )


def _texts(page: SheetPage) -> Iterator[tuple[str, float, Box]]:
    """Return each line of text with its size and its place; table cells are fitted when they are set."""
    for item in page.items:
        if isinstance(item, TextItem):
            yield from ((line, item.size_mm, item.box) for line in item.lines)
        elif isinstance(item, LegendItem):
            yield from ((entry.text, entry.text_mm, entry.box) for entry in item.entries)
        elif isinstance(item, FormItem):
            for cell in item.cells:
                room = cell.box.width - (0.0 if cell.stacked else cell.label_width_mm) - _CELL_PAD_MM
                place = cell.box.model_copy(update={"width": max(room, 0.0)})
                if cell.value:
                    yield cell.value, item.size_mm, place


def _overlapping(page: SheetPage, number: int) -> Iterator[SheetFinding]:
    # frames and grounds lie under others on purpose, the watermark over all
    solid = [item for item in page.items if not isinstance(item, RectItem | LineItem | WatermarkItem)]
    for one, other in combinations(solid, 2):
        if _common(one.box, other.box):
            yield SheetFinding(
                "sheet.overlap",
                _("“{one}” and “{other}” lie over each other.").format(one=_name(one), other=_name(other)),
                page=number,
                box=other.box,
            )


def _common(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) - max(one.x, other.x) > _TOLERANCE_MM
        and min(one.bottom, other.bottom) - max(one.y, other.y) > _TOLERANCE_MM
    )


def _name(item: Item) -> str:
    return item.name or item.kind
