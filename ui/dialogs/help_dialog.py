"""The help: keys, and where the program keeps its files."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.port import HelpSection
from ui.panels.parts import ScrollColumn, text_label
from ui.theme import GRID_PX


class HelpDialog(QDialog):
    """Shows the sections below each other, their rows in two columns that can be selected and copied."""

    def __init__(self, sections: Sequence[HelpSection], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help"))
        self.setMinimumSize(GRID_PX * 80, GRID_PX * 64)
        page = ScrollColumn()
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID_PX * 3)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.setColumnStretch(1, 1)
        for section in sections:
            row = grid.rowCount()
            grid.setRowMinimumHeight(row, GRID_PX * 4)
            grid.addWidget(text_label(section.title, "heading"), row, 0, 1, 2)
            for name, text in section.rows:
                row = grid.rowCount()
                for column, label in enumerate((text_label(name, "muted"), text_label(text))):
                    label.setWordWrap(column == 1)
                    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                    grid.addWidget(label, row, column)
        page.column.addLayout(grid)
        page.column.addStretch(1)
        close = QPushButton(_("Close"))
        close.setProperty("primary", True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(GRID_PX * 2, 0, GRID_PX * 2, GRID_PX * 2)
        buttons.addStretch(1)
        buttons.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page, 1)
        whole.addLayout(buttons)
        # the arrows scroll, Enter closes
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page.setFocus()

    def texts(self) -> list[str]:
        """Return everything that stands in the help, top first."""
        return [label.text() for label in self.findChildren(QLabel)]
