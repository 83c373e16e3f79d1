"""Which column fills which field: proposed from names, with first values, to be corrected and kept."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QStandardItem, QStandardItemModel
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.guard.model import Candidate, Verdict
from layers.kind import Kind
from layers.units import unit_title
from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer

_UNMAPPED = ""
_VALUES_SHOWN = 3
_VALUE_CHARACTERS = 16
_UNITS = ("", "m2", "ha", "mu", "km2")


def _why(verdict: Verdict[Candidate] | None) -> str:
    """Return what speaks for a unit, and what against it."""
    likeliest = verdict.likeliest if verdict is not None else None
    if verdict is None or likeliest is None:
        return ""
    return "\n".join((f"{likeliest.title}: {likeliest.reason}", *verdict.warnings))


class FieldsPage(QWidget):
    """A row for each field of the kind; ``changed`` tells of every choice."""

    changed = pyqtSignal()

    def __init__(self, offer: ImportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self._fields: list[str] = []
        self._kind: Kind | None = None
        self._units = {verdict.subject: verdict for verdict in offer.intake.examination.units}
        self._columns = self._list_columns()
        self._is_filling = False
        self.remembered = CalmComboBox()
        self.remembered.setAccessibleName(_("Remembered mapping"))
        self.keep_as = QLineEdit()
        self.keep_as.setPlaceholderText(_("name, to use it again"))
        self.keep_as.setAccessibleName(_("Remember this mapping as"))
        self.keep_as.setMaxLength(80)
        self.table = self._make_table()
        self.kept = QLabel()
        self.kept.setProperty("role", "muted")
        self.kept.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self.remembered.activated.connect(self._use_remembered)

    def show_kind(self, kind: Kind) -> None:
        """Show the fields of a kind: what must be filled first, then what was found."""
        self._kind = kind
        said = {name: column for name, column in self._offer.request.mapping.items() if kind.has_field(name)}
        proposed = {**self._offer.mapping(kind), **said}
        fields = sorted(kind.fields, key=lambda each: (not each.required, each.name not in proposed))
        self._fields = [each.name for each in fields]
        self.table.setRowCount(len(fields))
        for row, field in enumerate(fields):
            title = QTableWidgetItem(field.alias + (" *" if field.required else ""))
            title.setToolTip(field.name)
            self.table.setItem(row, 0, title)
            self.table.setCellWidget(row, 1, self._chooser(row))
            # a row that had a unit may have none under another kind
            self.table.removeCellWidget(row, 2)
            if field.unit:
                self.table.setCellWidget(row, 2, self._unit_chooser())
            self.table.setItem(row, 3, QTableWidgetItem(""))
        self._fill_remembered(kind)
        self._set_columns(proposed)

    def mapping(self) -> dict[str, str]:
        """Return the column of every field; an empty one leaves the field empty."""
        return {name: str(self.column_chooser(name).currentData() or _UNMAPPED) for name in self._fields}

    def units(self) -> dict[str, str]:
        """Return the unit chosen for each column that fills a field with a unit."""
        said = {}
        for name in self._fields:
            chooser, column = self.unit_chooser(name), self.mapping()[name]
            if chooser is not None and column and chooser.currentData():
                said[column] = str(chooser.currentData())
        return said

    def column_chooser(self, field: str) -> CalmComboBox:
        """Return the widget in which the column of a field is chosen."""
        return self._widget(self._fields.index(field), 1)

    def unit_chooser(self, field: str) -> CalmComboBox | None:
        """Return the widget in which the unit of a field's column is chosen; None where it has none."""
        widget = self.table.cellWidget(self._fields.index(field), 2)
        return widget if isinstance(widget, CalmComboBox) else None

    def problem(self) -> str:
        """Return what must be chosen, empty for nothing."""
        for name, column in self.mapping().items():
            verdict = self._units.get(column)
            chooser = self.unit_chooser(name)
            is_open = verdict is not None and not verdict.sure
            if column and is_open and chooser is not None and not chooser.currentData():
                return _("Choose the unit of “{column}”: its numbers fit none for sure.").format(
                    column=column
                )
        return ""

    def warning(self) -> str:
        """Return what should not be missing, but may."""
        if self._kind is None:
            return ""
        mapping = self.mapping()
        missing = [each.alias for each in self._kind.fields if each.required and not mapping[each.name]]
        return _("These fields should be filled: {names}").format(names="、".join(missing)) if missing else ""

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        table.setHorizontalHeaderLabels([_("Field"), _("Filled from column"), _("Unit"), _("First values")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setShowGrid(False)
        columns, rows = table.horizontalHeader(), table.verticalHeader()
        if columns is not None and rows is not None:
            for column, mode in enumerate(
                (
                    QHeaderView.ResizeMode.Interactive,
                    QHeaderView.ResizeMode.Interactive,
                    QHeaderView.ResizeMode.Fixed,
                    QHeaderView.ResizeMode.Stretch,
                )
            ):
                columns.setSectionResizeMode(column, mode)
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            rows.hide()
            rows.setDefaultSectionSize(GRID_PX * 4)
        table.setColumnWidth(0, GRID_PX * 24)
        table.setColumnWidth(1, GRID_PX * 28)
        table.setColumnWidth(2, GRID_PX * 12)
        return table

    def _lay_out(self) -> None:
        hint = QLabel(_("The program found these columns for the fields. Correct what is wrong."))
        hint.setProperty("role", "muted")
        keeping = QHBoxLayout()
        keeping.setSpacing(GRID_PX)
        keeping.addWidget(QLabel(_("Remembered mapping")))
        keeping.addWidget(self.remembered, 1)
        keeping.addSpacing(GRID_PX * 2)
        keeping.addWidget(QLabel(_("Remember this mapping as")))
        keeping.addWidget(self.keep_as, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX * 2, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(hint)
        column.addWidget(self.table, 1)
        column.addWidget(self.kept)
        column.addLayout(keeping)

    def _chooser(self, row: int) -> CalmComboBox:
        chooser = CalmComboBox()
        # one list for all: a file of hundreds of columns must not be listed anew for each field
        chooser.setModel(self._columns)
        chooser.currentIndexChanged.connect(lambda _index, row=row: self._column_changed(row))
        return chooser

    def _list_columns(self) -> QStandardItemModel:
        model = QStandardItemModel(self)
        for words, name in ((_("(left empty)"), _UNMAPPED), *((name, name) for name in self._offer.columns)):
            item = QStandardItem(words)
            item.setData(name, Qt.ItemDataRole.UserRole)
            model.appendRow(item)
        return model

    def _unit_chooser(self) -> CalmComboBox:
        chooser = CalmComboBox()
        for unit in _UNITS:
            chooser.addItem(unit_title(unit) if unit else "", unit)
        chooser.currentIndexChanged.connect(lambda _index: self._tell())
        return chooser

    def _widget(self, row: int, column: int) -> CalmComboBox:
        widget = self.table.cellWidget(row, column)
        if not isinstance(widget, CalmComboBox):
            raise KeyError(row)
        return widget

    def _fill_remembered(self, kind: Kind) -> None:
        self.remembered.clear()
        self.remembered.addItem(_("(by the names of the columns)"), "")
        for each in self._offer.remembered:
            if each.kind == kind.key:
                self.remembered.addItem(each.name, each.name)
        self.remembered.setCurrentIndex(1 if self.remembered.count() > 1 else 0)
        self.remembered.setEnabled(self.remembered.count() > 1)

    def _use_remembered(self, _index: int) -> None:
        name = str(self.remembered.currentData() or "")
        for each in self._offer.remembered:
            if each.name == name:
                self._set_columns(each.columns)
                return
        if self._kind is not None:
            from layers.importing.columns import match_fields

            self._set_columns(match_fields(self._kind, list(self._offer.columns), {}))

    def _set_columns(self, proposed: Mapping[str, str]) -> None:
        self._is_filling = True
        places = {name: place for place, name in enumerate(self._offer.columns, start=1)}
        for row, name in enumerate(self._fields):
            self._widget(row, 1).setCurrentIndex(places.get(proposed.get(name, _UNMAPPED), 0))
            self._column_changed(row)
        self._is_filling = False
        self._tell()

    def _column_changed(self, row: int) -> None:
        column = str(self._widget(row, 1).currentData() or _UNMAPPED)
        item = self.table.item(row, 3)
        if item is not None:
            item.setText(self._first_values(column))
        verdict = self._units.get(column)
        sure = verdict.chosen if verdict is not None else None
        said = self._offer.request.units.get(column, "") or (sure.value if sure is not None else "")
        unit = self.unit_chooser(self._fields[row])
        if unit is not None:
            unit.setCurrentIndex(max(unit.findData(said if column else ""), 0))
            unit.setToolTip(_why(verdict))
        self._tell()

    def _tell(self) -> None:
        """Tell of a choice, but not of each while all of them are filled in."""
        if not self._is_filling:
            self._show_kept()
            self.changed.emit()

    def _show_kept(self) -> None:
        """Say which columns fill no field: they are not lost."""
        used = set(self.mapping().values())
        names = [name for name in self._offer.columns if name not in used]
        text = _("Kept under their own names: {names}").format(names="、".join(names)) if names else ""
        self.kept.setText(
            self.kept.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, GRID_PX * 108)
        )
        self.kept.setToolTip(text)

    def _first_values(self, column: str) -> str:
        if column not in self._offer.columns:
            return ""
        place = self._offer.columns.index(column)
        values = [row[place] for row in self._offer.rows if row[place]][:_VALUES_SHOWN]
        return "、".join(
            value if len(value) <= _VALUE_CHARACTERS else value[: _VALUE_CHARACTERS - 1] + "…"
            for value in values
        )
