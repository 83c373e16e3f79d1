"""The card over the map that says what was measured, each basis under its name."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.icons import icon
from ui.panels.parts import text_label
from ui.theme import GRID_PX, Colors
from zsgis.measuring import Measures
from zsgis.measuring_words import bearing_title, segment_row, summary

_WIDTH_PX = 312
_ROW_PX = 24
_MOST_ROWS = 4


class MeasureCard(QFrame):
    """Totals on both bases, and every segment with its bearing."""

    copy_asked = pyqtSignal()
    clear_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("measure_card")
        self.setProperty("role", "card")
        self.hide()
        self._shown: tuple[Measures, bool] | None = None
        self._title = text_label("", "heading")
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GRID_PX * 2)
        self._rows.setVerticalSpacing(GRID_PX // 2)
        self._rows.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._warning = text_label(
            _("The outline crosses itself: its area is not that of one piece of land."), "danger"
        )
        self._segments = _segment_table()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for name, word, asked in (
            ("copy", _("Copy the figures"), self.copy_asked),
            ("close", _("Clear what was measured"), self.clear_asked),
        ):
            button = QToolButton()
            button.setObjectName(f"measure_{name}")
            button.setIcon(icon(name, colors.text))
            button.setToolTip(word)
            button.setAccessibleName(word)
            button.clicked.connect(asked)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX + 4] * 4)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addWidget(self._warning)
        column.addWidget(self._segments)
        self.setFixedWidth(_WIDTH_PX)

    @property
    def shown(self) -> tuple[Measures, bool] | None:
        """What is shown, and whether it is an outline."""
        return self._shown

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the card: title to figures."""
        return {title.text(): figures.text() for title, figures in self._labels if title.isVisibleTo(self)}

    def show_measures(self, measures: Measures, *, closed: bool) -> None:
        """Show what is known of a line or an outline."""
        self._shown = (measures, closed)
        self._title.setText(_("Measured area") if closed else _("Measured length"))
        rows = summary(measures, closed=closed)
        for number in range(max(len(rows), len(self._labels))):
            title, figures = self._line(number)
            used = number < len(rows)
            title.setVisible(used)
            figures.setVisible(used)
            if used:
                title.setText(rows[number][0])
                figures.setText(rows[number][1])
        self._warning.setVisible(measures.crosses_itself)
        self._show_segments(measures)

    def _line(self, number: int) -> tuple[QLabel, QLabel]:
        if number == len(self._labels):
            title, figures = text_label("", "muted"), text_label("")
            title.setWordWrap(False)
            figures.setWordWrap(False)
            title.setAlignment(Qt.AlignmentFlag.AlignTop)
            figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            figures.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows.addWidget(title, number, 0)
            self._rows.addWidget(figures, number, 1)
            self._labels.append((title, figures))
        return self._labels[number]

    def _show_segments(self, measures: Measures) -> None:
        table, segments = self._segments, measures.segments
        table.setVisible(bool(segments))
        table.setHorizontalHeaderLabels(
            [_("Ellipsoidal (m)"), _("Planar (m)"), bearing_title(segments)] if segments else []
        )
        table.setRowCount(len(segments))
        for row, segment in enumerate(segments):
            for column, text in enumerate(segment_row(segment)):
                item = table.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    table.setItem(row, column, item)
                if item.text() != text:
                    item.setText(text)
        header = table.horizontalHeader()
        height = header.sizeHint().height() if header is not None else _ROW_PX
        table.setFixedHeight(height + _ROW_PX * min(len(segments), _MOST_ROWS) + 4)
        table.scrollToBottom()


def _segment_table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setObjectName("measure_segments")
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    across, down = table.horizontalHeader(), table.verticalHeader()
    if across is not None and down is not None:
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(_ROW_PX)
    return table
