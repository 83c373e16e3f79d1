"""The small entry beside the pointer: distance and bearing of the next corner."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from layers.words import _
from ui.panels.parts import repolished
from ui.theme import GRID_PX

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_APART_PX = 16
_LENGTH_PX, _BEARING_PX = 88, 112


class StepEntry(QFrame):
    """Enter sets the corner, Tab goes from distance to bearing, Esc leaves it."""

    entered = pyqtSignal(str, str)
    """Distance and bearing as typed; either may be empty: the pointer says it then."""
    left = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("step_entry")
        self.setProperty("role", "card")
        self.length = self._edit("step_length", _("Distance (m)"), _LENGTH_PX)
        self.bearing = self._edit("step_bearing", _("Bearing"), _BEARING_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[GRID_PX] * 4)
        row.setSpacing(GRID_PX)
        for edit in (self.length, self.bearing):
            title = QLabel(edit.accessibleName())
            title.setProperty("role", "muted")
            row.addWidget(title)
            row.addWidget(edit)
        self.hide()

    def open(self, typed: str, near: QPoint) -> None:
        """Show it beside a place; what was typed already begins the distance, or the bearing if a letter."""
        for edit in (self.length, self.bearing):
            edit.clear()
            self.show_wrong(edit, "")
        first = self.bearing if typed.isalpha() else self.length
        first.setText(typed)
        self.adjustSize()
        room = self.parentWidget()
        if room is not None:
            x = min(near.x() + _APART_PX, room.width() - self.width())
            y = min(near.y() + _APART_PX, room.height() - self.height())
            self.move(max(x, 0), max(y, 0))
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.end(False)

    def show_wrong(self, edit: QLineEdit, text: str) -> None:
        """Mark what cannot be read, with the reason."""
        edit.setProperty("wrong", bool(text))
        edit.setToolTip(text)
        repolished(edit)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Take Enter and Esc."""
        if event is not None and event.key() in _ENTER:
            self.entered.emit(self.length.text().strip(), self.bearing.text().strip())
        elif event is not None and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _edit(self, name: str, title: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setObjectName(name)
        edit.setAccessibleName(title)
        edit.setFixedWidth(width)
        return edit
