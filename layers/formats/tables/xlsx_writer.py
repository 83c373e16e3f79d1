"""Layers as workbooks: codes are text cells, numbers numbers, days real days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.formats.model import OutgoingLayer, WrittenFile
from layers.formats.tables.grid import text_of_number
from layers.formats.tables.limits import MOST_ROWS
from layers.formats.tables.outgoing import TABLE_CHOICES, OutgoingColumn, OutgoingTable, outgoing_table
from layers.formats.tables.sheet_text import CELL_LENGTH, display_width, escaped, sheet_name
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

_STEP_ROWS = 500
_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 60
_MOST_DECIMALS = 6
_TEXT = "@"


class ExcelTable:
    """Writes XLSX; see :func:`layers.formats.tables.outgoing.outgoing_table` for the choices."""

    key = "xlsx"
    title = N_("Table (Excel)")
    suffixes = (".xlsx",)
    choices = TABLE_CHOICES

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a layer on one sheet that bears its name.

        Raises
        ------
        UsageError
            For a choice that is not known.
        InputError
            When there are more rows, or longer texts, than a worksheet holds, or it cannot be written.
        JobCancelled
            When the user stopped; there is no file.
        """
        table = outgoing_table(layer, path, choices)
        _require_fitting(table, path)
        with whole_file(path, _("The table cannot be written.")) as draft:
            _write(table, layer, draft, progress)
        return WrittenFile(path, table.renamed(), marked=True)


EXCEL_TABLE = ExcelTable()


def mark_workbook(book: Any, sheet: Any, mark: str) -> None:
    """Put words of secrecy into a workbook's properties and on top of every printed page of a sheet."""
    book.properties.category = mark
    for header in (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader):
        header.right.text = mark


def _write(table: OutgoingTable, layer: OutgoingLayer, path: Path, progress: Progress) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(sheet_name(layer.name, set()))
    if layer.mark:
        mark_workbook(book, sheet, layer.mark)
    sheet.freeze_panes = "A2"
    formats = [_number_format(column.values) for column in table.columns]
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(column)

    try:
        sheet.append([_heading_cell(sheet, column.heading) for column in table.columns])
        for row in range(table.rows):
            if row % _STEP_ROWS == 0:
                progress.step(row / table.rows, _("Writing rows"))
            sheet.append(
                [
                    _cell(sheet, column.values[row], form)
                    for column, form in zip(table.columns, formats, strict=True)
                ]
            )
        progress.step(1.0, _("Saving the workbook"))
        book.save(path)
    finally:
        # what is begun must be ended, or its writer complains when it is thrown away
        if not sheet.closed:
            sheet.close()


def _heading_cell(sheet: Any, heading: str) -> Any:
    from openpyxl.styles import Alignment, Font

    made = _cell(sheet, heading, "")
    made.font = Font(bold=True)
    made.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return made


def _cell(sheet: Any, value: Any, number_format: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    made: Any = WriteOnlyCell(sheet, value=escaped(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        # neither a formula nor an error, whatever it begins with
        made.data_type = "s"
        made.number_format = _TEXT
        made.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, float):
        # all 17 digits; the library would write 16
        made = WriteOnlyCell(sheet, value=repr(value))
        made.data_type = "n"
        made.number_format = number_format or "General"
    elif isinstance(value, dt.date):
        made.number_format = "yyyy-mm-dd hh:mm:ss" if isinstance(value, dt.datetime) else "yyyy-mm-dd"
    return made


def _require_fitting(table: OutgoingTable, path: Path) -> None:
    if table.rows >= MOST_ROWS:
        raise InputError(
            _("A worksheet holds {most} rows; there are {count}.").format(
                most=f"{MOST_ROWS - 1:,}", count=f"{table.rows:,}"
            ),
            where=str(path),
            remedy=_("Choose .csv, or write fewer rows."),
        )
    for column in table.columns:
        for row, value in enumerate(column.values):
            if isinstance(value, str) and len(value) > CELL_LENGTH:
                raise InputError(
                    _(
                        "Column “{name}”, row {row}: a cell holds {most} characters, the text has {count}."
                    ).format(
                        name=column.heading, row=row + 1, most=f"{CELL_LENGTH:,}", count=f"{len(value):,}"
                    ),
                    where=str(path),
                    remedy=_("Choose .csv or .gpkg, or write the table without shapes."),
                )


def _number_format(values: Sequence[Any]) -> str:
    """Return the format that shows all digits of a column of numbers; empty where they are too many."""
    decimals = 0
    for value in values:
        if isinstance(value, float):
            text = text_of_number(value)
            decimals = max(decimals, len(text.partition(".")[2]))
            if "e" in text or decimals > _MOST_DECIMALS:
                return ""
    return "0." + "0" * decimals if decimals else ""


def _width(column: OutgoingColumn) -> float:
    shown = (str(value) for value in column.values[:_SAMPLE] if value is not None)
    widest = max((display_width(text) for text in shown), default=0)
    return min(max(widest + 2, display_width(column.heading) + 3, _NARROWEST), _WIDEST)
