"""Several things to choose from, with a tick each."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from layers.words import _
from ui.dialogs.rows import button_row, column_with_question
from ui.theme import GRID_PX


class ChoosingDialog(QDialog):
    """Asks which of several things are wanted; at first all are.

    Parameters
    ----------
    choices : sequence of (str, str)
        Key and words of each.
    """

    def __init__(
        self,
        question: str,
        explanation: str,
        choices: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Please choose"))
        self.setMinimumSize(GRID_PX * 64, GRID_PX * 48)
        self.list = QListWidget()
        self.list.setAccessibleName(question)
        for key, words in choices:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setToolTip(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.all = QCheckBox(_("All"))
        self.all.setChecked(True)
        self.go_on = QPushButton(_("Go on"))
        column = column_with_question(self, question, explanation)
        column.addWidget(self.all)
        column.addWidget(self.list, 1)
        column.addLayout(button_row(self, self.go_on))
        self.all.clicked.connect(self._tick_all)
        self.list.itemChanged.connect(lambda _item: self._revise())

    def chosen(self) -> tuple[str, ...]:
        """Return the keys of what is ticked, in order."""
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in self._items()
            if item.checkState() == Qt.CheckState.Checked
        )

    def _items(self) -> list[QListWidgetItem]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item for item in items if item is not None]

    def _tick_all(self, ticked: bool) -> None:
        state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        for item in self._items():
            item.setCheckState(state)

    def _revise(self) -> None:
        chosen = len(self.chosen())
        self.go_on.setEnabled(chosen > 0)
        self.all.setChecked(chosen == self.list.count())
