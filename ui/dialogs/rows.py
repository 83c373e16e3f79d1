"""How a dialog begins and ends: what is asked on top; leave on the left of the verb that does it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

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


def column_with_question(dialog: QDialog, question: str, explanation: str) -> QVBoxLayout:
    """Lay a dialog out as a column, and return it with the question and what explains it on top."""
    column = QVBoxLayout(dialog)
    column.setContentsMargins(*[GRID_PX * 3] * 4)
    column.setSpacing(GRID_PX)
    for text, role in ((question, "heading"), (explanation, "muted")):
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("role", role)
        column.addWidget(label)
    return column
