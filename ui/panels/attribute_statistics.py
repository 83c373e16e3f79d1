"""The figures of one column beside the table."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from layers.words import _
from ui.panels.parts import ElidedLabel, ScrollColumn
from ui.theme import GRID_PX
from zsgis.inspection import EMPTY_VALUE
from zsgis.tabulation.shown import ShownField
from zsgis.tabulation.statistics import NumberStatistics, Statistics, WordStatistics

_WIDTH_PX = 216


class ColumnStatistics(QFrame):
    """Shows what is said of a column as a whole, and of which rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        self.lines: dict[str, str] = {}
        """What stands here: title to figure."""
        self._title = ElidedLabel()
        self._title.setProperty("role", "heading")
        self._of = ElidedLabel()
        self._of.setProperty("role", "muted")
        self._grid_holder = QVBoxLayout()
        scroll = ScrollColumn()
        scroll.column.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        scroll.column.setSpacing(2)
        scroll.column.addWidget(self._title)
        scroll.column.addWidget(self._of)
        scroll.column.addLayout(self._grid_holder)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_busy(self, title: str) -> None:
        """Say that a column is being counted."""
        self._title.set_whole_text(title)
        self._of.set_whole_text(_("Counting…"))

    def show_statistics(self, field: ShownField, of: str, statistics: Statistics) -> None:
        """Show the figures of a column; ``of`` says over which rows."""
        self._title.set_whole_text(field.title)
        self._of.set_whole_text(of)
        self.lines = dict(statistics_lines(field, statistics))
        old = self._grid_holder.takeAt(0)
        if old is not None and (widget := old.widget()) is not None:
            widget.deleteLater()
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        for row, (title, text) in enumerate(self.lines.items()):
            name = QLabel(title)
            name.setProperty("role", "muted")
            figure = QLabel(text)
            figure.setTextFormat(Qt.TextFormat.PlainText)
            figure.setWordWrap(True)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(figure, row, 1)
        self._grid_holder.addWidget(page)


def statistics_lines(field: ShownField, found: Statistics) -> list[tuple[str, str]]:
    """Return the figures of a column as title and text, in the column's unit."""
    lines = [(_("Rows with data"), f"{found.count:,}"), (_("No data"), f"{found.missing:,}")]
    if isinstance(found, WordStatistics):
        most = EMPTY_VALUE
        if found.most_frequent:
            name = field.text(found.most_frequent)
            most = _("{text} ({count} times)").format(text=name, count=f"{found.frequency:,}")
        return [*lines, (_("Different values"), f"{found.different:,}"), (_("Most frequent"), most)]
    return lines + _number_lines(field, found)


def _number_lines(field: ShownField, found: NumberStatistics) -> list[tuple[str, str]]:
    return [
        (_("Sum"), field.text(found.total)),
        (_("Mean"), field.text(found.mean)),
        (_("Median"), field.text(found.median)),
        (_("Least"), field.text(found.minimum)),
        (_("Greatest"), field.text(found.maximum)),
        (_("Standard deviation"), field.text(found.deviation)),
    ]
