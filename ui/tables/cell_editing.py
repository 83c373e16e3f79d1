"""Typing into a cell of an attribute table, and pasting into its rows."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QMouseEvent

from ui.forms.feature_editors import ValueEditor
from ui.panels.parts import text_label
from ui.tables.attribute_view import AttributeTableView
from ui.theme import GRID_PX

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDEST_PX = GRID_PX * 30


class CellEditing(QObject):
    """Opens a line over a cell: with a double click, F2, or Enter on it; what is typed is handed on.

    Parameters
    ----------
    may_edit : callable
        Whether the table's layer is edited now; where not, the table keeps what its keys mean.
    """

    cell_asked = pyqtSignal(int, str)
    """A row's number and the field that is to be typed into."""
    text_changed = pyqtSignal(str)
    committed = pyqtSignal(str, int)
    """What was typed, and which way to go on: 1 down, 0 nowhere."""
    paste_asked = pyqtSignal(str)
    """Cells from the clipboard go to the field of this name and those right of it."""

    def __init__(self, view: AttributeTableView, may_edit: Callable[[], bool]) -> None:
        super().__init__(view)
        self._view = view
        self._may_edit = may_edit
        self.editor: ValueEditor | None = None
        self._index = QModelIndex()
        self._said = text_label("", "hint")
        self._said.hide()
        view.installEventFilter(self)
        viewport = view.viewport()
        if viewport is not None:
            self._said.setParent(viewport)
            viewport.installEventFilter(self)
        bars = (view.verticalScrollBar(), view.horizontalScrollBar())
        for bar in bars:
            if bar is not None:
                bar.valueChanged.connect(lambda _value: self.close())
        view.attribute_model.modelAboutToBeReset.connect(self.close)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take the keys and clicks that edit, while the layer is edited."""
        if event is None or not self._may_edit():
            return False
        if watched is self._view and isinstance(event, QKeyEvent):
            return self._take_key(event)
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonDblClick:
            index = self._view.indexAt(event.position().toPoint())
            if watched is self._view.viewport() and index.isValid():
                self._ask(index)
                return True
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        paste = event.matches(QKeySequence.StandardKey.Paste)
        edit = event.key() == Qt.Key.Key_F2
        if event.type() is QEvent.Type.ShortcutOverride:
            if paste or edit:
                event.accept()
            return paste or edit
        if event.type() is not QEvent.Type.KeyPress:
            return False
        if paste:
            self.paste_asked.emit(self._view.current_name)
        elif edit or event.key() in _ENTER:
            self._ask(self._view.currentIndex())
        else:
            return False
        return True

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.close()
            self._index = index
            row = self._view.attribute_model.row_at(index.row())
            self.cell_asked.emit(row, self._view.headings.name(index.column()))

    def open(self, editor: ValueEditor) -> None:
        """Put an editor over the cell that was asked for."""
        viewport = self._view.viewport()
        if viewport is None or not self._index.isValid():
            editor.deleteLater()
            return
        self._view.scrollTo(self._index)
        place = self._view.visualRect(self._index)
        width = min(max(place.width(), GRID_PX * 14), _WIDEST_PX)
        editor.setParent(viewport)
        editor.setGeometry(place.x(), place.y() - 2, width, place.height() + 4)
        editor.setAutoFillBackground(True)
        self.editor = editor
        editor.edited.connect(lambda: self.text_changed.emit(editor.value()))
        editor.line.returnPressed.connect(lambda: self.committed.emit(editor.value(), 1))
        editor.line.left.connect(lambda: self._leave(editor))
        editor.line.installEventFilter(_Escape(editor, self.close))
        editor.show()
        editor.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str) -> None:
        """Say under the cell what is wrong."""
        self._said.setVisible(bool(text))
        editor, viewport = self.editor, self._view.viewport()
        if editor is not None and viewport is not None and text:
            self._said.setText(text)
            self._said.setFixedWidth(_WIDEST_PX)
            self._said.adjustSize()
            below = editor.y() + editor.height()
            fits = below + self._said.height() <= viewport.height()
            x = min(editor.x(), max(viewport.width() - _WIDEST_PX, 0))
            self._said.move(x, below if fits else editor.y() - self._said.height())
            self._said.raise_()
        if editor is not None:
            editor.show_wrong(bool(text))

    def close(self) -> None:
        """Put the editor away; nothing is written."""
        editor, self.editor = self.editor, None
        self._said.hide()
        if editor is not None:
            editor.hide()
            editor.deleteLater()
            self._view.setFocus()

    def go_down(self) -> None:
        """Go to the cell below."""
        index = self._view.currentIndex()
        self._view.go_to(index.row() + 1)

    def _leave(self, editor: ValueEditor) -> None:
        if editor is self.editor:
            self.committed.emit(editor.value(), 0)


class _Escape(QObject):
    """Gives a cell up with the Escape key."""

    def __init__(self, editor: ValueEditor, close: Callable[[], None]) -> None:
        super().__init__(editor)
        self._close = close

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        """Take Escape."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._close()
            return True
        return False
