"""A sheet as a table: heading, rows and typed columns put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.findings import Severity
from layers.formats.model import ReadOptions, SourceNote
from layers.formats.tables.body import TableBody, cell_list, read_body
from layers.formats.tables.column_types import TypedColumn, column_values, typed_columns
from layers.formats.tables.grid import CellValue, Grid
from layers.formats.tables.headings import Heading, TableColumn, read_heading
from layers.formats.tables.opening import renamed_note
from layers.formats.tables.options import TableChoices, table_choices
from layers.progress import Progress, ProgressPart
from layers.units import unit_title
from layers.words import _


@dataclass(frozen=True)
class Table:
    """A sheet that has been understood; row n of the data stands in row ``body.rows[n]`` of the sheet."""

    grid: Grid
    choices: TableChoices
    heading: Heading
    body: TableBody
    columns: tuple[TypedColumn, ...]

    def raw(self, column: TableColumn) -> list[CellValue]:
        """Return a column's values as they stand in the sheet."""
        return column_values(self.grid, column, self.body)

    def values(self, column: TableColumn) -> Any:
        """Return a column's values in its type."""
        return next(one.values for one in self.columns if one.column is column)

    def place(self, row: int, column: TableColumn) -> tuple[int, int]:
        """Return where the value of a row of the data stands in the sheet."""
        return self.body.rows[row], column.position


def understand(grid: Grid, options: ReadOptions, progress: Progress) -> Table:
    """Return a sheet with its heading found, its rows chosen and its columns typed.

    Raises
    ------
    InputError
        For a choice that cannot be kept, or an identifier that has lost its last digits.
    """
    choices = table_choices(options.choices)
    heading = read_heading(grid, choices)
    body = read_body(grid, heading, ProgressPart(progress, 0.0, 0.4))
    columns = typed_columns(grid, heading, body, ProgressPart(progress, 0.4, 1.0))
    return Table(grid, choices, heading, body, columns)


def table_notes(path: Path, table: Table) -> tuple[SourceNote, ...]:
    """Return what is to be told of a sheet besides its shapes."""
    notes = [*renamed_note(path), *table.grid.notes, *table.body.notes]
    rows = set(table.body.rows)
    uncomputed = [place for place in table.grid.uncomputed if place[0] in rows]
    if uncomputed:
        text = _(
            "{count} formulas were saved without their result and were read as empty: {cells}. "
            "Open the workbook in Excel or WPS and save it, and the results are there."
        )
        numbers = {row: number for number, row in enumerate(table.body.rows)}
        notes.append(
            SourceNote(
                "tables.uncomputed",
                Severity.WARNING,
                text.format(count=len(uncomputed), cells=cell_list(uncomputed)),
                tuple(sorted({numbers[row] for row, _column in uncomputed})),
            )
        )
    for column in table.columns:
        notes += column.notes
    units = table.heading.units()
    if units:
        text = _("Units stand in the heading: {units}.")
        named = "、".join(f"{name} ({unit_title(unit)})" for name, unit in units.items())
        notes.append(SourceNote("tables.units", Severity.NOTE, text.format(units=named)))
    if not table.heading.rows.header:
        text = _("The table has no heading; its columns are called by their letters.")
        notes.append(SourceNote("tables.no_heading", Severity.WARNING, text))
    return tuple(notes)
