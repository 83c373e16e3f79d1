"""A result table as a Qt model: printed figures, units in the header, rows that know their features."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QFont

from layers.words import _
from zsgis.result import Column, NotDerivable, Row, RowRole, Table

_ROOT = QModelIndex()


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


class ResultTableModel(QAbstractTableModel):
    """Shows one :class:`~zsgis.result.Table`."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._bold = QFont()
        self._bold.setBold(True)
        self._rows_of: dict[str, list[int]] | None = None

    @property
    def table(self) -> Table:
        """The table that is shown."""
        return self._table

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, place, weight or reason."""
        if not index.isValid():
            return None
        row = self._table.rows[index.row()]
        column = self._table.columns[index.column()]
        value = row.values.get(column.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(value, column)
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
        return None

    def sources(self, rows: Iterable[int]) -> dict[str, set[str]]:
        """Return the features behind some rows: a layer's uid to their ``zs_uid``."""
        features: dict[str, set[str]] = {}
        for number in rows:
            for layer, uids in self._table.rows[number].sources.items():
                features.setdefault(layer, set()).update(uids)
        return features

    def rows_with(self, selection: Mapping[str, Collection[str]], *, limit: int = 200) -> list[int]:
        """Return the body rows that any of the selected features stands behind; at most ``limit``."""
        found: set[int] = set()
        index = self._feature_rows()
        for uids in selection.values():
            for uid in uids:
                found.update(index.get(uid, ()))
                if len(found) >= limit:
                    return sorted(found)[:limit]
        return sorted(found)

    def as_text(self, rows: Iterable[int] | None = None) -> str:
        """Return rows with their heading as tab-separated text, as a spreadsheet takes it."""
        columns = self._table.columns
        chosen = range(len(self._table.rows)) if rows is None else rows
        lines = ["\t".join(header_text(column).replace("\n", " ") for column in columns)]
        lines += [
            "\t".join(_plain(self._table.rows[number], column) for column in columns) for number in chosen
        ]
        return "\n".join(lines)

    def _feature_rows(self) -> dict[str, list[int]]:
        if self._rows_of is None:
            self._rows_of = {}
            for number, row in enumerate(self._table.rows):
                if row.role is RowRole.BODY:
                    for uids in row.sources.values():
                        for uid in uids:
                            self._rows_of.setdefault(uid, []).append(number)
        return self._rows_of


def _plain(row: Row, column: Column) -> str:
    """Return a value for a spreadsheet: no thousands separators, no tabs."""
    value = row.values.get(column.key)
    text = cell_text(value, column)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text.replace(",", "")
    return " ".join(text.split())
