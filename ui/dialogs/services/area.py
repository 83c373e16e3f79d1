"""Asks down to which level the map now shown is fetched; says before how much that is."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QDialog, QFormLayout, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.services.area import MOST_TILES, AreaPlan

# the pixel of the finest level, in metres on the ground
FINEST_CHOICES = (50.0, 20.0, 10.0, 5.0, 2.5, 1.25, 0.6, 0.3)
_FIRST = 5.0


class AreaDialog(QDialog):
    """Asks for the finest level.

    Parameters
    ----------
    plan : callable
        Returns what would be fetched down to a pixel's size in metres.
    """

    def __init__(self, name: str, plan: Callable[[float], AreaPlan], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Fetch an area"))
        self.setMinimumWidth(GRID_PX * 60)
        self._plan_for = plan
        self._plan: AreaPlan | None = None
        self.finest = CalmComboBox()
        for metres in FINEST_CHOICES:
            self.finest.addItem(_("{metres:g} m to a pixel").format(metres=metres), metres)
        self.count = text_label("")
        self.fetch = QPushButton(_("Fetch"))
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.addRow(_("Finest level"), self.finest)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(text_label(_("The part of the map now shown, from “{name}”.").format(name=name)))
        column.addLayout(form)
        column.addWidget(self.count)
        column.addWidget(
            text_label(_("Ask whoever runs the service whether it may be kept on this machine."), "muted")
        )
        column.addLayout(button_row(self, self.fetch))
        self.finest.currentIndexChanged.connect(self._revise)
        self.finest.setCurrentIndex(FINEST_CHOICES.index(_FIRST))
        self._revise()

    def answer(self) -> AreaPlan | None:
        """Return what is to be fetched."""
        return self._plan

    def _revise(self, *_changes: object) -> None:
        self._plan = self._plan_for(float(self.finest.currentData()))
        words = _("{count} tiles, about {megabytes} MB").format(
            count=f"{self._plan.count:,}", megabytes=f"{self._plan.bytes_expected / 1e6:,.1f}"
        )
        if not self._plan.is_allowed:
            words += " · " + _("at most {most} tiles are fetched in one go").format(most=f"{MOST_TILES:,}")
        self.count.setText(words)
        self.fetch.setEnabled(self._plan.is_allowed)
