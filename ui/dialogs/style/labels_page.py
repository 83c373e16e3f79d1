"""The tab that edits the words beside or on the features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QFormLayout, QLabel, QWidget

from layers.style import LabelStyle, Style
from layers.words import _
from ui.dialogs.style.widgets import (
    AskColor,
    ColorButton,
    DenominatorBox,
    LengthBox,
    RowSwitch,
    WholeBox,
    in_row,
)
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from layers.store import LayerField


class LabelsPage(QWidget):
    """Edits a style's label; ``edited`` gives the changed style."""

    edited = pyqtSignal(object)

    def __init__(self, fields: Sequence[LayerField], ask_color: AskColor) -> None:
        super().__init__()
        self._style = Style()
        self._showing = False
        self.field = CalmComboBox()
        self.field.addItem(_("No labels"), "")
        for field in fields:
            self.field.addItem(field.alias or field.name, field.name)
        self.text_size = LengthBox(_("Size of the words"), most=20, least=0.8)
        self.color = ColorButton(_("Colour of the words"), ask_color)
        self.bold = QCheckBox(_("Bold"))
        self.with_halo = RowSwitch(_("Halo"))
        self.halo = ColorButton(_("Halo colour"), ask_color)
        self.halo_width = LengthBox(_("Halo width"), most=3, step=0.05)
        self.priority = WholeBox(_("Priority"), 0, 10)
        self.by_class = QCheckBox(_("Classes in the order of their list"))
        self.by_class.setToolTip(_("Where room is short, the classes at the top of the list are named first"))
        self.nearest = DenominatorBox(_("Labels from"))
        self.farthest = DenominatorBox(_("Labels to"))
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self._lay_out()
        self._connect()

    def show_style(self, style: Style) -> None:
        """Show a style to be edited."""
        self._showing = True
        self._style = style
        label = style.label or LabelStyle(field="")
        self.field.setCurrentIndex(max(self.field.findData(label.field), 0))
        self.text_size.setValue(label.size_mm)
        self.color.set_value(label.color)
        self.bold.setChecked(label.bold)
        self.with_halo.setChecked(label.halo is not None)
        self.halo.set_value(label.halo or "#FFFFFF")
        self.halo_width.setValue(label.halo_mm)
        self.priority.setValue(label.priority)
        self.by_class.setChecked(label.by_class)
        self.nearest.set_limit(label.min_scale_denominator)
        self.farthest.set_limit(label.max_scale_denominator)
        self.complaint.clear()
        for widget in self._parts():
            widget.setEnabled(style.label is not None)
        self.by_class.setEnabled(style.label is not None and bool(style.rules))
        self._showing = False

    def _parts(self) -> tuple[QWidget, ...]:
        looks = (self.text_size, self.color, self.bold, self.with_halo, self.halo, self.halo_width)
        return (*looks, self.priority, self.nearest, self.farthest)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, GRID_PX)
        form.setVerticalSpacing(GRID_PX)
        form.setHorizontalSpacing(GRID_PX * 2)
        form.addRow(_("Words from"), self.field)
        form.addRow(_("Text size"), in_row(self.text_size, self.bold))
        form.addRow(_("Text colour"), self.color)
        form.addRow(self.with_halo, in_row(self.halo, self.halo_width))
        form.addRow(_("Priority"), in_row(self.priority, _("0 to 10: where room is short, the higher first")))
        form.addRow("", self.by_class)
        form.addRow(_("Shown from"), in_row(self.nearest, _("to scale"), self.farthest))
        form.addRow(self.complaint)

    def _connect(self) -> None:
        self.field.currentIndexChanged.connect(self._take)
        for button in (self.color, self.halo):
            button.edited.connect(self._take)
        for box in (self.bold, self.with_halo, self.by_class):
            box.toggled.connect(self._take)
        for length in (self.text_size, self.halo_width):
            length.valueChanged.connect(self._take)
        for number in (self.priority, self.nearest, self.farthest):
            number.valueChanged.connect(self._take)

    def _take(self, *_state: object) -> None:
        if self._showing:
            return
        field = str(self.field.currentData())
        low, high = self.nearest.limit(), self.farthest.limit()
        if low is not None and high is not None and low >= high:
            self.complaint.setText(_("The first number must be smaller: 1:1,000 is nearer."))
            return
        parts: dict[str, Any] = {
            "field": field,
            "size_mm": self.text_size.value(),
            "color": self.color.value(),
            "halo": self.halo.value() if self.with_halo.isChecked() else None,
            "halo_mm": self.halo_width.value(),
            "bold": self.bold.isChecked(),
            "priority": self.priority.value(),
            "by_class": self.by_class.isChecked(),
            "min_scale_denominator": low,
            "max_scale_denominator": high,
        }
        changed = self._style.model_copy(update={"label": LabelStyle(**parts) if field else None})
        if changed != self._style:
            self.show_style(changed)
            self.edited.emit(changed)
