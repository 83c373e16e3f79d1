"""A part of the dashboard as a table: figures, bars of shares, and which cells stand on what is selected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QPainter
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import Colors
from zsgis.dashboard.model import BoardCell, BoardPart, touches

CELL = Qt.ItemDataRole.UserRole
"""Role under which an index gives its :class:`~zsgis.dashboard.model.BoardCell`."""

MARKED = Qt.ItemDataRole.UserRole + 1
"""Role under which an index tells whether its cell stands on what is selected."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_BAR_PX, _EDGE_PX = 3, 2


class BoardModel(QAbstractTableModel):
    """Shows a part of the dashboard."""

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self._danger, self._muted = QBrush(QColor(colors.danger)), QBrush(QColor(colors.muted))
        self._bold = QFont()
        self._bold.setBold(True)
        self._part: BoardPart | None = None
        self._selection: Mapping[str, Collection[str]] = {}
        self._marked: frozenset[tuple[int, int]] = frozenset()

    @property
    def part(self) -> BoardPart | None:
        """What is shown."""
        return self._part

    @property
    def marked(self) -> frozenset[tuple[int, int]]:
        """Row and column of every cell that stands on what is selected."""
        return self._marked

    def show_part(self, part: BoardPart) -> None:
        """Show a part; what is selected stays marked."""
        self.beginResetModel()
        self._part = part
        self._marked = self._touched()
        self.endResetModel()

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark the cells that stand on what is selected."""
        self._selection = selection
        marked = self._touched()
        if marked != self._marked:
            self._marked = marked
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last, [MARKED])

    def first_marked_row(self) -> int:
        """Return the first row below no total that stands on what is selected; -1 for none."""
        rows = [] if self._part is None else self._part.rows
        return min((row for row, _column in self._marked if not rows[row].total), default=-1)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """Return how many rows there are."""
        return 0 if parent.isValid() or self._part is None else len(self._part.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """Return how many columns there are."""
        return 0 if parent.isValid() or self._part is None else len(self._part.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title with its unit."""
        if orientation is not Qt.Orientation.Horizontal or self._part is None:
            return None
        column = self._part.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (_LEFT if column.digits is None else _RIGHT) | Qt.TextFlag.TextWordWrap
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            own = column.unit and self._part.unit != column.unit
            return f"{column.title}\n{column.unit}" if own else column.title
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid() or self._part is None:
            return None
        row = self._part.rows[index.row()]
        cell = row.cells[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(cell, index.column())
        if role == MARKED:
            return (index.row(), index.column()) in self._marked
        answers: dict[int, Any] = {
            CELL: cell,
            Qt.ItemDataRole.DisplayRole: cell.text,
            Qt.ItemDataRole.FontRole: self._bold if row.total else None,
            Qt.ItemDataRole.TextAlignmentRole: _LEFT
            if self._part.columns[index.column()].digits is None
            else _RIGHT,
            Qt.ItemDataRole.ToolTipRole: "\n".join(filter(None, (cell.text, cell.note))),
        }
        return answers.get(role)

    def _brush(self, cell: BoardCell, column: int) -> QBrush | None:
        if cell.stale:
            return self._danger
        return self._muted if cell.value is None and cell.text and column else None

    def _touched(self) -> frozenset[tuple[int, int]]:
        if self._part is None or not self._selection:
            return frozenset()
        return frozenset(
            (row, column)
            for row, each in enumerate(self._part.rows)
            for column, cell in enumerate(each.cells)
            if touches(cell.sources, self._selection)
        )


class BoardDelegate(QStyledItemDelegate):
    """Draws a bar below a figure that is a share of a whole, and marks what stands on the selection."""

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self._ground, self._full = QColor(colors.border), QColor(colors.accent)
        self._over, self._chosen = QColor(colors.danger), QColor(colors.chosen)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw the mark, the cell, then its bar."""
        cell = index.data(CELL)
        if painter is None or not isinstance(cell, BoardCell):
            return
        if index.data(MARKED):
            painter.fillRect(option.rect, self._chosen)
            # not by colour alone
            painter.fillRect(QRect(option.rect.topLeft(), QSize(_EDGE_PX, option.rect.height())), self._full)
        super().paint(painter, option, index)
        if cell.share is None:
            return
        room = QRectF(option.rect).adjusted(8, 0, -8, 0)
        bar = QRectF(room.left(), room.bottom() - _BAR_PX, room.width(), _BAR_PX - 1)
        painter.fillRect(bar, self._ground)
        filled = QRectF(bar.topLeft(), bar.size())
        filled.setWidth(bar.width() * min(max(cell.share, 0.0), 1.0))
        painter.fillRect(filled, self._over if cell.share > 1 else self._full)
