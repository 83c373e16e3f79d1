"""How text and table are read: the encoding with a line as it reads then, the rows of the header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer

_ENCODINGS = ("UTF-8", "GB18030", "GBK", "BIG5", "UTF-16")


class TextPage(QWidget):
    """``reread_asked`` carries the encoding and the choices with which the file is to be read again."""

    reread_asked = pyqtSignal(str, dict)

    def __init__(self, offer: ImportOffer, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self._verdict = offer.intake.examination.encoding
        self.encoding = CalmComboBox()
        self.encoding.setAccessibleName(_("Text encoding"))
        self.sample = QLabel()
        self.sample.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sample.setTextFormat(Qt.TextFormat.PlainText)
        self.sample.setWordWrap(True)
        self.reason = QLabel()
        self.reason.setProperty("role", "muted")
        self.reason.setWordWrap(True)
        self.header_rows = QLineEdit(_rows_text(offer.preview))
        self.header_rows.setPlaceholderText("3-4")
        self.header_rows.setMaximumWidth(GRID_PX * 12)
        self.again = QPushButton(_("Read again"))
        self.again.setAutoDefault(False)
        self.table = _preview_table(offer, colors)
        self._fill_encodings()
        self._lay_out()
        self.encoding.currentIndexChanged.connect(self._show_encoding)
        self.encoding.activated.connect(self._ask_encoding)
        self.again.clicked.connect(self._ask)
        self.header_rows.returnPressed.connect(self._ask)
        self._show_encoding()

    def value(self) -> str:
        """Return the encoding that was chosen; empty for what the file says."""
        return str(self.encoding.currentData() or "")

    def choices(self) -> dict[str, str]:
        """Return what was said of the table's header."""
        said = dict(self._offer.request.choices)
        rows = self.header_rows.text().strip()
        if self._offer.preview and rows and rows != _rows_text(self._offer.preview):
            said["header_rows"] = rows
        return said

    def problem(self) -> str:
        """Return what must be chosen, empty for nothing."""
        if self._verdict.sure or self.value():
            return ""
        return _("Choose the encoding in which the names read right.")

    def _fill_encodings(self) -> None:
        read_with = self._offer.intake.data.encoding
        self.encoding.addItem(
            _("As read: {encoding}").format(encoding=read_with)
            if read_with
            else _("The format leaves no choice"),
            "",
        )
        known = {candidate.value.upper() for candidate in self._verdict.candidates}
        for candidate in self._verdict.candidates:
            self.encoding.addItem(candidate.title, candidate.value)
        for name in _ENCODINGS:
            if read_with and name not in known:
                self.encoding.addItem(name, name)
        self.encoding.setCurrentIndex(max(self.encoding.findData(self._offer.request.encoding), 0))
        self.encoding.setEnabled(self.encoding.count() > 1)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Text encoding"), self.encoding)
        form.addRow(_("Reads as"), self.sample)
        form.addRow("", self.reason)
        for row in (self.sample, self.reason):
            form.setRowVisible(row, bool(self._verdict.candidates))
        header = QHBoxLayout()
        header.setSpacing(GRID_PX)
        header.addWidget(self.header_rows)
        header.addWidget(self.again)
        header.addStretch(1)
        form.addRow(_("Rows of the header"), header)
        form.setRowVisible(header, bool(self._offer.preview))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX * 2, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(form)
        column.addWidget(self.table, 1)

    def _show_encoding(self, *_index: object) -> None:
        candidate = self._verdict.find(self.value()) if self.value() else self._verdict.likeliest
        self.sample.setText(candidate.preview if candidate is not None else "")
        self.reason.setText(candidate.reason if candidate is not None else "")

    def _ask_encoding(self, _index: int) -> None:
        if self.value() != self._offer.request.encoding:
            self._ask()

    def _ask(self) -> None:
        self.reread_asked.emit(self.value(), self.choices())


class _HeaderTint(QStyledItemDelegate):
    """Tints the rows of the header; the window's style sheet paints over what an item asks for itself."""

    def __init__(self, rows: frozenset[int], color: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._color = rows, color

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw the tint, then the cell."""
        if painter is not None and index.row() in self._rows:
            painter.fillRect(option.rect, self._color)
        super().paint(painter, option, index)


def _preview_table(offer: ImportOffer, colors: Colors) -> QTableWidget:
    """Return the first rows: of a table as they stand in the sheet, headers tinted; else by column."""
    cells, headers = _cells(offer.preview)
    columns = [] if cells else list(offer.columns)
    shown = cells or [list(row) for row in offer.rows]
    width = max((len(row) for row in shown), default=0)
    table = QTableWidget(len(shown), width)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setAccessibleName(_("First rows of the file"))
    table.setHorizontalHeaderLabels(columns or [_letters(place) for place in range(width)])
    header = table.verticalHeader()
    if header is not None:
        header.setDefaultSectionSize(GRID_PX * 3 + 4)
    bold = table.font()
    bold.setBold(True)
    for at, row in enumerate(shown):
        for place, text in enumerate(row):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if at + 1 in headers:
                item.setFont(bold)
            table.setItem(at, place, item)
    table.setItemDelegate(_HeaderTint(frozenset(row - 1 for row in headers), QColor(colors.chosen), table))
    for row, column, rows_high, columns_wide in offer.preview.get("merged", ()) if cells else ():
        if row < len(shown) and column < width:
            table.setSpan(row, column, rows_high, columns_wide)
    table.resizeColumnsToContents()
    for place in range(width):
        table.setColumnWidth(place, min(max(table.columnWidth(place), GRID_PX * 8), GRID_PX * 28))
    return table


def _cells(preview: Mapping[str, Any]) -> tuple[list[list[str]], frozenset[int]]:
    """Return the cells of a sheet from its row 1 on, and the rows of the header as the sheet numbers them."""
    rows = [[str(text) for text in row] for row in preview.get("cells", ())]
    return rows, frozenset(int(row) for row in preview.get("header_rows", ()))


def _rows_text(preview: Mapping[str, Any]) -> str:
    """Return the rows of the header as one writes them, ``3-4``."""
    rows = [int(row) for row in preview.get("header_rows", ())]
    if not rows:
        return ""
    return str(rows[0]) if len(rows) == 1 else f"{min(rows)}-{max(rows)}"


def _letters(place: int) -> str:
    """Return a column's name as spreadsheets write it: A, B, … Z, AA."""
    text, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text
