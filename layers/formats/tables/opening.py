"""Any table file as sheets and grids, by what it really is."""

from __future__ import annotations

from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.secrecy_mark import secrecy_in
from layers.formats.tables.containers import Container, container_of
from layers.formats.tables.delimited import delimited_grid
from layers.formats.tables.grid import Grid, SheetInfo
from layers.formats.tables.html_table import html_grid
from layers.formats.tables.limits import MOST_USED_COLUMNS, require_size
from layers.formats.tables.xls import xls_grid, xls_sheets
from layers.formats.tables.xlsx import xlsx_grid, xlsx_properties, xlsx_sheets
from layers.progress import Progress
from layers.words import _

_USUAL = {
    ".xlsx": Container.WORKBOOK,
    ".xlsm": Container.WORKBOOK,
    ".xls": Container.OLD_WORKBOOK,
    ".csv": Container.TEXT,
    ".tsv": Container.TEXT,
}


def sheets_of(path: Path, encoding: str) -> tuple[SheetInfo, ...]:
    """Return the sheets of a table file; a text file has one that bears the file's name.

    Raises
    ------
    InputError
        When it is no table file, locked or damaged.
    """
    require_there(path)
    container = container_of(path)
    if container is Container.WORKBOOK:
        return xlsx_sheets(path)
    if container is Container.OLD_WORKBOOK:
        require_size(path)
        return xls_sheets(path, encoding)
    return (SheetInfo(path.stem),)


def grid_of(
    path: Path, sheet: str, encoding: str, progress: Progress, *, most_rows: int | None = None
) -> Grid:
    """Read one sheet; ``most_rows`` stops there where the format allows it.

    Raises
    ------
    InputError
        When the file is damaged or out of all measure.
    """
    container = container_of(path)
    if container is Container.WORKBOOK:
        grid = xlsx_grid(path, sheet, progress, most_rows=most_rows)
    elif container is Container.OLD_WORKBOOK:
        grid = xls_grid(path, sheet, encoding, progress, most_rows=most_rows)
    elif container is Container.HTML:
        grid = html_grid(path, encoding, progress)
    else:
        grid = delimited_grid(path, encoding, progress, most_rows=most_rows)
    if grid.width() > MOST_USED_COLUMNS:
        raise InputError(
            _("The sheet has {count} columns; {most} are the most.").format(
                count=grid.width(), most=MOST_USED_COLUMNS
            ),
            where=f"{path} / {sheet}",
            remedy=_("Leave out columns that are not needed."),
        )
    return grid


def secrecy_of(path: Path) -> str:
    """Return how secret a workbook's properties say it is; empty for other tables."""
    if container_of(path) is not Container.WORKBOOK:
        return ""
    return secrecy_in(*xlsx_properties(path))


def renamed_note(path: Path) -> tuple[SourceNote, ...]:
    """Return what is to be told where a file's ending says something else than its content."""
    container = container_of(path)
    usual = _USUAL.get(path.suffix.lower())
    if usual is None or usual is container or container is Container.HTML:
        return ()
    text = _("The file is called {suffix}, but its content is {found}; it was read as that.")
    return (
        SourceNote(
            "tables.renamed", Severity.NOTE, text.format(suffix=path.suffix, found=str(container).upper())
        ),
    )


def require_there(path: Path) -> None:
    """Refuse a file that is not there."""
    if not path.is_file():
        raise InputError(
            _("There is no such file."), where=str(path), remedy=_("Check the path and the file's name.")
        )
