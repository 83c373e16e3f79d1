"""A result table as a Qt model: printed figures, units in the header, rows that know their features."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QFont

from layers.words import _
from zsgis.result import Column, NotDerivable, Row, RowRole, Table

_ROOT = QModelIndex()
_BELOW = {role: place for place, role in enumerate((RowRole.BODY, RowRole.SUBTOTAL, RowRole.TOTAL))}


def header_text(column: Column) -> str:
    """Return a column's heading: its group, its title and its unit."""
    title = (
        _("{title} ({unit})").format(title=column.title, unit=column.unit) if column.unit else column.title
    )
    return f"{column.group}\n{title}" if column.group and column.group != column.title else title


def cell_text(value: Any, column: Column) -> str:
    """Return a value as it is printed; a dash where nothing applies, words where it is not known."""
    if value is None:
        return "—"
    if isinstance(value, NotDerivable):
        return _("not derivable")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if math.isnan(value):
        return "—"
    digits = column.digits if column.digits is not None else (0 if isinstance(value, int) else 2)
    return f"{value:,.{digits}f}"


def is_figure(column: Column) -> bool:
    """Tell whether a column holds figures, which stand on the right."""
    return column.digits is not None


def says_nothing(row: Row, columns: Sequence[Column]) -> bool:
    """Tell whether a row holds no figure but zeros: a zone without land, a class that occurs nowhere."""
    figures = [row.values.get(column.key) for column in columns if is_figure(column)]
    return bool(figures) and not any(
        isinstance(value, int | float) and value and not math.isnan(value) for value in figures
    )


def _sort_key(value: Any) -> tuple[int, float, str]:
    """Order figures before words; what is not known stands in front of every figure."""
    if isinstance(value, int | float) and not math.isnan(value):
        return (1, float(value), "")
    return (0, 0.0, "") if value is None or not isinstance(value, str) else (2, 0.0, value)


class ResultTableModel(QAbstractTableModel):
    """Shows one :class:`~zsgis.result.Table`, all of it or the rows with figures, as printed or sorted.

    A row of the model is a place on the screen; :meth:`table_row` says which row of the table stands there.
    """

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._bold = QFont()
        self._bold.setBold(True)
        self._idle = frozenset(
            number
            for number, row in enumerate(table.rows)
            if not table.whole and says_nothing(row, table.columns)
        )
        self._order: tuple[int, Qt.SortOrder] | None = None
        self._all_shown = len(self._idle) == len(table.rows)
        self._shown: list[int] = []
        self._arrange()

    @property
    def idle_count(self) -> int:
        """How many rows hold no figure but zeros."""
        return len(self._idle)

    @property
    def all_shown(self) -> bool:
        """Whether rows without figures are shown too."""
        return self._all_shown

    def show_all(self, shown: bool) -> None:
        """Show every row, or those with figures only."""
        self.beginResetModel()
        self._all_shown = shown
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, totals at the end; a negative column brings back the printed order."""
        self.beginResetModel()
        self._order = (column, order) if 0 <= column < len(self._table.columns) else None
        self._arrange()
        self.endResetModel()

    def table_row(self, place: int) -> int:
        """Return the number of the table's row that stands at a place."""
        return self._shown[place]

    def place_of(self, number: int) -> int:
        """Return where a row of the table stands; -1 where it is not shown."""
        return self._places.get(number, -1)

    def _arrange(self) -> None:
        rows = self._table.rows
        numbers = [n for n in range(len(rows)) if self._all_shown or n not in self._idle]
        if self._order is not None:
            column, order = self._order
            key = self._table.columns[column].key
            numbers.sort(
                key=lambda n: _sort_key(rows[n].values.get(key)),
                reverse=order is Qt.SortOrder.DescendingOrder,
            )
            numbers.sort(key=lambda n: _BELOW[rows[n].role])
        self._shown = numbers
        self._places = {number: place for place, number in enumerate(numbers)}

    @property
    def table(self) -> Table:
        """The table that is shown."""
        return self._table

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, place, weight or reason."""
        if not index.isValid():
            return None
        row = self._table.rows[self._shown[index.row()]]
        column = self._table.columns[index.column()]
        value = row.values.get(column.key)
        if role == Qt.ItemDataRole.DisplayRole:
            joined = self._table.whole and column.key not in row.values and not is_figure(column)
            return "" if joined else cell_text(value, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if is_figure(column) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and row.role is not RowRole.BODY:
            return self._bold
        if role == Qt.ItemDataRole.ToolTipRole:
            return value.reason if isinstance(value, NotDerivable) else cell_text(value, column)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._table.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return header_text(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if is_figure(column) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.InitialSortOrderRole and is_figure(column):
            # who sorts by area looks for the largest
            return Qt.SortOrder.DescendingOrder.value
        return None

    def sources(self, rows: Iterable[int]) -> dict[str, set[str]]:
        """Return the features behind some rows of the table: a layer's uid to their ``zs_uid``."""
        features: dict[str, set[str]] = {}
        for number in rows:
            for layer, uids in self._table.rows[number].sources.items():
                features.setdefault(layer, set()).update(uids)
        return features

    def rows_with(self, selection: Mapping[str, Collection[str]], *, limit: int = 200) -> list[int]:
        """Return the table's body rows that any of the selected features stands behind; at most ``limit``."""
        chosen = frozenset[str]().union(*selection.values())
        found = (
            number
            for number, row in enumerate(self._table.rows)
            if row.role is RowRole.BODY and any(not chosen.isdisjoint(uids) for uids in row.sources.values())
        )
        return list(islice(found, limit))

    def as_text(self, rows: Iterable[int] | None = None) -> str:
        """Return rows of the table, without a choice those shown, as tab-separated text for a spreadsheet."""
        columns = self._table.columns
        chosen = self._shown if rows is None else rows
        lines = ["\t".join(header_text(column).replace("\n", " ") for column in columns)]
        lines += [
            "\t".join(_plain(self._table.rows[number], column) for column in columns) for number in chosen
        ]
        return "\n".join(lines)


def _plain(row: Row, column: Column) -> str:
    """Return a value for a spreadsheet: no thousands separators, no tabs."""
    value = row.values.get(column.key)
    text = cell_text(value, column)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text.replace(",", "")
    return " ".join(text.split())
