"""Polygons whose corners stand row by row: a column tells the plots apart, another may tell their rings."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.axes import find_column
from layers.formats.tables.body import cell_list
from layers.formats.tables.grid import is_blank, shown
from layers.formats.tables.headings import JOINED_BY, TableColumn
from layers.formats.tables.numbers import number_of
from layers.formats.tables.rings import polygon_of_rings
from layers.formats.tables.shapes import Coordinates
from layers.formats.tables.table import Table
from layers.words import _

_GROUPS = [
    "地块编号",
    "地块号",
    "地块名称",
    "地块",
    "宗地代码",
    "宗地号",
    "宗地",
    "图斑编号",
    "图斑号",
    "图形编号",
    "块号",
    "面号",
    "多边形",
    "plot",
    "parcel",
    "polygon",
    "group",
]
_POINTS = (
    "点号",
    "界址点号",
    "界址点编号",
    "界址点",
    "拐点号",
    "拐点编号",
    "点序号",
    "点编号",
    "序号",
    "point",
    "vertex",
    "point_no",
)
_RINGS = ("圈号", "地块圈号", "环号", "ring", "ring_no")


@dataclass(frozen=True)
class VertexColumns:
    """What tells plots, corners and rings apart; None where there is no such column."""

    group: TableColumn | None
    order: TableColumn | None
    ring: TableColumn | None


@dataclass(frozen=True)
class Outlines:
    """The polygons of a table of corners.

    Attributes
    ----------
    columns : mapping
        Values of the attributes that hold for a whole plot, one for each.
    """

    geometry: NDArray[Any]
    columns: dict[str, Any]
    notes: tuple[SourceNote, ...]
    stated: dict[str, str]


def vertex_columns(table: Table) -> VertexColumns:
    """Return the columns as chosen, else by their names.

    Raises
    ------
    InputError
        When a chosen column is not there.
    """
    choices = table.choices
    return VertexColumns(
        _column(table, choices.group_column, _GROUPS),
        _column(table, choices.order_column, _POINTS),
        _column(table, choices.ring_column, _RINGS),
    )


def looks_like_vertices(table: Table, columns: VertexColumns) -> bool:
    """Tell whether rows are corners: plots and corners have columns, and plots come several times."""
    if columns.group is None or (columns.order is None and columns.ring is None):
        return False
    groups, count = _groups(table, columns.group)
    return count > 0 and len(groups) >= 3 * count


def polygons(table: Table, columns: VertexColumns, found: Coordinates) -> Outlines:
    """Return a polygon for each plot.

    The corners stand in the order of the sheet, or in that of a column chosen for it. A plot with a corner
    that cannot be read, or with fewer than three, comes without a shape and is told.
    """
    groups, count = _groups(table, columns.group)
    rings = _ring_numbers(table, columns.ring)
    order = _order(table, columns.order) if table.choices.order_column else np.arange(len(groups))
    geometry = np.full(count, None, dtype=object)
    first = np.array([int(np.argmax(groups == group)) for group in range(count)], dtype=np.int64)
    failed: list[int] = []
    sorted_rows = np.lexsort((order, groups))
    starts = np.searchsorted(groups[sorted_rows], np.arange(count + 1))
    labels = _labels(table, columns.order)
    several: list[int] = []
    for group in range(count):
        rows = sorted_rows[starts[group] : starts[group + 1]]
        corners = np.column_stack([found.x[rows], found.y[rows]])
        outlines, begun_anew = _outlines(corners, rings[rows], labels[rows])
        geometry[group] = polygon_of_rings(outlines) if np.isfinite(corners).all() else None
        if geometry[group] is None:
            failed.append(group)
        elif begun_anew:
            several.append(group)
    kept, dropped = _attributes(table, groups, columns, found)
    notes = [*found.notes(), *_failed_notes(table, columns, first, failed, found)]
    notes += _several_notes(table, columns, first, several, found)
    if dropped:
        text = _("{count} columns differ from corner to corner and are not kept with the polygons: {names}.")
        notes.append(
            SourceNote(
                "tables.of_corners",
                Severity.NOTE,
                text.format(count=len(dropped), names="、".join(dropped)),
            )
        )
    return Outlines(geometry, kept, tuple(notes), _stated(columns, found))


def _outlines(
    corners: NDArray[np.float64], rings: NDArray[np.int64], labels: NDArray[Any]
) -> tuple[list[NDArray[np.float64]], bool]:
    """Divide a plot's corners into outlines, and tell whether one begins without a ring number of its own.

    A new ring number begins one, and so does what follows the corner that closes one, or a corner that bears
    the first one's name at another place.
    """
    outlines: list[NDArray[np.float64]] = []
    begun_anew = False
    for number in dict.fromkeys(rings.tolist()):
        of_ring = rings == number
        places, names = corners[of_ring], labels[of_ring]
        start = 0
        for row in range(1, len(places)):
            if row == start:
                continue
            back = bool((places[row] == places[start]).all())
            if back and row - start >= 3:
                outlines.append(places[start : row + 1])
                begun_anew |= row + 1 < len(places)
                start = row + 1
            elif not back and names[row] and names[row] == names[start] != names[start + 1]:
                outlines.append(places[start:row])
                begun_anew = True
                start = row
        if start < len(places):
            outlines.append(places[start:])
    return outlines, begun_anew


def _labels(table: Table, column: TableColumn | None) -> NDArray[Any]:
    labels = np.full(len(table.body.rows), "", dtype=object)
    if column is not None:
        labels[:] = [shown(value).strip() for value in table.raw(column)]
    return labels


def _column(table: Table, chosen: str, names: Sequence[str]) -> TableColumn | None:
    if chosen:
        return find_column(table.heading, chosen)
    by_key = {
        unicodedata.normalize("NFKC", column.name.rsplit(JOINED_BY, 1)[-1]).strip().casefold(): column
        for column in table.heading.columns
    }
    return next((by_key[name] for name in names if name in by_key), None)


def _groups(table: Table, column: TableColumn | None) -> tuple[NDArray[np.int64], int]:
    """Return the number of each row's plot, in the order of meeting; a blank cell means the one above."""
    if column is None:
        return np.zeros(len(table.body.rows), dtype=np.int64), int(len(table.body.rows) > 0)
    numbers: dict[str, int] = {}
    groups: list[int] = []
    for value in table.raw(column):
        if is_blank(value) and groups:
            groups.append(groups[-1])
        else:
            groups.append(numbers.setdefault(shown(value).strip(), len(numbers)))
    return np.array(groups, dtype=np.int64), len(numbers)


