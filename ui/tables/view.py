"""The view of a result table: rows select their features, features mark their rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PyQt6.QtCore import QItemSelection, QItemSelectionModel, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.own_keys import OwnKeys
from ui.tables.model import ResultTableModel, cell_text, header_text
from ui.theme import GRID_PX
from zsgis.result import Table

_ROW_PX = 28
_WIDEST_PX = 320
_ARROW_PX = 16
_MEASURED_FIRST, _MEASURED_LAST = 150, 50


class ResultTableView(QTableView):
    """Shows one table of a result."""

    features_chosen = pyqtSignal(object)  # dict: layer uid to set of zs_uid

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._telling = False
        self.result_model = ResultTableModel(table, self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        if rows is not None and columns is not None:
            rows.hide()
            rows.setDefaultSectionSize(_ROW_PX)
            rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            columns.setHighlightSections(False)
            columns.setSectionsClickable(True)
            columns.setSortIndicatorClearable(True)
            columns.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        # last of all: a view with a model reckons its headings anew at every setting
        self.setModel(self.result_model)
        OwnKeys(self, lambda event: event.matches(QKeySequence.StandardKey.Copy))
        self._fit_columns()
        chosen = self.selectionModel()
        if chosen is not None:
            chosen.selectionChanged.connect(self._tell)

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Show which rows the selected features stand behind, without selecting anything anew."""
        model = self.selectionModel()
        if model is None or self._telling:
            return
        marked = QItemSelection()
        numbers = self.result_model.rows_with(selection)
        places = sorted(place for n in numbers if (place := self.result_model.place_of(n)) >= 0)
        last = self.result_model.columnCount() - 1
        for place in places:
            marked.select(self.result_model.index(place, 0), self.result_model.index(place, last))
        model.blockSignals(True)
        model.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        model.blockSignals(False)
        if places:
            self.scrollTo(self.result_model.index(places[0], 0))
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def chosen_rows(self) -> list[int]:
        """Return which rows of the table are selected, top first as they stand on the screen."""
        model = self.selectionModel()
        places = sorted(index.row() for index in model.selectedRows()) if model is not None else []
        return [self.result_model.table_row(place) for place in places]

    def copy(self) -> None:
        """Copy the selected rows, or all where none is selected, as text for a spreadsheet."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.result_model.as_text(self.chosen_rows() or None))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Copy with the usual key."""
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def _fit_columns(self) -> None:
        """Give each column the width of its longest text in the first and last rows, measured once."""
        metrics = QFontMetrics(self.font())
        bold = QFont(self.font())
        bold.setBold(True)
        wide = QFontMetrics(bold)
        table = self.result_model.table
        # the widest figures are sums, which stand at the end
        measured = (*table.rows[:_MEASURED_FIRST], *table.rows[_MEASURED_FIRST:][-_MEASURED_LAST:])
        for number, column in enumerate(table.columns):
            texts = {cell_text(row.values.get(column.key), column) for row in measured}
            longest = sorted(texts, key=len)[-3:]
            widths = [wide.horizontalAdvance(text) for text in longest]
            # beside a heading there is room for the arrow that tells the order
            widths += [
                metrics.horizontalAdvance(line) + _ARROW_PX for line in header_text(column).split("\n")
            ]
            self.setColumnWidth(number, min(max(widths) + GRID_PX * 4, _WIDEST_PX))

    def _tell(self, *_changes: object) -> None:
        self._telling = True
        self.features_chosen.emit(self.result_model.sources(self.chosen_rows()))
        self._telling = False
