"""One box that finds commands, layers and named places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QModelIndex, Qt, QTimer
from PyQt6.QtGui import QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from layers.words import _
from ui.theme import GRID_PX

_RUN = Qt.ItemDataRole.UserRole + 1
_SHOWN = 12


@dataclass(frozen=True)
class SearchEntry:
    """Something that can be found: its name, what it is, what choosing it does."""

    name: str
    what: str
    choose: Callable[[], object]


class SearchBox(QLineEdit):
    """Type a part of a name, choose with the arrows and Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Search: place, platform, carrier, layer, command   Ctrl+K"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(GRID_PX * 30)
        self.setMaximumWidth(GRID_PX * 70)
        self._entries = QStandardItemModel(self)
        self._completer = QCompleter(self._entries, self)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setMaxVisibleItems(_SHOWN)
        popup = QListView()
        popup.setProperty("role", "popup")
        self._completer.setPopup(popup)
        self.setCompleter(self._completer)
        self._completer.activated[QModelIndex].connect(self._choose)
        self.returnPressed.connect(self._choose_first)

    def set_entries(self, entries: Sequence[SearchEntry]) -> None:
        """Make these things findable."""
        self._entries.clear()
        for entry in entries:
            item = QStandardItem(f"{entry.name}   {entry.what}")
            item.setData(entry.choose, _RUN)
            self._entries.appendRow(item)

    def begin(self) -> None:
        """Take the keyboard."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _choose(self, index: QModelIndex) -> None:
        self._run(index.data(_RUN))

    def _choose_first(self) -> None:
        popup = self._completer.popup()
        if popup is not None and popup.isVisible() and popup.currentIndex().isValid():
            return
        self._completer.setCompletionPrefix(self.text())
        if self.text() and self._completer.completionCount():
            self._run(self._completer.currentIndex().data(_RUN))

    def _run(self, choose: object) -> None:
        if callable(choose):
            # the completer writes the chosen text after it has told of it
            QTimer.singleShot(0, self.clear)
            choose()
