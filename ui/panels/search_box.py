"""One box that finds commands, layers and named places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QFont, QPainter, QPalette, QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from layers.words import _
from ui.theme import GRID_PX

_RUN = Qt.ItemDataRole.UserRole + 1
_DETAIL = Qt.ItemDataRole.UserRole + 2
_HEADING = Qt.ItemDataRole.UserRole + 3
_SHOWN = 14
COMMANDS = ">"
"""Begins a search among commands only."""


@dataclass(frozen=True)
class SearchEntry:
    """Something that was found: its name, under which heading it stands, what choosing it does.

    ``detail`` stands at the right: a layer, a key, or why it cannot be used now.
    """

    name: str
    what: str
    choose: Callable[[], object]
    detail: str = ""
    usable: bool = True


class _Rows(QStyledItemDelegate):
    """Draws a name at the left and its detail at the right; headings small and quiet."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return the size of a row; all are as high as the first, from which the list's height is taken."""
        return QSize(super().sizeHint(option, index).width(), GRID_PX * 4)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw a row."""
        if painter is None:
            return
        palette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Midlight))
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        plain = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
        usable = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        font = QFont(option.font)
        font.setBold(bool(index.data(_HEADING)))
        painter.setFont(font)
        place = option.rect.adjusted(GRID_PX, 0, -GRID_PX, 0)
        metrics = painter.fontMetrics()
        detail = metrics.elidedText(
            str(index.data(_DETAIL) or ""), Qt.TextElideMode.ElideMiddle, place.width() // 2
        )
        room = place.width() - metrics.horizontalAdvance(detail) - GRID_PX * 2
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, room)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(plain if usable else quiet)
        painter.drawText(QRect(place), middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(quiet)
        painter.drawText(QRect(place), middle | Qt.AlignmentFlag.AlignRight, detail)
        painter.restore()


class SearchBox(QLineEdit):
    """Type a part of a name, choose with the arrows and Enter."""

    typed = pyqtSignal(str)
    entered = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Search: place, parcel, carrier, layer, command   Ctrl+K"))
        self.setToolTip(_("Names, codes, initials (zskxc), coordinates; “>” for commands. Enter goes there."))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(GRID_PX * 30)
        self.setMaximumWidth(GRID_PX * 70)
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_SHOWN)
        popup = QListView()
        popup.setProperty("role", "popup")
        self._completer.setPopup(popup)
        popup.setItemDelegate(_Rows(popup))
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._choose)
        self.textEdited.connect(self.typed)
        self.returnPressed.connect(self._choose_first)

    @property
    def names(self) -> list[str]:
        """What is offered now, without headings."""
        items = (self._model.item(row) for row in range(self._model.rowCount()))
        return [item.text() for item in items if item is not None and not item.data(_HEADING)]

    def show_entries(self, entries: Sequence[SearchEntry]) -> None:
        """Offer these things, a heading over each run of the same sort."""
        self._model.clear()
        heading = ""
        for entry in entries:
            if entry.what != heading:
                heading = entry.what
                self._model.appendRow(_heading(heading))
            self._model.appendRow(_row(entry))
        popup = self._completer.popup()
        if entries:
            self._completer.complete()
            first = self._first()
            if popup is not None and first is not None:
                popup.setCurrentIndex(first.index())
        elif popup is not None:
            popup.hide()

    def begin(self, text: str = "") -> None:
        """Take the keyboard; a text is typed at once."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.setText(text)
            self.typed.emit(text)
        else:
            self.selectAll()

    def refresh(self) -> None:
        """Search again for what stands in the box: there is more to be found now."""
        if self.hasFocus() and self.text():
            self.typed.emit(self.text())

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Tell that somebody is going to search."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Leave no mark of the commands behind when they are put away."""
        super().focusOutEvent(event)
        popup = self._completer.popup()
        if self.text().strip() == COMMANDS and (popup is None or not popup.isVisible()):
            self.clear()

    def _choose(self, index: QModelIndex) -> None:
        self._run(index.data(_RUN))

    def _choose_first(self) -> None:
        """Do what is marked in the list; without a list, the first that is found."""
        popup = self._completer.popup()
        chosen = popup.currentIndex().data(_RUN) if popup is not None and popup.isVisible() else None
        if not callable(chosen):
            self.typed.emit(self.text())
            first = self._first()
            chosen = first.data(_RUN) if first is not None else None
        self._run(chosen)

    def _first(self) -> QStandardItem | None:
        items = (self._model.item(row) for row in range(self._model.rowCount()))
        return next((item for item in items if item is not None and item.isEnabled()), None)

    def _run(self, choose: object) -> None:
        popup = self._completer.popup()
        if callable(choose):
            if popup is not None:
                popup.hide()
            # the completer writes the chosen text after it has told of it
            QTimer.singleShot(0, self.clear)
            choose()


def _heading(title: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setData(True, _HEADING)
    return item


def _row(entry: SearchEntry) -> QStandardItem:
    item = QStandardItem(entry.name)
    item.setData(entry.choose, _RUN)
    item.setData(entry.detail, _DETAIL)
    item.setToolTip(f"{entry.name}\n{entry.detail}" if entry.detail else entry.name)
    if not entry.usable:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item
