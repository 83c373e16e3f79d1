"""Fills one field of many features: with a value, another field, or a measure of the shape."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.forms.model import Form
from layers.words import _
from ui.forms.fields import unit_text
from ui.panels.parts import text_label, verb_button
from ui.theme import GRID_PX
from zsgis.forms.calculating import Calculation, Source, sources, targets


class FillFieldDialog(QDialog):
    """Stands beside the map; what it is about follows the selection."""

    fill_asked = pyqtSignal(object)
    """A :class:`Calculation`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: Form | None = None
        self.setWindowTitle(_("Fill a field"))
        self.setMinimumWidth(GRID_PX * 52)
        self.about = text_label("", "heading")
        self.field, self.source, self.other = QComboBox(), QComboBox(), QComboBox()
        self.value = QLineEdit()
        self.note = text_label("", "muted")
        self.fill_button = verb_button(_("Fill in"), primary=True)
        self.fill_button.setDefault(True)
        close = QPushButton(_("Close"))
        rows = QFormLayout()
        rows.setHorizontalSpacing(GRID_PX * 2)
        rows.setVerticalSpacing(GRID_PX)
        for title, widget in (
            (_("Field"), self.field),
            (_("Filled with"), self.source),
            (_("Value"), self.value),
            (_("From field"), self.other),
        ):
            rows.addRow(title, widget)
        self._rows = rows
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.fill_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self.about)
        column.addLayout(rows)
        column.addWidget(self.note)
        column.addLayout(buttons)
        close.clicked.connect(lambda _checked: self.close())
        self.fill_button.clicked.connect(lambda _checked: self._ask())
        self.field.currentIndexChanged.connect(lambda _place: self._take_field())
        self.source.currentIndexChanged.connect(lambda _place: self._take_source())

    @property
    def wanted(self) -> Calculation | None:
        """What is chosen; None where there is nothing to fill."""
        name, source = self.field.currentData(), self.source.currentData()
        if not name or source is None:
            return None
        texts = {Source.VALUE: self.value.text(), Source.FIELD: str(self.other.currentData() or "")}
        return Calculation(str(name), source, texts.get(source, ""))

    def show_features(self, form: Form | None, layer: str, count: int) -> None:
        """Say which features are filled; none takes the form away."""
        if form is None or not count:
            self.about.setText(_("Select features of the layer you edit."))
        else:
            self.about.setText(_("{count} features of {layer}").format(count=f"{count:,}", layer=layer))
        self.fill_button.setEnabled(form is not None and count > 0)
        if form is not None and form != self._form:
            self._form = form
            self._offer(form)

    def say(self, text: str) -> None:
        """Say something of the filling."""
        self.note.setText(text)

    def _offer(self, form: Form) -> None:
        chosen = self.field.currentData()
        self.field.blockSignals(True)
        self.field.clear()
        self.other.clear()
        for one in targets(form):
            unit = unit_text(one.unit)
            self.field.addItem(f"{one.alias}（{unit}）" if unit else one.alias, one.name)
        for field in form.fields:
            self.other.addItem(field.title, field.name)
        self.field.setCurrentIndex(max(self.field.findData(chosen), 0))
        self.field.blockSignals(False)
        self._take_field()

    def _take_field(self) -> None:
        form, name = self._form, self.field.currentData()
        if form is None or not name:
            return
        chosen = self.source.currentData()
        self.source.blockSignals(True)
        self.source.clear()
        for source in sources(form, form.by_name[name].declared):
            self.source.addItem(source.words, source)
        self.source.setCurrentIndex(max(self.source.findData(chosen), 0))
        self.source.blockSignals(False)
        self._take_source()

    def _take_source(self) -> None:
        source = self.source.currentData()
        self._rows.setRowVisible(self.value, source is Source.VALUE)
        self._rows.setRowVisible(self.other, source is Source.FIELD)
        self.say("")

    def _ask(self) -> None:
        wanted = self.wanted
        if wanted is not None:
            self.fill_asked.emit(wanted)
