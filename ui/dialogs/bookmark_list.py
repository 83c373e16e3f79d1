"""The list of bookmarks: go there, give another name, take away."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.panels.parts import text_label, verb_button
from ui.theme import GRID_PX
from zsgis.bookmarks import Bookmark

_UID = Qt.ItemDataRole.UserRole


class BookmarkList(QDialog):
    """Stays open beside the map; a double click or Enter goes to a place."""

    go_asked = pyqtSignal(str)
    rename_asked = pyqtSignal(str, str)
    remove_asked = pyqtSignal(str)
    add_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bookmarks")
        self.setWindowTitle(_("Bookmarks"))
        self.setModal(False)
        self._filling = False
        self._list = QListWidget()
        self._list.setProperty("role", "popup")
        self._list.setAccessibleName(_("Bookmarks"))
        self._list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self._empty = text_label(
            _("No place has a name yet. Ctrl+B gives one to what the map shows."), "muted"
        )
        self._go = verb_button(_("Go there"), primary=True)
        self._rename = verb_button(_("Rename"))
        self._remove = verb_button(_("Delete"))
        add = verb_button(_("Add the present view…"))
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        for button in (self._go, self._rename, self._remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        add.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(self._empty)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)
        column.addWidget(add)
        self.resize(344, 400)
        self._go.clicked.connect(self._ask_go)
        self._rename.clicked.connect(self._edit)
        self._remove.clicked.connect(self._ask_remove)
        add.clicked.connect(self.add_asked)
        self._list.itemActivated.connect(self._ask_go)
        self._list.itemChanged.connect(self._take_name)
        self._list.currentRowChanged.connect(self._enable)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self._list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_remove)
        self.show_bookmarks(())

    @property
    def names(self) -> list[str]:
        """What the list shows."""
        return [item.text() for item in self._items()]

    @property
    def list_widget(self) -> QListWidget:
        """The list itself."""
        return self._list

    def buttons(self) -> tuple[QPushButton, QPushButton, QPushButton]:
        """Return the buttons that go, rename and remove."""
        return self._go, self._rename, self._remove

    def show_bookmarks(self, bookmarks: Sequence[Bookmark]) -> None:
        """Show these; a new one is chosen, otherwise the one chosen stays so."""
        chosen, row = self._chosen(), self._list.currentRow()
        before = {item.data(_UID) for item in self._items()}
        self._filling = True
        self._list.clear()
        for mark in bookmarks:
            item = QListWidgetItem(mark.name)
            item.setData(_UID, mark.uid)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self._list.addItem(item)
        self._filling = False
        uids = [mark.uid for mark in bookmarks]
        added = [uid for uid in uids if uid not in before]
        wanted = added[0] if len(added) == 1 else chosen
        self._list.setCurrentRow(uids.index(wanted) if wanted in uids else min(max(row, 0), len(uids) - 1))
        self._empty.setVisible(not bookmarks)
        self._enable()

    def _items(self) -> list[QListWidgetItem]:
        items = (self._list.item(row) for row in range(self._list.count()))
        return [item for item in items if item is not None]

    def _chosen(self) -> str:
        item = self._list.currentItem()
        return str(item.data(_UID)) if item is not None else ""

    def _enable(self, *_row: object) -> None:
        for button in self.buttons():
            button.setEnabled(bool(self._chosen()))

    def _ask_go(self, *_item: object) -> None:
        if self._chosen():
            self.go_asked.emit(self._chosen())

    def _ask_remove(self) -> None:
        if self._chosen():
            self.remove_asked.emit(self._chosen())

    def _edit(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.editItem(item)

    def _take_name(self, item: QListWidgetItem) -> None:
        if not self._filling:
            self.rename_asked.emit(str(item.data(_UID)), item.text())
