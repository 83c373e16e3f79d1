"""The dialog before a sheet is printed: printer, paper, and how the sheet lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPageSize, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.errors import UsageError
from layers.words import _
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.sheets.layout import SheetLayout
from zsgis.sheets.tiling import Tiling

if TYPE_CHECKING:
    from ui.sheet_printer import PrintOrder

_PAPERS = ("A4", "A3", "A2", "A1", "A0")
_CUT = QColor("#C4122F")


@dataclass(frozen=True)
class PrintOffer:
    """What can be printed, and where.

    Attributes
    ----------
    layout : SheetLayout
    picture : QImage
        Its first page.
    printers : tuple of str
        The system's names; the usual one first.
    """

    layout: SheetLayout
    picture: QImage
    printers: tuple[str, ...]


class _Preview(QWidget):
    """The sheet with the edges of its pieces."""

    def __init__(self, offer: PrintOffer) -> None:
        super().__init__()
        self._picture, self._page = offer.picture, offer.layout.first
        self._tiling: Tiling | None = None
        self.setMinimumSize(GRID_PX * 56, GRID_PX * 44)
        self.setAccessibleName(_("Preview"))

    def show_tiling(self, tiling: Tiling | None) -> None:
        """Show how the sheet is cut."""
        self._tiling = tiling
        self.update()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the sheet as large as there is room."""
        scale = min(self.width() / self._page.width_mm, self.height() / self._page.height_mm)
        size = QSize(round(self._page.width_mm * scale), round(self._page.height_mm * scale))
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._picture)
        painter.setPen(QPen(QColor("#808080"), 1))
        painter.drawRect(QRectF(left, top, size.width() - 1, size.height() - 1))
        if self._tiling is not None and len(self._tiling.tiles) > 1:
            painter.setPen(QPen(_CUT, 1, Qt.PenStyle.DashLine))
            for tile in self._tiling.tiles:
                part = tile.part
                painter.drawRect(
                    QRectF(
                        left + part.x * scale, top + part.y * scale, part.width * scale, part.height * scale
                    )
                )
        painter.end()


class PrintSheetDialog(QDialog):
    """Asks how a sheet is printed; what it says is :meth:`order`."""

    def __init__(self, offer: PrintOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Print “{name}”").format(name=offer.layout.name))
        self._offer = offer
        self.preview = _Preview(offer)
        self.printer = CalmComboBox()
        self.printer.setMinimumWidth(GRID_PX * 26)
        for name in offer.printers:
            self.printer.addItem(name, name)
        self.printer.addItem(_("As a PDF, a page for each piece of paper"), "")
        self.paper = CalmComboBox()
        for name in _PAPERS:
            self.paper.addItem(name, name)
        long = max(offer.layout.first.width_mm, offer.layout.first.height_mm)
        fitting = [name for name in _PAPERS if max(_size_mm(name)) >= long - 0.5]
        self.paper.setCurrentText(fitting[0] if fitting and fitting[0] in ("A4", "A3") else "A3")
        self.margin, self.overlap = _millimetres(5.0, 30.0), _millimetres(10.0, 60.0)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setProperty("role", "muted")
        self.go = QPushButton(_("Print"))
        self._lay_out()
        for box in (self.printer, self.paper):
            box.currentIndexChanged.connect(self._revise)
        for number in (self.margin, self.overlap):
            number.valueChanged.connect(self._revise)
        self._revise()

    def order(self, file: Path | None = None) -> PrintOrder:
        """Return what is asked for; without a printer it goes into ``file``."""
        from ui.sheet_printer import PrintOrder

        paper = str(self.paper.currentData())
        printer = str(self.printer.currentData())
        sizes = (self.margin.value(), self.overlap.value())
        return PrintOrder(printer, None if printer else file, paper, _size_mm(paper), *sizes)

    @property
    def wants_file(self) -> bool:
        """Whether the pieces go into a file."""
        return not self.printer.currentData()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        for title, widget in (
            (_("Printer"), self.printer),
            (_("Paper"), self.paper),
            (_("Page margin"), self.margin),
            (_("Overlap"), self.overlap),
        ):
            widget.setAccessibleName(title)
            form.addRow(title, widget)
        side = QVBoxLayout()
        side.setSpacing(GRID_PX * 2)
        side.addLayout(form)
        side.addWidget(self.said)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX * 3)
        row.addWidget(self.preview, 1)
        row.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(row, 1)
        column.addLayout(button_row(self, self.go))

    def _revise(self) -> None:
        order = self.order(Path())
        try:
            tilings = [order.tiling(page) for page in self._offer.layout.pages]
        except UsageError as error:
            self.preview.show_tiling(None)
            self.said.setText(str(error))
            self.go.setEnabled(False)
            return
        self.go.setEnabled(True)
        first, count = tilings[0], sum(len(tiling.tiles) for tiling in tilings)
        self.preview.show_tiling(first)
        for number in (self.margin, self.overlap):
            number.setEnabled(any(len(tiling.tiles) > 1 for tiling in tilings) or first.margin_mm > 0)
        if len(first.tiles) == 1:
            self.said.setText(_("At true size, {count} pieces of paper.").format(count=count))
            return
        words = _(
            "At true size, {count} pieces of paper: {rows} rows of {columns}. Marks in the margin show "
            "where to glue them."
        )
        self.said.setText(words.format(count=count, rows=first.rows, columns=first.columns))


def _millimetres(value: float, most: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, most)
    box.setDecimals(0)
    box.setSuffix(" mm")
    box.setValue(value)
    return box


def _size_mm(paper: str) -> tuple[float, float]:
    size = QPageSize(getattr(QPageSize.PageSizeId, paper)).size(QPageSize.Unit.Millimeter)
    return size.width(), size.height()


def ordered_printers(names: Sequence[str], usual: str) -> tuple[str, ...]:
    """Return the system's printers, the usual one first."""
    return tuple(sorted(names, key=lambda name: (name != usual, name)))
