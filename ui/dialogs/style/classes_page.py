"""The tab that classes a layer, by values or by ranges of numbers, and edits each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from layers.kind import FieldType, GeometryType
from layers.style import Style
from layers.style.breaks import MOST_CLASSES, Scheme
from layers.style.ramps import ramps
from layers.styling import Classed, ClassingWish, Grouping, wish_of
from layers.units import unit_title
from layers.words import N_, _
from ui.dialogs.style.class_table import ClassTable
from ui.dialogs.style.widgets import AskColor, WholeBox, in_row, ramp_icon, ramp_icon_size
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from layers.store import LayerField

_GROUPINGS = (
    (Grouping.NONE, N_("One symbol for all")),
    (Grouping.VALUES, N_("By values")),
    (Grouping.RANGES, N_("By ranges of numbers")),
)
_SCHEMES = (
    (Scheme.NATURAL, N_("Natural breaks")),
    (Scheme.QUANTILES, N_("Equal counts")),
    (Scheme.EQUAL, N_("Equal intervals")),
    (Scheme.DEVIATION, N_("Standard deviations")),
    (Scheme.PRETTY, N_("Round numbers")),
    (Scheme.OWN, N_("Own breaks")),
)


class ClassesPage(QWidget):
    """Edits a style's classes.

    ``wished`` asks for classes made from the data; ``edited`` gives a style with classes edited by hand.
    """

    edited = pyqtSignal(object)
    wished = pyqtSignal(object)

    def __init__(self, fields: Sequence[LayerField], geometry: GeometryType, ask_color: AskColor) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self.grouping = CalmComboBox()
        for grouping, title in _GROUPINGS:
            self.grouping.addItem(_(title), grouping)
        self.field = CalmComboBox()
        self.scheme = CalmComboBox()
        for scheme, title in _SCHEMES:
            self.scheme.addItem(_(title), scheme)
        self.count = WholeBox(_("How many classes"), 2, MOST_CLASSES)
        self.count.setValue(5)
        self.own = QLineEdit()
        self.own.setPlaceholderText(_("bounds between the classes, for example 1000 5000 10000"))
        self.ramp = CalmComboBox()
        self.ramp.setIconSize(ramp_icon_size())
        for ramp in ramps():
            self.ramp.addItem(ramp_icon(ramp), ramp.title, ramp.key)
        self.backwards = QCheckBox(_("Reversed"))
        self.make = QPushButton(_("Make classes"))
        self.make.setAutoDefault(False)
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.table = ClassTable(geometry, ask_color)
        self._lay_out()
        self.grouping.currentIndexChanged.connect(self._change_grouping)
        self.scheme.currentIndexChanged.connect(self._show_rows)
        self.make.clicked.connect(self._wish)
        self.table.edited.connect(self.edited)

    def show_style(self, style: Style) -> None:
        """Show a style's classes and what they were made from."""
        wish = wish_of(style)
        self.grouping.setCurrentIndex(self.grouping.findData(wish.grouping))
        self._show_rows()
        self.field.setCurrentIndex(max(self.field.findData(wish.field), 0))
        if wish.grouping is Grouping.RANGES and not self.own.text():
            self.own.setText(" ".join(f"{bound:g}" for bound in wish.own))
            self.count.setValue(wish.count)
        self.table.show_style(style)

    def show_edited(self, style: Style) -> None:
        """Show the classes of a style that was edited elsewhere; the choices above stay."""
        self.table.show_style(style)

    def show_counts(self, classed: Classed) -> None:
        """Show how many features each class has."""
        self.table.show_counts(classed.counts, classed.rest)

    def complain(self, text: str) -> None:
        """Say what keeps classes from being made."""
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """Let nothing be asked for while classes are being made."""
        self.make.setEnabled(not busy)
        self.make.setText(_("Making classes…") if busy else _("Make classes"))

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(GRID_PX)
        self._form.setHorizontalSpacing(GRID_PX * 2)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._counting = in_row(self.count)
        self._coloring = QWidget()
        row = QVBoxLayout(self._coloring)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.ramp)
        row.addWidget(self.backwards)
        for title, widget in (
            (_("Classes"), self.grouping),
            (_("Field"), self.field),
            (_("Method"), self.scheme),
            (_("Number of classes"), self._counting),
            (_("Bounds"), self.own),
            (_("Colours"), self._coloring),
        ):
            self._form.addRow(title, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(self._form)
        column.addWidget(in_row(self.make))
        column.addWidget(self.complaint)
        column.addWidget(self.table, 1)
        self.complain("")
        self._show_rows()

    def _change_grouping(self, _place: int) -> None:
        """Show what the grouping asks for; ranges propose a field of numbers, texts may hold some too."""
        self._show_rows()
        types = {field.name: field.type for field in self._fields}
        numbers = [name for name, kind in types.items() if kind in (FieldType.NUMBER, FieldType.INTEGER)]
        ranges = self.grouping.currentData() is Grouping.RANGES
        if ranges and numbers and self.field.currentData() not in numbers:
            self.field.setCurrentIndex(self.field.findData(numbers[0]))

    def _show_rows(self, *_state: object) -> None:
        grouping = self.grouping.currentData()
        ranges = grouping is Grouping.RANGES
        own, deviation = (
            self.scheme.currentData() is Scheme.OWN,
            self.scheme.currentData() is Scheme.DEVIATION,
        )
        for widget, shown in (
            (self.field, grouping is not Grouping.NONE),
            (self.scheme, ranges),
            (self._counting, ranges and not own and not deviation),
            (self.own, ranges and own),
            (self._coloring, ranges),
        ):
            self._form.setRowVisible(widget, shown)
        self._fill_fields(ranges)

    def _fill_fields(self, numbers_only: bool) -> None:
        chosen = self.field.currentData()
        numeric = (FieldType.NUMBER, FieldType.INTEGER, FieldType.TEXT)
        self.field.clear()
        for field in self._fields:
            if not numbers_only or field.type in numeric:
                self.field.addItem(_title(field), field.name)
        self.field.setCurrentIndex(max(self.field.findData(chosen), 0))

    def _wish(self) -> None:
        own = parsed_bounds(self.own.text())
        scheme = self.scheme.currentData()
        grouping = self.grouping.currentData()
        if grouping is Grouping.RANGES and scheme is Scheme.OWN and not own:
            self.complain(_("State the bounds as numbers, with blanks between them."))
            return
        self.complain("")
        self.wished.emit(
            ClassingWish(
                grouping=grouping,
                field=str(self.field.currentData() or ""),
                scheme=scheme,
                count=self.count.value(),
                ramp=str(self.ramp.currentData()),
                backwards=self.backwards.isChecked(),
                own=own or (),
            )
        )


def parsed_bounds(text: str) -> tuple[float, ...] | None:
    """Return rising numbers from text; None where it holds anything else."""
    try:
        found = {float(part) for part in text.replace("，", " ").replace(";", " ").split()}
    except ValueError:
        return None
    finite = all(abs(number) < float("inf") for number in found)
    return tuple(sorted(found)) if finite and len(found) < MOST_CLASSES else None


def _title(field: LayerField) -> str:
    alias = field.alias or field.name
    return f"{alias}（{unit_title(field.unit)}）" if field.unit else alias
