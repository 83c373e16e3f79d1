"""Which coordinate system: the candidates with their reasons in a list, and where each puts the data."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from layers.errors import CrsError
from layers.guard.taken_as import describe, parse_taken_as
from layers.words import _
from ui.dialogs.importing.candidate_map import CandidateMap
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer

_OWN = ""


class CoordinatesPage(QWidget):
    """A list and a map that say the same; ``changed`` tells of every choice."""

    changed = pyqtSignal()

    def __init__(self, offer: ImportOffer, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = offer.intake.examination.crs
        self.map = CandidateMap(offer.backdrop, colors)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Coordinate system"))
        self.list.setMinimumWidth(GRID_PX * 34)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setMinimumHeight(GRID_PX * 9)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.own = QLineEdit()
        self.own.setPlaceholderText(_("4547, gk:114.5, utm49, gcj02, 4547+swapped …"))
        self.own.setAccessibleName(_("Another coordinate system"))
        self._fill()
        self._lay_out()
        self.map.show_candidates([each.value for each in self._verdict.candidates], offer.outlines)
        self.list.currentItemChanged.connect(self._take_item)
        self.own.textEdited.connect(self._take_own)
        self.map.chosen.connect(self.choose)
        self._start(offer.request.crs)

    def value(self) -> str:
        """Return what the coordinates are taken as; empty while nothing is chosen."""
        item = self.list.currentItem()
        if item is None:
            return ""
        value = str(item.data(Qt.ItemDataRole.UserRole))
        return self.own.text().strip() if value == _OWN else value

    def problem(self) -> str:
        """Return what is missing, empty for nothing."""
        value = self.value()
        if not value:
            return _("Choose the coordinate system: look on the map where the data belongs.")
        try:
            parse_taken_as(value)
        except CrsError as error:
            return str(error)
        return ""

    def summary(self) -> str:
        """Return the choice in words."""
        return "" if self.problem() else describe(parse_taken_as(self.value()))

    def choose(self, value: str) -> None:
        """Choose a candidate by its value; any other text goes into the field for another system."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == value:
                self.list.setCurrentItem(item)
                return
        self.own.setText(value)
        self.list.setCurrentRow(self.list.count() - 1)

    def _fill(self) -> None:
        for number, candidate in enumerate(self._verdict.candidates, start=1):
            text = _("{number}  {title}   {share:.0%}").format(
                number=number, title=candidate.title, share=candidate.confidence
            )
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, candidate.value)
            item.setToolTip(f"{candidate.title}\n{candidate.reason}")
            item.setSizeHint(QSize(0, GRID_PX * 4))
            self.list.addItem(item)
        other = QListWidgetItem(_("Another one:"))
        other.setData(Qt.ItemDataRole.UserRole, _OWN)
        other.setSizeHint(QSize(0, GRID_PX * 4))
        self.list.addItem(other)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addWidget(self.list, 1)
        left.addWidget(self.own)
        left.addWidget(self.reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID_PX * 2, 0, 0)
        row.setSpacing(GRID_PX * 2)
        row.addLayout(left, 2)
        row.addWidget(self.map, 3)

    def _start(self, said: str) -> None:
        chosen = self._verdict.chosen
        if said:
            self.choose(said)
        elif chosen is not None:
            self.choose(chosen.value)
        else:
            self.list.setCurrentItem(None)
            self.reason.setText(
                _("The file does not say for sure where it lies. Choose in the list or on the map.")
            )

    def _take_item(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        value = "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))
        candidate = self._verdict.find(value) if value else None
        self.reason.setText("" if candidate is None else candidate.reason)
        self.map.choose(value)
        if item is not None and value == _OWN:
            self.own.setFocus()
        self.changed.emit()

    def _take_own(self, _text: str) -> None:
        if self.list.currentRow() != self.list.count() - 1:
            self.list.setCurrentRow(self.list.count() - 1)
        self.changed.emit()
