"""The verbs of a dialog that selects: what becomes of the features that were selected before."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from layers.words import N_, _
from ui.theme import GRID_PX
from zsgis.selection.combining import Combination

_VERBS = (
    (Combination.REPLACE, N_("Select"), N_("Select these features and no others")),
    (Combination.ADD, N_("Add"), N_("Add these features to the selection")),
    (Combination.REMOVE, N_("Remove"), N_("Take these features out of the selection")),
    (Combination.INTERSECT, N_("Keep"), N_("Keep of the selection only these features")),
)


class SelectionButtons(QWidget):
    """Four verbs in a row; the first answers the Enter key."""

    chosen = pyqtSignal(object)
    """A :class:`zsgis.selection.combining.Combination`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addStretch(1)
        self.buttons: dict[Combination, QPushButton] = {}
        for how, text, tip in _VERBS:
            button = QPushButton(_(text))
            button.setToolTip(_(tip))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, how=how: self.chosen.emit(how))
            row.addWidget(button)
            self.buttons[how] = button
        self.buttons[Combination.REPLACE].setProperty("primary", True)

    def set_usable(self, usable: bool) -> None:
        """Let the verbs be chosen, or not."""
        for button in self.buttons.values():
            button.setEnabled(usable)
