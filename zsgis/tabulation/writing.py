"""Rows of a table as a file for a spreadsheet: numbers are numbers, text never becomes a formula."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.formats.secrecy_mark import write_beside
from layers.formats.tables.harmless import harmless
from layers.progress import NoProgress, Progress
from layers.whole_file import whole_file
from layers.words import _
from zsgis.tabulation.columns import Column, Rows
from zsgis.tabulation.shown import ShownField, Value

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BLOCK_ROWS = 500
_MOST_ROWS = 1_048_575  # of a worksheet, beside the heading
_MOST_WIDTH = 60


@dataclass(frozen=True, eq=False)
class SheetColumn:
    """One column of the file; ``meaning`` writes what a code means instead of the code."""

    title: str
    field: ShownField
    column: Column
    meaning: bool = False

    def value(self, row: int) -> Value:
        """Return what stands in a row, None for no data."""
        value = self.column.value(row)
        if self.meaning:
            return self.field.names.get(value) if isinstance(value, str) else None
        if isinstance(value, str) and not self.field.code_shown:
            return self.field.plain(value)
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def sheet_columns(fields: Sequence[ShownField], columns: Sequence[Column]) -> tuple[SheetColumn, ...]:
    """Return the columns of a file: each field, and behind a field of codes what they mean."""
    found: list[SheetColumn] = []
    for field, column in zip(fields, columns, strict=True):
        found.append(SheetColumn(field.title, field, column))
        if field.names and field.code_shown:
            title = _("{title} (name)").format(title=field.alias)
            found.append(SheetColumn(title, field, column, meaning=True))
    return tuple(found)


def write_rows(
    columns: Sequence[SheetColumn],
    rows: Rows,
    path: Path,
    title: str,
    progress: Progress | None = None,
    *,
    mark: str = "",
) -> Path:
    """Write rows to ``.csv`` (UTF-8 with the mark that spreadsheets look for) or ``.xlsx``.

    The file appears whole or not at all. In a text file, text that a spreadsheet would take for a formula
    gets an apostrophe in front; in a workbook it is marked as text.

    Parameters
    ----------
    mark : str
        The words of the layer's secrecy: printed on top of every page of a workbook, in a note beside a text
        file.

    Raises
    ------
    InputError
        For another suffix, when the file cannot be written, or when the rows are more than a worksheet holds.
    JobCancelled
        When the user stopped; there is no file.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise InputError(
            _("A table is not written as “{suffix}”.").format(suffix=path.suffix),
            where=str(path),
            remedy=_("Choose .xlsx or .csv."),
        )
    with whole_file(path, _("The table cannot be written.")) as draft:
        write(columns, rows, draft, (title, mark), progress or NoProgress())
    if mark and write is _write_text:
        write_beside(path, mark)
    return path


def _write_text(
    columns: Sequence[SheetColumn], rows: Rows, path: Path, _titles: tuple[str, str], progress: Progress
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(column.title) for column in columns])
        for values in _blocks(columns, rows, progress):
            writer.writerows([_cell(value) for value in row] for row in values)


def _write_workbook(
    columns: Sequence[SheetColumn], rows: Rows, path: Path, titles: tuple[str, str], progress: Progress
) -> None:
    if len(rows) > _MOST_ROWS:
        raise InputError(
            _("A worksheet holds {most} rows; there are {count}.").format(
                most=f"{_MOST_ROWS:,}", count=f"{len(rows):,}"
            ),
            where=str(path),
            remedy=_("Choose .csv, or write fewer rows."),
        )
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    from layers.formats.tables.sheet_text import display_width, sheet_name
    from layers.formats.tables.xlsx_writer import mark_workbook

    book = Workbook(write_only=True)
    title, mark = titles
    sheet: Any = book.create_sheet(sheet_name(title, set()))
    if mark:
        mark_workbook(book, sheet, mark)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        width = display_width(column.title)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(width + 3, 10), _MOST_WIDTH)
    try:
        sheet.append([_typed(sheet, column.title, bold=True) for column in columns])
        for values in _blocks(columns, rows, progress):
            for row in values:
                sheet.append([_typed(sheet, value) if isinstance(value, str) else value for value in row])
        progress.step(1.0, _("Saving the workbook"))
        book.save(path)
    finally:
        # what is begun must be ended, or its writer complains when it is thrown away
        if not sheet.closed:
            sheet.close()


def _blocks(columns: Sequence[SheetColumn], rows: Rows, progress: Progress) -> Iterator[list[list[Value]]]:
    numbers = rows.tolist()
    for start in range(0, len(numbers), _BLOCK_ROWS):
        progress.step(start / len(numbers))
        yield [
            [column.value(number) for column in columns] for number in numbers[start : start + _BLOCK_ROWS]
        ]


def _cell(value: Value) -> Value:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value


def _typed(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Return text as a cell that stays text."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    # "#N/A" and the like would be taken for an error
    if not bold and not plain.startswith((*_FORMULA_STARTS, "#")):
        return plain
    cell: Any = WriteOnlyCell(sheet, value=plain)
    cell.data_type = "s"
    if plain.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


_WRITERS = {".csv": _write_text, ".xlsx": _write_workbook}
