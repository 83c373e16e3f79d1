"""Workbooks of Excel 2007 and later, read straight from their XML; formulas have their saved values.

No library tells all that must be known. openpyxl, row by row, tells neither merged cells nor hidden rows nor
which formulas were saved without a result; as a whole it takes 450 bytes a cell. calamine tells no number
formats, so that the code 0802 becomes 802, shows failed formulas as empty, and asks for all the memory there
is where two cells lie far apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import InputError, JobCancelled
from layers.formats.tables.containers import broken
from layers.formats.tables.grid import Grid, SheetInfo
from layers.formats.tables.sheet_cells import sheet_cells
from layers.formats.tables.workbook_parts import part_of_workbook, workbook_parts
from layers.formats.tables.workbook_values import CellValues, number_formats, shared_texts
from layers.progress import Progress, ProgressPart


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Turn whatever a library says of a damaged workbook into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (InputError, JobCancelled):
        raise
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


def xlsx_properties(path: Path) -> tuple[str, ...]:
    """Return what a workbook says of itself in words, as its title, category and keywords.

    Raises
    ------
    InputError
        When it is damaged, locked or no workbook.
    """
    found: list[str] = []
    with opening(path):
        part = workbook_parts(path).properties
        if part:
            part_of_workbook(path, part).walk(
                lambda _name, _attributes: None, lambda _name: None, found.append
            )
    return tuple(found)


def xlsx_grid(path: Path, sheet: str, progress: Progress, *, most_rows: int | None = None) -> Grid:
    """Read a sheet; ``most_rows`` stops there.

    Raises
    ------
    InputError
        When the workbook is damaged or out of all measure.
    """
    with opening(path):
        parts = workbook_parts(path)
        values = CellValues(
            texts=shared_texts(part_of_workbook(path, parts.texts)) if parts.texts else (),
            formats=number_formats(part_of_workbook(path, parts.styles)) if parts.styles else (),
            from_1904=parts.from_1904,
        )
        xml = part_of_workbook(path, parts.part_of[sheet])
        cells = sheet_cells(xml, values, ProgressPart(progress, 0.1, 0.8), most_rows=most_rows)
    return Grid(
        sheet=sheet,
        rows=cells.rows,
        blocks=tuple(cells.blocks),
        hidden_rows=frozenset(cells.hidden_rows),
        uncomputed=tuple(cells.uncomputed),
    )
