"""Paints a cell of an attribute table: one text, its side, whether its row is selected; nothing else."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QObject, QRect, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.palette import colors_now
from ui.tables.attribute_model import AttributeTableModel
from ui.theme import GRID_PX, Colors
from zsgis.inspection import EMPTY_VALUE

# as headings have it
_LEFT_PX = 11
_ELIDE = Qt.TextElideMode.ElideMiddle


class AttributeDelegate(QStyledItemDelegate):
    """Draws directly: asking a style for each cell would take several times as long."""

    def __init__(self, model: AttributeTableModel, colors: Colors, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wear(colors)
        self.current_place = -1
        """The row the keyboard is at."""

    def _wear(self, colors: Colors) -> None:
        self._worn = colors
        self._chosen = QColor(colors.chosen)
        self._stripe = QColor(colors.window)
        self._surface = QColor(colors.surface)
        self._accent = QColor(colors.accent)
        self._text = QColor(colors.text)
        self._muted = QColor(colors.muted)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint a cell."""
        if painter is None:
            return
        colors = colors_now()
        if colors is not self._worn:
            self._wear(colors)
        place, number, rect, model = index.row(), index.column(), option.rect, self._model
        selected = model.selected[model.row_at(place)]
        painter.fillRect(rect, self._chosen if selected else self._stripe if place % 2 else self._surface)
        text = model.text(place, number)
        if text:
            missing = text == EMPTY_VALUE
            painter.setPen(self._muted if missing and not selected else self._text)
            inner = rect.adjusted(_LEFT_PX, 0, -GRID_PX, 0)
            side = (
                Qt.AlignmentFlag.AlignRight if model.fields[number].is_figure else Qt.AlignmentFlag.AlignLeft
            )
            if len(text) * option.fontMetrics.maxWidth() > inner.width():
                text = option.fontMetrics.elidedText(text, _ELIDE, inner.width())
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        if place == self.current_place:
            self._mark_current(painter, rect)

    def _mark_current(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(self._accent)
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
