"""Select by location: features of one layer by how they lie to features of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QDialog, QDoubleSpinBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from layers.words import N_, _
from ui.dialogs.selection_buttons import SelectionButtons
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.selection import LocationQuestion, Relation
from zsgis.selection.combining import Combination

_RELATIONS = (
    (Relation.INTERSECTS, N_("meet (share at least a point with)")),
    (Relation.WITHIN, N_("lie wholly within")),
    (Relation.CENTROID, N_("have their centroid within")),
    (Relation.CONTAINS, N_("contain all of")),
    (Relation.TOUCHES, N_("only touch the edge of")),
    (Relation.NEAR, N_("lie within a distance of")),
)
_FARTHEST_M = 1_000_000.0


class LocationDialog(QDialog):
    """Stays open beside the map."""

    selection_asked = pyqtSignal(object, object)
    """A :class:`zsgis.selection.LocationQuestion` and a :class:`zsgis.selection.combining.Combination`.

    ``chosen`` is empty where only what is selected counts.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Select by location"))
        self.setMinimumWidth(GRID_PX * 56)
        self._selected: Mapping[str, int] = {}
        self.layer = CalmComboBox()
        self.relation = CalmComboBox()
        for relation, text in _RELATIONS:
            self.relation.addItem(_(text), relation)
        self.distance = QDoubleSpinBox()
        self.distance.setRange(0.0, _FARTHEST_M)
        self.distance.setDecimals(3)
        self.distance.setValue(100.0)
        self.distance.setSuffix(" m")
        self.beside = CalmComboBox()
        self.only_selected = QCheckBox()
        self.note = QLabel(_("Layers in different coordinate systems are brought together first."))
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.buttons = SelectionButtons()
        self._form = QFormLayout()
        self._lay_out()
        self.relation.currentIndexChanged.connect(self._revise)
        self.beside.currentIndexChanged.connect(self._revise)
        self.layer.currentIndexChanged.connect(self._revise)
        self.buttons.chosen.connect(self._ask)
        self._revise()

    def show_layers(self, layers: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Offer layers (uid and name); ``chosen`` is the one whose features are looked for."""
        first, second = chosen or self.layer.currentData(), self.beside.currentData()
        for combo, wanted in ((self.layer, first), (self.beside, second)):
            combo.blockSignals(True)
            combo.clear()
            for uid, name in layers:
                combo.addItem(name, uid)
            combo.setCurrentIndex(max(combo.findData(wanted), 0) if layers else -1)
            combo.blockSignals(False)
        if second is None and len(layers) > 1:
            self.beside.setCurrentIndex(1 if self.layer.currentIndex() == 0 else 0)
        self._revise()

    def show_selected(self, counts: Mapping[str, int]) -> None:
        """Say how many features of each layer are selected."""
        self._selected = counts
        self._revise()

    def question(self) -> LocationQuestion:
        """Return what is asked; ``chosen`` is empty where only what is selected counts."""
        return LocationQuestion(
            Relation(self.relation.currentData()),
            str(self.layer.currentData() or ""),
            str(self.beside.currentData() or ""),
            frozenset() if self.only_selected.isChecked() else None,
            self.distance.value(),
        )

    def _lay_out(self) -> None:
        form = self._form
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Features of"), self.layer)
        form.addRow(_("that"), self.relation)
        form.addRow(_("Distance"), self.distance)
        form.addRow(_("features of"), self.beside)
        form.addRow("", self.only_selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _revise(self) -> None:
        self._form.setRowVisible(self.distance, self.relation.currentData() is Relation.NEAR)
        count = self._selected.get(str(self.beside.currentData() or ""), 0)
        self.only_selected.setText(_("Only the {count} selected features").format(count=f"{count:,}"))
        self.only_selected.setEnabled(count > 0)
        if not count:
            self.only_selected.setChecked(False)
        self.buttons.set_usable(self.layer.currentIndex() >= 0 and self.beside.currentIndex() >= 0)

    def _ask(self, how: Combination) -> None:
        self.selection_asked.emit(self.question(), how)
