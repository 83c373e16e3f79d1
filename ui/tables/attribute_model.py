"""A layer's attributes as a Qt model over arrays: of half a million rows only those seen are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, pyqtSignal

from zsgis.inspection import EMPTY_VALUE
from zsgis.tabulation.columns import Column, Mask, Rows
from zsgis.tabulation.shown import ShownField, Value

_ROOT = QModelIndex()
# pages kept while the columns are being read
_MOST_KEPT = 8_192

SELECTED_ROLE = Qt.ItemDataRole.UserRole + 1
"""Whether the row of a cell is selected."""


class AttributeTableModel(QAbstractTableModel):
    """Shows rows of a layer in an order; a *place* is where a row stands, a *row* its number in the layer.

    Values come from columns where these are known; what else is looked at is asked for with
    :attr:`rows_wanted`. Which rows are selected is an array too, not ranges of the view.
    """

    rows_wanted = pyqtSignal(object)
    """Row numbers whose values are looked at and not known."""
    selection_shown = pyqtSignal()
    """The rows marked as selected are others now."""

    def __init__(self, fields: Sequence[ShownField], count: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self._numbers = {field.name: number for number, field in enumerate(self.fields)}
        self._count = count
        self._columns: dict[int, Column] = {}
        self._pages: dict[int, tuple[Value, ...]] = {}
        self._rows: Rows | None = None
        self._selected: Mask = np.zeros(count, dtype=bool)
        self._busy = -1
        self._wanted: set[int] = set()
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask)

    # rows

    @property
    def row_count(self) -> int:
        """How many rows the layer has."""
        return self._count

    @property
    def rows(self) -> Rows | None:
        """The rows shown, in their order; None means all as stored."""
        return self._rows

    def show_rows(self, rows: Rows | None) -> None:
        """Show these rows in this order."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def renew(self, count: int, columns: Mapping[str, Column], places: Rows) -> None:
        """Show the layer after an edit; what was shown and selected stays so, under its new number.

        Parameters
        ----------
        count : int
            How many rows there are now.
        columns : mapping of str to Column
            All that is known of them.
        places : ndarray of int64, shape (rows before,)
            Which row each row is now; -1 for one that is gone.
        """
        self.beginResetModel()
        selected: Mask = np.zeros(count, dtype=bool)
        now = places[self._selected]
        selected[now[now >= 0]] = True
        if self._rows is not None:
            rows = places[self._rows]
            self._rows = rows[rows >= 0]
        self._count, self._selected = count, selected
        self._pages.clear()
        self._columns = {self._numbers[name]: column for name, column in columns.items()}
        self.endResetModel()

    def row_at(self, place: int) -> int:
        """Return the row that stands at a place."""
        return place if self._rows is None else int(self._rows[place])

    def place_of(self, row: int) -> int:
        """Return where a row stands; -1 where it is not shown."""
        if self._rows is None:
            return row if 0 <= row < self._count else -1
        found = np.flatnonzero(self._rows == row)
        return int(found[0]) if len(found) else -1

    def rows_between(self, first: int, last: int) -> Rows:
        """Return the rows from one place to another, both included, whichever comes first."""
        low, high = min(first, last), max(first, last) + 1
        return np.arange(low, high) if self._rows is None else self._rows[low:high]

    # values

    def number_of(self, name: str) -> int:
        """Return the number of a field's column; -1 where there is none."""
        return self._numbers.get(name, -1)

    def set_columns(self, columns: Mapping[str, Column]) -> None:
        """Take values from these columns from now on."""
        self._columns |= {self._numbers[name]: column for name, column in columns.items()}
        if len(self._columns) == len(self.fields):
            self._pages.clear()
        self._tell_values()

    def take_page(self, page: Mapping[int, Sequence[Value]]) -> None:
        """Take the values of some rows, by row, in the order of the fields."""
        if len(self._pages) + len(page) > _MOST_KEPT:
            self._pages.clear()
        self._pages |= {row: tuple(values) for row, values in page.items()}
        self._tell_values()

    def is_known(self, row: int, number: int) -> bool:
        """Tell whether a cell's value is here."""
        return number in self._columns or row in self._pages

    def value(self, row: int, number: int) -> Value:
        """Return the value of a cell; None also while it is not known."""
        column = self._columns.get(number)
        if column is not None:
            return column.value(row)
        page = self._pages.get(row)
        if page is None:
            return None
        value = page[number]
        if value is None or value == "":
            return None
        return value if isinstance(value, str) or self.fields[number].is_figure else str(value)

    def text(self, place: int, number: int) -> str:
        """Return the text of a cell as it is shown; empty while it is not known."""
        row = self.row_at(place)
        if not self.is_known(row, number):
            self._want(row)
            return ""
        return self.fields[number].text(self.value(row, number))

    def _want(self, row: int) -> None:
        self._wanted.add(row)
        if not self._asking.isActive():
            self._asking.start()

    def _ask(self) -> None:
        wanted = sorted(row for row in self._wanted if row not in self._pages)
        self._wanted.clear()
        if wanted:
            self.rows_wanted.emit(wanted)

    def _tell_values(self) -> None:
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    # selection

    @property
    def selected(self) -> Mask:
        """Which rows are selected, of all rows of the layer; not to be written to."""
        return self._selected

    @property
    def selected_count(self) -> int:
        """How many rows are selected, shown or not."""
        return int(np.count_nonzero(self._selected))

    def select(self, rows: Rows | Iterable[int] | None, *, keep: bool = False) -> None:
        """Select these rows, with ``keep`` beside those that are selected; None selects nothing."""
        mask = self._selected.copy() if keep else np.zeros(self._count, dtype=bool)
        if rows is not None:
            mask[np.asarray(rows, dtype=np.int64)] = True
        self._show_selected(mask)

    def toggle(self, row: int) -> None:
        """Select a row, or take it out of the selection."""
        mask = self._selected.copy()
        mask[row] = not mask[row]
        self._show_selected(mask)

    def selected_rows(self) -> Rows:
        """Return the selected rows in the order in which they stand; those not shown come last."""
        if self._rows is None:
            return np.flatnonzero(self._selected)
        here = self._rows[self._selected[self._rows]]
        others = self._selected.copy()
        others[here] = False
        return np.concatenate([here, np.flatnonzero(others)])

    def first_selected(self) -> int:
        """Return the place of the first selected row that is shown; -1 where there is none."""
        marks = self._selected if self._rows is None else self._selected[self._rows]
        place = int(marks.argmax()) if len(marks) else 0
        return place if len(marks) and marks[place] else -1

    def _show_selected(self, mask: Mask) -> None:
        self._selected = mask
        self.selection_shown.emit()

    # what Qt asks

    def set_busy(self, number: int) -> None:
        """Mark the heading of the column that is being sorted; -1 marks none."""
        for changed in {self._busy, number} - {-1}:
            self._busy = number
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, changed, changed)

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return how many rows are shown."""
        if parent.isValid():
            return 0
        return self._count if self._rows is None else len(self._rows)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return the number of fields."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text or side, or whether its row is selected."""
        if not index.isValid():
            return None
        number = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), number)
        if role == SELECTED_ROLE:
            return bool(self._selected[self.row_at(index.row())])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.fields[number])
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.text(index.row(), number)
            return text if text != EMPTY_VALUE else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a field's term with its unit."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.fields):
            return None
        field = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{field.title} …" if section == self._busy else field.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return field.title if field.title == field.name else f"{field.title}\n{field.name}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(field)
        if role == Qt.ItemDataRole.InitialSortOrderRole and field.is_figure:
            # who sorts by area looks for the largest
            return Qt.SortOrder.DescendingOrder.value
        return None


def _side(field: ShownField) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if field.is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
