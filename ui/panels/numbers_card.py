"""A small card over the map with two numbers that can be typed: coordinates of a vertex, a shift."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from layers.words import _
from ui.panels.parts import repolished, text_label
from ui.theme import GRID_PX

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDIT_PX = 152


class NumbersCard(QFrame):
    """Shows two numbers; Enter takes what was typed, Esc puts back what stood there.

    Parameters
    ----------
    name : str
        Its object name; the edits are called ``name_1`` and ``name_2``.
    """

    entered = pyqtSignal(float, float)
    left = pyqtSignal()
    """Whoever typed wants back to the map."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "card")
        self.hide()
        self._title = text_label("", "heading")
        self._title.setWordWrap(False)
        self._note = text_label("", "muted")
        self._titles = (QLabel(), QLabel())
        self.edits = (QLineEdit(), QLineEdit())
        self._shown = ("", "")
        self._numbers = (0.0, 0.0)
        rows = QGridLayout()
        rows.setHorizontalSpacing(GRID_PX)
        rows.setVerticalSpacing(GRID_PX // 2)
        for row, (title, edit) in enumerate(zip(self._titles, self.edits, strict=True)):
            edit.setObjectName(f"{name}_{row + 1}")
            edit.setFixedWidth(_EDIT_PX)
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            title.setBuddy(edit)
            rows.addWidget(title, row, 0)
            rows.addWidget(edit, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX + 4] * 4)
        column.setSpacing(GRID_PX)
        for widget in (self._title, self._note):
            column.addWidget(widget)
        column.insertLayout(1, rows)

    def set_words(self, title: str, first: str, second: str, note: str) -> None:
        """Say what the numbers are."""
        self._title.setText(title)
        self._note.setText(note)
        for label, edit, text in zip(self._titles, self.edits, (first, second), strict=True):
            label.setText(text)
            edit.setAccessibleName(text)

    def show_numbers(self, first: float, second: float, digits: int) -> None:
        """Show two numbers; what is typed just now is not taken away."""
        self._numbers = (first, second)
        self._shown = (f"{first:.{digits}f}", f"{second:.{digits}f}")
        if not any(edit.hasFocus() and edit.isModified() for edit in self.edits):
            self._put_back()

    def begin(self) -> None:
        """Let the first number be typed."""
        self.edits[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edits[0].selectAll()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Take Enter and Esc."""
        if event is not None and event.key() in _ENTER:
            self._enter()
        elif event is not None and event.key() == Qt.Key.Key_Escape:
            self._put_back()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        numbers = []
        for edit, shown, known in zip(self.edits, self._shown, self._numbers, strict=True):
            # what was not typed is exactly what it was, not what its digits say
            number = known if edit.text() == shown else _number(edit.text())
            _mark(edit, "" if number is not None else _("“{text}” is not a number.").format(text=edit.text()))
            numbers.append(number)
        first, second = numbers
        if first is not None and second is not None:
            for edit in self.edits:
                edit.setModified(False)
            self.entered.emit(first, second)
            self.left.emit()

    def _put_back(self) -> None:
        for edit, text in zip(self.edits, self._shown, strict=True):
            edit.setText(text)
            _mark(edit, "")


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "").replace("，", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _mark(edit: QLineEdit, wrong: str) -> None:
    edit.setProperty("wrong", bool(wrong))
    edit.setToolTip(wrong)
    repolished(edit)
