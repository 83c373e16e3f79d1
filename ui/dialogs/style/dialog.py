"""The style editor of one layer: not modal, every change is seen on the map at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from layers.style import Style, Symbol
from layers.styling import Classed
from layers.words import _
from ui.dialogs.rows import button_row
from ui.dialogs.style.classes_page import ClassesPage
from ui.dialogs.style.labels_page import LabelsPage
from ui.dialogs.style.scales_page import ScalesPage, range_text
from ui.dialogs.style.symbol_page import SymbolPage
from ui.dialogs.style.widgets import AskColor
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX, Colors

if TYPE_CHECKING:
    from layers.store import LayerInfo

# Dragging a number asks for many styles; the map is given the last one.
_SETTLE_MS = 120
_USUAL, _SCALE, _CLASS = "usual", "scale", "class"


class StyleDialog(QDialog):
    """Edits a layer's style.

    ``changed`` gives the style to be shown (a little after the last change), ``wished`` asks for classes made
    from the data; ``standard_asked``, ``grey_asked``, ``copy_asked`` and ``paste_asked`` are its buttons.
    """

    changed = pyqtSignal(object)
    wished = pyqtSignal(object)
    standard_asked = pyqtSignal()
    grey_asked = pyqtSignal()
    copy_asked = pyqtSignal()
    paste_asked = pyqtSignal()

    def __init__(
        self, layer: LayerInfo, ask_color: AskColor, colors: Colors, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Style of “{name}”").format(name=layer.name))
        self.resize(GRID_PX * 66, GRID_PX * 72)
        self._style = layer.style
        self._target: tuple[str, int] = (_USUAL, 0)
        self.target = CalmComboBox()
        self.target.setAccessibleName(_("Which symbol"))
        self.symbol = SymbolPage(layer.geometry, ask_color, colors)
        self.classes = ClassesPage(layer.fields, layer.geometry, ask_color)
        self.scales = ScalesPage()
        self.labels = LabelsPage(layer.fields, ask_color)
        self.tabs = QTabWidget()
        self.done_button = QPushButton(_("Done"))
        self.standard = QPushButton(_("Standard colours"))
        self.grey = QPushButton(_("Black and white"))
        self.copy = QPushButton(_("Copy style"))
        self.paste = QPushButton(_("Paste style"))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self._lay_out()
        self._connect()
        self.show_style(layer.style)

    def style_now(self) -> Style:
        """Return the style as it stands in the dialog."""
        return self._style

    def is_settling(self) -> bool:
        """Tell whether a change waits to be told."""
        return self._settle.isActive()

    def show_style(self, style: Style) -> None:
        """Show a style that was not made here."""
        self._style = style
        self.classes.show_style(style)
        self._show_parts()

    def show_classed(self, classed: Classed) -> None:
        """Take over classes that were made from the data."""
        self._style = classed.style
        self.classes.show_edited(classed.style)
        self.classes.show_counts(classed)
        self._show_parts()
        self._tell()

    def reject(self) -> None:
        """Close without waiting for the last change."""
        self._settle.stop()
        super().reject()

    def accept(self) -> None:
        """Close with the last change told."""
        if self._settle.isActive():
            self._tell()
        super().accept()

    def _lay_out(self) -> None:
        symbol = QWidget()
        column = QVBoxLayout(symbol)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QFormLayout()
        head.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, 0)
        head.setHorizontalSpacing(GRID_PX * 2)
        head.addRow(_("Which symbol"), self.target)
        column.addLayout(head)
        column.addWidget(self.symbol)
        column.addStretch(1)
        for title, page in (
            (_("Symbol"), _scrolled(symbol)),
            (_("Classes"), self.classes),
            (_("Scales"), self.scales),
            (_("Labels"), self.labels),
        ):
            self.tabs.addTab(page, title)
        tools = QHBoxLayout()
        tools.setSpacing(GRID_PX)
        for button, asked in (
            (self.standard, self.standard_asked),
            (self.grey, self.grey_asked),
            (self.copy, self.copy_asked),
            (self.paste, self.paste_asked),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(asked)
            tools.addWidget(button)
        tools.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID_PX * 2, GRID_PX * 2, GRID_PX * 2, GRID_PX * 2)
        whole.setSpacing(GRID_PX)
        whole.addLayout(tools)
        whole.addWidget(self.tabs, 1)
        whole.addLayout(button_row(self, self.done_button))

    def _connect(self) -> None:
        self.target.activated.connect(self._take_target)
        self.symbol.edited.connect(self._take_symbol)
        self.classes.edited.connect(self._take_style)
        self.classes.wished.connect(self.wished)
        self.scales.edited.connect(self._take_style)
        self.labels.edited.connect(self._take_style)

    def _take_style(self, style: Style) -> None:
        self._style = style
        if self.sender() is not self.classes:
            self.classes.show_edited(style)
        self._show_parts()
        self._settle.start()

    def _take_target(self, _place: int) -> None:
        self._target = self.target.currentData()
        self.symbol.show_symbol(self._symbol_of(self._target))

    def _take_symbol(self) -> None:
        self._style = self._with_symbol(self.symbol.value())
        self.classes.show_edited(self._style)
        self.scales.show_style(self._style)
        self.labels.show_style(self._style)
        self._settle.start()

    def _tell(self) -> None:
        self._settle.stop()
        self.changed.emit(self._style)

    def _show_parts(self) -> None:
        self._fill_targets()
        self.symbol.show_symbol(self._symbol_of(self._target))
        self.scales.show_style(self._style)
        self.labels.show_style(self._style)

    def _fill_targets(self) -> None:
        style = self._style
        usual = _("Other classes") if style.rules else _("All features")
        entries = [(usual, (_USUAL, 0))]
        entries += [(range_text(other), (_SCALE, i)) for i, other in enumerate(style.other_scales)]
        entries += [(rule.title, (_CLASS, i)) for i, rule in enumerate(style.rules)]
        targets = [target for _title, target in entries]
        if self._target not in targets:
            self._target = targets[0]
        self.target.clear()
        for title, target in entries:
            self.target.addItem(title, target)
        self.target.setCurrentIndex(targets.index(self._target))

    def _symbol_of(self, target: tuple[str, int]) -> Symbol:
        part, place = target
        if part == _CLASS:
            return self._style.rules[place].symbol
        return self._style.other_scales[place].symbol if part == _SCALE else self._style.symbol

    def _with_symbol(self, symbol: Symbol) -> Style:
        part, place = self._target
        style = self._style
        if part == _USUAL:
            return style.model_copy(update={"symbol": symbol})
        name = "rules" if part == _CLASS else "other_scales"
        held = list(getattr(style, name))
        held[place] = held[place].model_copy(update={"symbol": symbol})
        return style.model_copy(update={name: tuple(held)})


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(page)
    return area
