"""Sheets on a printer: always at their true size, over several pieces of paper where they are larger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QMarginsF, QSizeF
from PyQt6.QtGui import QPageLayout, QPageSize, QPainter
from PyQt6.QtPrintSupport import QPrinter

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.painting.fonts import load_fonts
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH, Paper, kept, point, rect
from zsgis.sheets.layout import Box, SheetLayout, SheetPage
from zsgis.sheets.tiling import Tile, Tiling, tile_sheet

_MARK_MM, _MARK_LINE_MM, _MARK_COLOR = 2.2, 0.1, "#606060"


@dataclass(frozen=True)
class PrintOrder:
    """How sheets are printed.

    Attributes
    ----------
    printer : str
        The system's name of it; empty prints into ``file``.
    file : Path, optional
        A PDF with a page for each piece of paper.
    paper : str
        What the paper is called, ``A4``.
    paper_mm : (float, float)
    margin_mm, overlap_mm : float
        For sheets that need several pieces.
    """

    printer: str
    file: Path | None
    paper: str
    paper_mm: tuple[float, float]
    margin_mm: float = 5.0
    overlap_mm: float = 10.0

    def tiling(self, page: SheetPage) -> Tiling:
        """Return how a page lies on the paper; errors as :func:`zsgis.sheets.tiling.tile_sheet`."""
        size = (page.width_mm, page.height_mm)
        return tile_sheet(size, self.paper_mm, margin_mm=self.margin_mm, overlap_mm=self.overlap_mm)


def print_sheet(layout: SheetLayout, order: PrintOrder, progress: Progress) -> int:
    """Print all pages of a sheet; return how many pieces of paper that took.

    May be called aside from the window's thread.

    Raises
    ------
    InputError
        When the printer, or the file, does not take it.
    """
    tilings = [(page, order.tiling(page)) for page in layout.pages]
    pieces = [(page, tiling, tile) for page, tiling in tilings for tile in tiling.tiles]
    printer = _printer(order, layout.title)
    painter = QPainter()
    try:
        for number, (page, tiling, tile) in enumerate(pieces):
            part = ProgressPart(progress, number / len(pieces), (number + 1) / len(pieces))
            words = _("Printing piece {number} of {count}")
            part.step(0.0, words.format(number=number + 1, count=len(pieces)))
            printer.setPageLayout(_page_layout(order, tiling))
            if not (printer.newPage() if number else painter.begin(printer)):
                raise _refused(order)
            _draw_piece(painter, printer.resolution(), page, tiling, tile, part)
    except BaseException:
        printer.abort()
        raise
    finally:
        ended = painter.end() if painter.isActive() else False
    if not ended or printer.printerState() is QPrinter.PrinterState.Error:
        raise _refused(order)
    progress.step(1.0)
    return len(pieces)


def _refused(order: PrintOrder) -> InputError:
    return InputError(
        _("The sheet cannot be printed."),
        where=order.printer or str(order.file),
        remedy=_("Check that the printer is ready, or that the file is not open elsewhere."),
    )


def _printer(order: PrintOrder, title: str) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCreator("zsgis")
    printer.setFullPage(True)
    if order.file is not None:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setResolution(UNITS_PER_INCH)
        printer.setOutputFileName(str(order.file))
    else:
        printer.setPrinterName(order.printer)
    return printer


def _page_layout(order: PrintOrder, tiling: Tiling) -> QPageLayout:
    short, long = sorted(order.paper_mm)
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, order.paper)
    turned = tiling.paper_width_mm > tiling.paper_height_mm
    way = QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _draw_piece(
    painter: QPainter, dpi: int, page: SheetPage, tiling: Tiling, tile: Tile, progress: Progress
) -> None:
    if len(tiling.tiles) == 1:
        # in the middle of the paper
        left = (tiling.paper_width_mm - tile.part.width) / 2
        top = (tiling.paper_height_mm - tile.part.height) / 2
    else:
        left = top = tiling.margin_mm
    with kept(painter):
        painter.scale(dpi / UNITS_PER_INCH, dpi / UNITS_PER_INCH)
        with kept(painter):
            painter.setClipRect(rect(tile.part.model_copy(update={"x": left, "y": top})))
            painter.translate(point(left - tile.part.x, top - tile.part.y))
            draw_page(painter, page, progress)
        if len(tiling.tiles) > 1:
            _draw_marks(Paper(painter, load_fonts().print_), tiling, tile)


def _draw_marks(paper: Paper, tiling: Tiling, tile: Tile) -> None:
    """Draw where the neighbour on the left and above ends, as lines in the margin, and which piece it is."""
    left = top = tiling.margin_mm
    right, bottom = left + tile.part.width, top + tile.part.height
    if tile.column > 1:
        x = left + tiling.overlap_mm
        paper.line(x, top - _MARK_MM, x, top, _MARK_LINE_MM, _MARK_COLOR)
        paper.line(x, bottom, x, bottom + _MARK_MM, _MARK_LINE_MM, _MARK_COLOR)
    if tile.row > 1:
        y = top + tiling.overlap_mm
        paper.line(left - _MARK_MM, y, left, y, _MARK_LINE_MM, _MARK_COLOR)
        paper.line(right, y, right + _MARK_MM, y, _MARK_LINE_MM, _MARK_COLOR)
    words = _("row {row} of {rows}, column {column} of {columns}; glue on the marks").format(
        row=tile.row, rows=tiling.rows, column=tile.column, columns=tiling.columns
    )
    place = Box(x=left + 14.0, y=top - _MARK_MM - 1.6, width=120.0, height=3.4)
    paper.text(words, place, 1.8, color=_MARK_COLOR)
