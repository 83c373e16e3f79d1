"""A question that is answered with a verb, and a list of what was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.port import Verb
from ui.dialogs.rows import column_with_question
from ui.theme import GRID_PX


class QuestionDialog(QDialog):
    """Asks with one button per verb; Escape chooses none."""

    def __init__(
        self, question: str, explanation: str, verbs: Sequence[Verb], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.chosen = ""
        self.setWindowTitle(_("Please decide"))
        self.setMinimumWidth(GRID_PX * 56)
        column = column_with_question(self, question, explanation)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addStretch(1)
        for place, verb in enumerate(verbs):
            button = QPushButton(verb.text)
            button.setObjectName(verb.key)
            button.setProperty("primary", place == len(verbs) - 1)
            button.setDefault(place == len(verbs) - 1)
            button.clicked.connect(partial(self._choose, verb.key))
            row.addWidget(button)
        column.addSpacing(GRID_PX)
        column.addLayout(row)

    def _choose(self, key: str, *_state: object) -> None:
        self.chosen = key
        self.accept()


class FindingsDialog(QDialog):
    """Shows what was noticed, one line each."""

    def __init__(self, title: str, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumSize(GRID_PX * 72, GRID_PX * 30)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        entries = QListWidget()
        entries.setWordWrap(True)
        entries.setAlternatingRowColors(True)
        entries.addItems(list(lines))
        close = QPushButton(_("Close"))
        close.setProperty("primary", True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(heading)
        column.addWidget(entries, 1)
        column.addLayout(row)
