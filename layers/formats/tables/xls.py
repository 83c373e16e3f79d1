"""Workbooks of Excel 2 to 2003 (BIFF), through xlrd."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.containers import locked
from layers.formats.tables.grid import Block, CellError, CellValue, Grid, SheetInfo
from layers.formats.tables.workbook_values import number_or_code, plain_time
from layers.formats.tables.xlsx import opening
from layers.progress import Progress
from layers.words import _

_BIFF8 = 80  # text is Unicode from here on
_WESTERN = frozenset({None, 1252, 367, 32769})
_STEP_ROWS = 500
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def xls_sheets(path: Path, encoding: str) -> tuple[SheetInfo, ...]:
    """Return the sheets of a workbook.

    Raises
    ------
    InputError
        When it is damaged, locked or no workbook.
    """
    with opening(path):
        book, _encoding, _guessed = _book(path, encoding)
        return tuple(SheetInfo(sheet.name, sheet.visibility != 0) for sheet in book.sheets())


def xls_grid(
    path: Path, sheet: str, encoding: str, progress: Progress, *, most_rows: int | None = None
) -> Grid:
    """Read a sheet; ``most_rows`` stops there.

    Raises
    ------
    InputError
        When the workbook is damaged or its text is not in ``encoding``.
    """
    with opening(path):
        book, used, guessed = _book(path, encoding)
        found = book.sheet_by_name(sheet)
        count = found.nrows if most_rows is None else min(found.nrows, most_rows)
        rows: list[list[CellValue]] = []
        for number in range(count):
            if number % _STEP_ROWS == 0:
                progress.step(0.8 * number / count, _("Reading rows"))
            rows.append(_row(book, found.row(number)))
        hidden = frozenset(row for row, info in found.rowinfo_map.items() if info.hidden)
        blocks = tuple(Block(top, left, end - 1, right - 1) for top, end, left, right in found.merged_cells)
    return Grid(
        sheet=sheet,
        rows=rows,
        blocks=blocks,
        hidden_rows=hidden,
        encoding=used,
        encoding_guessed=guessed,
        notes=(_guess_note(used),) if guessed else (),
    )


def _book(path: Path, encoding: str) -> tuple[Any, str, bool]:
    """Return the workbook, what its text was read with (empty for Unicode), and whether that is a guess."""
    book = _opened(path, encoding)
    if book.biff_version >= _BIFF8:
        return book, "", False
    if encoding:
        return book, encoding, False
    if book.codepage not in _WESTERN:
        return book, str(book.encoding), False
    # Chinese programs of the time wrote GBK and left the code page at its default
    try:
        chinese = _opened(path, "gb18030")
    except UnicodeDecodeError:
        return book, str(book.encoding), False
    if any(_CHINESE.search(str(value)) for sheet in chinese.sheets() for value in _texts(sheet)):
        return chinese, "gb18030", True
    return book, str(book.encoding), False


def _opened(path: Path, encoding: str) -> Any:
    import xlrd
    from xlrd.biffh import XLRDError

    try:
        return xlrd.open_workbook(
            str(path),
            logfile=io.StringIO(),
            encoding_override=encoding or None,
            formatting_info=True,
            ragged_rows=True,
        )
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise locked(path) from error
        raise
    except (UnicodeDecodeError, LookupError) as error:
        if not encoding or encoding == "gb18030":
            raise
        raise InputError(
            _("The text in the file is not in the encoding it was read with."),
            where=str(path),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error


def _texts(sheet: Any) -> list[Any]:
    rows = range(min(sheet.nrows, 200))
    return [sheet.name, *(value for row in rows for value in sheet.row_values(row) if isinstance(value, str))]


def _row(book: Any, cells: list[Any]) -> list[CellValue]:
    values = [_value(book, cell) for cell in cells]
    while values and values[-1] is None:
        values.pop()
    return values


def _value(book: Any, cell: Any) -> CellValue:
    import xlrd

    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(value) or None
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        number = int(value) if value.is_integer() and abs(value) < 2**53 else value
        return number_or_code(number, _format(book, cell))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment(book, value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(value, "#ERR"))
    return None


def _moment(book: Any, value: float) -> CellValue:
    import datetime as dt

    import xlrd

    try:
        moment = xlrd.xldate_as_datetime(value, book.datemode)
    except (OverflowError, ValueError):
        return CellError(f"#DATE {value}")
    return (
        plain_time(moment.time() if 0 <= value < 1 else moment) if isinstance(moment, dt.datetime) else None
    )


def _format(book: Any, cell: Any) -> str | None:
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return None
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return None if found is None else str(found.format_str)


def _guess_note(encoding: str) -> SourceNote:
    return SourceNote(
        "tables.encoding",
        Severity.WARNING,
        _("The workbook does not say what its text is in; it was read as {encoding}.").format(
            encoding=encoding.upper()
        ),
    )
