"""One conflict as a form: base, mine and theirs beside each other, a click takes a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont
from PyQt6.QtWidgets import QHeaderView, QTableView, QWidget

from layers.words import _
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.merging.comparing import Row
from zsgis.merging.model import Question, Side
from zsgis.merging.wording import side_words

_NOWHERE = QModelIndex()
_SIDES = (Side.BASE, Side.MINE, Side.THEIRS)
FEATURE, FIELD, FIRST_SIDE, TAKEN = 0, 1, 2, 5


class _QuestionModel(QAbstractTableModel):
    """``own_given`` carries a question and the text that was typed for it."""

    own_given = pyqtSignal(object, str)

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._rows: Sequence[Row] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, or the same as they are decided now."""
        if len(rows) == len(self._rows):
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, TAKEN))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else TAKEN + 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        side = _SIDES[column - FIRST_SIDE] if FIRST_SIDE <= column < TAKEN else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, column, side)
        if role == Qt.ItemDataRole.EditRole:
            return row.taken
        if role == Qt.ItemDataRole.FontRole:
            return _bold(side in row.differing or (row.question is not None and column == FIELD))
        if role == Qt.ItemDataRole.BackgroundRole and side in row.differing:
            return QColor(self._colors.chosen)
        if role == Qt.ItemDataRole.ForegroundRole and row.question is None:
            return QColor(self._colors.muted)
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        question = self._rows[index.row()].question
        if question is not None and question.own and index.column() == TAKEN:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or row.question is None or str(value) == row.taken:
            return False
        self.own_given.emit(row.question, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        sides = [f"{side_words(side)} ({place})" for place, side in enumerate(_SIDES, start=1)]
        return (_("Feature concerned"), _("Field"), *sides, _("Taken from"))[section]

    def _text(self, row: Row, column: int, side: Side | None) -> str:
        if side is not None:
            return f"✓ {row.value(side)}" if row.chosen is side else row.value(side)
        if column == TAKEN:
            return row.taken if row.taken or row.question is None else _("open")
        return row.feature if column == FEATURE else row.field


class QuestionTable(QTableView):
    """``taken`` carries a question and the side whose value was clicked."""

    taken = pyqtSignal(object, object)

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.questions = _QuestionModel(colors, self)
        self.setModel(self.questions)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("Values at base, mine and theirs"))
        columns, rows = self.horizontalHeader(), self.verticalHeader()
        if columns is not None and rows is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            columns.setHighlightSections(False)
            rows.hide()
            rows.setDefaultSectionSize(GRID_PX * 3 + 4)
        self.clicked.connect(self._take)

    def current_question(self) -> Question | None:
        """Return the question of the row that is chosen; the only one, where none is."""
        rows = self.questions.rows
        at = self.currentIndex().row()
        if 0 <= at < len(rows):
            return rows[at].question
        asked = {row.question.key: row.question for row in rows if row.question is not None}
        return next(iter(asked.values())) if len(asked) == 1 else None

    def _take(self, index: QModelIndex) -> None:
        question = self.questions.rows[index.row()].question
        if question is not None and FIRST_SIDE <= index.column() < TAKEN:
            self.taken.emit(question, _SIDES[index.column() - FIRST_SIDE])


def _bold(wanted: bool) -> QFont | None:
    if not wanted:
        return None
    font = QFont()
    font.setBold(True)
    return font
