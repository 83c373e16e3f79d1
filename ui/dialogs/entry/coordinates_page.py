"""A list of coordinates: typed or pasted, in a system and an order that are shown and can be changed."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.entry.cells import CellTable
from ui.dialogs.entry.traverse_page import labelled
from ui.theme import GRID_PX
from zsgis.editing.entry import EAST_FIRST, NORTH_FIRST, CoordinateRequest, Entered
from zsgis.editing.entry_coordinates import cells_of

_TYPED = 4


class CoordinatesPage(QWidget):
    """The list, and what its numbers are taken as."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.table = CellTable(_headings(north_first=True), _TYPED, cells_of)
        self.table.setObjectName("coordinate_rows")
        self.system = QComboBox()
        self.system.setObjectName("coordinate_system")
        self.system.setMinimumContentsLength(24)
        self.system.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.system.addItem(_("As the numbers look"), "")
        self.order = QComboBox()
        self.order.setObjectName("coordinate_order")
        for key, text in (
            ("", _("As the numbers look")),
            (NORTH_FIRST, _("X (north) first")),
            (EAST_FIRST, _("Y (east) first")),
        ):
            self.order.addItem(text, key)
        choices = QHBoxLayout()
        choices.setSpacing(GRID_PX * 2)
        choices.addLayout(labelled(_("Taken as"), self.system), 3)
        choices.addLayout(labelled(_("Order"), self.order), 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(choices)
        column.addWidget(self.table, 1)
        self.table.cells.edited.connect(self.changed)
        self.system.activated.connect(self.changed)
        self.order.activated.connect(self.changed)

    def request(self) -> CoordinateRequest | None:
        """Return what is typed; None while there is nothing."""
        rows = self.table.cells.rows
        if not rows:
            return None
        return CoordinateRequest(rows, str(self.system.currentData()), str(self.order.currentData()))

    def show_entered(self, entered: Entered | None) -> None:
        """Offer the systems that the numbers could be in, and head the columns with the order taken."""
        if entered is None:
            return
        self.table.cells.set_headings(_headings(north_first=entered.north_first))
        chosen = self.system.currentData()
        self.system.clear()
        self.system.addItem(_("As the numbers look"), "")
        for value, title in entered.systems:
            self.system.addItem(title, value)
        self.system.setCurrentIndex(max(self.system.findData(chosen), 0))

    def clear(self) -> None:
        """Begin anew; system and order stay as they were chosen."""
        self.table.cells.set_rows(())


def _headings(*, north_first: bool) -> tuple[str, str, str, str]:
    axes = (_("X (north)"), _("Y (east)"))
    first, second = axes if north_first else axes[::-1]
    return _("Point"), _("Ring"), first, second
