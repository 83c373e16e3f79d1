"""Workbooks of Excel 2007 and later, through openpyxl; formulas have the values they were saved with."""

from __future__ import annotations

import datetime as dt
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException

from layers.errors import InputError, JobCancelled
from layers.formats.tables.containers import broken
from layers.formats.tables.grid import CellError, CellValue, Grid, SheetInfo
from layers.formats.tables.sheet_text import unescaped
from layers.formats.tables.workbook_parts import require_plain_parts, sheet_shape, workbook_parts
from layers.progress import Progress, ProgressPart
from layers.words import _

_STEP_ROWS = 500
_PADDED = re.compile(r"0{2,}")


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn whatever a library says of a damaged workbook into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (InputError, JobCancelled):
        raise
    except DefusedXmlException as error:
        what = _("The workbook declares XML entities, as no workbook does; it was not read.")
        raise broken(path, error, what=what) from error
    # libraries answer a damaged file with whatever they stumble over
    except Exception as error:
        raise broken(path, error) from error


def xlsx_sheets(path: Path) -> tuple[SheetInfo, ...]:
    """Return the sheets of a workbook.

    Raises
    ------
    InputError
        When it is damaged, locked or no workbook.
    """
    with opening(path):
        return workbook_parts(path).sheets


def xlsx_grid(path: Path, sheet: str, progress: Progress, *, most_rows: int | None = None) -> Grid:
    """Read a sheet; ``most_rows`` stops there.

    Raises
    ------
    InputError
        When the workbook is damaged or out of all measure.
    """
    with opening(path):
        part = workbook_parts(path).part_of[sheet]
        shape = sheet_shape(path, part, ProgressPart(progress, 0.0, 0.2))
        rows = _rows(path, sheet, (shape.last_row, shape.last_column), most_rows, progress)
    return Grid(
        sheet=sheet,
        rows=rows,
        blocks=shape.blocks,
        hidden_rows=shape.hidden_rows,
        uncomputed=shape.uncomputed,
    )


def _rows(
    path: Path, sheet: str, last: tuple[int, int], most_rows: int | None, progress: Progress
) -> list[list[CellValue]]:
    require_plain_parts(path)
    # nothing is left to expand: the parser in C will do, and is three times as fast as the guarded one
    os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")
    from openpyxl import load_workbook

    count = last[0] + 1 if most_rows is None else min(last[0] + 1, most_rows)
    if count == 0 or last[1] < 0:
        return []
    read: list[list[CellValue]] = []
    # by its content, as a workbook may come under any name
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            found: Any = book[sheet]
            found.reset_dimensions()
            for cells in found.iter_rows(max_row=count, max_col=last[1] + 1):
                if len(read) % _STEP_ROWS == 0:
                    progress.step(0.2 + 0.6 * len(read) / count, _("Reading rows"))
                read.append(_trimmed([_value(cell) for cell in cells]))
        finally:
            book.close()
    return read[:count]


def _trimmed(values: list[CellValue]) -> list[CellValue]:
    while values and values[-1] is None:
        values.pop()
    return values


def _value(cell: Any) -> CellValue:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        if cell.data_type == "e":
            return CellError(value)
        return unescaped(value) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return number_or_code(value, cell.number_format)
    return plain_time(value)


def number_or_code(value: float, number_format: str | None) -> CellValue:
    """Return a number, or the text it is shown as where its format writes leading zeros (``0000``)."""
    if number_format and _PADDED.fullmatch(number_format) and value == int(value) and value >= 0:
        return str(int(value)).zfill(len(number_format))
    return value


def plain_time(value: Any) -> CellValue:
    """Return what a cell with a date format holds: a day, a moment, or a time of day as text."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, dt.date):
        return value
    return value.isoformat() if isinstance(value, dt.time) else str(value)
