"""Choosing the columns of a table: a list to tick, and to put in order by dragging."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.theme import GRID_PX
from zsgis.tabulation.look import TableLook
from zsgis.tabulation.shown import ShownField

_SIZE_PX = (280, 420)
_NAME = Qt.ItemDataRole.UserRole


class ColumnChooser(QFrame):
    """A small window that closes when one clicks beside it; every change is told at once."""

    look_chosen = pyqtSignal(object)  # TableLook
    empty_asked = pyqtSignal()

    def __init__(self, fields: Sequence[ShownField], look: TableLook, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._look = look
        self.list = QListWidget()
        self.list.setProperty("role", "popup")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        titles = {field.name: field.title for field in fields}
        shown = set(look.shown(list(titles)))
        for name in look.arranged(list(titles)):
            entry = QListWidgetItem(titles[name])
            entry.setData(_NAME, name)
            entry.setFlags((entry.flags() | Qt.ItemFlag.ItemIsUserCheckable) & ~Qt.ItemFlag.ItemIsDropEnabled)
            entry.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(entry)
        self.show_all = QPushButton(_("Show all columns"))
        self.hide_empty = QPushButton(_("Hide empty columns"))
        self.show_all.clicked.connect(self._tick_all)
        self.hide_empty.clicked.connect(self._ask_empty)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_all)
        buttons.addWidget(self.hide_empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.resize(*_SIZE_PX)
        self.list.itemChanged.connect(self._tell)
        model = self.list.model()
        if model is not None:
            model.rowsMoved.connect(self._tell)

    def show_at(self, corner: QPoint) -> None:
        """Show it with its lower right corner at a place of the screen, as far as there is room."""
        place = QPoint(corner.x() - self.width(), corner.y() - self.height())
        screen = self.screen()
        if screen is not None:
            room = screen.availableGeometry()
            place.setX(max(place.x(), room.left()))
            place.setY(max(place.y(), room.top()))
        self.move(place)
        self.show()
        self.list.setFocus()

    def _entries(self) -> list[QListWidgetItem]:
        found = (self.list.item(row) for row in range(self.list.count()))
        return [entry for entry in found if entry is not None]

    def _tell(self, *_change: object) -> None:
        entries = self._entries()
        hidden = {str(e.data(_NAME)) for e in entries if e.checkState() is Qt.CheckState.Unchecked}
        order = tuple(str(entry.data(_NAME)) for entry in entries)
        self.look_chosen.emit(self._look.model_copy(update={"order": order, "hidden": frozenset(hidden)}))

    def _tick_all(self) -> None:
        self.list.blockSignals(True)
        for entry in self._entries():
            entry.setCheckState(Qt.CheckState.Checked)
        self.list.blockSignals(False)
        self._tell()

    def _ask_empty(self) -> None:
        self.empty_asked.emit()
        self.close()
