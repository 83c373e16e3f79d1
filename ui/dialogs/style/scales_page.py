"""The tab that says at which scales a layer is shown, and where another symbol takes over."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from layers.style import ScaledSymbol, Style
from layers.words import _
from ui.dialogs.style.widgets import DenominatorBox, in_row
from ui.theme import GRID_PX


class ScalesPage(QWidget):
    """Edits the limits of a layer and its further symbols; ``edited`` gives the changed style."""

    edited = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._showing = False
        self.nearest = DenominatorBox(_("Shown from"))
        self.farthest = DenominatorBox(_("Shown to"))
        self.others = QListWidget()
        self.others.setAccessibleName(_("Other symbols"))
        self.from_scale = DenominatorBox(_("Other symbol from"))
        self.to_scale = DenominatorBox(_("Other symbol to"))
        self.add = QPushButton(_("Add symbol"))
        self.remove = QPushButton(_("Remove symbol"))
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        self._lay_out()
        self.nearest.valueChanged.connect(self._take)
        self.farthest.valueChanged.connect(self._take)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.others.currentRowChanged.connect(self._enable)

    def show_style(self, style: Style) -> None:
        """Show a style to be edited."""
        self._showing = True
        self._style = style
        self.nearest.set_limit(style.min_denominator)
        self.farthest.set_limit(style.max_denominator)
        self.others.clear()
        self.others.addItems([range_text(other) for other in style.other_scales])
        self.complaint.clear()
        self._enable()
        self._showing = False

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(_heading(_("The layer is shown")))
        column.addWidget(in_row(_("from scale"), self.nearest, _("to scale"), self.farthest))
        column.addSpacing(GRID_PX)
        column.addWidget(_heading(_("Another symbol at some scales")))
        note = QLabel(_("Added here, it is edited under “Symbol”."))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        column.addWidget(note)
        column.addWidget(self.others, 1)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for widget in (QLabel(_("from scale")), self.from_scale, QLabel(_("to scale")), self.to_scale):
            row.addWidget(widget)
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.remove)
        column.addLayout(row)
        column.addWidget(self.complaint)

    def _take(self, *_state: object) -> None:
        if self._showing:
            return
        low, high = self.nearest.limit(), self.farthest.limit()
        if self._in_order(low, high):
            self._change(self._style.model_copy(update={"min_denominator": low, "max_denominator": high}))

    def _add(self) -> None:
        low, high = self.from_scale.limit(), self.to_scale.limit()
        if low is None and high is None:
            self.complaint.setText(_("State a scale from which or to which the other symbol is drawn."))
        elif self._in_order(low, high):
            other = ScaledSymbol(symbol=self._style.symbol, min_denominator=low, max_denominator=high)
            others = (*self._style.other_scales, other)
            self._change(self._style.model_copy(update={"other_scales": others}))

    def _remove(self) -> None:
        row = self.others.currentRow()
        if row >= 0:
            others = self._style.other_scales[:row] + self._style.other_scales[row + 1 :]
            self._change(self._style.model_copy(update={"other_scales": others}))

    def _in_order(self, low: float | None, high: float | None) -> bool:
        fits = low is None or high is None or low < high
        self.complaint.setText("" if fits else _("The first number must be smaller: 1:1,000 is nearer."))
        return fits

    def _change(self, style: Style) -> None:
        if style != self._style:
            self.show_style(style)
            self.edited.emit(style)

    def _enable(self, *_state: object) -> None:
        self.remove.setEnabled(self.others.currentRow() >= 0)


def range_text(limited: ScaledSymbol) -> str:
    """Return a range of scales in words."""
    return " – ".join(_ends(limited.min_denominator, limited.max_denominator))


def _ends(low: float | None, high: float | None) -> Sequence[str]:
    return (
        _("nearest") if low is None else f"1:{low:,.0f}",
        _("farthest") if high is None else f"1:{high:,.0f}",
    )


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
