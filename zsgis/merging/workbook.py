"""The list of a merge as an Excel workbook: what merged by itself, and what was decided how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from layers.formats.secrecy_mark import mark_of
from layers.formats.tables.xlsx_writer import mark_workbook
from layers.secrecy import highest
from layers.whole_file import whole_file
from layers.words import _
from zsgis.merging.listing import Line, conflict_lines, merged_lines
from zsgis.merging.model import Decisions
from zsgis.merging.planning import MergePlan
from zsgis.reports.cells import BOLD_FONT, BORDER, CENTRE, HEAD_FILL, LEFT, TITLE_FONT, put

_WIDTHS = (24, 20, 38, 26, 18, 24, 24, 24, 14)
_A4 = 9


def write_merge_workbook(plan: MergePlan, decisions: Decisions, path: Path) -> Path:
    """Write the list of a merge; the highest secrecy of the layers, on any side, stands on top of every page.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    book = Workbook()
    first: Any = book.active
    first.title = _("Decided by a person")
    _fill(first, _("Conflicts and how they were decided"), conflict_lines(plan, decisions))
    _fill(book.create_sheet(_("Merged by itself")), _("Merged without a question"), merged_lines(plan))
    book.properties.title = _("List of a merge")
    book.properties.creator = "zsgis"
    levels = [info.secrecy for facts in plan.sides.facts.values() for info in facts.layers.values()]
    if mark := mark_of(highest(*levels)):
        for sheet in book.worksheets:
            mark_workbook(book, sheet, mark)
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path


def _fill(sheet: Worksheet, title: str, lines: Sequence[Line]) -> None:
    heads = (
        _("Layer"),
        _("Feature concerned"),
        "zs_uid",
        _("What happened"),
        _("Field"),
        _("Common base"),
        _("Mine"),
        _("Theirs"),
        _("Taken from"),
    )
    put(sheet, 1, 1, title).font = TITLE_FONT
    for number, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), start=1):
        cell: Any = put(sheet, 2, number, head)
        cell.font, cell.fill, cell.border, cell.alignment = BOLD_FONT, HEAD_FILL, BORDER, CENTRE
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, line in enumerate(lines, start=3):
        for number, text in enumerate(astuple(line), start=1):
            cell = put(sheet, row, number, text)
            cell.border, cell.alignment = BORDER, LEFT
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    if lines:
        sheet.auto_filter.ref = f"A2:{get_column_letter(len(heads))}{len(lines) + 2}"
