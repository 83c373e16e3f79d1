"""The type of each column, and its values in that type: codes as text, figures as numbers, days as days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.body import TableBody, cell_list
from layers.formats.tables.code_columns import is_code_column
from layers.formats.tables.grid import CellError, CellValue, Grid, Place, cell_name, is_blank, shown
from layers.formats.tables.headings import Heading, TableColumn
from layers.formats.tables.numbers import NO_FIGURE, date_of, number_of
from layers.progress import Progress
from layers.words import _

_EXACT = 10**15  # spreadsheets keep 15 digits; the 16th is gone
_EXACT_IN_FLOAT = 2**53
_LARGEST_INTEGER = 2**63
_DAYS_NAMED = re.compile(r"日期|时间|日$|期限|date|time|_at$|SJ$|RQ$", re.IGNORECASE)
_SHORTENED = re.compile(r"\s*\d(?:\.\d+)?[eE]\+\d{2,}\s*")
_SHORTENED_DIGITS = 14  # 4.42E+14 has 15 digits


@dataclass(frozen=True)
class TypedColumn:
    """A column as it goes into the frame."""

    column: TableColumn
    values: Any
    notes: tuple[SourceNote, ...] = ()


@dataclass(frozen=True)
class _Cells:
    """The values of a column with their places; errors are empty already."""

    column: TableColumn
    values: tuple[CellValue, ...]
    places: tuple[Place, ...]
    typed: bool
    as_text: bool

    def present(self) -> list[tuple[Place, CellValue]]:
        """Return what is not blank."""
        return [
            (place, value)
            for place, value in zip(self.places, self.values, strict=True)
            if not is_blank(value)
        ]


def typed_columns(
    grid: Grid, heading: Heading, body: TableBody, progress: Progress
) -> tuple[TypedColumn, ...]:
    """Return the columns with their values.

    Raises
    ------
    InputError
        When an identifier has been stored as a number of more digits than a number holds, naming the cell.
    """
    columns: list[TypedColumn] = []
    for number, column in enumerate(heading.columns):
        progress.step(number / len(heading.columns), _("Making out the table"))
        columns.append(_typed(grid, column, body))
    return tuple(columns)


def column_values(grid: Grid, column: TableColumn, body: TableBody) -> list[CellValue]:
    """Return a column's values as they stand in the sheet, merged cells spread, one for each row."""
    return [body.filled.get((row, column.position), grid.value(row, column.position)) for row in body.rows]


def _typed(grid: Grid, column: TableColumn, body: TableBody) -> TypedColumn:
    raw = column_values(grid, column, body)
    places = tuple((row, column.position) for row in body.rows)
    errors = [number for number, value in enumerate(raw) if isinstance(value, CellError)]
    cells = _Cells(
        column,
        tuple(None if isinstance(value, CellError) else value for value in raw),
        places,
        grid.typed,
        column.position in grid.text_columns,
    )
    values, notes = _choose(cells)
    return TypedColumn(column, values, (*_error_notes(raw, places, errors), *notes))


def _choose(cells: _Cells) -> tuple[Any, list[SourceNote]]:
    present = [value for _place, value in cells.present()]
    code = is_code_column(cells.column.name)
    _require_whole_identifiers(cells, code=code)
    if cells.as_text or code:
        return _texts(cells.values), []
    if present and all(isinstance(value, bool) for value in present):
        return _objects(cells.values), []
    if _are_days(cells, present):
        return _objects([None if is_blank(value) else _as_date(value) for value in cells.values]), []
    numbers = [value for value in present if _is_number(value)]
    if numbers or not cells.typed or cells.column.unit:
        return _figures(cells, has_numbers=bool(numbers))
    return _texts(cells.values), []


def _are_days(cells: _Cells, present: Sequence[CellValue]) -> bool:
    """Tell whether all values are days, in a column that says so.

    Text that looks like a day (a plot 2023-1-12) is one where real days stand beside it or the heading asks
    for one, or where a plain text file has it as ISO 8601 writes it.
    """
    days = [_as_date(value) for value in present]
    if not present or any(day is None for day in days):
        return False
    if any(isinstance(value, dt.date) for value in present) or _DAYS_NAMED.search(cells.column.name):
        return True
    return not cells.typed and all(
        day is not None and shown(value) == day.isoformat() for day, value in zip(days, present, strict=True)
    )


