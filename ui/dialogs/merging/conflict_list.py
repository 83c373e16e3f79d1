"""The conflicts of a merge in a list, each with whether it is decided."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QHeaderView, QTableView, QWidget

from layers.words import _
from ui.theme import GRID_PX
from zsgis.merging.deciding import Deciding
from zsgis.merging.listing import info_of
from zsgis.merging.model import Conflict, Side
from zsgis.merging.wording import feature_words, kind_words

_NOWHERE = QModelIndex()
_SHOWN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


class _ConflictModel(QAbstractTableModel):
    """One row for each conflict."""

    def __init__(self, deciding: Deciding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deciding = deciding
        self._words = [_words(deciding, conflict) for conflict in deciding.plan.conflicts]

    def renew(self, row: int) -> None:
        """Show a row as it is decided now."""
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def rowCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._words)

    def columnCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        decided = self._deciding.is_decided(self._deciding.plan.conflicts[index.row()])
        if role in _SHOWN:
            words = self._words[index.row()]
            return (*words, _("decided") if decided else _("open"))[index.column()]
        if role == Qt.ItemDataRole.FontRole and not decided:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (_("Layer"), _("Feature concerned"), _("What happened"), _("Decision"))[section]


class ConflictList(QTableView):
    """``shown`` tells the place of the conflict that is looked at."""

    shown = pyqtSignal(int)

    def __init__(self, deciding: Deciding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.conflicts = _ConflictModel(deciding, self)
        self.setModel(self.conflicts)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("Conflicts of the merge"))
        columns, rows = self.horizontalHeader(), self.verticalHeader()
        if columns is not None and rows is not None:
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            columns.setHighlightSections(False)
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            for place, width in enumerate((8, 17, 20, 7)):
                columns.resizeSection(place, GRID_PX * width)
            columns.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
            rows.hide()
            rows.setDefaultSectionSize(GRID_PX * 3 + 4)
        selection = self.selectionModel()
        if selection is not None:
            selection.currentRowChanged.connect(lambda now, _before: self.shown.emit(now.row()))

    def show_row(self, row: int) -> None:
        """Look at a conflict."""
        self.selectRow(row)
        self.scrollTo(self.conflicts.index(row, 0))


def _words(deciding: Deciding, conflict: Conflict) -> tuple[str, str, str]:
    info = info_of(deciding.plan, conflict.layer_uid)
    members = conflict.members
    feature = ""
    if members:
        feature = feature_words({side: members[0].sides.on(side) for side in Side}, info)
    if len(members) > 1:
        feature = _("{name} and {count} more").format(name=feature, count=len(members) - 1)
    return conflict.layer_name, feature, kind_words(conflict)
