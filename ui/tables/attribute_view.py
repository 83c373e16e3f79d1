"""The view of an attribute table: rows are chosen by mouse and keys, half a million as quickly as one."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.own_keys import OwnKeys
from ui.tables.attribute_delegate import AttributeDelegate
from ui.tables.attribute_headings import AttributeHeadings, HeadingRow
from ui.tables.attribute_model import AttributeTableModel
from ui.theme import Colors
from zsgis.tabulation.columns import Column, Rows

_ROW_PX = 26
_STEPS = {
    Qt.Key.Key_Up: QAbstractItemView.CursorAction.MoveUp,
    Qt.Key.Key_Down: QAbstractItemView.CursorAction.MoveDown,
    Qt.Key.Key_PageUp: QAbstractItemView.CursorAction.MovePageUp,
    Qt.Key.Key_PageDown: QAbstractItemView.CursorAction.MovePageDown,
    Qt.Key.Key_Home: QAbstractItemView.CursorAction.MoveHome,
    Qt.Key.Key_End: QAbstractItemView.CursorAction.MoveEnd,
}
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class AttributeTableView(QTableView):
    """Shows an :class:`AttributeTableModel`.

    A click chooses a row, with Ctrl one more, with Shift all between; so do the arrow keys. Which rows are
    chosen is kept in the model.
    """

    rows_chosen = pyqtSignal()
    """The officer has chosen other rows."""
    row_opened = pyqtSignal(int)
    """A row was double-clicked, or Enter pressed on it."""
    column_entered = pyqtSignal(str)
    """The field that the keyboard or the mouse is at."""
    copy_asked = pyqtSignal()

    def __init__(self, model: AttributeTableModel, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attribute_model = model
        self._delegate = AttributeDelegate(model, colors, self)
        self._anchor = -1
        self._current_row = -1
        self._column = ""
        self._dragged_to = -1
        self.setHorizontalHeader(HeadingRow(self))
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        rows = self.verticalHeader()
        if rows is not None:
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            rows.setMinimumSectionSize(_ROW_PX)
            rows.setDefaultSectionSize(_ROW_PX)
            rows.hide()
        # last: what is set on a table that has columns lays them out
        self.setModel(model)
        OwnKeys(self, lambda event: event.matches(QKeySequence.StandardKey.Copy))
        self.headings = AttributeHeadings(self, model)
        self.headings.clicked.connect(self.enter_column)
        model.selection_shown.connect(self._repaint)
        model.modelAboutToBeReset.connect(self._forget_places)
        model.modelReset.connect(self._find_current)

    # where one is

    @property
    def current_row(self) -> int:
        """The row the keyboard is at; -1 where there is none."""
        return self._current_row

    @property
    def current_name(self) -> str:
        """The field the keyboard is at; the first one shown before it was anywhere."""
        shown = self.headings.shown_names()
        return self._column if self._column in shown else shown[0] if shown else ""

    def renew(self, count: int, columns: Mapping[str, Column], places: Rows) -> None:
        """Show the layer after an edit and stay where one is; see :meth:`AttributeTableModel.renew`."""
        bar = self.verticalScrollBar()
        height = bar.value() if bar is not None else 0
        self._current_row = int(places[self._current_row]) if self._current_row >= 0 else -1
        self.attribute_model.renew(count, columns, places)
        if bar is not None:
            bar.setValue(height)

    def enter_column(self, name: str) -> None:
        """Be at another column; the row stays."""
        if name and name != self._column:
            self._column = name
            self.column_entered.emit(name)

    def go_to(self, place: int) -> None:
        """Bring a place into sight and the keyboard to it; nothing is chosen."""
        if not 0 <= place < self.attribute_model.rowCount():
            return
        self._set_current(self.attribute_model.index(place, self._column_number()))

    def _column_number(self) -> int:
        return max(self.attribute_model.number_of(self.current_name), 0)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which column is entered."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.enter_column(self.headings.name(current.column()))

    def _set_current(self, index: QModelIndex) -> None:
        self._delegate.current_place = index.row()
        self._current_row = self.attribute_model.row_at(index.row())
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._repaint()

    def _forget_places(self) -> None:
        self._anchor = self._delegate.current_place = -1

    def _find_current(self) -> None:
        """Stay at the same row where other rows are shown, or in another order."""
        place = self.attribute_model.place_of(self._current_row) if self._current_row >= 0 else -1
        if place >= 0:
            self.go_to(place)
            self._anchor = place
        self._repaint()

    def _repaint(self) -> None:
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Choose the row under the mouse."""
        index = self.indexAt(event.position().toPoint()) if event is not None else QModelIndex()
        if event is None or event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        self._choose(index, event.modifiers())
        self._dragged_to = index.row()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Choose the rows over which the mouse is dragged."""
        if event is None or not event.buttons() & Qt.MouseButton.LeftButton or self._dragged_to < 0:
            return
        viewport = self.viewport()
        height = viewport.height() - 1 if viewport is not None else 0
        place = self.rowAt(min(max(int(event.position().y()), 0), height))
        if place < 0 or self._anchor < 0:
            return
        if not 0 <= event.position().y() <= height:
            place += 1 if event.position().y() > height else -1
        place = min(max(place, 0), self.attribute_model.rowCount() - 1)
        if place != self._dragged_to:
            self._dragged_to = place
            self._set_current(self.attribute_model.index(place, self._column_number()))
            self.attribute_model.select(self.attribute_model.rows_between(self._anchor, place))
            self.rows_chosen.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent | None) -> None:
        """End dragging."""
        self._dragged_to = -1

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Open the row under the mouse."""
        index = self.indexAt(event.position().toPoint()) if event is not None else QModelIndex()
        if index.isValid():
            self.row_opened.emit(self.attribute_model.row_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Choose rows with the arrows, all with Ctrl+A; copy; open with Enter."""
        if event is None:
            return
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current_row >= 0:
            self.row_opened.emit(self._current_row)
        elif key is Qt.Key.Key_Space and self._current_row >= 0:
            self.attribute_model.toggle(self._current_row)
            self.rows_chosen.emit()
        elif key in _STEPS:
            self._step(key, modifiers)
        else:
            super().keyPressEvent(event)

    def choose_all(self) -> None:
        """Choose all rows that are shown."""
        model = self.attribute_model
        if model.rowCount():
            model.select(model.rows_between(0, model.rowCount() - 1))
            self.rows_chosen.emit()

    def _step(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # to the first and the last row, as in a list; the columns are passed with left and right
            last = self.attribute_model.rowCount() - 1
            place = 0 if key is Qt.Key.Key_Home else last
            target = self.attribute_model.index(place, self._column_number())
        else:
            target = self.moveCursor(_STEPS[key], Qt.KeyboardModifier.NoModifier)
        if target.isValid():
            self._choose(target, modifiers & _SHIFT)

    def _choose(self, index: QModelIndex, modifiers: Qt.KeyboardModifier) -> None:
        model, place = self.attribute_model, index.row()
        if modifiers & _SHIFT and self._anchor >= 0:
            model.select(model.rows_between(self._anchor, place))
        elif modifiers & _CONTROL:
            model.toggle(model.row_at(place))
            self._anchor = place
        else:
            model.select([model.row_at(place)])
            self._anchor = place
        self._set_current(index)
        self.rows_chosen.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint in one go.

        Called from here, all cells are asked for while this thread holds the interpreter; called by Qt, each
        cell would wait for the thread that reads the columns.
        """
        super().paintEvent(event)
