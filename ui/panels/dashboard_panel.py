"""The dashboard below the map: platforms by stage, quotas, ranks and lights, all on one selection."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.icons import icon
from ui.panels.parts import ElidedLabel, ScrollColumn, text_label, verb_button
from ui.tables.board_model import CELL, BoardDelegate, BoardModel
from ui.theme import GRID_PX, Colors
from zsgis.dashboard.model import Board, BoardCell, BoardPart, Measure, QuotaMeasure
from zsgis.dashboard.selected import selected_words
from zsgis.printed_balance import printed_unit

_ROW_PX = GRID_PX * 3 + 2
_NAME_PX, _LONG_NAME_PX = GRID_PX * 15, GRID_PX * 20
_HEAD_PX = GRID_PX * 6
_WIDE_PX = GRID_PX * 140
_MOST_ROWS, _FEW = 9, 8


class DashboardPage(QWidget):
    """Shows a dashboard; says which features were chosen in it."""

    features_chosen = pyqtSignal(object)
    refresh_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board: Board | None = None
        self._hint = ""
        self._selection: Mapping[str, Collection[str]] = {}
        self.measure, self.quota_measure, self.unit = CalmComboBox(), CalmComboBox(), CalmComboBox()
        self.measure.setAccessibleName(_("What is counted by platform and stage"))
        self.quota_measure.setAccessibleName(_("What is stated of the quotas"))
        self.unit.setAccessibleName(_("Unit of areas"))
        for measure in Measure:
            self.measure.addItem(measure.words, measure)
        for stated in QuotaMeasure:
            self.quota_measure.addItem(stated.words, stated)
        self.quota_measure.setCurrentIndex(self.quota_measure.findData(QuotaMeasure.USED))
        for key in ("ha", "mu"):
            self.unit.addItem(printed_unit(key).title, key)
        self.refresh = verb_button(_("Refresh"), icon("undo", colors.text))
        self.said = ElidedLabel()
        self.said.setProperty("role", "muted")
        self.platforms = BoardCard(colors, self.measure)
        self.quotas = BoardCard(colors, self.quota_measure)
        self.ranks = BoardCard(colors)
        self.lights = BoardCard(colors)
        self._scroll = ScrollColumn()
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID_PX)
        self._columns = 0
        self._lay_out()
        for choice in (self.measure, self.quota_measure, self.unit):
            choice.currentIndexChanged.connect(self._show)
        self.unit.currentIndexChanged.connect(self._say)
        for card in self.cards:
            card.features_chosen.connect(self.features_chosen)
        self.refresh.clicked.connect(self.refresh_asked)

    @property
    def cards(self) -> tuple[BoardCard, ...]:
        """The parts, in their order."""
        return self.platforms, self.quotas, self.ranks, self.lights

    def show_board(self, board: Board, said: str) -> None:
        """Show a dashboard, and a line on what it stands on."""
        self._board, self._hint = board, said
        self._show()
        self._say()

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark in every part what stands on the selected features."""
        self._selection = selection
        for card in self.cards:
            card.mark(selection)
        self._say()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay the parts side by side where there is room for it."""
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= _WIDE_PX else 1)

    def _show(self, *_choice: object) -> None:
        if self._board is None:
            return
        unit = str(self.unit.currentData())
        self.platforms.show_part(self._board.platforms[self.measure.currentData(), unit])
        self.quotas.show_part(
            self._board.quotas[self.quota_measure.currentData(), unit],
            _("No quotas yet. The stage “Securing” makes a register of them."),
        )
        self.ranks.show_part(
            self._board.ranks[unit], _("No projects yet. The stage “Securing” fills the register.")
        )
        if self._board.lights is not None:
            self.lights.show_part(
                self._board.lights,
                _("No indicator has a light yet: values are typed in, or come from recorded analyses."),
            )

    def _say(self, *_choice: object) -> None:
        """Say what is selected, or what can be done."""
        said = ""
        if self._board is not None:
            said = selected_words(self._board.projects, self._selection, str(self.unit.currentData()))
        self.said.set_whole_text(said or self._hint)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        bar.setSpacing(GRID_PX)
        bar.addWidget(self.said, 1)
        bar.addWidget(self.unit)
        bar.addWidget(self.refresh)
        self._scroll.column.setContentsMargins(GRID_PX, 0, GRID_PX, GRID_PX)
        self._scroll.column.addLayout(self._grid)
        self._scroll.column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(bar)
        page.addWidget(self._scroll, 1)
        self._arrange(1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < columns))


class BoardCard(QFrame):
    """One part: its title, what it counts, its table, and what is to be said of it."""

    features_chosen = pyqtSignal(object)

    def __init__(self, colors: Colors, choice: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.model = BoardModel(colors)
        self.title = text_label("", "heading")
        self.title.setWordWrap(False)
        self.note = ElidedLabel()
        self.note.setProperty("role", "muted")
        self.empty = text_label("", "muted")
        self.empty.hide()
        self._delegate = BoardDelegate(colors)
        self.table = _make_table(self.model)
        self.table.setItemDelegate(self._delegate)
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.title)
        head.addStretch(1)
        if choice is not None:
            head.addWidget(choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX] * 4)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self.empty)
        column.addWidget(self.note)
        column.addStretch(1)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)

    def show_part(self, part: BoardPart, empty: str = "") -> None:
        """Show a part; words in its place where it has no rows."""
        before = self.model.part
        self.model.show_part(part)
        self.title.setText(
            _("{title} ({unit})").format(title=part.title, unit=part.unit) if part.unit else part.title
        )
        self.note.set_whole_text(part.note)
        self.note.setVisible(bool(part.note))
        self.empty.setText(empty)
        self.empty.setVisible(not part.rows)
        self.table.setVisible(bool(part.rows))
        if before is None or len(before.columns) != len(part.columns):
            _fit_columns(self.table, part)
        _fit_height(self.table, len(part.rows))

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark what stands on the selected features, and bring the first of it into sight."""
        self.model.mark(selection)
        row = self.model.first_marked_row()
        if row >= 0:
            self.table.scrollTo(self.model.index(row, 0))

    def _choose(self, index: QModelIndex) -> None:
        cell = index.data(CELL)
        if isinstance(cell, BoardCell) and cell.sources:
            self.features_chosen.emit(dict(cell.sources))


def _make_table(model: BoardModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setFrameShape(QFrame.Shape.NoFrame)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    if rows is not None:
        rows.hide()
        rows.setDefaultSectionSize(_ROW_PX)
    if columns is not None:
        columns.setMinimumSectionSize(GRID_PX * 4)
        columns.setFixedHeight(_HEAD_PX)
        columns.setSectionsClickable(False)
    return table


def _fit_columns(table: QTableView, part: BoardPart) -> None:
    header = table.horizontalHeader()
    if header is None:
        return
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    # all share the room, the names beside the figures keep theirs
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    many = len(part.columns) > _FEW
    header.resizeSection(0, _NAME_PX if many else _LONG_NAME_PX)
    header.setMinimumSectionSize(GRID_PX * 5 if many else GRID_PX * 7)


def _fit_height(table: QTableView, rows: int) -> None:
    table.setFixedHeight(_HEAD_PX + min(rows, _MOST_ROWS) * _ROW_PX + GRID_PX // 2)
