"""Rows of a boundary TXT, pasted; its plots with their size and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.entry.traverse_page import labelled
from ui.dialogs.row_lists import RowList
from ui.theme import GRID_PX
from zsgis.editing.entry import Entered, TextRequest


class TextPage(QWidget):
    """The text, and the plots in it.

    Parameters
    ----------
    systems : sequence of (str, str)
        Systems that may be chosen instead of what the text says: code and name.
    """

    changed = pyqtSignal()

    def __init__(self, systems: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("pasted_text")
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.edit.setPlaceholderText("J1,1,2491514.243,436212.615\nJ2,1,2491520.118,436298.402\n…")
        self.edit.setTabChangesFocus(True)
        self.system = QComboBox()
        self.system.setObjectName("text_system")
        self.system.addItem(_("As the text says, else as the layer"), "")
        for code, name in systems:
            self.system.addItem(name, code)
        self.plots = RowList((_("Plot"), _("Number of points"), _("Area or length"), _("Trouble")))
        self.plots.setObjectName("pasted_plots")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(labelled(_("Taken as"), self.system))
        column.addWidget(self.edit, 3)
        column.addWidget(self.plots, 2)
        self.edit.textChanged.connect(self.changed)
        self.system.activated.connect(self.changed)

    def request(self) -> TextRequest | None:
        """Return what is pasted; None while there is nothing."""
        text = self.edit.toPlainText()
        return TextRequest(text, str(self.system.currentData())) if text.strip() else None

    def show_entered(self, entered: Entered | None) -> None:
        """List the plots."""
        self.plots.show_rows(entered.rows if entered is not None else ())

    def clear(self) -> None:
        """Begin anew."""
        self.edit.clear()
