"""Which coordinate system: the candidates with their reasons in a list, and where each puts the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray
from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from layers.datum_parameters import DatumParameters
from layers.errors import CrsError
from layers.guard.taken_as import TakenAs, describe
from layers.words import _
from ui.dialogs.importing.candidate_map import CandidateMap
from ui.dialogs.importing.parameters_row import ParametersRow
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer
from zsgis.intake.outlines import needs_parameters
from zsgis.intake.typed_systems import read_typed

_OWN = ""


class CoordinatesPage(QWidget):
    """A list and a map that say the same; ``changed`` tells of every choice.

    ``parameters_asked`` asks for the user's own datum parameters to be shown and changed.
    """

    changed = pyqtSignal()
    parameters_asked = pyqtSignal()

    def __init__(self, offer: ImportOffer, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self._verdict = offer.intake.examination.crs
        self._sets: Sequence[DatumParameters] = offer.parameters
        self._order = [*(each.value for each in self._verdict.candidates), _OWN]
        self._outlines = dict(offer.outlines)
        self.map = CandidateMap(offer.backdrop, colors)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Coordinate system"))
        self.list.setMinimumWidth(GRID_PX * 50)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setMinimumHeight(GRID_PX * 9)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.own = QLineEdit()
        self.own.setPlaceholderText(_("4547, gk:114.5, utm49, gcj02, 4547+swapped …"))
        self.own.setAccessibleName(_("Another coordinate system"))
        self.parameters = ParametersRow()
        self._fill()
        self._lay_out()
        self.map.show_candidates(self._order, self._outlines)
        self.list.currentItemChanged.connect(self._take_item)
        self.own.textEdited.connect(self._take_own)
        self.parameters.changed.connect(self._take_set)
        self.parameters.asked.connect(self.parameters_asked)
        self.map.chosen.connect(self.choose)
        self._start(offer.request.crs)

    def value(self) -> str:
        """Return what the coordinates are taken as; empty while nothing is chosen."""
        plain = self._plain()
        name = self.parameters.value()
        return f"{plain}+with:{name}" if plain and name else plain

    def problem(self) -> str:
        """Return what is missing, empty for nothing."""
        if not self._plain():
            return _("Choose the coordinate system: look on the map where the data belongs.")
        try:
            taken = read_typed(self.value())
        except CrsError as error:
            return str(error)
        if needs_parameters(taken):
            return self.parameters.what_is_missing()
        if taken.parameters and taken.parameters not in {each.name for each in self._sets}:
            return _("There are no datum parameters called “{name}”.").format(name=taken.parameters)
        return ""

    def summary(self) -> str:
        """Return the choice in words."""
        return "" if self.problem() else describe(read_typed(self.value()))

    def choose(self, value: str) -> None:
        """Choose a candidate by its value; any other text goes into the field for another system."""
        plain, _plus, name = value.partition("+with:")
        if plain in self._order:
            self.list.setCurrentRow(self._order.index(plain))
        else:
            self.own.setText(plain)
            self.list.setCurrentRow(len(self._order) - 1)
        self._show_parameters(name)

    def show_sets(self, sets: Sequence[DatumParameters]) -> None:
        """Offer the user's datum parameters as they are now."""
        self._sets = tuple(sets)
        self._show_parameters(self.parameters.value())
        self.changed.emit()

    def _plain(self) -> str:
        row = self.list.currentRow()
        if row < 0:
            return ""
        return self._order[row] or self.own.text().strip()

    def _taken(self) -> TakenAs | None:
        try:
            return read_typed(self._plain()) if self._plain() else None
        except CrsError:
            return None

    def _fill(self) -> None:
        for number, candidate in enumerate(self._verdict.candidates, start=1):
            text = _("{number}  {title}   {share:.0%}").format(
                number=number, title=candidate.title, share=candidate.confidence
            )
            self._add(text, f"{candidate.title}\n{candidate.reason}")
        self._add(_("{number}  Another one:").format(number=len(self._order)), "")

    def _add(self, text: str, tip: str) -> None:
        item = QListWidgetItem(text)
        item.setToolTip(tip)
        item.setSizeHint(QSize(0, GRID_PX * 4))
        self.list.addItem(item)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addWidget(self.list, 1)
        left.addWidget(self.own)
        left.addWidget(self.parameters)
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
            self.list.setCurrentRow(-1)
            self._show_parameters("")
            self.reason.setText(self._first_words())

    def _first_words(self) -> str:
        if self._verdict.candidates:
            return _("The file does not say for sure where it lies. Choose in the list or on the map.")
        return _(
            "The numbers fit no system of this region; they are probably local coordinates. Ask whoever made "
            "the file for the central meridian, or for what must be added to east and north, and type it: "
            "gk:113.35, or 4547+offset:400000:2400000."
        )

    def _take_item(self, *_items: object) -> None:
        row = self.list.currentRow()
        key = self._order[row] if row >= 0 else None
        candidate = self._verdict.find(key) if key else None
        if key == _OWN:
            self.own.setFocus()
            self._place(_OWN, self._plain())
        if not self._verdict.candidates:
            self.reason.setText(self._first_words())
        else:
            self.reason.setText("" if candidate is None else candidate.reason)
        self._show_parameters(self.parameters.value())
        if key is not None:
            self.map.choose(key)
        self.changed.emit()

    def _take_own(self, _text: str) -> None:
        last = len(self._order) - 1
        if self.list.currentRow() != last:
            self.list.setCurrentRow(last)
        else:
            self._take_item()

    def _take_set(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._place(self._order[row], self.value())
        self.changed.emit()

    def _show_parameters(self, name: str) -> None:
        self.parameters.show_for(self._taken(), self._sets, name)
        if self.parameters.value():
            self._take_set()

    def _outline(self, value: str) -> NDArray[Any] | None:
        try:
            read_typed(value)
        except CrsError:
            return None
        return self._offer.outline(value, self._sets)

    def _place(self, key: str, value: str) -> None:
        """Draw where a value puts the data; what was drawn stays where it leads nowhere."""
        outline = self._outline(value) if value else None
        if outline is not None:
            self._outlines[key] = outline
        elif key == _OWN:
            self._outlines.pop(key, None)
        self.map.show_candidates(self._order, self._outlines)
        self.map.choose(key)