def _ring_numbers(table: Table, column: TableColumn | None) -> NDArray[np.int64]:
    if column is None:
        return np.zeros(len(table.body.rows), dtype=np.int64)
    return _groups(table, column)[0]


def _order(table: Table, column: TableColumn | None) -> NDArray[Any]:
    if column is None:
        return np.arange(len(table.body.rows))
    digits = ["".join(c for c in shown(value) if c.isdigit() or c == ".") for value in table.raw(column)]
    numbers = [number_of(text) for text in digits]
    if any(number is None for number in numbers):
        return np.arange(len(numbers))
    return np.array(numbers, dtype=np.float64)


def _attributes(
    table: Table, groups: NDArray[np.int64], columns: VertexColumns, found: Coordinates
) -> tuple[dict[str, Any], list[str]]:
    """Return the values that hold for whole plots, and the names of columns that do not."""
    kept: dict[str, Any] = {}
    dropped: list[str] = []
    never = {id(column) for column in (columns.order, columns.ring, found.axes.east, found.axes.north)}
    for typed in table.columns:
        series = pd.Series(typed.values)
        by_group = series.groupby(groups)
        alike = id(typed.column) not in never and bool((by_group.nunique() <= 1).all())
        if alike or typed.column is columns.group:
            kept[typed.column.name] = by_group.first().array
        else:
            dropped.append(typed.column.name)
    return kept, dropped


def _failed_notes(
    table: Table,
    columns: VertexColumns,
    first: NDArray[np.int64],
    failed: list[int],
    found: Coordinates,
) -> list[SourceNote]:
    if not failed:
        return []
    place = columns.group or found.axes.east
    cells = cell_list([table.place(int(first[group]), place) for group in failed])
    text = _(
        "{count} plots have too few corners, or one that cannot be read; they come without a shape: {cells}."
    )
    return [
        SourceNote(
            "tables.no_polygon",
            Severity.WARNING,
            text.format(count=len(failed), cells=cells),
            tuple(failed),
        )
    ]


def _several_notes(
    table: Table, columns: VertexColumns, first: NDArray[np.int64], several: list[int], found: Coordinates
) -> list[SourceNote]:
    if not several:
        return []
    place = columns.group or found.axes.east
    cells = cell_list([table.place(int(first[group]), place) for group in several])
    text = _(
        "{count} plots have several outlines under one number; what lies within another is a hole, what lies "
        "beside it a part: {cells}."
    )
    return [
        SourceNote(
            "tables.outlines_of_plot",
            Severity.WARNING,
            text.format(count=len(several), cells=cells),
            tuple(several),
        )
    ]


def _stated(columns: VertexColumns, found: Coordinates) -> dict[str, str]:
    named = {
        "group_column": columns.group,
        "order_column": columns.order,
        "ring_column": columns.ring,
    }
    chosen = {key: column.name for key, column in named.items() if column is not None}
    return {"geometry": "vertices", **found.axes.stated(), **chosen}
