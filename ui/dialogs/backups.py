"""The copies of a project: when and why each was taken, what is otherwise now, and what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.panels.parts import text_label, verb_button
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from layers.store.backups import BackupCopy
    from zsgis.backups.comparing import LayerDifference

_UID = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BackupsDialog(QDialog):
    """Stays open beside the window; nothing happens before a button is pressed."""

    copy_chosen = pyqtSignal(object)
    """A :class:`BackupCopy` that is to be compared with the present state."""
    back_up_asked = pyqtSignal()
    restore_asked = pyqtSignal(object)
    save_as_asked = pyqtSignal(object)
    layers_asked = pyqtSignal(object, list)
    """A copy, and the uids of its layers that are wanted back."""
    remove_asked = pyqtSignal(object)
    folder_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("backups")
        self.setWindowTitle(_("Copies of the project"))
        self.setModal(False)
        self._copies: tuple[BackupCopy, ...] = ()
        self._may_write = False
        self.folder = text_label("", "muted", selectable=True)
        self.list = _table(
            _("Copies of the project"), [_("Taken"), _("Kind"), _("Before what"), _("Size"), _("Features")]
        )
        self.head = text_label("", "heading")
        self.layers = _table(
            _("Layers of the copy"),
            [
                _("Layer"),
                _("In the copy"),
                _("Now"),
                _("Added since"),
                _("Removed since"),
                _("Changed since"),
            ],
        )
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.resize(GRID_PX * 136, GRID_PX * 72)
        self.list.currentCellChanged.connect(lambda *_cell: self._choose())
        self.layers.itemChanged.connect(lambda _item: self._enable())
        self._enable()

    @property
    def chosen(self) -> BackupCopy | None:
        """The copy that is marked."""
        row = self.list.currentRow()
        return self._copies[row] if 0 <= row < len(self._copies) else None

    def show_copies(self, copies: Sequence[BackupCopy], folder: Path, *, may_write: bool) -> None:
        """Show copies, the latest first; without the right to write nothing is taken back."""
        before = self.chosen
        self._copies, self._may_write = tuple(copies), may_write
        self.folder.setText(_("Kept in {folder}").format(folder=folder))
        self.list.blockSignals(True)
        self.list.setRowCount(len(self._copies))
        for row, copy in enumerate(self._copies):
            _fill(self.list, row, _words_of(copy), right_from=3)
        self.list.blockSignals(False)
        rows = [row for row, copy in enumerate(self._copies) if before and copy.path == before.path]
        self.list.setCurrentCell(rows[0] if rows else 0, 0)
        self._choose()

    def show_comparison(self, copy: BackupCopy, layers: Sequence[LayerDifference]) -> None:
        """Show how a copy differs from now; one that is no longer marked is left out."""
        if copy is not self.chosen:
            return
        self.layers.blockSignals(True)
        self.layers.setRowCount(len(layers))
        for row, layer in enumerate(layers):
            _fill(self.layers, row, _words_of_layer(layer), right_from=1)
            first = self.layers.item(row, 0)
            if first is not None and layer.in_copy is not None:
                first.setData(_UID, layer.uid)
                first.setFlags(first.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                first.setCheckState(Qt.CheckState.Unchecked)
        self.layers.blockSignals(False)
        same = all(layer.same for layer in layers)
        self.head.setText(
            _("Nothing is otherwise than in this copy.") if same else _("What is otherwise since this copy")
        )
        self._enable()

    def show_trouble(self, text: str) -> None:
        """Say why a copy cannot be compared."""
        self.head.setText(text)

    def wanted_layers(self) -> list[str]:
        """Return the uids of the layers that are ticked."""
        items = [self.layers.item(row, 0) for row in range(self.layers.rowCount())]
        return [
            item.data(_UID)
            for item in items
            if item is not None and item.data(_UID) and item.checkState() is Qt.CheckState.Checked
        ]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.folder, 1)
        top.addWidget(self._button("folder", _("Another folder…")))
        middle = QHBoxLayout()
        middle.setSpacing(GRID_PX * 2)
        middle.addWidget(self.list, 1)
        right = QVBoxLayout()
        right.setSpacing(GRID_PX)
        right.addWidget(self.head)
        right.addWidget(self.layers, 1)
        right.addWidget(self._button("layers", _("Take ticked layers back")))
        middle.addLayout(right, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID_PX)
        bottom.addWidget(self._button("back_up", _("Take a copy now")))
        bottom.addWidget(self._button("remove", _("Delete this copy")))
        bottom.addStretch(1)
        bottom.addWidget(self._button("save_as", _("Save as a new project…")))
        bottom.addWidget(self._button("restore", _("Go back to this copy"), primary=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addLayout(bottom)

    def _button(self, key: str, text: str, *, primary: bool = False) -> QPushButton:
        button = verb_button(text, primary=primary)
        button.setObjectName(f"backups_{key}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda _state: self._ask(key))
        self.buttons[key] = button
        return button

    def _ask(self, key: str) -> None:
        copy = self.chosen
        if key == "back_up":
            self.back_up_asked.emit()
        elif key == "folder":
            self.folder_asked.emit()
        elif copy is not None and key == "layers":
            self.layers_asked.emit(copy, self.wanted_layers())
        elif copy is not None:
            asked = {
                "restore": self.restore_asked,
                "save_as": self.save_as_asked,
                "remove": self.remove_asked,
            }
            asked[key].emit(copy)

    def _choose(self) -> None:
        copy = self.chosen
        self.layers.setRowCount(0)
        if copy is None:
            self.head.setText(_("No copy was taken yet."))
        elif copy.summary is None:
            self.head.setText(_("This copy cannot be read."))
        else:
            self.head.setText(_("Comparing with the present state…"))
            self.copy_chosen.emit(copy)
        self._enable()

    def _enable(self) -> None:
        copy = self.chosen
        good = copy is not None and copy.good
        usable = {
            "folder": True,
            "back_up": True,
            "remove": copy is not None,
            "save_as": good,
            "restore": good and self._may_write,
            "layers": good and self._may_write and bool(self.wanted_layers()),
        }
        for key, able in usable.items():
            self.buttons[key].setEnabled(able)


def _table(name: str, headings: Sequence[str]) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.setAccessibleName(name)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    if rows is not None:
        rows.setVisible(False)
        rows.setDefaultSectionSize(GRID_PX * 3 + 4)
    if columns is not None:
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(2 if len(headings) == 5 else 0, QHeaderView.ResizeMode.Stretch)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
    return table


def _fill(table: QTableWidget, row: int, words: Sequence[str], *, right_from: int) -> None:
    for column, text in enumerate(words):
        item = QTableWidgetItem(text)
        item.setToolTip(text)
        if column >= right_from:
            item.setTextAlignment(_RIGHT)
        table.setItem(row, column, item)


def _words_of(copy: BackupCopy) -> tuple[str, ...]:
    features = _("unreadable") if copy.summary is None else f"{copy.summary.features:,}"
    taken = f"{copy.taken.astimezone():%Y-%m-%d %H:%M}"
    return (taken, copy.kind.value, copy.reason, f"{copy.size / 1e6:,.1f} MB", features)


def _words_of_layer(layer: LayerDifference) -> tuple[str, ...]:
    counts = ("" if count is None else f"{count:,}" for count in (layer.in_copy, layer.now))
    since = (f"{count:,}" if count else "" for count in (layer.added, layer.removed, layer.changed))
    return (layer.name, *counts, *since)
