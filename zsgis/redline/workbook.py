"""The tables of a red-line check as a workbook: sections joined, every row as high as its texts need."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.worksheet.worksheet import Worksheet

from layers.formats.tables.sheet_text import display_width, sheet_name
from layers.whole_file import whole_file
from layers.words import _
from zsgis.reports.cells import CENTRE, LEFT, number_format
from zsgis.reports.heading import BureauHeading
from zsgis.reports.method_sheet import fill_method_sheet
from zsgis.reports.table_sheet import fill_table_sheet
from zsgis.reports.word.table_setting import COORDINATES
from zsgis.result import Result, Table

_LINE_PT = 14.0


def write_redline_workbook(result: Result, path: Path, heading: BureauHeading | None = None) -> Path:
    """Write every table on a sheet of its own, and a sheet with method and basis.

    A text cell that a row does not have is joined with the one above. The file appears whole or not at all.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for table in result.tables:
        sheet: Any = book.create_sheet(sheet_name(table.title, taken))
        fill_table_sheet(sheet, table, result, heading or BureauHeading())
        tidy(sheet, table)
    method: Any = book.create_sheet(sheet_name(_("Method and basis"), taken))
    fill_method_sheet(method, result)
    book.properties.title = result.title
    book.properties.creator = "zsgis"
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path


def tidy(sheet: Worksheet, table: Table) -> None:
    """Join the cells of a filled sheet that belong together; make every row as high as its texts need."""
    first = coordinate_from_string(str(sheet.freeze_panes))[1]
    heights = [_LINE_PT] * len(table.rows)
    for place, column in enumerate(table.columns, start=1):
        if column.key in COORDINATES:
            for number in range(len(table.rows)):
                plain: Any = sheet.cell(first + number, place)
                plain.number_format = number_format(column.digits).replace("#,##", "")
        if column.digits is not None:
            continue
        width = float(sheet.column_dimensions[get_column_letter(place)].width or 10.0)
        for start, stop in _runs(table, column.key):
            cell = sheet.cell(first + start, place)
            if stop - start > 1:
                sheet.merge_cells(
                    start_row=first + start,
                    end_row=first + stop - 1,
                    start_column=place,
                    end_column=place,
                )
                cell.alignment = CENTRE if display_width(str(cell.value or "")) <= width else LEFT
            lines = -(-display_width(str(cell.value or "")) // max(int(width) - 1, 1))
            needed = _LINE_PT * lines / (stop - start)
            heights[start:stop] = [max(height, needed) for height in heights[start:stop]]
    for number, height in enumerate(heights):
        sheet.row_dimensions[first + number].height = height


def _runs(table: Table, key: str) -> list[tuple[int, int]]:
    """Return runs of rows, (first, behind the last), of which only the first has the column."""
    starts = [number for number, row in enumerate(table.rows) if number == 0 or key in row.values]
    return list(pairwise([*starts, len(table.rows)]))
