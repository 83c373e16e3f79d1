"""Tables as layers: XLSX, XLS, CSV and TSV behind the one form of all files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.tables.containers import OLE2
from layers.formats.tables.grid import SheetInfo
from layers.formats.tables.opening import grid_of, secrecy_of, sheets_of
from layers.formats.tables.shapes import (
    TableShapes,
    coordinates,
    no_shapes,
    outlines,
    points,
    require_coordinates,
)
from layers.formats.tables.table import Table, table_notes, understand
from layers.formats.tables.vertices import Outlines, looks_like_vertices, polygons, vertex_columns
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv")
_IN_WORKBOOKS = b"xl/"
_SAMPLE_ROWS = 400


class Tables:
    """Reads tables; see :mod:`layers.formats.tables.options` for what may be chosen.

    ``stated`` tells header rows, first row, title, units (JSON: unit by column) and how shapes were made.
    """

    key = "tables"
    title = N_("Table (Excel, CSV)")
    suffixes = _SUFFIXES

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether a file is called a table, or is a workbook under another name."""
        if not head:
            return False
        suffix = path.suffix.lower()
        if suffix in _SUFFIXES:
            return True
        if head.startswith(b"PK\x03\x04"):
            return _IN_WORKBOOKS in head
        return head.startswith(OLE2) and suffix not in (".mdb", ".doc", ".wps", ".dwg", ".ppt")

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the sheets that hold anything, seen by their first rows.

        Raises
        ------
        InputError
            When the file is no table file, locked or damaged.
        """
        found: list[SourceLayer] = []
        for sheet in sheets_of(path, options.encoding):
            grid = grid_of(path, sheet.name, options.encoding, NoProgress(), most_rows=_SAMPLE_ROWS)
            if not grid.width():
                continue
            table = understand(grid, ReadOptions(), NoProgress())
            columns = tuple(column.name for column in table.heading.columns)
            whole = len(grid.rows) < _SAMPLE_ROWS
            data = _shaped(table)
            count = len(data.geometry) if whole else -1
            found.append(SourceLayer(sheet.name, _type_name(data), count, None, columns))
        return tuple(found)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read a sheet; without a choice the only one that is shown and holds anything.

        Raises
        ------
        InputError
            When the file is no table file, locked or damaged; when there are several sheets; when an
            identifier has lost its digits; when a choice cannot be kept.
        JobCancelled
            When the user stopped.
        """
        sheet = _choose(path, sheets_of(path, options.encoding), options)
        grid = grid_of(path, sheet, options.encoding, ProgressPart(progress, 0.0, 0.7))
        table = understand(grid, options, ProgressPart(progress, 0.7, 0.9))
        if not table.heading.columns:
            raise InputError(
                _("The sheet holds nothing."), where=f"{path} / {sheet}", remedy=_("Choose another sheet.")
            )
        shaped = _shaped(table)
        progress.step(0.9)
        return SourceData(
            frame=_frame(table, shaped),
            layer=sheet,
            crs=None,
            encoding=grid.encoding,
            encoding_guessed=grid.encoding_guessed,
            renamed=table.heading.renamed,
            notes=(*table_notes(path, table), *shaped.notes),
            stated={"sheet": sheet, **grid.stated, **table.heading.stated(), **shaped.stated},
            secrecy=secrecy_of(path),
        )


TABLES = Tables()


def _choose(path: Path, sheets: tuple[SheetInfo, ...], options: ReadOptions) -> str:
    names = [sheet.name for sheet in sheets]
    if options.layer:
        if options.layer in names:
            return options.layer
        raise InputError(
            _("The workbook has no sheet “{name}”.").format(name=options.layer),
            where=str(path),
            remedy=_("Its sheets: {names}").format(names="、".join(names) or "-"),
        )
    if len(sheets) == 1:
        return names[0]
    holding = [sheet for sheet in sheets if not sheet.hidden and _holds_anything(path, sheet.name, options)]
    if len(holding) == 1:
        return holding[0].name
    raise InputError(
        _("The workbook has {count} sheets that hold something.").format(count=len(holding)),
        where=str(path),
        remedy=_("Choose one (--source-layer): {names}").format(
            names="、".join(sheet.name for sheet in holding) or "、".join(names) or "-"
        ),
    )


def _holds_anything(path: Path, sheet: str, options: ReadOptions) -> bool:
    grid = grid_of(path, sheet, options.encoding, NoProgress(), most_rows=_SAMPLE_ROWS)
    return grid.width() > 0


def _shaped(table: Table) -> TableShapes | Outlines:
    """Return the shapes as chosen; else outlines in a cell, corners row by row, points, in this order."""
    wanted = table.choices.geometry
    if wanted == "none":
        return no_shapes(table)
    if not wanted and not table.choices.x_column:
        in_cells = outlines(table)
        if in_cells is not None:
            return in_cells
    found = coordinates(table)
    if wanted:
        found = require_coordinates(found)
    if found is None:
        return no_shapes(table)
    columns = vertex_columns(table)
    if wanted == "vertices" or (not wanted and looks_like_vertices(table, columns)):
        return polygons(table, columns, found)
    if not wanted and not np.isfinite(found.x + found.y).any():
        return no_shapes(table)
    return points(found)


def _type_name(shaped: TableShapes | Outlines) -> str:
    return shaped.type_name if isinstance(shaped, TableShapes) else "Polygon"


def _frame(table: Table, shaped: TableShapes | Outlines) -> GeoDataFrame:
    import geopandas
    import pandas as pd

    if isinstance(shaped, Outlines):
        values: dict[str, Any] = shaped.columns
    else:
        used = {id(column) for column in shaped.used}
        values = {one.column.name: one.values for one in table.columns if id(one.column) not in used}
    index = pd.RangeIndex(len(shaped.geometry))
    return geopandas.GeoDataFrame(
        pd.DataFrame(values, index=index), geometry=geopandas.array.from_shapely(shaped.geometry)
    )
