"""Which of the user's own parameters bring coordinates on a legacy datum to CGCS2000."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from layers.datum_parameters import DatumParameters
from layers.datums import datum_name
from layers.guard.taken_as import TakenAs
from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.intake.outlines import fitting_sets, needs_parameters


class ParametersRow(QWidget):
    """Seen only where parameters are needed.

    ``changed`` tells of another set; ``asked`` wants the sets to be shown and changed.
    """

    changed = pyqtSignal()
    asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = False
        self._datum = ""
        self.sets = CalmComboBox()
        self.sets.setAccessibleName(_("Datum parameters"))
        self.edit = QPushButton(_("Own datum parameters…"))
        self.edit.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.sets, 1)
        row.addWidget(self.edit)
        self.setVisible(False)
        self.sets.activated.connect(lambda _index: self.changed.emit())
        self.edit.clicked.connect(self.asked)

    def value(self) -> str:
        """Return the name of the chosen set; empty where none is needed or there is none."""
        return str(self.sets.currentData() or "") if self._needed else ""

    def what_is_missing(self) -> str:
        """Return why the data cannot be brought to CGCS2000 yet."""
        if self.sets.count() > 1:
            return _("Choose the parameters that lead from {datum} to CGCS2000.").format(datum=self._datum)
        return _(
            "{datum} can be brought to CGCS2000 only by your own parameters (3, 4 or 7): enter them first."
        ).format(datum=self._datum)

    def show_for(self, taken_as: TakenAs | None, sets: Sequence[DatumParameters], name: str) -> None:
        """Offer the sets that fit; one that was chosen stays, a single one is proposed."""
        self._needed = taken_as is not None and needs_parameters(taken_as)
        self.sets.clear()
        self.setVisible(self._needed)
        if taken_as is None or not self._needed:
            return
        self._datum = datum_name(taken_as.crs)
        fitting = fitting_sets(taken_as, sets)
        self.sets.addItem(_("(choose)") if fitting else _("(none entered)"), "")
        for each in fitting:
            self.sets.addItem(each.label, each.name)
        self.sets.setEnabled(bool(fitting))
        chosen = self.sets.findData(name) if name else -1
        self.sets.setCurrentIndex(chosen if chosen > 0 else int(len(fitting) == 1))
