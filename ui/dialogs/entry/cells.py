"""A table to type into: keyboard alone, rows grow as they are needed, Excel's rows can be pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.own_keys import OwnKeys
from ui.theme import GRID_PX

Rows = tuple[tuple[str, ...], ...]
_NOWHERE = QModelIndex()
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ROW_PX = GRID_PX * 3 + 2
_EMPTY_ROWS = 1


class _Cells(QAbstractTableModel):
    """Texts in rows, one empty row at the end; columns behind those typed into are only shown."""

    edited = pyqtSignal()

    def __init__(self, headings: Sequence[str], typed: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._headings = list(headings)
        self._typed = typed
        self._rows: list[list[str]] = [[""] * typed]
        self._shown: Rows = ()

    @property
    def rows(self) -> Rows:
        """What is typed, without the empty rows at the end."""
        filled = [number for number, row in enumerate(self._rows, start=1) if any(row)]
        return tuple(tuple(row) for row in self._rows[: filled[-1] if filled else 0])

    def set_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = [[*row, *[""] * self._typed][: self._typed] for row in rows]
        self._grow()
        self._shown = ()
        self.endResetModel()
        self.edited.emit()

    def set_headings(self, headings: Sequence[str]) -> None:
        """Name the columns otherwise."""
        self._headings = list(headings)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    def show_beside(self, texts: Rows) -> None:
        """Show texts in the columns behind those typed into, row by row."""
        self._shown = texts
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self._headings) - 1)
            self.dataChanged.emit(self.index(0, self._typed), last)

    def rowCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and (column >= self._typed or column >= 2):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        if column < self._typed:
            return self._rows[row][column]
        place = column - self._typed
        return self._shown[row][place] if row < len(self._shown) else ""

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() >= self._typed:
            return False
        text = str(value).strip()
        if text != self._rows[index.row()][index.column()]:
            self._rows[index.row()][index.column()] = text
            self.dataChanged.emit(index, index)
            if index.row() == len(self._rows) - 1 and text:
                self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows))
                self._grow()
                self.endInsertRows()
            self.edited.emit()
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() < self._typed else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._headings[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def remove(self, numbers: Sequence[int]) -> None:
        """Take rows out."""
        gone = set(numbers)
        self.set_rows([row for number, row in enumerate(self._rows) if number not in gone])

    def paste(self, row: int, rows: Sequence[Sequence[str]]) -> None:
        """Put rows in the place of those from ``row`` on."""
        self.set_rows([*self._rows[:row], *rows, *self._rows[row + len(rows) :]])

    def _grow(self) -> None:
        while len(self._rows) < _EMPTY_ROWS or any(self._rows[-1]):
            self._rows.append([""] * self._typed)


class CellTable(QTableView):
    """The table; Enter and Tab go on to the next cell, Ctrl+V takes rows in, Ctrl+Delete takes rows out.

    Parameters
    ----------
    typed : int
        So many of the columns are typed into, the others only shown.
    read : callable
        Makes rows of pasted text.
    """

    def __init__(
        self, headings: Sequence[str], typed: int, read: Callable[[str], Sequence[Sequence[str]]]
    ) -> None:
        super().__init__()
        self._typed = typed
        self._read = read
        self.cells = _Cells(headings, typed, self)
        OwnKeys(self, _own)
        self.setModel(self.cells)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        self.setTabKeyNavigation(True)
        across, down = self.horizontalHeader(), self.verticalHeader()
        if across is not None and down is not None:
            across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            across.setHighlightSections(False)
            down.setDefaultSectionSize(_ROW_PX)
            down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Take pasting, taking out, and going on."""
        if event is None:
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() == Qt.Key.Key_Delete and control:
            self.cells.remove([index.row() for index in self.selectedIndexes()])
        elif event.key() == Qt.Key.Key_Delete:
            for index in self.selectedIndexes():
                self.cells.setData(index, "")
        elif event.key() in _ENTER and not control:
            # while a cell is open its editor has the key first, and tells when it closes
            if self.state() != QAbstractItemView.State.EditingState:
                self._go_on()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget | None, hint: Any) -> None:
        """Go on to the next cell after Enter."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._go_on()

    def _go_on(self) -> None:
        """Go to the next cell that is typed into, in reading order."""
        index = self.currentIndex()
        column = index.column() + 1
        row = index.row() + (1 if column >= self._typed else 0)
        if row < self.cells.rowCount():
            self.setCurrentIndex(self.cells.index(row, column if column < self._typed else 0))

    def _paste(self) -> None:
        clipboard = QGuiApplication.clipboard()
        rows = self._read(clipboard.text()) if clipboard is not None else ()
        if rows:
            first = max(self.currentIndex().row(), 0)
            self.cells.paste(first, rows)
            self.setCurrentIndex(self.cells.index(min(first + len(rows), self.cells.rowCount() - 1), 0))


def _own(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Paste) or event.key() == Qt.Key.Key_Delete
