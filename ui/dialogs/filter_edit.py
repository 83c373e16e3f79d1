"""Where a filter is typed: offers what may follow, and underlines where it goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
    QTextCursor,
)
from PyQt6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QWidget

from layers.filtering import MOST_CHARACTERS, FilterError, FilterField
from layers.filtering.completion import Completion, Offer, complete
from layers.words import _
from ui.theme import GRID_PX

_OFFER = Qt.ItemDataRole.UserRole + 1
_SHOWN = 10
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OFFERS_KEYS = (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class FilterEdit(QPlainTextEdit):
    """A few lines of a filter. Enter asks for it, or takes the offer on which the arrows stand."""

    entered = pyqtSignal()

    def __init__(self, wrong_color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Filter"))
        self.setTabChangesFocus(True)
        self.setFixedHeight(GRID_PX * 11)
        self._wrong_color = wrong_color
        self._fields: Sequence[FilterField] = ()
        self._completion = Completion(0, 0, ())
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_SHOWN)
        popup = QListView()
        popup.setProperty("role", "popup")
        popup.setMinimumWidth(GRID_PX * 40)
        self._completer.setPopup(popup)
        self._completer.activated[QModelIndex].connect(self._insert_chosen)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered at the cursor now; empty where nothing is shown."""
        popup = self._completer.popup()
        return self._completion.offers if popup is not None and popup.isVisible() else ()

    def sizeHint(self) -> QSize:
        """Return the size of three lines."""
        return QSize(GRID_PX * 60, GRID_PX * 11)

    def set_fields(self, fields: Sequence[FilterField]) -> None:
        """Offer these fields."""
        self._fields = fields

    def set_text(self, text: str) -> None:
        """Show a filter; it can be undone like typing."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.hide_offers()

    def mark(self, error: FilterError | None) -> None:
        """Underline where a filter goes wrong; None takes the line away."""
        if error is None or not self.toPlainText():
            self.setExtraSelections([])
            return
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(QColor(self._wrong_color))
        selection = QTextEdit.ExtraSelection()
        selection.format = wave
        selection.cursor = self._between(error.position, error.position + error.length)
        self.setExtraSelections([selection])

    def hide_offers(self) -> None:
        """Take the offers away."""
        popup = self._completer.popup()
        if popup is not None:
            popup.hide()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Leave the offers' keys to the offers, ask for the filter, or type."""
        if event is None:
            return
        if self.offers and event.key() in _OFFERS_KEYS:
            event.ignore()
            return
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
            return
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.show_offers()
            return
        before = self.toPlainText()
        super().keyPressEvent(event)
        if self.toPlainText() != before:
            self.show_offers()

    def inputMethodEvent(self, event: QInputMethodEvent | None) -> None:
        """Take in Chinese as it is typed."""
        super().inputMethodEvent(event)
        if event is not None and event.commitString():
            self.show_offers()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Take the offers away when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        if event is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.hide_offers()

    def show_offers(self) -> None:
        """Show what may follow at the cursor."""
        text, cursor = self.toPlainText(), self.textCursor().position()
        self._completion = complete(text, cursor, self._fields)
        popup = self._completer.popup()
        popup_model = popup.model() if popup is not None else None
        if popup is None or popup_model is None or not self._completion.offers or len(text) > MOST_CHARACTERS:
            self.hide_offers()
            return
        self._model.clear()
        for number, offer in enumerate(self._completion.offers):
            item = QStandardItem(f"{offer.text}   {offer.note}".rstrip())
            item.setData(number, _OFFER)
            self._model.appendRow(item)
        place = self.cursorRect()
        place.setWidth(popup.minimumWidth())
        self._completer.complete(place)
        # Enter takes the first offer once something of it is typed, and asks for the filter otherwise
        begun = self._completion.start < self._completion.end
        popup.setCurrentIndex(popup_model.index(0, 0) if begun else QModelIndex())

    def _insert_chosen(self, index: QModelIndex) -> None:
        number = index.data(_OFFER)
        if not isinstance(number, int) or number >= len(self._completion.offers):
            return
        cursor = self._between(self._completion.start, self._completion.end)
        cursor.insertText(self._completion.offers[number].text)
        self.setTextCursor(cursor)
        self.hide_offers()

    def _between(self, start: int, end: int) -> QTextCursor:
        cursor = self.textCursor()
        last = len(self.toPlainText())
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor
