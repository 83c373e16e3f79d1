"""The classes of a style as a table: shown or not, colour, title, features, scales."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from layers.kind import GeometryType
from layers.style import ClassRule, Style, Symbol
from layers.style.classing import colored
from layers.words import _
from ui.dialogs.style.widgets import AskColor, color_icon
from ui.theme import GRID_PX

_COLOR, _TITLE, _COUNT, _FROM, _TO = range(5)


class ClassTable(QTableWidget):
    """Edits the rules of a style; ``edited`` gives the changed style. The last row is for all the rest."""

    edited = pyqtSignal(object)

    def __init__(self, geometry: GeometryType, ask_color: AskColor) -> None:
        super().__init__(0, 5)
        self._geometry = geometry
        self._ask_color = ask_color
        self._style = Style()
        self._counts: tuple[int, ...] = ()
        self._rest: int | None = None
        self._showing = False
        self.setHorizontalHeaderLabels(
            ["", _("Class title"), _("Features"), _("From scale 1:"), _("To scale 1:")]
        )
        self.setAccessibleName(_("Classes"))
        self.setToolTip(_("Double-click a colour, a title or a scale to change it."))
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        upright, across = self.verticalHeader(), self.horizontalHeader()
        if upright is not None and across is not None:
            upright.hide()
            upright.setDefaultSectionSize(GRID_PX * 4)
            across.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
            for column, width in ((_COLOR, 7), (_COUNT, 10), (_FROM, 12), (_TO, 12)):
                self.setColumnWidth(column, GRID_PX * width)
        self.itemChanged.connect(self._take)
        self.cellDoubleClicked.connect(self._recolor)

    def show_style(self, style: Style) -> None:
        """Show a style's classes; counts of other classes are forgotten."""
        same = [_identity(rule) for rule in style.rules] == [_identity(rule) for rule in self._style.rules]
        if not same:
            self._counts, self._rest = (), None
        self._style = style
        self._showing = True
        self.setRowCount(len(style.rules) + 1 if style.rules else 0)
        for row, rule in enumerate(style.rules):
            self._show_row(row, rule.title, rule.symbol, rule.visible)
            self._show_limits(row, rule)
        if style.rules:
            self._show_row(len(style.rules), _("Other classes"), style.symbol, style.rest_visible)
        self._fill_counts()
        self._showing = False

    def show_counts(self, counts: Sequence[int], rest: int) -> None:
        """Show how many features the classes have, and how many none."""
        self._counts, self._rest = tuple(counts), rest
        self._showing = True
        self._fill_counts()
        self._showing = False

    def _show_row(self, row: int, title: str, symbol: Symbol, visible: bool) -> None:
        fixed = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_rest = row == len(self._style.rules)
        shade = self._item(row, _COLOR)
        shade.setFlags(fixed | Qt.ItemFlag.ItemIsUserCheckable)
        shade.setCheckState(Qt.CheckState.Checked if visible else Qt.CheckState.Unchecked)
        shade.setIcon(color_icon(self._color_of(symbol)))
        shade.setToolTip(_("Ticked: shown. Double-click to change the colour."))
        for column in (_TITLE, _COUNT, _FROM, _TO):
            item = self._item(row, column)
            item.setText(title if column == _TITLE else "")
            item.setFlags(fixed if is_rest or column == _COUNT else fixed | Qt.ItemFlag.ItemIsEditable)
            if column != _TITLE:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        """Return a cell's item; never a new one in its place, for Qt uses it on after telling of a change."""
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        return item

    def _show_limits(self, row: int, rule: ClassRule) -> None:
        for column, limit in ((_FROM, rule.min_denominator), (_TO, rule.max_denominator)):
            self._item(row, column).setText("" if limit is None else f"{limit:,.0f}")

    def _fill_counts(self) -> None:
        known = [*self._counts, self._rest] if len(self._counts) == len(self._style.rules) else []
        for row, count in enumerate(known if self.rowCount() else []):
            self._item(row, _COUNT).setText("" if count is None else f"{count:,}")

    def _take(self, item: QTableWidgetItem) -> None:
        if self._showing:
            return
        row, column = item.row(), item.column()
        if row == len(self._style.rules):
            shown = item.checkState() is Qt.CheckState.Checked if column == _COLOR else None
            if shown is not None:
                self._change(self._style.model_copy(update={"rest_visible": shown}))
            return
        rule = self._style.rules[row]
        if column == _COLOR:
            self._set_rule(
                row, rule.model_copy(update={"visible": item.checkState() is Qt.CheckState.Checked})
            )
        elif column == _TITLE:
            self._set_rule(row, rule.model_copy(update={"title": item.text().strip() or rule.title}))
        elif column in (_FROM, _TO):
            self._set_limit(row, rule, column, item.text())

    def _set_limit(self, row: int, rule: ClassRule, column: int, text: str) -> None:
        """Take a denominator; what is no number, or crosses the other limit, is put back."""
        name = "min_denominator" if column == _FROM else "max_denominator"
        given = text.replace(",", "").replace("，", "").replace("1:", "").strip()
        limit = float(given) if given.isdigit() and int(given) > 0 else None
        low = limit if column == _FROM else rule.min_denominator
        high = limit if column == _TO else rule.max_denominator
        crossed = low is not None and high is not None and low >= high
        if (given and limit is None) or crossed:
            self.show_style(self._style)
            return
        self._set_rule(row, rule.model_copy(update={name: limit}))

    def _recolor(self, row: int, column: int) -> None:
        if column != _COLOR:
            return
        is_rest = row == len(self._style.rules)
        part = self._style if is_rest else self._style.rules[row]
        title = _("Other classes") if is_rest else self._style.rules[row].title
        chosen = self._ask_color(title, self._color_of(part.symbol))
        if chosen is None:
            return
        symbol = colored(part.symbol, chosen.upper(), self._geometry)
        if is_rest:
            self._change(self._style.model_copy(update={"symbol": symbol}))
        else:
            self._set_rule(row, self._style.rules[row].model_copy(update={"symbol": symbol}))

    def _set_rule(self, row: int, rule: ClassRule) -> None:
        rules = self._style.rules
        self._change(self._style.model_copy(update={"rules": (*rules[:row], rule, *rules[row + 1 :])}))

    def _change(self, style: Style) -> None:
        if style != self._style:
            self.show_style(style)
            self.edited.emit(style)

    def _color_of(self, symbol: Symbol) -> str:
        seen = symbol.fill if self._geometry is not GeometryType.LINE and symbol.fill_opacity > 0 else None
        return seen or symbol.stroke or "#808080"


def _identity(rule: ClassRule) -> tuple[object, ...]:
    return rule.value, rule.lower, rule.upper
