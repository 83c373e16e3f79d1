"""Go to coordinates: what is typed, what it is taken for, and the same place in the other usual systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.coordinates import Place
from layers.words import _
from ui.theme import GRID_PX

_PLACE = Qt.ItemDataRole.UserRole + 1
_ROWS_PX = GRID_PX * 14


class GoToDialog(QDialog):
    """Stays open beside the map; Enter goes to the place on which the arrows stand, at first the likeliest.

    Parameters
    ----------
    read : callable
        Returns the places a text can mean.
    tell : callable
        Returns a place in words, one line for each usual system.
    """

    go_asked = pyqtSignal(object)
    """A :class:`layers.coordinates.Place`."""
    mark_unwanted = pyqtSignal()

    def __init__(
        self,
        read: Callable[[str], Sequence[Place]],
        tell: Callable[[Place], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Go to coordinates"))
        self.setMinimumWidth(GRID_PX * 60)
        self._read = read
        self._tell = tell
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("X 2491514.243 Y 436212.615    22°31′12″N 113°22′48″E    22.52, 113.38")
        self.edit.setClearButtonEnabled(True)
        self.edit.setAccessibleName(_("Coordinates"))
        self.places = QListWidget()
        self.places.setProperty("role", "popup")
        self.places.setFixedHeight(_ROWS_PX)
        self.places.setAccessibleName(_("What it is taken for"))
        self.report = QLabel()
        self.report.setTextFormat(Qt.TextFormat.PlainText)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.report.setMinimumHeight(GRID_PX * 8)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.go = QPushButton(_("Go there"))
        self.go.setProperty("primary", True)
        self.go.setDefault(True)
        self.copy = QPushButton(_("Copy"))
        self.clear = QPushButton(_("Remove the mark"))
        self._lay_out()
        self.edit.textChanged.connect(self._revise)
        self.places.currentRowChanged.connect(self._show_place)
        self.places.itemActivated.connect(self._ask)
        self.go.clicked.connect(self._ask)
        self.copy.clicked.connect(self._copy)
        self.clear.clicked.connect(self.mark_unwanted)
        self._revise()

    def place(self) -> Place | None:
        """Return the place on which the arrows stand."""
        item = self.places.currentItem()
        found = item.data(_PLACE) if item is not None else None
        return found if isinstance(found, Place) else None

    def begin(self) -> None:
        """Take the keyboard; what was typed before is selected."""
        self._revise()
        self.edit.setFocus()
        self.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move among the places with the arrows while the text has the keyboard."""
        if event is not None and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = self.places.currentRow() + step
            self.places.setCurrentRow(max(0, min(row, self.places.count() - 1)))
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Close, and take the mark away."""
        self.mark_unwanted.emit()
        super().reject()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for button in (self.copy, self.clear):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        for widget in (self.edit, self.places, self.report):
            column.addWidget(widget)
        column.addLayout(row)

    def _revise(self) -> None:
        """Show what the text is taken for."""
        text = self.edit.text().strip()
        self.places.clear()
        for place in self._read(text) if text else ():
            item = QListWidgetItem(place.description)
            item.setData(_PLACE, place)
            self.places.addItem(item)
        found = self.places.count()
        self.places.setCurrentRow(0 if found else -1)
        self._show_place()
        if text and not found:
            self._say(
                _("These are no coordinates. Write two numbers: degrees, or X (north) and Y (east)."),
                "danger",
            )

    def _show_place(self, *_row: object) -> None:
        place = self.place()
        self.go.setEnabled(place is not None)
        self.copy.setEnabled(place is not None)
        if place is None:
            self._say(_("Degrees, degrees minutes seconds, or plane coordinates, in either order."), "muted")
            return
        many = self.places.count() > 1
        head = (_("This can mean several places: choose with the arrows."),) if many else ()
        self._say("\n".join((*head, *self._tell(place))), "")

    def _say(self, text: str, role: str) -> None:
        self.report.setProperty("role", role)
        style = self.report.style()
        if style is not None:
            style.polish(self.report)
        self.report.setText(text)

    def _ask(self, *_item: object) -> None:
        place = self.place()
        if place is not None:
            self.go_asked.emit(place)

    def _copy(self) -> None:
        place, clipboard = self.place(), QGuiApplication.clipboard()
        if place is not None and clipboard is not None:
            clipboard.setText("\n".join(self._tell(place)))
