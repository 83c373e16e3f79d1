"""Asks which assessment of the plan is wanted: its kind, a year, or two days."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QDate, pyqtSignal
from PyQt6.QtWidgets import QDateEdit, QDialog, QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.icons import icon
from ui.panels.parts import text_label, verb_button
from ui.theme import GRID_PX, Colors
from zsgis.ledger.assessing import Span

_DAYS = "days"
_WIDTH_PX = GRID_PX * 48


@dataclass(frozen=True)
class SpanWish:
    """The assessment that is asked for: its kind, or none and two days (2025-12-31)."""

    span: Span | None
    year: int
    earlier: str
    later: str


class AssessDialog(QDialog):
    """Offers the assessments of a plan's period.

    Parameters
    ----------
    first, last : int
        Years of the plan.
    midterm : int
        The year at whose end the mid-term assessment ends.
    """

    decided = pyqtSignal(object)  # SpanWish

    def __init__(self, first: int, last: int, midterm: int, colors: Colors, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Assessment of the plan"))
        self.setMinimumWidth(_WIDTH_PX)
        self._years = first, last, midterm
        self.kind = CalmComboBox()
        self.kind.setAccessibleName(_("Kind of assessment"))
        for span in Span:
            self.kind.addItem(span.words, span.value)
        self.kind.addItem(_("Between two days"), _DAYS)
        self.year = QSpinBox()
        self.year.setRange(first, last)
        self.year.setValue(min(max(QDate.currentDate().year() - 1, first), last))
        self.earlier, self.later = _day(first - 1), _day(min(QDate.currentDate().year() - 1, last))
        self.said = text_label("", "muted")
        self.assess = verb_button(_("Assess"), icon("run", colors.on_accent), primary=True)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(GRID_PX * 2)
        self._form.setVerticalSpacing(GRID_PX)
        for title, widget in (
            (_("Kind of assessment"), self.kind),
            (_("Year"), self.year),
            (_("From day"), self.earlier),
            (_("To day"), self.later),
        ):
            self._form.addRow(title, widget)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._suit)
        self.year.valueChanged.connect(self._suit)
        for day in (self.earlier, self.later):
            day.dateChanged.connect(self._suit)
        self.assess.clicked.connect(self._decide)
        self._suit()

    def wish(self) -> SpanWish:
        """Return what is asked for."""
        chosen = str(self.kind.currentData())
        days = (self.earlier.date().toString("yyyy-MM-dd"), self.later.date().toString("yyyy-MM-dd"))
        return SpanWish(None if chosen == _DAYS else Span(chosen), self.year.value(), *days)

    def _lay_out(self) -> None:
        leave = verb_button(_("Not now"))
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.assess)
        self.assess.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(self._form)
        column.addWidget(self.said)
        column.addLayout(buttons)

    def _suit(self, *_value: object) -> None:
        wish = self.wish()
        first, last, midterm = self._years
        self._form.setRowVisible(self.year, wish.span is Span.YEARLY)
        for day in (self.earlier, self.later):
            self._form.setRowVisible(day, wish.span is None)
        years = {
            Span.YEARLY: (wish.year - 1, wish.year),
            Span.MIDTERM: (first - 1, midterm),
            Span.FINAL: (first - 1, last),
        }
        in_order = wish.earlier < wish.later
        if wish.span is not None:
            said = _("The end of {later} against the end of {earlier}.").format(
                earlier=years[wish.span][0], later=years[wish.span][1]
            )
        else:
            said = "" if in_order else _("The first day has to come before the second.")
        self.said.setText(said)
        self.assess.setEnabled(wish.span is not None or in_order)

    def _decide(self) -> None:
        wish = self.wish()
        self.accept()
        self.decided.emit(wish)


def _day(year: int) -> QDateEdit:
    day = QDateEdit(QDate(year, 12, 31))
    day.setDisplayFormat("yyyy-MM-dd")
    return day