def _figures(cells: _Cells, *, has_numbers: bool) -> tuple[Any, list[SourceNote]]:
    """Return a column of numbers where all its values are numbers, else of text."""
    present = cells.present()
    dashes = [place for place, value in present if isinstance(value, str) and value.strip() in NO_FIGURE]
    dashed = set(dashes)
    texts = [(place, value) for place, value in present if isinstance(value, str) and place not in dashed]
    odd: list[tuple[Place, CellValue]] = [
        (place, value) for place, value in texts if number_of(value) is None
    ]
    odd += [(place, value) for place, value in present if isinstance(value, bool | dt.date)]
    padded = any(_leading_zero(value) for _place, value in texts)
    if odd or padded or (len(dashes) == len(present)):
        return _texts(cells.values), _odd_notes(cells, odd, has_numbers=has_numbers)
    values = [
        None if is_blank(value) or place in dashed else number_of(value) if isinstance(value, str) else value
        for place, value in zip(cells.places, cells.values, strict=True)
    ]
    if _too_long(values) and not cells.column.unit:
        return _texts(cells.values), []
    notes: list[SourceNote] = []
    if dashes:
        text = _("Column “{name}”: signs for “nothing” among the figures were read as empty: {cells}.")
        notes.append(_note("tables.dashes", cells, text, dashes))
    if has_numbers and texts:
        text = _("Column “{name}”: figures stored as text were read as numbers: {cells}.")
        notes.append(_note("tables.text_figures", cells, text, [place for place, _value in texts]))
    return _numbers(values), notes


def _too_long(values: Sequence[Any]) -> bool:
    """Tell whether whole numbers have more digits than the column's type would keep."""
    whole = [abs(value) for value in values if isinstance(value, int)]
    broken = any(isinstance(value, float) for value in values)
    return max(whole, default=0) >= (_EXACT_IN_FLOAT if broken else _LARGEST_INTEGER)


def _odd_notes(cells: _Cells, odd: list[tuple[Place, Any]], *, has_numbers: bool) -> list[SourceNote]:
    if not odd or not (has_numbers or cells.column.unit):
        return []
    example = shown(odd[0][1])[:30]
    text = _("Column “{name}” is kept as text: {cells} hold more than a number, “{example}” for instance.")
    places = [place for place, _value in odd]
    return [
        SourceNote(
            "tables.kept_as_text",
            Severity.WARNING,
            text.format(name=cells.column.name, cells=cell_list(places), example=example),
            _row_numbers(cells, places),
        )
    ]


def _note(code: str, cells: _Cells, text: str, places: list[Place]) -> SourceNote:
    sentence = text.format(name=cells.column.name, cells=cell_list(places))
    return SourceNote(code, Severity.NOTE, sentence, _row_numbers(cells, places))


def _row_numbers(cells: _Cells, places: Sequence[Place]) -> tuple[int, ...]:
    wanted = set(places)
    return tuple(number for number, place in enumerate(cells.places) if place in wanted)


def _error_notes(
    raw: Sequence[CellValue], places: Sequence[Place], errors: list[int]
) -> tuple[SourceNote, ...]:
    if not errors:
        return ()
    found = "、".join(f"{cell_name(*places[number])} {shown(raw[number])}" for number in errors[:12])
    if len(errors) > 12:
        found = _("{names} and {count} more").format(names=found, count=len(errors) - 12)
    text = _("{count} cells hold an error of the sheet's calculation and were read as empty: {cells}.")
    return (
        SourceNote(
            "tables.errors", Severity.WARNING, text.format(count=len(errors), cells=found), tuple(errors)
        ),
    )


def _require_whole_identifiers(cells: _Cells, *, code: bool) -> None:
    """Refuse identifiers that a spreadsheet has already cut to 15 digits."""
    for place, value in cells.present():
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            lost = abs(value) >= _EXACT and float(value).is_integer() and not cells.column.unit
        elif isinstance(value, str):
            lost = not cells.as_text and _is_shortened(value, code=code)
        else:
            lost = False
        if lost:
            raise InputError(
                _(
                    "Cell {cell}, column “{name}”: the identifier was stored as the number {value}; its last "
                    "digits are lost."
                ).format(cell=cell_name(*place), name=cells.column.name, value=_scientific(value)),
                where=cell_name(*place),
                remedy=_("Get the original with the column as text; it cannot be restored from this file."),
            )


def _is_shortened(text: str, *, code: bool) -> bool:
    if _SHORTENED.fullmatch(text) is None:
        return False
    return code or int(text.strip().lower().rpartition("e+")[2]) >= _SHORTENED_DIGITS


def _scientific(value: CellValue) -> str:
    return value.strip() if isinstance(value, str) else f"{value:.5E}"


def _leading_zero(text: Any) -> bool:
    plain = str(text).strip()
    return len(plain) > 1 and plain[0] == "0" and plain[1].isdigit()


def _is_number(value: CellValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_date(value: CellValue) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    return date_of(value) if isinstance(value, str) else None


def _texts(values: Sequence[CellValue]) -> Any:
    return _objects([None if value is None else shown(value) for value in values])


def _objects(values: Sequence[CellValue]) -> Any:
    held = np.empty(len(values), dtype=object)
    held[:] = list(values)
    return held


def _numbers(values: list[Any]) -> Any:
    present = [value for value in values if value is not None]

    if all(isinstance(value, int) and abs(value) < 2**63 for value in present):
        if len(present) == len(values):
            return np.array(values, dtype=np.int64)
        return pd.array(values, dtype="Int64")
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
