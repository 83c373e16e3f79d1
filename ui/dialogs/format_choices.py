"""What a family of files lets one choose when it is written, asked from its declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from layers.formats.model import FormatChoice
from layers.words import _
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX


class FormatChoicesDialog(QDialog):
    """Asks for one value of each choice.

    Parameters
    ----------
    said : mapping
        What was chosen the last time; a value that is no longer offered is passed over.
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[FormatChoice],
        said: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(GRID_PX * 64)
        self.choosers: dict[str, CalmComboBox] = {}
        self.write = QPushButton(_("Write the file"))
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        for choice in choices:
            chooser = self.choosers[choice.key] = _chooser(choice, said.get(choice.key, choice.default))
            form.addRow(_(choice.title), chooser)
            if choice.tip:
                tip = QLabel(_(choice.tip))
                tip.setWordWrap(True)
                tip.setTextFormat(Qt.TextFormat.PlainText)
                tip.setProperty("role", "muted")
                form.addRow("", tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addLayout(button_row(self, self.write))

    def answer(self) -> dict[str, str]:
        """Return the values that were chosen; what is left to the family is not among them."""
        said = {key: str(chooser.currentData() or "") for key, chooser in self.choosers.items()}
        return {key: value for key, value in said.items() if value}


def _chooser(choice: FormatChoice, value: str) -> CalmComboBox:
    chooser = CalmComboBox()
    chooser.setAccessibleName(_(choice.title))
    for each, words in choice.values:
        chooser.addItem(_(words), each)
    place = chooser.findData(value)
    chooser.setCurrentIndex(place if place >= 0 else max(chooser.findData(choice.default), 0))
    return chooser
