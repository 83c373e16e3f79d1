"""The shapes a table describes: points of two columns, outlines in one cell, corners row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.axes import Axes, AxisOrder, find_axes, settle
from layers.formats.tables.body import cell_list
from layers.formats.tables.coordinate_text import coordinate_of, looks_like_outline, outline_of
from layers.formats.tables.grid import CellValue, Place, is_blank, shown
from layers.formats.tables.headings import TableColumn
from layers.formats.tables.table import Table
from layers.words import _

_OUTLINE_NAMES = frozenset(
    [
        "wkt",
        "geometry",
        "geom",
        "the_geom",
        "shape",
        "坐标",
        "坐标串",
        "界址点坐标",
        "界址坐标",
        "范围坐标",
        "坐标范围",
        "边界坐标",
        "图形坐标",
        "空间坐标",
        "拐点坐标",
        "地块坐标",
        "坐标信息",
        "图形",
        "空间范围",
    ]
)


@dataclass(frozen=True)
class TableShapes:
    """The shapes of a table's rows.

    Attributes
    ----------
    geometry : ndarray of object, shape (rows,)
        None where a row has no place.
    type_name : str
        ``Point``, ``Polygon``, ``Unknown``; empty for a plain table.
    used : tuple of TableColumn
        Columns that are shapes now and no attributes any more.
    """

    geometry: NDArray[Any]
    type_name: str = ""
    used: tuple[TableColumn, ...] = ()
    notes: tuple[SourceNote, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Coordinates:
    """The coordinates of a table's rows, x east, y north; NaN where there is none."""

    axes: Axes
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    unread: tuple[Place, ...] = ()

    def notes(self) -> tuple[SourceNote, ...]:
        """Return what is to be told of them."""
        notes: list[SourceNote] = []
        if self.unread:
            text = _("{count} coordinates cannot be read and were left out: {cells}.")
            notes.append(
                SourceNote(
                    "tables.coordinates",
                    Severity.WARNING,
                    text.format(count=len(self.unread), cells=cell_list(self.unread)),
                )
            )
        if self.axes.order is AxisOrder.UNSURE:
            text = _("Whether X or Y points east cannot be told by name or size; “{x}” was taken as east.")
            notes.append(
                SourceNote("tables.axis_order", Severity.WARNING, text.format(x=self.axes.east.name))
            )
        elif self.axes.order is AxisOrder.BY_SIZE:
            text = _("By the size of the numbers “{x}” points east and “{y}” north.")
            notes.append(
                SourceNote(
                    "tables.axis_order",
                    Severity.NOTE,
                    text.format(x=self.axes.east.name, y=self.axes.north.name),
                )
            )
        return tuple(notes)


def no_shapes(table: Table) -> TableShapes:
    """Return the shapes of a plain table: none."""
    return TableShapes(np.full(len(table.body.rows), None, dtype=object), stated={"geometry": "none"})


def outlines(table: Table) -> TableShapes | None:
    """Return the shapes that a column of outlines describes; None where no column does."""
    column = next((one for one in table.heading.columns if _holds_outlines(table, one)), None)
    if column is None:
        return None
    raw = table.raw(column)
    geometry = np.full(len(raw), None, dtype=object)
    failed: list[int] = []
    unsure = 0
    for row, value in enumerate(raw):
        if is_blank(value):
            continue
        geometry[row], sure = outline_of(shown(value))
        unsure += not sure and geometry[row] is not None
        if geometry[row] is None:
            failed.append(row)
    notes: list[SourceNote] = []
    if failed:
        text = _("{count} shapes cannot be made out and are missing: {cells}.")
        cells = cell_list([table.place(row, column) for row in failed])
        notes.append(
            SourceNote(
                "tables.outlines",
                Severity.WARNING,
                text.format(count=len(failed), cells=cells),
                tuple(failed),
            )
        )
    if unsure:
        text = _("Column “{name}”: which number points east cannot be told by size; the first was taken.")
        notes.append(SourceNote("tables.axis_order", Severity.WARNING, text.format(name=column.name)))
    stated = {"geometry": "outline", "outline_column": column.name}
    return TableShapes(geometry, _type_name(geometry), (column,), tuple(notes), stated)


def coordinates(table: Table) -> Coordinates | None:
    """Return the coordinates of all rows; None where no columns hold any.

    Raises
    ------
    InputError
        When chosen columns are not there.
    """
    axes = find_axes(table.heading, table.choices)
    if axes is None:
        return None
    east, lost_east = _numbers(table, axes.east)
    north, lost_north = _numbers(table, axes.north)
    settled = settle(axes, east, north)
    x, y = (east, north) if settled.east is axes.east else (north, east)
    return Coordinates(settled, x, y, tuple(sorted((*lost_east, *lost_north))))


def points(found: Coordinates) -> TableShapes:
    """Return a point for each row that has both coordinates."""
    geometry = np.full(len(found.x), None, dtype=object)
    there = np.isfinite(found.x) & np.isfinite(found.y)
    geometry[there] = shapely.points(found.x[there], found.y[there])
    notes = list(found.notes())
    missing = np.flatnonzero(~there)
    if len(missing):
        text = _("{count} rows have no coordinates; they come without a place.")
        notes.append(
            SourceNote(
                "tables.no_place",
                Severity.WARNING,
                text.format(count=len(missing)),
                tuple(int(row) for row in missing),
            )
        )
    stated = {"geometry": "points", **found.axes.stated()}
    return TableShapes(geometry, "Point", (), tuple(notes), stated)


def require_coordinates(found: Coordinates | None) -> Coordinates:
    """Refuse shapes that were asked for where no column holds coordinates."""
    if found is None:
        raise InputError(
            _("No columns of the table are known as coordinates."),
            remedy=_(
                "Name them: x_column for the one that points east, y_column for the one that points north."
            ),
        )
    return found


def _holds_outlines(table: Table, column: TableColumn) -> bool:
    if column.name.strip().casefold() not in _OUTLINE_NAMES:
        return False
    texts = [value for value in table.raw(column) if isinstance(value, str) and value.strip()][:50]
    return bool(texts) and sum(map(looks_like_outline, texts)) * 2 >= len(texts)


def _numbers(table: Table, column: TableColumn) -> tuple[NDArray[np.float64], list[Place]]:
    raw = table.raw(column)
    values = np.full(len(raw), np.nan)
    unread: list[Place] = []
    for row, value in enumerate(raw):
        number = _number(value)
        if number is not None:
            values[row] = number
        elif not is_blank(value):
            unread.append(table.place(row, column))
    return values, unread


def _number(value: CellValue) -> float | None:
    if isinstance(value, str):
        return coordinate_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12:
        return float(value)
    return None


def _type_name(geometry: NDArray[Any]) -> str:
    kinds = {str(shape.geom_type) for shape in geometry if shape is not None}
    kinds = {kind.removeprefix("Multi") for kind in kinds}
    return kinds.pop() if len(kinds) == 1 else "Unknown"
