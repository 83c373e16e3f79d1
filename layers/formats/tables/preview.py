"""The first rows of a table as a dialog shows them, with what was made of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.formats.model import ReadOptions
from layers.formats.tables.body import read_body
from layers.formats.tables.grid import Grid, column_letters, is_blank, shown
from layers.formats.tables.headings import Heading, read_heading
from layers.formats.tables.opening import grid_of, sheets_of
from layers.formats.tables.options import table_choices
from layers.formats.tables.shapes import coordinates
from layers.formats.tables.table import Table
from layers.progress import NoProgress
from layers.words import _

_LONGEST = 200
_SAMPLE_ROWS = 400


@dataclass(frozen=True)
class TablePreview:
    """A table before it is read; all of it can be written as JSON.

    Attributes
    ----------
    sheets : tuple of str
        Names of the sheets to choose from, hidden ones last.
    letters : tuple of str
        A, B, C … of the cells shown.
    cells : tuple of tuple of str
        The first rows as text, from the sheet's row 1 on.
    merged : tuple of tuple of int
        Merged cells among them: row, column, rows, columns (from 0).
    header_rows : tuple of int
        Rows of the heading as the sheet numbers them; empty where there is none.
    first_row : int
        The first row of data as the sheet numbers it.
    columns : tuple of str
        Names of the columns.
    column_letters : tuple of str
        Their letters.
    units : tuple of str
        Their units; empty where none is stated.
    x_column, y_column : str
        Columns of the east and the north coordinate; empty where there are none.
    """

    sheets: tuple[str, ...]
    sheet: str
    letters: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]
    header_rows: tuple[int, ...]
    first_row: int
    columns: tuple[str, ...]
    column_letters: tuple[str, ...]
    units: tuple[str, ...]
    x_column: str
    y_column: str
    encoding: str

    def as_json(self) -> dict[str, Any]:
        """Return it as plain lists and texts."""
        return asdict(self)


def preview(path: Path, options: ReadOptions, rows: int = 20) -> TablePreview:
    """Return the first rows of a sheet: the chosen one, else the first that is shown and holds anything.

    Raises
    ------
    InputError
        When the file is no table file, locked or damaged, or a choice cannot be kept.
    """
    infos = sheets_of(path, options.encoding)
    names = [info.name for info in sorted(infos, key=lambda info: info.hidden)]
    if not names or (options.layer and options.layer not in names):
        raise InputError(
            _("The workbook has no sheet “{name}”.").format(name=options.layer),
            where=str(path),
            remedy=_("Its sheets: {names}").format(names="、".join(names) or "-"),
        )
    for name in [options.layer] if options.layer else names:
        sheet = name
        grid = grid_of(path, name, options.encoding, NoProgress(), most_rows=_SAMPLE_ROWS)
        if grid.width():
            break
    heading = read_heading(grid, table_choices(options.choices))
    axes = _axes(grid, heading, options)
    width = grid.width()
    count = min(rows, len(grid.rows))
    return TablePreview(
        sheets=tuple(names),
        sheet=sheet,
        letters=tuple(column_letters(column) for column in range(width)),
        cells=tuple(tuple(_cell(grid.value(row, column)) for column in range(width)) for row in range(count)),
        merged=tuple(
            (block.top, block.left, block.bottom - block.top + 1, block.right - block.left + 1)
            for block in grid.blocks
            if block.top < count
        ),
        header_rows=tuple(row + 1 for row in heading.rows.header),
        first_row=heading.rows.first_row + 1,
        columns=tuple(column.name for column in heading.columns),
        column_letters=tuple(column_letters(column.position) for column in heading.columns),
        units=tuple(column.unit for column in heading.columns),
        x_column=axes[0],
        y_column=axes[1],
        encoding=grid.encoding,
    )


def _cell(value: Any) -> str:
    return "" if is_blank(value) else shown(value)[:_LONGEST]


def _axes(grid: Grid, heading: Heading, options: ReadOptions) -> tuple[str, str]:
    """Return the names of the coordinate columns, where there are any."""
    choices = table_choices(options.choices)
    body = read_body(grid, heading, NoProgress())
    # an identifier that was cut must not keep the preview from being seen: columns are not typed here
    found = coordinates(Table(grid, choices, heading, body, ()))
    return (found.axes.east.name, found.axes.north.name) if found else ("", "")


def preview_answer(path: Path, options: ReadOptions) -> dict[str, Any]:
    """Return the same as :func:`preview`, as plain lists and texts; errors as there."""
    return preview(path, options).as_json()
