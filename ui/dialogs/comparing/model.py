"""The matrix of comparisons as a table: the upper triangle is typed, the lower one follows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor
from PyQt6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from layers.errors import UsageError
from layers.words import _
from ui.palette import Colors
from zsgis.analysis.suitability.ahp import (
    LARGEST,
    SCALE,
    SMALLEST,
    comparison_of,
    comparison_text,
)

_NOBODY = QModelIndex()
_SLACK = 1e-9


class ComparisonsModel(QAbstractTableModel):
    """How many times each criterion of a row matters as much as that of a column."""

    refused = pyqtSignal(str)
    """Why what was typed is no comparison; empty when it was taken."""

    def __init__(self, titles: tuple[str, ...], colors: Colors) -> None:
        super().__init__()
        self.titles = titles
        self.matrix: NDArray[np.float64] = np.ones((len(titles), len(titles)))
        self._colors = colors

    def take(self, matrix: NDArray[np.float64]) -> None:
        """Show other comparisons, of as many criteria."""
        self.beginResetModel()
        self.matrix = matrix.copy()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = _NOBODY) -> int:
        """Return the number of criteria."""
        return 0 if parent.isValid() else len(self.titles)

    def columnCount(self, parent: QModelIndex = _NOBODY) -> int:
        """Return the number of criteria."""
        return 0 if parent.isValid() else len(self.titles)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Return what can be done with a cell: those above the diagonal are typed."""
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return shown | Qt.ItemFlag.ItemIsEditable if index.row() < index.column() else shown

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return comparison_text(float(self.matrix[row, column]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole and row >= column:
            return QBrush(QColor(self._colors.muted))
        if role == Qt.ItemDataRole.BackgroundRole and row >= column:
            return QBrush(QColor(self._colors.window))
        return self.sentence(row, column) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a criterion's number and name; above the columns the number alone."""
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.titles[section]
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        upright = orientation == Qt.Orientation.Horizontal
        return str(section + 1) if upright else f"{section + 1}  {self.titles[section]}"

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed above the diagonal, and its reverse below; refuse what is no comparison."""
        row, column = index.row(), index.column()
        if role != Qt.ItemDataRole.EditRole or row >= column:
            return False
        try:
            said = comparison_of(str(value).strip())
        except UsageError as error:
            self.refused.emit(str(error))
            return False
        if not SMALLEST - _SLACK <= said <= LARGEST + _SLACK:
            self.refused.emit(_("A comparison lies between 1/9 and 9; {given} does not.").format(given=value))
            return False
        self.matrix[row, column], self.matrix[column, row] = said, 1.0 / said
        self.refused.emit("")
        self.dataChanged.emit(index, index)
        reverse = self.index(column, row)
        self.dataChanged.emit(reverse, reverse)
        return True

    def sentence(self, row: int, column: int) -> str:
        """Return a comparison in words."""
        first, second, said = self.titles[row], self.titles[column], float(self.matrix[row, column])
        if row == column:
            return ""
        if abs(said - 1.0) < _SLACK:
            return _("“{first}” matters as much as “{second}” (1).").format(first=first, second=second)
        if said < 1.0:
            first, second, said = second, first, 1.0 / said
        return _("“{first}” matters {strength} than “{second}” ({value}).").format(
            first=first, second=second, strength=_strength(said), value=comparison_text(said)
        )


def _strength(said: float) -> str:
    """Return the words of Saaty's scale for a comparison above 1."""
    words = (
        (2.5, _("a little more")),
        (3.5, _("moderately more")),
        (5.5, _("strongly more")),
        (7.5, _("very strongly more")),
    )
    return next((text for upto, text in words if said < upto), _("extremely more"))


class ScaleDelegate(QStyledItemDelegate):
    """Edits a comparison: typed, or chosen from Saaty's scale."""

    def createEditor(
        self, parent: QWidget | None, _option: QStyleOptionViewItem, _index: QModelIndex
    ) -> QWidget:
        """Return a box with the scale whose text can be typed over."""
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(SCALE)
        box.setCompleter(None)
        box.activated.connect(lambda _place: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Show the comparison, all of it marked, so that typing replaces it."""
        assert isinstance(editor, QComboBox)  # noqa: S101 - made above
        text = str(index.data(Qt.ItemDataRole.EditRole))
        editor.setCurrentIndex(editor.findText(text))
        editor.setEditText(text)
        line = editor.lineEdit()
        if line is not None:
            line.selectAll()

    def setModelData(self, editor: QWidget | None, model: Any, index: QModelIndex) -> None:
        """Hand what stands in the box to the matrix."""
        assert isinstance(editor, QComboBox)  # noqa: S101 - made above
        model.setData(index, editor.currentText())
