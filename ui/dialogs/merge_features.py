"""Which of several features' values stand when they are made into one."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.dialogs.rows import button_row
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.editing.merging_shapes import MergeAnswer, MergeOffer, named

_MOST_COLUMNS = 30


class MergeFeaturesDialog(QDialog):
    """Shows the fields that differ, a column for each feature; the chosen column's values stand."""

    def __init__(self, offer: MergeOffer, size_texts: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Merge features"))
        self.setMinimumSize(GRID_PX * 72, GRID_PX * 44)
        self._offer = offer
        self.table = QTableWidget()
        self.table.setObjectName("merge_values")
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectColumns)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.several = QCheckBox(_("Make one feature of {count} separate parts").format(count=offer.parts))
        self.several.setVisible(offer.parts > 1)
        self.summed = QCheckBox()
        self.summed.setVisible(offer.recorded is not None)
        if offer.recorded is not None:
            self.summed.setText(_("Sum up {field}").format(field=offer.recorded.alias))
        self.go_on = QPushButton(_("Merge"))
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX)
        heading = _("Make one of {count} features").format(count=len(offer.states))
        column.addWidget(text_label(heading, "heading"))
        text = _("Click the column whose values stand. Fields that are the same in all are not listed.")
        column.addWidget(text_label(text, "muted"))
        column.addWidget(self.table, 1)
        for widget in (self.told, self.several, self.summed):
            column.addWidget(widget)
        column.addLayout(button_row(self, self.go_on))
        self._fill(size_texts)
        self.table.itemSelectionChanged.connect(self._revise)
        self.several.toggled.connect(self._revise)
        self.table.selectColumn(0)
        self._revise()

    def answer(self) -> MergeAnswer:
        """Return what was decided."""
        return MergeAnswer(max(self.table.currentColumn(), 0), self.summed.isChecked())

    def _fill(self, size_texts: tuple[str, ...]) -> None:
        offer = self._offer
        shown = offer.states[:_MOST_COLUMNS]
        self.table.setColumnCount(len(shown))
        names = [named(offer.layer, state.values) or str(place + 1) for place, state in enumerate(shown)]
        self.table.setHorizontalHeaderLabels(names)
        rows: list[tuple[str, tuple[object, ...]]] = [(_("Size"), size_texts)]
        rows += [(difference.field.alias, difference.values) for difference in offer.differences]
        self.table.setRowCount(len(rows))
        self.table.setVerticalHeaderLabels([title for title, _values in rows])
        for row, (_title, values) in enumerate(rows):
            for column, value in enumerate(values[: len(shown)]):
                item = QTableWidgetItem("" if value is None else str(value))
                if isinstance(value, int | float) or not row:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _revise(self) -> None:
        column = max(self.table.currentColumn(), 0)
        item = self.table.horizontalHeaderItem(column)
        name = item.text() if item is not None else ""
        self.told.setText(_("The values of “{name}” stand.").format(name=name))
        self.go_on.setEnabled(self._offer.parts == 1 or self.several.isChecked())
