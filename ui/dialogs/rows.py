"""The closing row of a dialog: leave on the left of the verb that does it."""

from __future__ import annotations

from PyQt6.QtWidgets import QDialog, QHBoxLayout, QPushButton

from layers.words import _
from ui.theme import GRID_PX


def button_row(dialog: QDialog, verb: QPushButton) -> QHBoxLayout:
    """Return a row with a way out and the verb; the verb answers the Enter key."""
    leave = QPushButton(_("Cancel"))
    leave.setAutoDefault(False)
    leave.clicked.connect(dialog.reject)
    verb.setProperty("primary", True)
    verb.setDefault(True)
    verb.clicked.connect(dialog.accept)
    row = QHBoxLayout()
    row.setSpacing(GRID_PX)
    row.addStretch(1)
    row.addWidget(leave)
    row.addWidget(verb)
    return row
