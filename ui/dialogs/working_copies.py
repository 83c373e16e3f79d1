"""The working copies of this computer: what each was taken from, and whether it came back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.row_lists import RowList
from ui.panels.parts import text_label, verb_button
from ui.theme import GRID_PX

if TYPE_CHECKING:
    from zsgis.sharing.handing_in import KnownCopy


class WorkingCopiesDialog(QDialog):
    """Opens one of them, or hands it in."""

    open_asked = pyqtSignal(object)
    """The path of a working copy that is to be opened."""
    hand_in_asked = pyqtSignal(object)
    """The path of a working copy that is to be merged into its project."""

    def __init__(self, folder: Path, copies: Sequence[KnownCopy], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("working_copies")
        self.setWindowTitle(_("Working copies"))
        self._copies = tuple(copies)
        self.rows = RowList([_("Original project"), _("Taken"), _("By"), _("Handed in"), _("File")])
        self.rows.setAccessibleName(_("Working copies"))
        self.rows.show_rows([_row(copy) for copy in self._copies])
        self.open_button = verb_button(_("Open"))
        self.hand_in_button = verb_button(_("Hand in…"), primary=True)
        close = verb_button(_("Close"))
        empty = text_label(
            _("No working copy lies here. “Take a working copy” in the file menu makes one."), "muted"
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        for button in (close, self.open_button, self.hand_in_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(text_label(_("In {folder}").format(folder=folder), "muted"))
        column.addWidget(empty)
        column.addWidget(self.rows, 1)
        column.addLayout(buttons)
        self.resize(GRID_PX * 104, GRID_PX * 44)
        empty.setVisible(not self._copies)
        self.rows.setVisible(bool(self._copies))
        close.clicked.connect(self.reject)
        self.open_button.clicked.connect(self._ask_open)
        self.hand_in_button.clicked.connect(self._ask_hand_in)
        self.rows.doubleClicked.connect(self._ask_open)
        chosen = self.rows.selectionModel()
        if chosen is not None:
            chosen.selectionChanged.connect(lambda *_rows: self._enable())
        if self._copies:
            self.rows.selectRow(0)
        self._enable()

    def chosen(self) -> KnownCopy | None:
        """Return the working copy that is marked."""
        row = self.rows.currentIndex().row()
        return self._copies[row] if 0 <= row < len(self._copies) else None

    def _enable(self) -> None:
        copy = self.chosen()
        self.open_button.setEnabled(copy is not None)
        self.hand_in_button.setEnabled(copy is not None and copy.origin.handed_in is None)

    def _ask_open(self, *_state: object) -> None:
        copy = self.chosen()
        if copy is not None:
            self.accept()
            self.open_asked.emit(copy.path)

    def _ask_hand_in(self, *_state: object) -> None:
        copy = self.chosen()
        if copy is not None:
            self.accept()
            self.hand_in_asked.emit(copy.path)


def _row(copy: KnownCopy) -> tuple[str, ...]:
    origin = copy.origin
    handed = "" if origin.handed_in is None else f"{origin.handed_in.astimezone():%Y-%m-%d %H:%M}"
    by = " · ".join(part for part in (origin.by, origin.machine) if part)
    taken = f"{origin.taken.astimezone():%Y-%m-%d %H:%M}"
    return (str(origin.project), taken, by, handed, copy.path.name)
