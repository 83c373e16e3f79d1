"""A result as an Excel workbook in the form a bureau files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from layers.whole_file import whole_file
from layers.words import _
from zsgis.reports.heading import BureauHeading
from zsgis.result import Result


def write_workbook(result: Result, path: Path, heading: BureauHeading | None = None) -> Path:
    """Write every table on a sheet of its own, and a sheet with method and basis.

    Numbers are real numbers, with the digits printed; text never becomes a formula. The file appears whole
    or not at all.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    from openpyxl import Workbook

    from layers.formats.tables.sheet_text import sheet_name
    from zsgis.reports.method_sheet import fill_method_sheet
    from zsgis.reports.table_sheet import fill_table_sheet

    book = Workbook()
    taken: set[str] = set()
    first: Any = book.active
    for number, table in enumerate(result.tables):
        name = sheet_name(table.title, taken)
        sheet: Any = first if number == 0 else book.create_sheet()
        sheet.title = name
        fill_table_sheet(sheet, table, result, heading or BureauHeading())
    method: Any = book.create_sheet(sheet_name(_("Method and basis"), taken)) if result.tables else first
    fill_method_sheet(method, result)
    book.properties.title = result.title
    book.properties.creator = "zsgis"
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path
