"""Which coordinate system a red line stands in: what the file hints at, the usual ones, or typed."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from layers.errors import CrsError
from layers.words import _
from ui.dialogs.port import SystemOffer
from ui.dialogs.rows import button_row, column_with_question
from ui.theme import GRID_PX

_VALUE = Qt.ItemDataRole.UserRole + 1
_REASON = Qt.ItemDataRole.UserRole + 2
_MERIDIAN, _TYPED = "meridian", "typed"


class RedlineSystemDialog(QDialog):
    """Offers systems in a list whose last two entries are a central meridian and a text to type.

    What is offered first is chosen at first where the file hints at it; else nothing is.

    Parameters
    ----------
    offered : sequence of SystemOffer
        Those with a reason are what the file hints at.
    """

    def __init__(
        self,
        question: str,
        explanation: str,
        offered: Sequence[SystemOffer],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Coordinate system of the red line"))
        self.setMinimumSize(GRID_PX * 72, GRID_PX * 68)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Coordinate system"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for offer in offered:
            self._add(offer.title, offer.value, offer.reason)
        self._add(_("CGCS2000 about a central meridian given below"), _MERIDIAN)
        self._add(_("An EPSG code or another notation typed below"), _TYPED)
        self.meridian = QDoubleSpinBox()
        self.meridian.setDecimals(6)
        self.meridian.setRange(60.0, 150.0)
        self.meridian.setValue(114.0)
        self.meridian.setSuffix("°")
        self.own = QLineEdit()
        self.own.setPlaceholderText(_("4547, gk:114.5, utm49, gcj02, 4547+swapped …"))
        self.own.setClearButtonEnabled(True)
        self.report = QLabel()
        self.report.setWordWrap(True)
        self.report.setTextFormat(Qt.TextFormat.PlainText)
        self.report.setMinimumHeight(GRID_PX * 6)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verb = QPushButton(_("Check by it"))
        self._lay_out(question, explanation)
        self.list.setCurrentRow(0 if offered and offered[0].reason else -1)
        self.list.itemSelectionChanged.connect(self._take_item)
        self.list.itemDoubleClicked.connect(lambda _item: self.verb.click())
        self.meridian.valueChanged.connect(lambda _value: self._choose(len(offered)))
        self.own.textEdited.connect(lambda _text: self._choose(len(offered) + 1))
        self._revise()

    def value(self) -> str:
        """Return what ``layers.guard.taken_as`` reads for the choice; empty where there is none."""
        item = self._item()
        value = "" if item is None else str(item.data(_VALUE))
        if value == _MERIDIAN:
            return f"gk:{self.meridian.value():.10g}"
        return self.own.text().strip() if value == _TYPED else value

    def _item(self) -> QListWidgetItem | None:
        # the keyboard makes an entry current, which chooses nothing
        chosen = self.list.selectedItems()
        return chosen[0] if chosen else None

    def _add(self, title: str, value: str, reason: str = "") -> None:
        item = QListWidgetItem(title)
        item.setData(_VALUE, value)
        item.setData(_REASON, reason)
        item.setSizeHint(QSize(0, GRID_PX * 7 // 2))
        item.setToolTip(f"{title}\n{reason}" if reason else title)
        self.list.addItem(item)

    def _lay_out(self, question: str, explanation: str) -> None:
        column = column_with_question(self, question, explanation)
        column.addWidget(self.list, 1)
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Central meridian"), self.meridian)
        form.addRow(_("Another coordinate system"), self.own)
        column.addLayout(form)
        column.addWidget(self.report)
        column.addLayout(button_row(self, self.verb))

    def _choose(self, row: int) -> None:
        """Let what was just typed be what is chosen; the keyboard stays where it is."""
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._revise()

    def _take_item(self) -> None:
        item = self._item()
        value = None if item is None else item.data(_VALUE)
        if value == _MERIDIAN:
            self.meridian.setFocus()
            self.meridian.selectAll()
        elif value == _TYPED:
            self.own.setFocus()
        self._revise()

    def _revise(self) -> None:
        """Say what the choice means, or what is wrong with it."""
        usable, text = self._judged()
        self.verb.setEnabled(usable)
        self.report.setProperty("role", "" if usable or not self.value() else "danger")
        style = self.report.style()
        if style is not None:
            style.polish(self.report)
        self.report.setText(text)

    def _judged(self) -> tuple[bool, str]:
        from layers.guard.taken_as import describe
        from zsgis.intake.typed_systems import read_typed

        value, item = self.value(), self._item()
        if not value:
            return False, _("Ask whoever sent the red line, and choose or type what the coordinates are.")
        try:
            words = describe(read_typed(value))
        except CrsError as error:
            return False, str(error)
        reason = "" if item is None else str(item.data(_REASON))
        return True, "\n".join(line for line in (words, reason) if line)
