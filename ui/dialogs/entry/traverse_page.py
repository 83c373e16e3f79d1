"""Bearings and distances, row after row; the misclosure, and what the compass rule adds to each leg."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.entry.cells import CellTable
from ui.theme import GRID_PX
from zsgis.editing.entry import CLOSED, OPEN, TO_POINT, Entered, TraverseRequest

_TYPED = 2


class TraversePage(QWidget):
    """What a traverse is made of."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.start = _pair("traverse_start", _("Start X (north)"), _("Start Y (east)"))
        self.end = _pair("traverse_end", _("End X (north)"), _("End Y (east)"))
        self.ends = QComboBox()
        self.ends.setObjectName("traverse_ends")
        self.ends.setAccessibleName(_("Where the traverse ends"))
        for key, text in (
            (CLOSED, _("Closes at its start")),
            (OPEN, _("Ends anywhere")),
            (TO_POINT, _("Ends at a known point")),
        ):
            self.ends.addItem(text, key)
        self.adjust = QCheckBox(_("Adjust by the compass rule (misclosure by length)"))
        self.adjust.setObjectName("traverse_adjust")
        self.table = CellTable(
            (_("Bearing"), _("Distance (m)"), _("Correction X (mm)"), _("Correction Y (mm)")),
            _TYPED,
            _pasted,
        )
        self.table.setObjectName("traverse_rows")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(_row(self.start))
        column.addWidget(self.table, 1)
        column.addWidget(self.ends)
        self._end_row = QWidget()
        self._end_row.setLayout(_row(self.end))
        column.addWidget(self._end_row)
        column.addWidget(self.adjust)
        for edit in (*self.start, *self.end):
            edit.textChanged.connect(self.changed)
        self.ends.currentIndexChanged.connect(self._take_ends)
        self.adjust.toggled.connect(self.changed)
        self.table.cells.edited.connect(self.changed)
        self._take_ends()

    def request(self) -> TraverseRequest | None:
        """Return what is typed; None while there is nothing."""
        rows = self.table.cells.rows
        if not rows:
            return None
        x, y = (edit.text() for edit in self.start)
        end_x, end_y = (edit.text() for edit in self.end)
        ends = str(self.ends.currentData())
        return TraverseRequest((x, y), rows, ends, (end_x, end_y), self.adjust.isChecked())

    def show_entered(self, entered: Entered | None) -> None:
        """List the corrections: north is X."""
        corrections = entered.corrections if entered is not None else None
        if corrections is None:
            self.table.cells.show_beside(())
            return
        self.table.cells.show_beside(
            tuple((f"{north * 1000:+.1f}", f"{east * 1000:+.1f}") for east, north in corrections.tolist())
        )

    def clear(self) -> None:
        """Begin anew."""
        self.table.cells.set_rows(())

    def _take_ends(self, *_index: object) -> None:
        self._end_row.setVisible(self.ends.currentData() == TO_POINT)
        self.adjust.setEnabled(self.ends.currentData() != OPEN)
        self.changed.emit()


def _pasted(text: str) -> tuple[tuple[str, ...], ...]:
    """Return pasted rows: bearing and distance stand in the last two columns."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ",")]
        cells = [cell for cell in cells if cell]
        if len(cells) >= _TYPED and any(character.isdigit() for character in cells[-1]):
            rows.append(tuple(cells[-_TYPED:]))
    return tuple(rows)


def _pair(name: str, first: str, second: str) -> tuple[QLineEdit, QLineEdit]:
    edits = (QLineEdit(), QLineEdit())
    for edit, title, axis in zip(edits, (first, second), "xy", strict=True):
        edit.setObjectName(f"{name}_{axis}")
        edit.setAccessibleName(title)
    return edits


def _row(edits: tuple[QLineEdit, QLineEdit]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX * 2)
    for edit in edits:
        row.addLayout(labelled(edit.accessibleName(), edit), 1)
    return row


def labelled(title: str, widget: QWidget) -> QHBoxLayout:
    """Return a row with a title before a widget."""
    row = QHBoxLayout()
    row.setSpacing(GRID_PX)
    label = QLabel(title)
    label.setBuddy(widget)
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row
